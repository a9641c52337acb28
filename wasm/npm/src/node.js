import { readSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { HeadroomError, reasonOf } from "./errors.js";
import { AT_HAND, PLACE, isPacked } from "./sources.js";
import { hasSimd, start } from "./start.js";

export { HeadroomError } from "./errors.js";
export { hasSimd } from "./start.js";

/** Starts the engine on this thread. */
export async function load(options) {
  const wasm = options?.wasm ?? undefined;
  return start(isFile(wasm) ? () => readFile(new URL(wasm)) : wasm, own, { thread, most: availableParallelism(), busy: 0 });
}

const isFile = (wasm) => (wasm instanceof URL && wasm.protocol === "file:") || (typeof wasm === "string" && wasm.startsWith("file:"));

/** Both addresses are spelt out, so that bundlers find the files. */
const own = () => readFile(hasSimd() ? new URL("./headroom.wasm", import.meta.url) : new URL("./headroom-scalar.wasm", import.meta.url));

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

/** A file on disk as a bill, called as its path is, unless it is given a name. */
export async function file(path, name) {
  const where = pathOf(path);
  const stat = await statOf(where);
  if (stat.isDirectory()) throw unreadable(where, { code: "EISDIR" });
  const data = () => blocks(where);
  // A pipe may have nothing yet.
  if (stat.isFile()) Object.assign(data, { [AT_HAND]: () => reader(where), [PLACE]: where });
  return { name: name ?? where, size: stat.size, data };
}

function pathOf(path) {
  if (typeof path === "string") return path;
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  throw new HeadroomError({
    code: "source",
    message: path instanceof URL ? `\`${path.href}\` is no file` : "there is no path",
    hint: "give a path or a `file:` URL; other addresses are bills themselves",
  });
}

/** Opened, so that one that may not be read is told from one that may. */
async function statOf(where) {
  let handle;
  try {
    handle = await open(where);
    return await handle.stat();
  } catch (cause) {
    throw unreadable(where, cause);
  } finally {
    await handle?.close();
  }
}

/** What is known of why, and what to do. */
const REASONS = {
  ENOENT: ["no such file", "check the path"],
  EACCES: ["it may not be read", "ask for the right to read it"],
  EISDIR: ["it is a directory", "give each of the files in it"],
};

function unreadable(where, cause) {
  const [reason, hint] = REASONS[cause.code] ?? [reasonOf(cause), null];
  return new HeadroomError({ code: "unreadable", message: `${where}: ${reason}`, file: where, hint }, { cause });
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
