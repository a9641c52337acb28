// Where the parts of the page lie when it is one file: in blocks of data at its end, packed.

import { startWorker, type WorkerEngine } from "headroom-engine/client";

export async function startEngine(): Promise<WorkerEngine> {
  const script = new Response(unpacked("packed-worker")).blob();
  const module = new Response(unpacked("packed-engine")).arrayBuffer();
  const url = URL.createObjectURL(new Blob([await script], { type: "text/javascript" }));
  try {
    return await startWorker({ worker: new Worker(url, { name: "headroom" }), wasm: await module });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The sample, packed. */
export const samplePack = async (): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => stored("packed-sample");

const unpacked = (id: string) => stored(id).pipeThrough(new DecompressionStream("gzip"));

function stored(id: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Error("this file is not whole: save or download it again");
  const binary = atob(text);
  const bytes = Uint8Array.from({ length: binary.length }, (_, at) => binary.charCodeAt(at));
  return new Blob([bytes]).stream();
}
