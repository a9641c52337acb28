// Where the module comes from, and what is said where it cannot be had.

import { HeadroomError, reasonOf } from "./errors.js";

const HINT = "give an address, the bytes or the compiled module of `headroom.wasm` of this package's version";

/** Of the package's own module: most often a bundler has left it behind. */
const HINT_OWN =
  "a bundler may not have taken `headroom.wasm` along: keep `headroom-engine` out of the bundle, " +
  "or give the module's address or bytes as `wasm`";

/** Why the engine cannot be loaded. `isOwn` where nobody has named a module. */
export function unloadable(error, isOwn) {
  if (error instanceof HeadroomError) return error;
  const message = `the engine cannot be loaded: ${reasonOf(error)}`;
  return new HeadroomError({ code: "load", message, hint: isOwn ? HINT_OWN : HINT }, { cause: error });
}

/** The response, if it is what was asked for. */
export function answered(response) {
  if (response.ok) return response;
  throw new HeadroomError({
    code: "load",
    message: `${response.url || "the module"}: the server answers ${response.status}`,
    hint: "serve `headroom.wasm` beside the script, or name its address as `wasm`",
  });
}

/** Not every worker's host has them. */
export const isResponse = (wasm) => typeof Response === "function" && wasm instanceof Response;
