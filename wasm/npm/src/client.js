// The same functions as the engine's own, over an engine on another thread.

import { texts, withTexts } from "./documents.js";
import { HeadroomError } from "./errors.js";
import { chunks, toBill } from "./sources.js";

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

/** Starts the engine in a worker. */
export async function startWorker({ wasm, worker } = {}) {
  const own = worker ?? new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "headroom" });
  const client = new Client(own);
  try {
    await client.begin(wasm);
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

class Client {
  #port;
  #calls = new Map();
  #last = 0;
  #openers = new Set();
  #ended = null;

  constructor(port) {
    this.#port = port;
    port.addEventListener("message", ({ data }) => this.#receive(data));
    const failed = (message) => this.#fail(new HeadroomError({ code: "worker", message }));
    port.addEventListener("error", (event) => failed(`the worker failed: ${event.message ?? "it could not be started"}`));
    port.addEventListener("messageerror", () => failed("the worker sent what cannot be read"));
    port.start?.();
  }

  async begin(wasm) {
    // The worker would take an address for one beside itself.
    const page = globalThis.location?.href;
    const sent = wasm instanceof URL ? wasm.href : typeof wasm === "string" && page ? new URL(wasm, page).href : wasm;
    const own = sent instanceof Response ? await sent.arrayBuffer() : sent;
    this.version = await this.#call({ start: { wasm: own } });
  }

  /** Ends the worker; calls that are under way fail. */
  close() {
    this.#fail(new HeadroomError({ code: "worker", message: "the worker was closed" }));
    if (this.#port.terminate) this.#port.terminate();
    else this.#port.close();
  }

  memoryBytes() {
    return this.#call({ method: "memoryBytes", args: [] });
  }

  answer(call) {
    return this.#call({ method: "answer", args: [call] });
  }

  schema(name) {
    return this.#call({ method: "schema", args: [name] });
  }

  schemas() {
    return this.#call({ method: "schemas", args: [] });
  }

  async *lines(bills, options = {}) {
    const waiting = [];
    let arrived = () => {};
    let ended = false;
    const { id, result } = await this.#asked("lines", [bills, options], (lines) => {
      waiting.push(lines);
      arrived();
    });
    const settled = result.finally(() => {
      ended = true;
      arrived();
    });
    settled.catch(() => {});
    try {
      for (;;) {
        while (waiting.length > 0) {
          yield waiting.shift();
          this.#port.postMessage({ id, next: true });
        }
        if (ended) return await settled;
        await new Promise((resolve) => (arrived = resolve));
      }
    } finally {
      if (!ended) {
        this.#port.postMessage({ id, stop: true });
        this.#port.postMessage({ id, next: true });
      }
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
    const transfer = [];
    const sent = [...args];
    for (let at = 0; at < documents; at += 1) sent[at] = await texts(sent[at]);
    if (bills !== undefined) sent[bills] = [sent[bills]].flat().map((bill) => this.#sendable(bill, transfer));
    const { signal, onProgress, ...rest } = await withTexts(sent[options] ?? {});
    if (rest.bills) rest.bills = [rest.bills].flat().map((bill) => this.#sendable(bill, transfer));
    sent[options] = { ...rest, $running: true, onProgress: Boolean(onProgress) };
    return this.#begin({ method, args: sent }, { signal, onProgress, onLines, transfer });
  }

  #call(message) {
    return this.#begin(message, {}).result;
  }

  #begin(message, { signal, onProgress, onLines, transfer = [] }) {
    const id = (this.#last += 1);
    if (this.#ended) return { id, result: Promise.reject(this.#ended) };
    if (signal?.aborted) return { id, result: Promise.reject(signal.reason) };
    const stop = () => this.#port.postMessage({ id, stop: true });
    const result = new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, onProgress, onLines, signal });
      this.#port.postMessage({ ...message, id }, transfer);
      signal?.addEventListener("abort", stop, { once: true });
    }).finally(() => {
      this.#calls.delete(id);
      signal?.removeEventListener("abort", stop);
    });
    return { id, result };
  }

  #receive({ id, value, error, progress, lines }) {
    const call = this.#calls.get(id);
    if (!call) return;
    if (progress) this.#told(id, call, progress);
    else if (lines) call.onLines?.(lines);
    else if (error?.aborted) call.reject(call.signal?.reason ?? new DOMException("the call was stopped", "AbortError"));
    else if (error) call.reject(new HeadroomError(error));
    else call.resolve(value);
  }

  /** Whoever is told of progress may fail: the call ends with that. */
  #told(id, call, progress) {
    try {
      call.onProgress?.(progress);
    } catch (error) {
      call.reject(error);
      this.#port.postMessage({ id, stop: true });
    }
  }

  #fail(error) {
    this.#ended ??= error;
    for (const { reject } of this.#calls.values()) reject(error);
    for (const opener of this.#openers) opener.close();
  }

  /** Files and bytes are sent; what is bound to this thread is opened from there through a port. */
  #sendable(source, transfer) {
    if (source instanceof URL) return { name: toBill(source).name, url: source.href };
    if (source instanceof Blob) return { name: toBill(source).name, data: source };
    if (typeof source?.text === "string") return source;
    if (source?.url !== undefined) return { name: source.name, url: new URL(source.url, globalThis.location?.href).href };
    if (source?.data instanceof Blob || source?.data instanceof ArrayBuffer || ArrayBuffer.isView(source?.data)) return source;
    const bill = toBill(source);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => serveBill(bill, data.open);
    this.#openers.add(port1);
    transfer.push(port2);
    return { name: bill.name, size: bill.size ?? undefined, once: bill.once, $opener: port2 };
  }
}

for (const method of Object.keys(SHAPES).filter((name) => name !== "lines")) {
  // Asynchronous, so that what cannot be sent rejects like everything else.
  Client.prototype[method] = async function (...args) {
    return this.request(method, args);
  };
}

/** Sends a chunk whenever the other side asks for one. */
function serveBill(bill, port) {
  let source;
  const next = async () => {
    try {
      source ??= chunks(await bill.open());
      const { done, value } = await source.next();
      port.postMessage(done ? {} : { chunk: value });
    } catch (error) {
      const facts = error instanceof HeadroomError ? error.toJSON() : { code: "unreadable", message: error.message };
      port.postMessage({ error: facts });
    }
  };
  port.onmessage = ({ data }) => {
    if (data === "next") next();
    else {
      source?.return?.();
      port.close();
    }
  };
}
