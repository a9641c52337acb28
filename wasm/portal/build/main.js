// Builds the page twice, hosted and as one file, and the elements' module, into `dist`.
//
// The package `headroom-engine` must have been built: `cargo run -p headroom-wasm-build -- portal` sees to both.

import { mkdir, rm } from "node:fs/promises";

import { buildElement } from "./element.js";
import { buildHosted } from "./hosted.js";
import { packSample } from "./sample.js";
import { buildSingle } from "./single.js";

const dist = new URL("../dist/", import.meta.url);

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const sample = await packSample();
await Promise.all([buildHosted(dist, sample), buildSingle(dist, sample), buildElement(dist)]);
