// Starting the module from whatever it is given as.

import * as glue from "./glue/headroom.js";
import { Engine } from "./engine.js";
import { answered, isResponse, unloadable } from "./loading.js";

/** A module of one function that makes a vector: valid only where there are vectors. */
const WITH_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

export const hasSimd = () => WebAssembly.validate(WITH_SIMD);

let started;

/** The module that an engine was made of: another in its place is made of the same. */
let known;

/**
 * Starts the engine once; later calls give the same engine, until it fails.
 * @param {unknown} wasm The module, a promise of it, or what gives one, where it is named.
 * @param {() => unknown} usual Where it is taken from when it is not.
 * @param {{ thread: () => import("./together.js").Thread, most: number, busy: number }} [spawn] Other threads, where there are any.
 */
export function start(wasm, usual, spawn) {
  if (started) {
    // Nobody waits for a promise that is not needed, and nobody hears of it when it fails.
    if (wasm instanceof Promise) wasm.catch(() => {});
    return started;
  }
  started = begun(wasm, usual, spawn).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function begun(wasm, usual, spawn) {
  try {
    if (known) glue.__wbg_reset_state();
    const taken = typeof wasm === "function" ? wasm : () => wasm ?? usual();
    const module = known ?? (await compiled(await taken()));
    const exports = glue.initSync({ module });
    known = module;
    return new Engine(glue, exports, module, spawn, () => (started = undefined));
  } catch (error) {
    throw unloadable(error, wasm === undefined);
  }
}

async function compiled(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return WebAssembly.compile(wasm);
  const response = answered(isResponse(wasm) ? wasm : await fetch(wasm));
  // A server that does not say `application/wasm`, or a response wrapped by somebody's `fetch`, cannot be streamed.
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    try {
      return await WebAssembly.compileStreaming(response.clone());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
