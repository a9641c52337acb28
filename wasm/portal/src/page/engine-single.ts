// Where the parts of the page lie when it is one file: in blocks of data at its end.

import { startWorker, type WorkerEngine } from "headroom-engine/client";

export async function startEngine(): Promise<WorkerEngine> {
  // The module is compiled while the worker starts.
  const url = URL.createObjectURL(new Blob([bytes("engine-worker")], { type: "text/javascript" }));
  try {
    const worker = new Worker(url, { name: "headroom" });
    const packed = stored("packed-engine").pipeThrough(new DecompressionStream("gzip"));
    const wasm = await WebAssembly.compileStreaming(new Response(packed, { headers: { "content-type": "application/wasm" } }));
    return await startWorker({ worker, wasm });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The sample, packed. */
export const samplePack = async (): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => stored("packed-sample");

/** In large pieces: those of a blob's stream are waited for one by one, and all at once would hold up the page. */
const PIECE = 1 << 18;

function stored(id: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const whole = bytes(id);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < whole.length; at += PIECE) controller.enqueue(whole.subarray(at, at + PIECE));
      controller.close();
    },
  });
}

function bytes(id: string): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Error("this file is not whole: save or download it again");
  return decoded(text);
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
