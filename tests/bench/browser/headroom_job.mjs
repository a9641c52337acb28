// The benchmark's job in the package: headroom_job.mjs DIST BILL.csv CUBE.csv POLICY.toml [MODULE]
//
// Prints as JSON the seconds from starting the module, those of reading the bill, and what memory that took.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [dist, bill, cube, policy, module = "headroom.wasm"] = process.argv.slice(2);
const { file, load } = await import(pathToFileURL(`${dist}/node.js`).href);

const began = performance.now();
const engine = await load({ wasm: await readFile(`${dist}/${module}`) });
engine.answer({ call: "report", as_of: "2026-06-03", bills: [] });
const started = performance.now();
const cpu = process.cpuUsage();
const options = { as_of: "2026-01-03", formats: ["csv"] };
options.policy = { name: "policy.toml", text: await readFile(policy, "utf8") };
const call = engine.session({
  call: "allocate", ...options, formats: undefined, format: "csv", policy: [options.policy], bills: [{ name: "bill.csv" }],
});
const source = await file(bill);
for (let pass = call.pass(); pass !== 0; pass = call.pass()) {
  for await (const chunk of source.data()) if (call.push(chunk) !== pass) break;
  if (call.pass() === pass) call.end();
}
const used = process.cpuUsage(cpu);
const wall = (performance.now() - started) / 1000;
await writeFile(cube, call.render("csv"));
const memory = engine.memoryBytes;
process.stdout.write(JSON.stringify({ start: (started - began) / 1000, wall, cpu: (used.user + used.system) / 1e6, memory }));
