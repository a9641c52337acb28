// One call about bills, from its sources to its document.

import { HeadroomError, ofFailure, ofThrown } from "./errors.js";
import { unpacked } from "./sources.js";

/** Milliseconds of work between turns of the event loop, in which a message or a click may arrive. */
const TURN = 50;

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Reads the bills as the session wants them. Yields after every chunk, so that lines can be taken.
 * @param {import("./engine.js").RawSession} session
 * @param {import("./sources.js").Opened[]} bills
 * @param {import("./index.d.ts").RunOptions} options
 */
export async function* drive(session, bills, { signal, onProgress } = {}) {
  const progress = new Progress(bills, onProgress);
  let until = performance.now() + TURN;
  for (let pass = session.pass(); pass !== 0; pass = session.pass()) {
    const file = session.file();
    const bill = bills[file];
    progress.open(file);
    try {
      for await (const chunk of opened(bill, signal, (bytes) => progress.add(bytes))) {
        signal?.throwIfAborted();
        session.push(chunk);
        progress.tell(session.rows());
        yield;
        if (session.pass() !== pass) break;
        if (performance.now() > until) {
          await turn();
          until = performance.now() + TURN;
        }
      }
      signal?.throwIfAborted();
      if (session.pass() === pass) session.end();
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof Unreadable)) throw ofThrown(thrown);
      const { cause } = thrown;
      const reason = cause instanceof Error ? cause.message : String(cause);
      session.fail(reason, cause instanceof HeadroomError ? (cause.hint ?? undefined) : undefined);
    }
    progress.tell(session.rows());
    yield;
  }
  const failure = session.failure();
  if (failure !== undefined) throw ofFailure(failure);
}

/** A source failed, and not the engine. */
class Unreadable extends Error {}

async function* opened(bill, signal, count) {
  const source = (async function* () {
    yield* unpacked(await bill.open(signal), count);
  })();
  try {
    for (;;) {
      let next;
      try {
        next = await source.next();
      } catch (cause) {
        throw new Unreadable("the source failed", { cause });
      }
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // What the source has to say when it is left early is of no interest.
    await source.return().catch(() => {});
  }
}

/** How far reading has come. */
class Progress {
  constructor(bills, listener) {
    this.bills = bills;
    this.listener = listener;
    this.pass = 0;
    this.file = bills.length;
    this.bytes = 0;
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

  tell(rows) {
    if (!this.listener) return;
    const { name, size } = this.bills[this.file];
    const done = this.before === null ? null : this.before + this.bytes;
    this.listener({
      pass: this.pass,
      file: this.file,
      name,
      bytes: this.bytes,
      size,
      done,
      total: this.total,
      rows,
    });
  }
}
