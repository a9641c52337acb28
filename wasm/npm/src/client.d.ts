import type { Functions, WasmSource } from "./index.js";

export { HeadroomError } from "./index.js";

/** An engine in a worker. */
export interface WorkerEngine extends Functions {
  readonly version: string;
  /** Bytes of linear memory in use. */
  memoryBytes(): Promise<number>;
  /** Answers a call that holds all its texts: JSON in, a document or failure out. */
  answer(call: string | object): Promise<string>;
  /** Ends the worker; calls that are under way fail. */
  close(): void;
}

export interface WorkerOptions {
  /** Where the module comes from; that of the package where nothing is named. */
  readonly wasm?: WasmSource | Promise<WasmSource>;
  /** The worker, where a bundler or a policy wants it made elsewhere: of `headroom-engine/worker`. */
  readonly worker?: Worker | MessagePort;
}

/** Starts the engine in a worker. */
export function startWorker(options?: WorkerOptions): Promise<WorkerEngine>;
