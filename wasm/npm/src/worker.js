// The engine on a thread of its own. Messages: a call `{ id, method, args, lines }`, `{ id, stop }` to end it, `{ id, next }`
// for more lines; back come `{ id, value }`, `{ id, error }`, `{ id, progress }`, `{ id, lines }`. The first message starts the
// module. Bills that cannot be sent are opened through a port: see `client.js`.

import { HeadroomError, ofThrown } from "./errors.js";
import { load } from "./index.js";

/** What may be called, so that a message cannot call anything else. */
const METHODS = new Set([
  "version", "memoryBytes", "answer", "report", "inspect", "allocate", "lines", "explain", "checkPolicy", "init",
  "assess", "questionnaire", "gate", "forecast", "forecastSeries", "capacity", "commitments", "waste", "wasteOfUsage", "rightsize",
  "schedule", "checkPolicies", "schema", "schemas",
]);

const running = new Map();
let engine;

/** Serves calls that come over a port: a worker's own scope, or any `MessagePort`. */
export function serve(port) {
  port.addEventListener("message", ({ data }) => receive(port, data));
  port.start?.();
}

async function receive(port, message) {
  const { id } = message;
  if (message.stop) {
    running.get(id)?.controller.abort(new DOMException("the call was stopped", "AbortError"));
    running.get(id)?.next?.();
    return;
  }
  if (message.next) {
    running.get(id)?.next?.();
    return;
  }
  const controller = new AbortController();
  const call = { controller, next: null, ports: new Set() };
  running.set(id, call);
  try {
    const value = message.start ? await begin(message.start) : await answer(port, message, call);
    port.postMessage({ id, value });
  } catch (thrown) {
    port.postMessage({ id, error: ofThrown(thrown).toJSON() });
  } finally {
    running.delete(id);
    // A bill that was stopped while it kept silent is still waited for.
    for (const left of call.ports) leave(left);
  }
}

function leave(port) {
  port.postMessage("stop");
  port.close();
}

async function begin({ wasm }) {
  engine = await load({ wasm });
  return engine.version;
}

async function answer(port, { id, method, args }, call) {
  if (!METHODS.has(method)) throw new HeadroomError({ code: "call", message: `there is no function \`${method}\`` });
  if (!engine) throw new HeadroomError({ code: "load", message: "the engine has not been started" });
  if (method === "version" || method === "memoryBytes") return engine[method];
  const given = args.map((arg) => restored(arg, call.ports));
  const options = given.at(-1);
  if (options && typeof options === "object" && options.$running) {
    delete options.$running;
    options.signal = call.controller.signal;
    options.onProgress = options.onProgress ? (progress) => port.postMessage({ id, progress }) : undefined;
  }
  if (method !== "lines") return engine[method](...given);
  return sendLines(port, id, engine.lines(...given), call);
}

async function sendLines(port, id, lines, call) {
  try {
    for (;;) {
      const { done, value } = await lines.next();
      if (done) return value;
      const asked = new Promise((resolve) => (call.next = resolve));
      port.postMessage({ id, lines: value }, [value.buffer]);
      await asked;
      call.controller.signal.throwIfAborted();
    }
  } finally {
    await lines.return();
  }
}

/** Bills that stayed on the other side are opened through their port. */
function restored(arg, ports) {
  if (Array.isArray(arg)) return arg.map((one) => restored(one, ports));
  if (arg?.$opener) {
    const { name, size, once, $opener } = arg;
    const stream = () => pulled($opener, ports);
    return once ? { name, data: { [Symbol.asyncIterator]: stream } } : { name, size, data: stream };
  }
  if (arg?.$running && Array.isArray(arg.bills)) return { ...arg, bills: arg.bills.map((bill) => restored(bill, ports)) };
  return arg;
}

async function* pulled(opener, ports) {
  const { port1: port, port2 } = new MessageChannel();
  ports.add(port);
  const answers = [];
  let arrived = () => {};
  port.onmessage = ({ data }) => {
    answers.push(data);
    arrived();
  };
  opener.postMessage({ open: port2 }, [port2]);
  try {
    for (;;) {
      port.postMessage("next");
      if (answers.length === 0) await new Promise((resolve) => (arrived = resolve));
      const { chunk, error } = answers.shift();
      if (error) throw new HeadroomError(error);
      if (chunk === undefined) return;
      yield chunk;
    }
  } finally {
    ports.delete(port);
    leave(port);
  }
}

if (typeof self !== "undefined" && typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) serve(self);
