// Where the bytes of bills come from. A bill is opened as often as the engine wants it from its beginning; what can be
// read but once says so, and the engine then leaves out what would need another pass.

import { HeadroomError, reasonOf } from "./errors.js";

/** Bytes handed on at a time: a source may give all it has at once, for which the engine would need as much memory. */
export const SLICE = 1 << 20;

/** Of a function that opens bytes: one that gives a `Reader` of the same, where they are there without waiting. */
export const AT_HAND = Symbol("headroom.atHand");

/** Of such a function: where the bytes are, for another thread of this process. */
export const PLACE = Symbol("headroom.place");

/**
 * What fills memory with the bytes of a bill from a position on, and tells how many they are; none at its end.
 * @typedef {object} Reader
 * @property {(room: Uint8Array, at: number) => number} fill
 * @property {() => Promise<void>} close
 */

/**
 * A bill that can be opened.
 * @typedef {object} Opened
 * @property {string} name
 * @property {number | null} size Bytes as it is stored, where known.
 * @property {boolean} once Whether it can be read but once.
 * @property {(signal: AbortSignal) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>} open The signal is given when no more
 *   bytes are wanted before their end.
 * @property {() => Promise<Reader | null>} [atHand] The same without waiting, where it is not packed.
 * @property {unknown} [place] Where another thread finds it.
 */

/**
 * @param {import("./index.d.ts").BillSource} source
 * @returns {Opened}
 */
export function toBill(source) {
  if (isNamedBlob(source)) return ofBlob(source.name, source);
  if (source instanceof URL) return ofUrl(lastPart(source.pathname), source);
  if (source && typeof source.name === "string") {
    const { name } = source;
    if (typeof source.text === "string") return ofBytes(name, new TextEncoder().encode(source.text));
    if (source.url !== undefined) return ofUrl(name, source.url);
    const { data } = source;
    if (data instanceof Blob) return ofBlob(name, data);
    if (data instanceof ArrayBuffer) return ofBytes(name, new Uint8Array(data));
    if (ArrayBuffer.isView(data)) return ofBytes(name, bytesOf(data));
    if (typeof data === "function") {
      const open = (signal) => ofOpener(data, signal);
      return { name, size: source.size ?? null, once: false, open, atHand: data[AT_HAND], place: data[PLACE] };
    }
    if (data instanceof Response) {
      return { name, size: null, once: true, open: (signal) => chunks(bodyOf(data), signal) };
    }
    if (isIterable(data)) return { name, size: null, once: true, open: (signal) => chunks(data, signal) };
  }
  throw new HeadroomError({
    code: "source",
    message: "this is no bill",
    hint: "give a `File`, a `URL`, or an object with `name` and one of `text`, `url` and `data`",
  });
}

const isNamedBlob = (source) => source instanceof Blob && typeof source.name === "string";
const isIterable = (data) => data instanceof ReadableStream || typeof data?.[Symbol.asyncIterator] === "function";

/** Decoded, if it can be. */
function lastPart(path) {
  const last = path.split("/").filter(Boolean).pop() ?? "bill";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function ofBlob(name, blob) {
  return { name, size: blob.size, once: false, open: (signal) => blobChunks(blob, signal) };
}

/** A file that somebody chose is read where it lies, when it is wanted. */
const unreadableBlob = (cause, file) =>
  new HeadroomError(
    {
      code: "unreadable",
      message: "it cannot be read",
      hint: "choose it again: it may have been moved, deleted or changed since",
      file,
    },
    { cause },
  );

/** As a stream: browsers fetch ahead of it, where every slice waits for the process that has the file. */
async function* blobChunks(blob, signal) {
  try {
    yield* chunks(blob.stream(), signal);
  } catch (cause) {
    throw unreadableBlob(cause);
  }
}

export async function textOfBlob(blob, name) {
  try {
    return await blob.text();
  } catch (cause) {
    throw unreadableBlob(cause, name);
  }
}

const ofBytes = (name, bytes) => ({ name, size: bytes.length, once: false, open: () => chunks([bytes]) });

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function ofUrl(name, url) {
  const open = async (signal) => {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    return chunks(bodyOf(response), signal);
  };
  return { name, size: null, once: false, open };
}

const bodyOf = (response) => {
  if (response.bodyUsed) throw new Error("the response has been read already");
  return response.body ?? new Blob([]).stream();
};

async function ofOpener(opener, signal) {
  const data = await opener({ signal });
  if (data instanceof Blob) return blobChunks(data, signal);
  if (data instanceof ArrayBuffer) return chunks([new Uint8Array(data)]);
  if (ArrayBuffer.isView(data)) return chunks([bytesOf(data)]);
  if (data instanceof Response) return chunks(bodyOf(data), signal);
  if (isIterable(data) || typeof data?.[Symbol.iterator] === "function") return chunks(data, signal);
  throw new HeadroomError({
    code: "source",
    message: "the function gives nothing that has bytes",
    hint: "give a `Blob`, bytes, a `Response`, a stream or an iterable",
  });
}

/**
 * The chunks of a stream; not every browser's streams are iterable. One that is waited for hears by the signal that it is to end:
 * what is asked of an iterator waits behind what was asked before.
 */
async function* chunks(stream, signal) {
  const reader = stream instanceof ReadableStream ? stream.getReader() : null;
  let hasEnded = false;
  const leave = () => {
    if (hasEnded) return;
    hasEnded = true;
    if (reader) reader.cancel(signal?.reason).catch(() => {});
    // Streams of Node.
    else stream.destroy?.();
  };
  signal?.addEventListener("abort", leave, { once: true });
  try {
    if (signal?.aborted) return;
    if (!reader) {
      yield* stream;
      hasEnded = true;
    }
    while (!hasEnded) {
      const { done, value } = await reader.read();
      if (done) hasEnded = true;
      else yield value;
    }
  } finally {
    signal?.removeEventListener("abort", leave);
    leave();
  }
}

/** What a source gives, in pieces of a size that the engine has room for. */
async function* pieces(stored) {
  for await (const value of stored) {
    const bytes = chunkOf(value);
    for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
  }
}

const isGzip = (head) => head[0] === 0x1f && head[1] === 0x8b;
const isZstd = (head) => head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;

/** Whether a file that begins so is packed. */
export const isPacked = (head) => isGzip(head) || isZstd(head);

/**
 * The bytes unpacked: gzip is told by content, not by name. `count` is told how many bytes were taken as they are stored.
 * @param {AsyncIterable<Uint8Array>} stored
 * @param {(bytes: number) => void} count
 */
export async function* unpacked(stored, count) {
  const source = pieces(stored);
  const counted = async () => {
    const next = await source.next();
    if (!next.done) count(next.value.length);
    return next;
  };
  try {
    let head = new Uint8Array(0);
    while (head.length < 4) {
      const { done, value } = await counted();
      if (done) break;
      head = head.length === 0 ? value : joined(head, value);
    }
    if (isGzip(head)) {
      yield* gunzipped(head, counted);
    } else if (isZstd(head)) {
      throw new HeadroomError({
        code: "compression",
        message: "the file is packed with zstd, which no browser unpacks",
        hint: "unpack it first, pack it with gzip, or use the command line, which reads zstd",
      });
    } else {
      if (head.length > 0) yield head;
      for (let next = await counted(); !next.done; next = await counted()) yield next.value;
    }
  } finally {
    await source.return();
  }
}

/** A chunk of a source, of which nobody knows who made it. */
export function chunkOf(value) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return bytesOf(value);
  throw new HeadroomError({
    code: "source",
    message: `the source gives ${typeof value === "string" ? "text" : "something else"} and not bytes`,
    hint: "give chunks as `Uint8Array`: `new TextEncoder().encode(text)` makes them of text",
  });
}

async function* gunzipped(head, counted) {
  let failed;
  const packed = new ReadableStream({
    async pull(controller) {
      try {
        if (head) {
          controller.enqueue(new Uint8Array(head));
          head = null;
          return;
        }
        const { done, value } = await counted();
        if (done) controller.close();
        // A copy, which `slice` of Node's buffers is not: the source may use the same memory for its next chunk.
        else controller.enqueue(new Uint8Array(value));
      } catch (error) {
        failed = { error };
        controller.error(error);
      }
    },
  });
  try {
    yield* chunks(packed.pipeThrough(new DecompressionStream("gzip")));
  } catch (error) {
    if (failed) throw failed.error;
    throw ofPacking(error);
  }
}

/** As browsers say that a gzip file goes on behind its end: those of several members do, which Node unpacks. */
const GOES_ON = /\b(after|past)\b.*\bend\b/i;

function ofPacking(cause) {
  const failure = GOES_ON.test(reasonOf(cause))
    ? {
        message: "more follows the end of the gzip file: of several joined into one a browser unpacks but the first",
        hint: "unpack it first, or use the command line or Node, which unpack all of them",
      }
    : { message: "the compressed file is cut off or damaged", hint: "export or download it again" };
  return new HeadroomError({ code: "compression", ...failure }, { cause });
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
