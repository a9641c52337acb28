// The functions of the package, over one started module. Every answer is text of the engine; nothing is decided here.

import { withTexts } from "./documents.js";
import { ANEW, HeadroomError, misasked, ofFailure, ofThrown, reasonOf } from "./errors.js";
import { optionsOf, textOf } from "./options.js";
import { drive, Listener } from "./run.js";
import { Session } from "./session.js";
import { toBill } from "./sources.js";
import { Team } from "./together.js";

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

const dated = (options) => ({ ...options, as_of: options.as_of ?? today() });

function asked(call, options) {
  const entries = Object.entries(options).filter(([key, value]) => !RUNNING.has(key) && value !== undefined);
  return { call, ...Object.fromEntries(entries) };
}

export class Engine {
  /** Why nothing more can be asked of it. */
  #failure = null;
  #lose;

  /**
   * @param {typeof import("./glue/headroom.js")} glue
   * @param {() => void} lose Told when the engine has failed, and another is to be loaded.
   */
  constructor(glue, exports, module, spawn, lose) {
    this.glue = glue;
    this.exports = exports;
    this.module = module;
    this.spawn = spawn;
    this.#lose = lose;
  }

  get version() {
    return this.glue.version();
  }

  get memoryBytes() {
    return this.exports.memory.buffer.byteLength;
  }

  answer(call) {
    const text = textOf(call);
    return this.#step(() => this.glue.answer(text));
  }

  session(call) {
    const text = textOf(call);
    const raw = this.#step(() => this.glue.Session.start(text, secret()));
    return new Session(raw, {
      step: (act) => this.#step(act),
      hasFailed: () => this.#failure !== null,
      memory: () => this.exports.memory.buffer,
    });
  }

  /** Has the engine do something. Whatever broke off within it has left it in a state that nobody knows. */
  #step(act) {
    if (this.#failure) throw this.#failure;
    try {
      return act();
    } catch (thrown) {
      // Its glue could not take what was given, and the engine has seen nothing of it.
      if (thrown instanceof TypeError) {
        throw misasked(`the engine cannot take what it is given: ${thrown.message}`, "give what the package's types say", thrown);
      }
      const error = ofThrown(thrown);
      if (error.code === "engine") this.#fail(error);
      throw error;
    }
  }

  #fail({ cause }) {
    const message = `the engine has failed before: ${reasonOf(cause)}`;
    this.#failure = new HeadroomError({ code: "engine", message, hint: ANEW }, { cause });
    this.#lose();
  }

  /** Who reads bills beside this engine, where they are so large that it pays. */
  async #team(call, bills, { threads, signal }) {
    return this.spawn ? Team.of(this.spawn, threads ?? MOST_THREADS, { module: this.module, call, bills, signal }) : null;
  }

  async report(bills, options) {
    return this.#overBills("report", bills, options);
  }

  async inspect(bills, options) {
    return this.#overBills("inspect", bills, options);
  }

  async allocate(bills, options) {
    return this.#overBills("allocate", bills, options);
  }

  async explain(bills, options) {
    return this.#overBills("explain", bills, options);
  }

  async checkPolicy(policy, options) {
    const { bills = [], ...rest } = optionsOf(options);
    return this.#overBills("check", bills, { ...rest, policy });
  }

  async init(bills, options) {
    const { texts } = await this.#overBills("init", bills, options, true);
    return texts.json;
  }

  async forecast(bills, options) {
    return this.#overBills("forecast", bills, options);
  }

  async commitments(bills, options) {
    return this.#overBills("commitments", bills, options);
  }

  async waste(bills, options) {
    return this.#overBills("waste", bills, options);
  }

  async wasteOfUsage(usage, options) {
    return this.#ofUsage("waste", usage, dated(optionsOf(options)));
  }

  async *lines(bills, options) {
    const asked = optionsOf(options);
    const { session, opened } = await this.#begin("lines", bills, { format: "csv", ...asked });
    try {
      for await (const _ of drive(session, opened, asked)) {
        const lines = session.take_lines();
        if (lines.length > 0) yield lines;
      }
      const lines = session.take_lines();
      if (lines.length > 0) yield lines;
      asked.signal?.throwIfAborted();
      return JSON.parse(session.verdict());
    } catch (thrown) {
      throw thrown instanceof Listener ? thrown.cause : thrown;
    } finally {
      session.free();
    }
  }

  async assess(assessment, options) {
    return this.#answered("assess", { assessment, today: today() }, options);
  }

  async questionnaire(options) {
    const { signal, ...rest } = optionsOf(options);
    signal?.throwIfAborted();
    const whole = await withTexts({ as_of: today(), ...asked("questionnaire", rest) });
    signal?.throwIfAborted();
    return this.#text(whole);
  }

  async gate(input, gates, options) {
    return this.#answered("gate", { input, gates: [gates].flat() }, dated(optionsOf(options)));
  }

  async forecastSeries(series, options) {
    const { earlier, ...rest } = optionsOf(options);
    const given = earlier === undefined ? { series } : { series, earlier: [earlier].flat() };
    return this.#answered("forecast", given, rest);
  }

  async capacity(traffic, usage, capacity, options) {
    return this.#answered("capacity", { traffic, usage, capacity }, options);
  }

  async rightsize(usage, options) {
    return this.#sized("rightsize", usage, options);
  }

  async schedule(usage, options) {
    return this.#sized("schedule", usage, options);
  }

  async checkPolicies(policies, options) {
    return this.#answered("policy_check", { policy: [policies].flat() }, options);
  }

  async schema(name) {
    if (typeof name !== "string") throw misasked("no schema is named", "ask for one of those that `schemas` names");
    return JSON.parse(this.#text({ call: "schema", name }));
  }

  async schemas() {
    return this.#text({ call: "schema" }).split("\n");
  }

  async #begin(call, bills, options) {
    options.signal?.throwIfAborted();
    const opened = [bills].flat().map(toBill);
    const whole = await withTexts({ as_of: today(), ...asked(call, options) });
    whole.bills = opened.map(({ name, size, once }) => ({ name, once, ...(size === null ? {} : { size }) }));
    if (whole.policy !== undefined) whole.policy = [whole.policy].flat();
    for (const key of ["explanations", "savings", "usage", "requests"]) {
      if (whole[key] !== undefined) whole[key] = [whole[key]].flat();
    }
    const text = textOf(whole);
    const team = ALONE.has(call) ? null : await this.#team(text, opened, options);
    try {
      return { session: this.session(text), opened, team };
    } catch (thrown) {
      team?.end();
      throw thrown;
    }
  }

  async #overBills(call, bills, given, isText = false) {
    const options = optionsOf(given);
    const { signal, formats = ["json"] } = options;
    const { session, opened, team } = await this.#begin(call, bills, options);
    try {
      // Only lines come out between chunks.
      for await (const _ of drive(session, opened, options, team));
      const texts = {};
      for (const format of formats) texts[format] = session.render(format);
      return { document: isText ? null : JSON.parse(texts.json ?? session.render("json")), texts };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof Listener) throw thrown.cause;
      throw ofThrown(thrown);
    } finally {
      session.free();
    }
  }

  /** Of usage alone, or with the prices of bills. */
  #sized(name, usage, given) {
    const options = optionsOf(given);
    if (options.bills === undefined) return this.#ofUsage(name, usage, options);
    return this.#overBills(name, options.bills, { ...options, usage });
  }

  #ofUsage(name, usage, options) {
    const lists = { usage: [usage].flat() };
    for (const key of ["requests", "policy"]) {
      if (options[key] !== undefined) lists[key] = [options[key]].flat();
    }
    return this.#answered(name, lists, options);
  }

  /** What is answered at once, of texts alone. */
  async #answered(name, given, options) {
    const { signal, formats = ["json"], ...rest } = optionsOf(options);
    signal?.throwIfAborted();
    const whole = await withTexts({ ...asked(name, rest), ...given });
    signal?.throwIfAborted();
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
