import { hasSimd, start } from "./start.js";

export { HeadroomError } from "./errors.js";
export { hasSimd } from "./start.js";

/** Starts the engine on this thread. */
export async function load(options) {
  // Both addresses are spelt out, so that bundlers find the files.
  return start(options?.wasm ?? undefined, () =>
    hasSimd() ? new URL("./headroom.wasm", import.meta.url) : new URL("./headroom-scalar.wasm", import.meta.url),
  );
}
