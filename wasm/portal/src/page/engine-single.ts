// Where the parts of the page lie when it is one file: in blocks of data at its end, packed.

import { startWorker, type WorkerEngine } from "headroom-engine/client";

export async function startEngine(): Promise<WorkerEngine> {
  // The module is compiled while the worker starts.
  const wasm = WebAssembly.compileStreaming(response("packed-engine", "application/wasm"));
  const url = URL.createObjectURL(await response("packed-worker", "text/javascript").blob());
  try {
    return await startWorker({ worker: new Worker(url, { name: "headroom" }), wasm: await wasm });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The sample, packed. */
export const samplePack = async (): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => stored("packed-sample");

const response = (id: string, type: string) =>
  new Response(stored(id).pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": type } });

function stored(id: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Error("this file is not whole: save or download it again");
  return new Blob([decoded(text)]).stream();
}

/** The decoder of the platform where it has one. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
