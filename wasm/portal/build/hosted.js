// The page as files for any static server.

import { copyFile, mkdir, writeFile } from "node:fs/promises";

import { engine, page, policy, script, styles } from "./bundle.js";

export async function buildHosted(dist, sample) {
  const folder = new URL("hosted/", dist);
  await mkdir(folder, { recursive: true });
  const put = (name, content) => writeFile(new URL(name, folder), content);
  const [main, worker, css] = await Promise.all([
    script("src/page/main.ts", { engine: "src/page/engine-hosted.ts" }),
    script("node_modules/headroom-engine/dist/worker.js"),
    styles("src/element/theme.css", "src/page/page.css"),
  ]);
  await Promise.all([
    put("page.js", main),
    put("worker.js", worker),
    put("page.css", css),
    put("sample.json.gz", sample),
    put(
      "index.html",
      await page({
        policy: policy({
          "script-src": "'self' 'wasm-unsafe-eval'", "style-src": "'self'", "connect-src": "'self'", "worker-src": "'self'",
        }),
        head: [
          '<link rel="stylesheet" href="page.css">',
          // The module is on its way before the script that asks for it.
          '<link rel="preload" href="headroom.wasm" as="fetch" type="application/wasm" crossorigin>',
          '<script type="module" src="page.js"></script>',
        ].join("\n    "),
      }),
    ),
    ...["headroom.wasm", "headroom-scalar.wasm"].map((name) => copyFile(new URL(name, engine), new URL(name, folder))),
  ]);
}
