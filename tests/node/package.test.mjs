// What the package does beside answering, a file a subject. Run by `cargo test`, which names the built package in
// HEADROOM_PACKAGE.

import { after } from "node:test";

import { client } from "./package.mjs";

// First, since it looks at how much memory was needed.
import "./sources.mjs";
import "./faults.mjs";
import "./stopping.mjs";
import "./together.mjs";
import "./types.mjs";

after(() => client.close());
