// Where the parts of the page lie when a server hosts it: beside it.

import { startWorker, type WorkerEngine } from "headroom-engine/client";

export function startEngine(): Promise<WorkerEngine> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "headroom" });
  return startWorker({ worker });
}

/** The sample, packed. */
export async function samplePack(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await fetch(new URL("./sample.json.gz", import.meta.url));
  if (!response.ok || !response.body) throw new Error(`the sample cannot be loaded: the server answers ${response.status}`);
  return response.body;
}
