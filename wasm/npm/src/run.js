// One call about bills, from its sources to its document.

import { HeadroomError, ofFailure, ofThrown, reasonOf } from "./errors.js";
import { SLICE, unpacked } from "./sources.js";

const IN_NODE = typeof setImmediate === "function";

/** Milliseconds of work between turns of the event loop, in which a message or a click may arrive: fewer in a server. */
const TURN = IN_NODE ? 8 : 50;

/** Not by a timer, which waits for 1 to 4 ms. */
const turn = () => new Promise((resolve) => (IN_NODE ? setImmediate(resolve) : posted(resolve)));

/** As a message to itself, behind those that wait already. */
function posted(resolve) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
}

/**
 * Reads the bills as the session wants them. Yields after every chunk, so that lines can be taken.
 * @param {import("./session.js").Session} session
 * @param {import("./sources.js").Opened[]} bills
 * @param {import("./index.d.ts").RunOptions} options
 * @param {import("./together.js").Team | null} team Who else reads them, as long as passes can be shared.
 */
export async function* drive(session, bills, { signal, onProgress } = {}, team = null) {
  try {
    yield* driven(session, bills, signal, new Progress(bills, onProgress), team);
  } finally {
    team?.end();
  }
  // Whoever was told last may have had enough, too.
  signal?.throwIfAborted();
  const failure = session.failure();
  if (failure !== undefined) throw ofFailure(failure);
}

async function* driven(session, bills, signal, progress, team) {
  const pace = new Pace();
  for (let pass = session.pass(); pass !== 0; pass = session.pass()) {
    if (team) {
      if (yield* shared(session, team, signal, progress, pace)) continue;
      team.end();
      team = null;
    }
    const file = session.file();
    const bill = bills[file];
    progress.open(file);
    try {
      signal?.throwIfAborted();
      const count = (bytes) => progress.add(bytes);
      const reader = await readerOf(bill);
      const handed = reader ? filled(session, reader, count) : pushed(session, bill, signal, count);
      for await (const _ of handed) {
        progress.tell(session.rows());
        yield;
        if (session.pass() !== pass) break;
        await pace.keep();
        signal?.throwIfAborted();
      }
      signal?.throwIfAborted();
      if (session.pass() === pass) session.end();
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof Listener) throw thrown;
      if (!(thrown instanceof Unreadable)) throw ofThrown(thrown);
      const { cause } = thrown;
      session.fail(reasonOf(cause), cause instanceof HeadroomError ? (cause.hint ?? undefined) : undefined);
    }
    progress.tell(session.rows());
    yield;
  }
}

/** Reads the pass that is wanted together with others, and says whether it could be shared. */
async function* shared(session, team, signal, progress, pace) {
  const before = session.rows();
  const reading = team.read(session);
  try {
    for (let isOpen = false; ; isOpen = true) {
      signal?.throwIfAborted();
      const { done, value } = await reading.next();
      if (done) return value;
      if (!isOpen) progress.openTogether();
      progress.together(team.file, team.bytes);
      progress.tell(Math.max(session.rows(), before) + team.rows);
      yield;
      await pace.keep();
    }
  } finally {
    await reading.return();
  }
}

/** Lets the event loop turn now and then. */
class Pace {
  #until = performance.now() + TURN;

  async keep() {
    if (performance.now() < this.#until) return;
    await turn();
    this.#until = performance.now() + TURN;
  }
}

/** A source failed, and not the engine. */
class Unreadable extends Error {}

const unreadable = (cause) => new Unreadable("the source failed", { cause });

/** Hands over one chunk after another, as the source has them. */
async function* pushed(session, bill, signal, count) {
  for await (const chunk of opened(bill, signal, count)) {
    session.push(chunk);
    yield;
  }
}

async function readerOf(bill) {
  try {
    return await bill.atHand?.();
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Fills the engine's own memory: nothing is copied, and nothing waited for. */
async function* filled(session, reader, count) {
  try {
    for (let at = 0; ; ) {
      const bytes = filledBy(reader, session.room(SLICE), at);
      if (bytes === 0) return;
      at += bytes;
      count(bytes);
      session.push_room(bytes);
      yield;
    }
  } finally {
    // What was read is read.
    await reader.close().catch(() => {});
  }
}

function filledBy(reader, room, at) {
  try {
    return reader.fill(room, at);
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Whoever was told of progress failed: the call ends with what was thrown there. */
export class Listener extends Error {}

/** The bytes of a bill, unpacked. `count` is told how many of them were taken as they are stored. */
export async function* opened(bill, signal, count = () => {}) {
  const wanted = new AbortController();
  const aborted = signal && abortOf(signal, wanted);
  const source = (async function* () {
    yield* unpacked(await bill.open(wanted.signal), count);
  })();
  let hasEnded = false;
  try {
    for (;;) {
      let next;
      try {
        next = await (aborted ? Promise.race([source.next(), aborted.promise]) : source.next());
      } catch (cause) {
        throw unreadable(cause);
      }
      if (next.done) {
        hasEnded = true;
        return;
      }
      yield next.value;
    }
  } finally {
    aborted?.forget();
    if (!hasEnded) wanted.abort(new DOMException("no more bytes are wanted", "AbortError"));
    // What the source has to say when it is left early is of no interest; one that never answers is not waited for.
    const left = source.return().catch(() => {});
    if (!signal?.aborted) await left;
  }
}

/** Rejects when the signal is given, and hands it on: a source may keep silent for ever. */
function abortOf(signal, wanted) {
  let listen;
  const promise = new Promise((_, reject) => {
    listen = () => {
      reject(signal.reason);
      wanted.abort(signal.reason);
    };
    if (signal.aborted) listen();
    else signal.addEventListener("abort", listen, { once: true });
  });
  promise.catch(() => {});
  return { promise, forget: () => signal.removeEventListener("abort", listen) };
}

/** How far reading has come. */
class Progress {
  constructor(bills, listener) {
    this.bills = bills;
    this.listener = listener;
    this.pass = 0;
    this.file = bills.length;
    this.bytes = 0;
    this.rows = 0;
    const sizes = bills.map((bill) => bill.size);
    this.total = sizes.includes(null) ? null : sizes.reduce((sum, size) => sum + size, 0);
  }

  open(file) {
    if (file <= this.file) this.pass += 1;
    this.file = file;
    this.bytes = 0;
    const before = this.bills.slice(0, file).map((bill) => bill.size);
    this.before = before.includes(null) ? null : before.reduce((sum, size) => sum + size, 0);
  }

  add(bytes) {
    this.bytes += bytes;
  }

  /** A pass in which several files are read at the same time. */
  openTogether() {
    this.pass += 1;
    this.file = this.bills.length;
  }

  /** The file that is read here, and how far the files of the pass have come. */
  together(file, bytes) {
    this.file = file;
    this.bytes = bytes.get(file);
    const last = Math.max(...bytes.keys());
    // Files that the pass is not over count as those before them do.
    const others = this.bills.map(({ size }, at) => (at === file ? 0 : (bytes.get(at) ?? (at < last ? size : 0))));
    this.before = this.total === null ? null : others.reduce((sum, read) => sum + read, 0);
  }

  tell(read) {
    // A pass that was shared in vain is read again.
    this.rows = Math.max(this.rows, read);
    if (!this.listener) return;
    const { rows } = this;
    const { name, size } = this.bills[this.file];
    const done = this.before === null ? null : this.before + this.bytes;
    const told = {
      pass: this.pass,
      file: this.file,
      name,
      bytes: this.bytes,
      size,
      done,
      total: this.total,
      rows,
    };
    try {
      this.listener(told);
    } catch (error) {
      throw new Listener("the listener failed", { cause: error });
    }
  }
}
