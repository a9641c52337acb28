// The page as one file that opens from disk: script, styles, worker, engine and sample are all in it.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { engine, page, policy, script, styles } from "./bundle.js";

export async function buildSingle(dist, sample) {
  const [main, worker, css, module] = await Promise.all([
    script("src/page/main.ts", { engine: "src/page/engine-single.ts", define: { "import.meta.url": '""' } }),
    // A classic script: a worker that is a module cannot be started from a file in every browser.
    script("node_modules/headroom-engine/dist/worker.js", { format: "iife", define: { "import.meta.url": '""' } }),
    styles("src/element/theme.css", "src/page/page.css"),
    readFile(new URL("headroom.wasm", engine)),
  ]);
  const code = whole(main, "script");
  const look = whole(css, "style");
  const html = await page({
    policy: policy({
      "script-src": `${hashOf(code)} 'wasm-unsafe-eval'`, "style-src": hashOf(look), "connect-src": "'none'", "worker-src": "blob:",
    }),
    head: `<style>${look}</style>`,
    foot: [
      data("packed-engine", packed(module)),
      data("engine-worker", Buffer.from(worker)),
      data("packed-sample", sample),
      `<script type="module">${code}</script>`,
    ].join("\n    "),
  });
  await writeFile(new URL("headroom.html", dist), html);
}

const packed = (content) => gzipSync(content, { level: 9 });

/** A block that no browser runs. */
const data = (id, bytes) => `<script type="application/octet-stream" id="${id}">${bytes.toString("base64")}</script>`;

/** Text that may stand in an element: nothing in it ends that. */
function whole(text, element) {
  const safe = element === "script" ? text.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--") : text;
  if (new RegExp(`</${element}`, "i").test(safe)) throw new Error(`the ${element} would end its own element`);
  return safe;
}

const hashOf = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
