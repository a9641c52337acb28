// The elements as one module for somebody else's page.

import { writeFile } from "node:fs/promises";

import { script } from "./bundle.js";

export async function buildElement(dist) {
  await writeFile(new URL("headroom-elements.js", dist), await script("src/element/define.ts"));
}
