// A helper's thread in Node.

import { parentPort } from "node:worker_threads";

import { helper } from "./helping.js";
import { file, load } from "./node.js";
import { toBill } from "./sources.js";

const post = (message, transfer) => parentPort.postMessage(message, transfer);
const open = async ({ name, place }) => toBill(await file(place, name));

parentPort.on("message", helper(post, (wasm) => load({ wasm }), open));
