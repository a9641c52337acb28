// The functions of the package, over one started module. Every answer is text of the engine; nothing is decided here.

import { withTexts } from "./documents.js";
import { HeadroomError, ofFailure, ofThrown } from "./errors.js";
import { drive, Listener } from "./run.js";
import { toBill } from "./sources.js";
import { Team } from "./together.js";

/** @typedef {import("./glue/headroom.js").Session} RawSession */

const FAILURE = '{"schema":"headroom/failure/1"';

/** Keys that say how to run and not what to ask. */
const RUNNING = new Set(["signal", "onProgress", "threads", "formats", "bills"]);

/** Calls that look at one charge after another. */
const ALONE = new Set(["lines", "explain", "check"]);

/** Engines for one call, where nobody says: each has memory of its own. */
const MOST_THREADS = 4;

const today = () => new Date().toISOString().slice(0, 10);

/** A number that nobody who makes bills knows; no figure depends on it. */
function secret() {
  return crypto.getRandomValues(new BigUint64Array(1))[0];
}

function asked(call, options) {
  const entries = Object.entries(options).filter(([key, value]) => !RUNNING.has(key) && value !== undefined);
  return { call, ...Object.fromEntries(entries) };
}

export class Engine {
  /** @param {typeof import("./glue/headroom.js")} glue */
  constructor(glue, exports, module, spawn) {
    this.glue = glue;
    this.exports = exports;
    this.module = module;
    this.spawn = spawn;
  }

  get version() {
    return this.glue.version();
  }

  get memoryBytes() {
    return this.exports.memory.buffer.byteLength;
  }

  answer(call) {
    const text = typeof call === "string" ? call : JSON.stringify(call);
    try {
      return this.glue.answer(text);
    } catch (thrown) {
      throw ofThrown(thrown);
    }
  }

  session(call) {
    const text = typeof call === "string" ? call : JSON.stringify(call);
    try {
      const session = this.glue.Session.start(text, secret());
      this.#lend(session);
      for (const name of ["render", "take"]) {
        const own = session[name].bind(session);
        session[name] = (given) => {
          try {
            return own(given);
          } catch (thrown) {
            throw ofThrown(thrown);
          }
        };
      }
      return session;
    } catch (thrown) {
      throw ofThrown(thrown);
    }
  }

  /** Who reads bills beside this engine, where they are so large that it pays. */
  async #team(call, bills, { threads, signal }) {
    return this.spawn ? Team.of(this.spawn, threads ?? MOST_THREADS, { module: this.module, call, bills, signal }) : null;
  }

  /** Rooms as views of the engine's memory, each of which is handed over once. */
  #lend(session) {
    const [room, pushRoom] = [session.room.bind(session), session.push_room.bind(session)];
    let lent = 0;
    session.room = (size) => {
      lent = size >>> 0;
      const at = room(lent);
      // Memory that grew is another buffer.
      return new Uint8Array(this.exports.memory.buffer, at, lent);
    };
    session.push_room = (filled) => {
      if (!(filled >= 0 && filled <= lent)) {
        throw new HeadroomError({
          code: "call",
          message: `there is no room of \`${filled}\` bytes to hand over`,
          hint: "ask for a new `room` before each `push_room`",
        });
      }
      lent = 0;
      return pushRoom(filled);
    };
  }

  report(bills, options = {}) {
    return this.#overBills("report", bills, options);
  }

  inspect(bills, options = {}) {
    return this.#overBills("inspect", bills, options);
  }

  allocate(bills, options = {}) {
    return this.#overBills("allocate", bills, options);
  }

  explain(bills, options = {}) {
    return this.#overBills("explain", bills, options);
  }

  checkPolicy(policy, options = {}) {
    return this.#overBills("check", options.bills ?? [], { ...options, policy });
  }

  async init(bills, options = {}) {
    const { texts } = await this.#overBills("init", bills, options, true);
    return texts.json;
  }

  forecast(bills, options = {}) {
    return this.#overBills("forecast", bills, options);
  }

  commitments(bills, options = {}) {
    return this.#overBills("commitments", bills, options);
  }

  waste(bills, options = {}) {
    return this.#overBills("waste", bills, options);
  }

  wasteOfUsage(usage, options = {}) {
    return this.#ofUsage("waste", usage, { as_of: today(), ...options });
  }

  async *lines(bills, options = {}) {
    const { session, opened } = await this.#begin("lines", bills, { format: "csv", ...options });
    try {
      for await (const _ of drive(session, opened, options)) {
        const lines = session.take_lines();
        if (lines.length > 0) yield lines;
      }
      const lines = session.take_lines();
      if (lines.length > 0) yield lines;
      return JSON.parse(session.verdict());
    } catch (thrown) {
      throw thrown instanceof Listener ? thrown.cause : thrown;
    } finally {
      session.free();
    }
  }

  assess(assessment, options = {}) {
    return this.#answered({ ...asked("assess", options), assessment, today: today() }, options.formats);
  }

  async questionnaire(options = {}) {
    return this.#text(await withTexts({ as_of: today(), ...asked("questionnaire", options) }));
  }

  gate(input, gates, options = {}) {
    return this.#answered({ as_of: today(), ...asked("gate", options), input, gates: [gates].flat() }, options.formats);
  }

  forecastSeries(series, options = {}) {
    return this.#answered({ ...asked("forecast", options), series }, options.formats);
  }

  capacity(traffic, usage, capacity, options = {}) {
    return this.#answered({ ...asked("capacity", options), traffic, usage, capacity }, options.formats);
  }

  rightsize(usage, options = {}) {
    return this.#sized("rightsize", usage, options);
  }

  schedule(usage, options = {}) {
    return this.#sized("schedule", usage, options);
  }

  checkPolicies(policies, options = {}) {
    return this.#answered({ ...asked("policy_check", options), policy: [policies].flat() }, options.formats);
  }

  async schema(name) {
    return JSON.parse(this.#text({ call: "schema", name }));
  }

  async schemas() {
    return this.#text({ call: "schema" }).split("\n");
  }

  async #begin(call, bills, options) {
    const opened = [bills].flat().map(toBill);
    const whole = await withTexts({ as_of: today(), ...asked(call, options) });
    whole.bills = opened.map(({ name, size, once }) => ({ name, once, ...(size === null ? {} : { size }) }));
    if (whole.policy !== undefined) whole.policy = [whole.policy].flat();
    for (const key of ["explanations", "savings", "usage", "requests"]) {
      if (whole[key] !== undefined) whole[key] = [whole[key]].flat();
    }
    const text = JSON.stringify(whole);
    const team = ALONE.has(call) ? null : await this.#team(text, opened, options);
    try {
      return { session: this.session(text), opened, team };
    } catch (thrown) {
      team?.end();
      throw thrown;
    }
  }

  async #overBills(call, bills, options, isText = false) {
    const formats = options.formats ?? ["json"];
    const { session, opened, team } = await this.#begin(call, bills, options);
    try {
      // Only lines come out between chunks.
      for await (const _ of drive(session, opened, options, team));
      const texts = {};
      for (const format of formats) texts[format] = session.render(format);
      return { document: isText ? null : JSON.parse(texts.json ?? session.render("json")), texts };
    } catch (thrown) {
      if (options.signal?.aborted) throw thrown;
      if (thrown instanceof Listener) throw thrown.cause;
      throw ofThrown(thrown);
    } finally {
      session.free();
    }
  }

  /** Of usage alone, or with the prices of bills. */
  #sized(name, usage, options) {
    if (options.bills === undefined) return this.#ofUsage(name, usage, options);
    return this.#overBills(name, options.bills, { ...options, usage });
  }

  #ofUsage(name, usage, options) {
    const call = { ...asked(name, options), usage: [usage].flat() };
    for (const key of ["requests", "policy"]) {
      if (call[key] !== undefined) call[key] = [call[key]].flat();
    }
    return this.#answered(call, options.formats);
  }

  async #answered(call, formats = ["json"]) {
    const whole = await withTexts(call);
    const texts = {};
    for (const format of formats) texts[format] = this.#text({ ...whole, format });
    return { document: JSON.parse(texts.json ?? this.#text({ ...whole, format: "json" })), texts };
  }

  #text(call) {
    const text = this.answer(call);
    if (text.startsWith(FAILURE)) throw ofFailure(text);
    return text;
  }
}
