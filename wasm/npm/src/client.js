// The same functions as the engine's own, over an engine on another thread.

import { texts, withTexts } from "./documents.js";
import { HeadroomError, misasked, reasonOf } from "./errors.js";
import { answered, isResponse, unloadable } from "./loading.js";
import { optionsOf } from "./options.js";
import { Opener } from "./opener.js";
import { toBill } from "./sources.js";

export { HeadroomError } from "./errors.js";

/** Which argument of a function is its options, which its bills, and how many come first that are documents. */
const SHAPES = {
  report: { bills: 0, options: 1 },
  inspect: { bills: 0, options: 1 },
  allocate: { bills: 0, options: 1 },
  lines: { bills: 0, options: 1 },
  explain: { bills: 0, options: 1 },
  init: { bills: 0, options: 1 },
  checkPolicy: { documents: 1, options: 1 },
  assess: { documents: 1, options: 1 },
  questionnaire: { options: 0 },
  gate: { documents: 2, options: 2 },
  forecast: { bills: 0, options: 1 },
  forecastSeries: { documents: 1, options: 1 },
  capacity: { documents: 3, options: 3 },
  commitments: { bills: 0, options: 1 },
  waste: { bills: 0, options: 1 },
  wasteOfUsage: { documents: 1, options: 1 },
  rightsize: { documents: 1, options: 1 },
  schedule: { documents: 1, options: 1 },
  checkPolicies: { documents: 1, options: 1 },
};

const HINT_BUNDLER =
  "a bundler has to take `headroom-engine/worker` along: in Vite `optimizeDeps: { exclude: [\"headroom-engine\"] }` does, " +
  "elsewhere make the worker yourself and give it as `worker`";

const ofWorker = (message, hint) => new HeadroomError({ code: "worker", message, hint });

/** Starts the engine in a worker. */
export async function startWorker(options) {
  const { wasm, worker } = options ?? {};
  const client = new Client(worker ?? newWorker());
  try {
    await client.begin(wasm ?? undefined);
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

function newWorker() {
  if (typeof Worker !== "function") {
    const hint = "in Node `load` of `headroom-engine` starts the engine, which takes threads by itself";
    throw ofWorker("there are no workers of pages here", hint);
  }
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "headroom" });
}

/** The module as the worker can be sent it. */
async function moduleSent(wasm) {
  try {
    const given = await wasm;
    if (given instanceof URL) return given.href;
    // The worker would take an address for one beside itself.
    const page = globalThis.location?.href;
    if (typeof given === "string") return page ? new URL(given, page).href : given;
    return isResponse(given) ? await answered(given).arrayBuffer() : given;
  } catch (error) {
    throw unloadable(error, false);
  }
}

class Client {
  #port;
  #calls = new Map();
  #last = 0;
  #hasStarted = false;
  #ended = null;

  constructor(port) {
    this.#port = port;
    port.addEventListener("message", ({ data }) => this.#receive(data));
    port.addEventListener("error", (event) => this.#broken(event.message));
    port.addEventListener("messageerror", () => this.#fail(ofWorker("the worker sent what cannot be read")));
    port.start?.();
  }

  async begin(wasm) {
    this.version = await this.#call({ start: { wasm: await moduleSent(wasm) } });
    this.#hasStarted = true;
  }

  /** Ends the worker; calls that are under way fail. */
  close() {
    this.#fail(ofWorker("the worker was closed"));
    if (this.#port.terminate) this.#port.terminate();
    else this.#port.close();
  }

  memoryBytes() {
    return this.#call({ method: "memoryBytes", args: [] });
  }

  async answer(call) {
    return this.#call({ method: "answer", args: [call] });
  }

  schema(name) {
    return this.#call({ method: "schema", args: [name] });
  }

  schemas() {
    return this.#call({ method: "schemas", args: [] });
  }

  async *lines(bills, options) {
    const { signal } = optionsOf(options);
    const waiting = [];
    let arrived = () => {};
    let hasEnded = false;
    const call = await this.#asked("lines", [bills, options], (lines) => {
      waiting.push(lines);
      arrived();
    });
    const settled = call.result.finally(() => {
      hasEnded = true;
      arrived();
    });
    settled.catch(() => {});
    try {
      for (;;) {
        while (waiting.length > 0) {
          signal?.throwIfAborted();
          yield waiting.shift();
          this.#port.postMessage({ id: call.id, next: true });
        }
        if (hasEnded) return await settled;
        await new Promise((resolve) => (arrived = resolve));
      }
    } finally {
      call.stop(new DOMException("no more lines are wanted", "AbortError"));
    }
  }

  /** @internal */
  async request(method, args) {
    const { result } = await this.#asked(method, args);
    return result;
  }

  /** The call under way; not every thread takes files with their names, so they are taken apart here. */
  async #asked(method, args, onLines) {
    const { bills, documents = 0, options } = SHAPES[method];
    const sent = [...args];
    const { signal, onProgress, ...rest } = optionsOf(sent[options]);
    signal?.throwIfAborted();
    for (let at = 0; at < documents; at += 1) sent[at] = await texts(sent[at]);
    const whole = await withTexts(rest);
    const openers = [];
    try {
      const sendable = (given) => [given].flat().map((bill) => sendableBill(bill, openers));
      if (bills !== undefined) sent[bills] = sendable(sent[bills]);
      if (whole.bills) whole.bills = sendable(whole.bills);
    } catch (error) {
      for (const opener of openers) opener.end();
      throw error;
    }
    sent[options] = { ...whole, $running: true, onProgress: Boolean(onProgress) };
    return this.#begin({ method, args: sent }, { signal, onProgress, onLines, openers });
  }

  #call(message) {
    return this.#begin(message, {}).result;
  }

  #begin(message, { signal, onProgress, onLines, openers = [] }) {
    const id = (this.#last += 1);
    let stop;
    const result = new Promise((resolve, reject) => {
      // What is said of the call afterwards, nobody hears.
      const ending = (settle) => (outcome) => {
        this.#calls.delete(id);
        signal?.removeEventListener("abort", aborted);
        for (const opener of openers) opener.end(outcome);
        settle(outcome);
      };
      const call = { resolve: ending(resolve), reject: ending(reject), onProgress, onLines };
      stop = (reason) => {
        if (this.#calls.get(id) !== call) return;
        this.#port.postMessage({ id, stop: true });
        call.reject(reason);
      };
      call.stop = stop;
      const aborted = () => stop(signal.reason);
      if (this.#ended) return call.reject(this.#ended);
      if (signal?.aborted) return call.reject(signal.reason);
      this.#calls.set(id, call);
      try {
        this.#port.postMessage({ ...message, id }, openers.map(({ port }) => port));
      } catch (error) {
        const hint = "options are texts, numbers and lists of them, and a function stands only where one is asked for";
        return call.reject(misasked(`the call cannot be sent to the worker: ${reasonOf(error)}`, hint, error));
      }
      signal?.addEventListener("abort", aborted, { once: true });
    });
    return { id, result, stop };
  }

  #receive({ id, value, error, progress, lines }) {
    const call = this.#calls.get(id);
    if (!call) return;
    if (progress) told(call, progress);
    else if (lines) call.onLines?.(lines);
    else if (error) call.reject(new HeadroomError(error));
    else call.resolve(value);
  }

  /** Before it has said anything, the worker's script is what was not to be had: most often a bundler has left it behind. */
  #broken(message) {
    this.#fail(ofWorker(`the worker failed: ${message || "it could not be started"}`, this.#hasStarted ? null : HINT_BUNDLER));
  }

  #fail(error) {
    this.#ended ??= error;
    for (const { reject } of [...this.#calls.values()]) reject(error);
  }
}

/** Whoever is told of progress may fail: the call ends with that. */
function told(call, progress) {
  try {
    call.onProgress?.(progress);
  } catch (error) {
    call.stop(error);
  }
}

/** Files and bytes are sent; what is bound to this thread is opened from there through a port. */
function sendableBill(source, openers) {
  if (source instanceof URL) return { name: toBill(source).name, url: source.href };
  if (source instanceof Blob) return { name: toBill(source).name, data: source };
  if (typeof source?.text === "string") return source;
  if (source?.url !== undefined) return { name: source.name, url: absolute(source.url) };
  if (source?.data instanceof Blob || source?.data instanceof ArrayBuffer || ArrayBuffer.isView(source?.data)) return source;
  const bill = toBill(source);
  const opener = new Opener(bill);
  openers.push(opener);
  return { name: bill.name, size: bill.size ?? undefined, once: bill.once, $opener: opener.port };
}

/** What is no address is said where it is fetched. */
function absolute(url) {
  try {
    return new URL(url, globalThis.location?.href).href;
  } catch {
    return String(url);
  }
}

for (const method of Object.keys(SHAPES).filter((name) => name !== "lines")) {
  // Asynchronous, so that what cannot be sent rejects like everything else.
  Client.prototype[method] = async function (...args) {
    return this.request(method, args);
  };
}
