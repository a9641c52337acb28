// Where the parts of the page lie when a server hosts it: beside it.

import { hasSimd } from "headroom-engine";
import { startWorker, type WorkerEngine } from "headroom-engine/client";

export async function startEngine(): Promise<WorkerEngine> {
  // The module is compiled while the worker starts.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "headroom" });
  const wasm = await compiled(new URL(hasSimd() ? "./headroom.wasm" : "./headroom-scalar.wasm", import.meta.url));
  return startWorker({ worker, wasm });
}

async function compiled(address: URL): Promise<WebAssembly.Module> {
  const response = await answer(address);
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm");
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The sample, packed. */
export async function samplePack(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { body } = await answer(new URL("./sample.json.gz", import.meta.url));
  return body ?? new Blob([]).stream();
}

async function answer(address: URL): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname} cannot be loaded: the server answers ${response.status}`);
  return response;
}
