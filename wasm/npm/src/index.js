import { hasSimd, start } from "./start.js";

export { HeadroomError } from "./errors.js";
export { hasSimd } from "./start.js";

/** Starts the engine on this thread. */
export function load({ wasm } = {}) {
  // Both addresses are spelt out, so that bundlers find the files.
  return start(wasm, () =>
    hasSimd() ? new URL("./headroom.wasm", import.meta.url) : new URL("./headroom-scalar.wasm", import.meta.url),
  );
}
