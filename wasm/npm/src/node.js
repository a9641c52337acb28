import { readSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { AT_HAND, PLACE, isPacked } from "./sources.js";
import { hasSimd, start } from "./start.js";

export { HeadroomError } from "./errors.js";
export { hasSimd } from "./start.js";

/** Starts the engine on this thread. */
export function load({ wasm } = {}) {
  if (wasm instanceof URL && wasm.protocol === "file:") wasm = readFile(wasm);
  const usual = () => readFile(new URL(hasSimd() ? "./headroom.wasm" : "./headroom-scalar.wasm", import.meta.url));
  return start(wasm, usual, { thread, most: availableParallelism(), busy: 0 });
}

/** A thread that helps. What it was started with is this process's own affair. */
function thread() {
  const worker = new Worker(new URL("./helper-node.js", import.meta.url), { execArgv: [], name: "headroom" });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (told, failed) => worker.on("message", told).on("messageerror", failed).on("error", failed).on("exit", failed),
    end: () => worker.terminate(),
  };
}

/** Bytes fetched at a time: from more of them the engine would not copy what a core has in its cache. */
const BLOCK = 1 << 20;

/** Large buffers start 16 bytes into a page of memory, and to there Linux copies pages of a file at a third of the speed. */
const ASIDE = 64;

/** A file on disk as a bill. */
export async function file(path, name) {
  const where = path instanceof URL ? fileURLToPath(path) : path;
  const handle = await open(where);
  try {
    const stat = await handle.stat();
    const data = () => blocks(where);
    // A pipe may have nothing yet.
    if (stat.isFile()) Object.assign(data, { [AT_HAND]: () => reader(where), [PLACE]: where });
    return { name: name ?? basename(where), size: stat.size, data };
  } finally {
    await handle.close();
  }
}

/**
 * Reads into the engine's own memory, on its thread: through buffers that are filled beside it, a bill takes a fifth more of the
 * processor, and what is on disk the system fetches ahead. What is packed goes through an unpacker.
 */
async function reader(path) {
  const handle = await open(path);
  const close = () => handle.close();
  try {
    const { buffer: head } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (!isPacked(head)) return { fill: (room, at) => readSync(handle.fd, room, 0, room.length, at), close };
  } catch (error) {
    await close();
    throw error;
  }
  await close();
  return null;
}

/** The next block is fetched while the engine reads this one. */
async function* blocks(path) {
  const handle = await open(path);
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(ASIDE + BLOCK).subarray(ASIDE));
  const fetch = (turn) => handle.read(buffers[turn], 0, BLOCK);
  let next = fetch(0);
  try {
    for (let turn = 0; ; turn ^= 1) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      next = fetch(turn ^ 1);
      yield buffers[turn].subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => {});
    await handle.close();
  }
}
