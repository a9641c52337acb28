// Starting the module from whatever it is given as.

import * as glue from "./glue/headroom.js";
import { Engine } from "./engine.js";
import { HeadroomError } from "./errors.js";

/** A module of one function that makes a vector: valid only where there are vectors. */
const WITH_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

export const hasSimd = () => WebAssembly.validate(WITH_SIMD);

let started;

/**
 * Starts the engine once; later calls give the same engine.
 * @param {() => unknown} usual Where the module is taken from when nothing is named.
 * @param {{ thread: () => import("./together.js").Thread, most: number, busy: number }} [spawn] Other threads, where there are any.
 */
export function start(wasm, usual, spawn) {
  started ??= begun(wasm ?? usual(), spawn).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function begun(wasm, spawn) {
  try {
    const module = await compiled(await wasm);
    return new Engine(glue, glue.initSync({ module }), module, spawn);
  } catch (error) {
    if (error instanceof HeadroomError) throw error;
    throw new HeadroomError(
      {
        code: "load",
        message: `the engine cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        hint: "give an address, the bytes or the compiled module of `headroom.wasm` of this package's version",
      },
      { cause: error },
    );
  }
}

async function compiled(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return WebAssembly.compile(wasm);
  const response = wasm instanceof Response ? wasm : await fetch(wasm);
  if (!response.ok) {
    throw new HeadroomError({
      code: "load",
      message: `${response.url || wasm}: the server answers ${response.status}`,
      hint: "serve `headroom.wasm` beside the script, or name its address as `wasm`",
    });
  }
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
