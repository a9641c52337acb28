// The benchmark's job in a page of headless Chromium: page_job.mjs DIST BILL.csv CUBE.csv POLICY.toml
//
// The bill is chosen as a reader of the page chooses it, and read by the package's worker. Prints what `headroom_job.mjs` does
// but for what is not known: the processor's time, which is spread over the processes of the browser, and the memory, of which
// writing the document down takes more.

import { readFile, writeFile } from "node:fs/promises";

import { launch } from "../../../wasm/portal/tests/chromium.js";
import { serve } from "../../../wasm/portal/tests/server.js";

const [dist, bill, cube, policy] = process.argv.slice(2);
const BLANK = '<!doctype html><title>bench</title><link rel="icon" href="data:,"><input type="file">';

/** Runs in the page. Reading ends with the last that is told of it: writing the cube down does not count. */
async function job(policy) {
  const [file] = document.querySelector("input").files;
  const began = performance.now();
  const { startWorker } = await import("/client.js");
  const engine = await startWorker();
  const started = performance.now();
  let ended = started;
  const onProgress = () => (ended = performance.now());
  const options = { as_of: "2026-01-03", policy, format: "csv", formats: ["csv"], onProgress };
  const { texts } = await engine.allocate({ name: "bill.csv", data: file }, options);
  return { start: (started - began) / 1000, wall: (ended - started) / 1000, csv: texts.csv };
}

const { origin, close } = await serve(dist, { "/bench.html": BLANK });
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(`${origin}/bench.html`);
  await page.setInputFiles("input", bill);
  const { csv, ...told } = await page.evaluate(job, { name: "policy.toml", text: await readFile(policy, "utf8") });
  await writeFile(cube, csv);
  process.stdout.write(JSON.stringify({ ...told, cpu: null, memory: null }));
} finally {
  await browser.close();
  await close();
}
