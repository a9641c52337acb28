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

/** Reads a part of a file in a pass that is shared; yields after every block. */
export async function* readPart(session, bill, { file, from, to }, signal) {
  session.read_stretch(file, from, to);
  const reader = await bill.atHand?.();
  if (!reader) {
    // What cannot be cut is read by one, from its beginning to its end.
    for await (const chunk of opened(bill, signal)) {
      session.push(chunk);
      if (session.wanted_at() === undefined) return;
      yield;
    }
    session.end();
    return;
  }
  try {
    for (let at = session.wanted_at(); at !== undefined; at = session.wanted_at()) {
      const bytes = reader.fill(session.room(at < to ? Math.min(BLOCK, to - at + TAIL) : TAIL), at);
      if (bytes > 0) session.push_room(bytes);
      else session.end();
      yield;
    }
  } finally {
    await reader.close().catch(() => {});
  }
}

async function canBeCut(bill) {
  const reader = await bill.atHand?.();
  await reader?.close();
  return Boolean(reader);
}

/** The engines that help with one call. */
export class Team {
  /** Bytes read of each file in the pass. */
  bytes = new Map();
  /** The file that is read here. */
  file = 0;

  #bills;
  #signal;
  #helpers;
  #left = [];
  #lost = false;
  #wake = () => {};

  /**
   * @param {() => Thread} spawn
   * @param {number} threads How many engines there may be, with the one that is asked.
   * @param {{ module: WebAssembly.Module, call: string, bills: import("./sources.js").Opened[], signal?: AbortSignal }} asked
   * @returns {Team | null} None where it is not worth while.
   */
  static of(spawn, threads, asked) {
    const sizes = asked.bills.map((bill) => (bill.place === undefined ? 0 : (bill.size ?? 0)));
    const worth = Math.floor(sizes.reduce((sum, size) => sum + size, 0) / WORTH);
    const helpers = Math.min(threads - 1, worth);
    if (!(helpers > 0)) return null;
    try {
      return new Team(spawn, helpers, asked);
    } catch {
      // Not every host lets its programs start threads.
      return null;
    }
  }

  constructor(spawn, helpers, { module, call, bills, signal }) {
    this.#bills = bills;
    this.#signal = signal;
    const start = { module, call, bills: bills.map(({ name, size, place }) => ({ name, size, place })) };
    this.#helpers = Array.from({ length: helpers }, () => new Helper(spawn(), start, this));
  }

  /** Rows that others have read in the pass. */
  get rows() {
    return this.#helpers.reduce((sum, helper) => sum + helper.rows, 0);
  }

  /** Bytes of the engines' memory, once they have counted. */
  get memoryBytes() {
    return this.#helpers.reduce((sum, helper) => sum + helper.memoryBytes, 0);
  }

  end() {
    for (const helper of this.#helpers) helper.thread.end();
  }

  /**
   * Reads the pass that is wanted; yields now and then. Afterwards another pass is wanted, or the same by one alone.
   * @returns {AsyncGenerator<void, boolean>} Whether it could be shared.
   */
  async *read(session) {
    const files = [...session.share()];
    if (files.length === 0) return false;
    try {
      await this.#begin(files);
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

  async #begin(files) {
    this.bytes = new Map(files.map((file) => [file, 0]));
    const left = [];
    for (const file of files) {
      const bill = this.#bills[file];
      const size = bill.size ?? 0;
      const isWhole = size < 2 * SMALLEST || !(await canBeCut(bill));
      left.push({ file, from: 0, size, isLocal: bill.place === undefined, isWhole });
    }
    this.#left = left;
    for (const helper of this.#helpers) helper.begin();
  }

  async *#readHere(session) {
    const pass = session.pass();
    for (let part = this.take(true); part !== undefined; part = this.take(true)) {
      this.file = part.file;
      for await (const _ of readPart(session, this.#bills[part.file], part, this.#signal)) {
        if (this.#lost) return;
        yield;
      }
      this.note(part);
      if (session.pass() !== pass) throw new Error("a part cannot be read");
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
    while (!this.#lost && !isSo()) {
      await new Promise((resolve) => {
        this.#wake = resolve;
        this.#signal?.addEventListener("abort", resolve, { once: true });
      });
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

  /** A part has been read. */
  note({ file, from, to }) {
    const end = Math.min(to, this.#bills[file].size ?? from);
    this.bytes.set(file, this.bytes.get(file) + end - from);
    this.#wake();
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

  constructor(thread, start, team) {
    this.thread = thread;
    this.#team = team;
    const failed = () => team.lose();
    thread.listen((message) => (message.failed ? failed() : this.#told(message)), failed);
    thread.post({ start });
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
