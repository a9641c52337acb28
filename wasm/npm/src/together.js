// Large bills read by several engines, each on a thread of its own: each reads parts of the files, and the one that was asked
// takes in what the others have counted. Whatever goes wrong between them, it reads the bills by itself, and says what it finds.

import { opened } from "./run.js";

/** Bytes of bills for which another engine is worth its start. */
const WORTH = 64 << 20;

/** Parts of a file are large at first, and smaller towards the end, so that nobody waits long for another. */
const SMALLEST = 8 << 20;
const LARGEST = 64 << 20;

/** Parts that a helper has before it, beside the one that it reads. */
const AHEAD = 1;

/** Bytes read at a time, and behind the end of a part, where its last row may go on. */
const BLOCK = 1 << 20;
const TAIL = 1 << 16;

/**
 * Another thread.
 * @typedef {object} Thread
 * @property {(message: object, transfer?: Transferable[]) => void} post
 * @property {(told: (message: any) => void, failed: () => void) => void} listen
 * @property {() => void} end
 */

/**
 * The bytes of a file from one position up to another; to infinity where it is read to its end.
 * @typedef {{ file: number, from: number, to: number }} Part
 */

/**
 * Reads a part of a file in a pass that is shared.
 * @returns {AsyncGenerator<number>} After every block, how many bytes that were, as they are stored.
 */
export async function* readPart(session, bill, { file, from, to }, signal) {
  const pass = session.pass();
  session.read_stretch(file, from, to);
  const reader = await bill.atHand?.();
  yield* reader ? filled(session, reader, to) : pushed(session, bill, signal);
  // Whoever cannot read it is alone again.
  if (session.pass() !== pass) throw new Error("a part cannot be read");
}

async function* filled(session, reader, to) {
  try {
    for (let at = session.wanted_at(); at !== undefined; at = session.wanted_at()) {
      const bytes = reader.fill(session.room(at < to ? Math.min(BLOCK, to - at + TAIL) : TAIL), at);
      if (bytes > 0) session.push_room(bytes);
      else session.end();
      yield bytes;
    }
  } finally {
    await reader.close().catch(() => {});
  }
}

/** What cannot be cut is read by one, from its beginning to its end. */
async function* pushed(session, bill, signal) {
  let stored = 0;
  for await (const chunk of opened(bill, signal, (bytes) => (stored += bytes))) {
    session.push(chunk);
    yield stored;
    stored = 0;
    if (session.wanted_at() === undefined) return;
  }
  session.end();
}

/** Whether several may read a bill at the same time. */
async function canBeCut({ size, place, atHand }) {
  if (place === undefined || size < 2 * SMALLEST) return false;
  const reader = await atHand?.();
  await reader?.close();
  return Boolean(reader);
}

/** The engines that help with one call. */
export class Team {
  /** Bytes read of each file in the pass. */
  bytes = new Map();
  /** The file that is read here. */
  file = 0;
  /** Bytes that the engines' memory had grown to in the end. */
  memoryBytes = 0;

  #bills;
  #cut;
  #signal;
  #threads;
  #helpers = [];
  #left = [];
  #lost = false;
  #wake = () => {};

  /**
   * @param {{ thread: () => Thread, most: number, busy: number }} threads Where threads come from, and how many are there and taken.
   * @param {number} most How many engines there may be, with the one that is asked.
   * @param {{ module: WebAssembly.Module, call: string, bills: import("./sources.js").Opened[], signal?: AbortSignal }} asked
   * @returns {Promise<Team | null>} None where it is not worth while.
   */
  static async of(threads, most, asked) {
    const sizes = asked.bills.map(({ size, place }) => (place === undefined ? 0 : (size ?? 0)));
    const worth = Math.floor(sizes.reduce((sum, size) => sum + size, 0) / WORTH);
    const helpers = (pieces) => Math.floor(Math.min(worth, pieces - 1, Math.min(most, threads.most) - 1 - threads.busy));
    if (!(helpers(Infinity) > 0)) return null;
    try {
      const cut = await Promise.all(asked.bills.map(canBeCut));
      const pieces = sizes.reduce((sum, size, at) => sum + (cut[at] ? Math.floor(size / SMALLEST) : Number(size > 0)), 0);
      return helpers(pieces) > 0 ? new Team(threads, helpers(pieces), cut, asked) : null;
    } catch {
      // What cannot be opened is said where it is read; and not every host lets its programs start threads.
      return null;
    }
  }

  constructor(threads, helpers, cut, { module, call, bills, signal }) {
    this.#threads = threads;
    this.#bills = bills;
    this.#cut = cut;
    this.#signal = signal;
    const start = { module, call, bills: bills.map(({ name, size, place }) => ({ name, size, place })) };
    try {
      while (this.#helpers.length < helpers) {
        this.#helpers.push(new Helper(threads.thread(), this));
        threads.busy += 1;
      }
      for (const helper of this.#helpers) helper.thread.post({ start });
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Rows that others have read in the pass. */
  get rows() {
    return this.#helpers.reduce((sum, helper) => sum + helper.rows, 0);
  }

  end() {
    const helpers = this.#helpers;
    this.#helpers = [];
    this.#threads.busy -= helpers.length;
    this.memoryBytes += helpers.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    for (const helper of helpers) helper.thread.end();
  }

  /**
   * Reads the pass that is wanted, if it can be shared; yields when it begins, and now and then. Afterwards another pass is wanted, or the same by one alone.
   * @returns {AsyncGenerator<void, boolean>} Whether it could be shared.
   */
  async *read(session) {
    const files = [...session.share()];
    if (files.length === 0) return false;
    try {
      this.#begin(files);
      yield;
      yield* this.#readHere(session);
      yield* this.#until(() => this.#helpers.every((helper) => helper.parts === 0));
      if (!this.#lost) yield* this.#join(session);
    } catch {
      // Whoever reads alone meets it again.
      this.#lost = true;
    }
    if (this.#lost) session.go_alone();
    return true;
  }

  #begin(files) {
    this.file = files[0];
    this.bytes = new Map(files.map((file) => [file, 0]));
    this.#left = files.map((file) => {
      const { size, place } = this.#bills[file];
      return { file, from: 0, size: size ?? 0, isLocal: place === undefined, isWhole: !this.#cut[file] };
    });
    for (const helper of this.#helpers) helper.begin();
  }

  async *#readHere(session) {
    for (let part = this.take(true); part !== undefined; part = this.take(true)) {
      this.file = part.file;
      let left = this.#length(part);
      for await (const bytes of readPart(session, this.#bills[part.file], part, this.#signal)) {
        if (this.#lost) return;
        // Blocks reach beyond their part.
        const read = Math.min(bytes, left);
        left -= read;
        this.#note(part.file, read);
        yield;
      }
      this.#note(part.file, left);
      yield;
    }
  }

  /** What each has counted goes to this engine, and to the others where there is another pass. */
  async *#join(session) {
    const others = this.#helpers.filter((helper) => helper.hasRead);
    for (const helper of others) helper.thread.post({ count: true });
    const counted = session.count();
    yield* this.#until(() => others.every((helper) => helper.counted !== null));
    if (this.#lost) return;
    for (const helper of others) session.take(helper.counted);
    session.settle();
    if (session.pass() === 0) return;
    for (const helper of this.#helpers) {
      const theirs = others.filter((other) => other !== helper).map((other) => other.counted);
      helper.thread.post({ take: [counted, ...theirs] });
    }
  }

  async *#until(isSo) {
    while (!this.#lost && !isSo() && !this.#signal?.aborted) {
      await new Promise((resolve) => {
        this.#wake = resolve;
        this.#signal?.addEventListener("abort", resolve);
      }).finally(() => this.#signal?.removeEventListener("abort", this.#wake));
      yield;
    }
  }

  /** The next part that nobody has, smaller the less is left; none of what only this engine can open, for others. */
  take(isHere) {
    const at = this.#left.findIndex(({ isLocal }) => isHere || !isLocal);
    if (at < 0) return undefined;
    const next = this.#left[at];
    const { file, from, size, isWhole } = next;
    const all = this.#left.reduce((sum, { from, size }) => sum + size - from, 0);
    const length = Math.min(Math.max(all / (2 * (this.#helpers.length + 1)), SMALLEST), LARGEST);
    if (isWhole || size - from < length + SMALLEST) {
      this.#left.splice(at, 1);
      return { file, from, to: Infinity };
    }
    next.from += Math.floor(length);
    return { file, from, to: next.from };
  }

  /** Another has read a part. */
  note(part) {
    this.#note(part.file, this.#length(part));
    this.#wake();
  }

  #note(file, bytes) {
    this.bytes.set(file, this.bytes.get(file) + bytes);
  }

  #length({ file, from, to }) {
    return Math.max(Math.min(to, this.#bills[file].size ?? 0) - from, 0);
  }

  /** The others are lost. */
  lose() {
    this.#lost = true;
    this.#wake();
  }

  /** Something has happened that may be waited for. */
  tell() {
    this.#wake();
  }
}

class Helper {
  rows = 0;
  /** Parts that it has been given and not read yet. */
  parts = 0;
  /** Whether it has read any of the pass, and what it has counted of it. */
  hasRead = false;
  counted = null;
  memoryBytes = 0;

  #team;
  #isReady = false;
  #given = [];

  constructor(thread, team) {
    this.thread = thread;
    this.#team = team;
    const failed = () => team.lose();
    thread.listen((message) => (message.failed ? failed() : this.#told(message)), failed);
  }

  /** A pass begins. */
  begin() {
    this.rows = 0;
    this.hasRead = false;
    this.counted = null;
    if (this.#isReady) this.#serve();
  }

  #told({ ready, rows, counted, memoryBytes }) {
    if (ready) this.#isReady = true;
    if (rows !== undefined) {
      this.rows = rows;
      this.parts -= 1;
      this.#team.note(this.#given.shift());
    }
    if (counted) {
      this.counted = counted;
      this.memoryBytes = memoryBytes;
      this.#team.tell();
    } else {
      this.#serve();
    }
  }

  #serve() {
    while (this.parts <= AHEAD) {
      const part = this.#team.take(false);
      if (!part) return;
      this.parts += 1;
      this.hasRead = true;
      this.#given.push(part);
      this.thread.post({ part });
    }
  }
}
