// What is given to a call, looked at before the engine sees it: what it cannot be asked is no fault of the engine.

import { misasked } from "./errors.js";

/** The options of a call; none where none are given. */
export function optionsOf(given) {
  const options = given ?? {};
  if (typeof options !== "object") throw misasked("the options are no object", "give them as `{ month: \"2026-05\", … }`");
  const { signal, onProgress, formats } = options;
  if (signal !== undefined && !isSignal(signal)) {
    throw misasked("`signal` is no signal", "give the `signal` of an `AbortController`");
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw misasked("`onProgress` is no function", "give a function that takes how far reading has come");
  }
  if (formats !== undefined && !Array.isArray(formats)) {
    throw misasked("`formats` is no list", "give a list, such as `[\"json\", \"markdown\"]`");
  }
  return options;
}

/** One of another window is no less a signal. */
function isSignal(signal) {
  return typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
}

/** A call as JSON. */
export function textOf(call) {
  if (typeof call === "string") return call;
  const hint = "give it as JSON, or as an object such as `{ call: \"report\", … }`";
  if (call === null || typeof call !== "object") throw misasked("there is no call", hint);
  try {
    return JSON.stringify(call);
  } catch (cause) {
    throw misasked("the call cannot be written as JSON", hint, cause);
  }
}
