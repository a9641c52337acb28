// What all bundles have in common.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const root = new URL("../", import.meta.url);
export const path = (relative) => fileURLToPath(new URL(relative, root));
export const engine = new URL("node_modules/headroom-engine/dist/", root);

/** Browsers that have everything the page uses: `light-dark()`, container queries, `DecompressionStream`. */
const TARGET = ["chrome123", "firefox120", "safari17.5"];

/** One script as text. `engine` names the module that knows where the page's parts lie. */
export async function script(entry, { engine, ...options } = {}) {
  const { outputFiles } = await build({
    entryPoints: [path(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: TARGET,
    charset: "utf8",
    legalComments: "none",
    loader: { ".css": "text" },
    plugins: [minified],
    conditions: ["browser"],
    ...(engine ? { alias: { "#engine": path(engine) } } : {}),
    ...options,
  });
  return outputFiles[0].text;
}

/** A style sheet as text. */
export async function styles(...entries) {
  const parts = await Promise.all(entries.map(packedStyles));
  return parts.join("");
}

async function packedStyles(entry) {
  const { outputFiles } = await build({ entryPoints: [path(entry)], minify: true, write: false, target: TARGET });
  return outputFiles[0].text.trim();
}

/** Style sheets that scripts carry lose their comments too. */
const minified = {
  name: "minified-css",
  setup(context) {
    context.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await context.esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code, loader: "text" };
    });
  },
};

/** The page, with what belongs at its places. */
export async function page(places) {
  const template = await readFile(new URL("src/page/index.html", root), "utf8");
  return template.replace(/%(policy|head|foot)%/g, (_, place) => places[place] ?? "");
}

/** A content security policy of one line. */
export const policy = (directives) =>
  Object.entries({ "default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'", ...directives })
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
