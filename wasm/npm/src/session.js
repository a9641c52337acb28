// A call whose bills are pushed by hand, held so that no mistake of its caller reaches the engine.

import { misasked } from "./errors.js";
import { chunkOf } from "./sources.js";

/** Bytes that the engine's memory can be asked for at once. */
const MOST_ROOM = 2 ** 31;

export class Session {
  /** @type {import("./glue/headroom.js").Session | null} */
  #raw;
  #engine;
  #lent = 0;

  /**
   * @param {import("./glue/headroom.js").Session} raw
   * @param {{ step: <T>(act: () => T) => T, hasFailed: () => boolean, memory: () => ArrayBuffer }} engine
   */
  constructor(raw, engine) {
    this.#raw = raw;
    this.#engine = engine;
  }

  pass() {
    return this.#ask((raw) => raw.pass());
  }

  file() {
    return this.#ask((raw) => raw.file());
  }

  push(chunk) {
    return this.#ask((raw) => raw.push(chunkOf(chunk)));
  }

  /** A view of the engine's memory, which is handed over once. */
  room(size) {
    const wanted = Number(size ?? 0);
    if (!(wanted >= 0 && wanted < MOST_ROOM)) {
      throw misasked(`there is no room of \`${size}\` bytes`, "ask for the bytes of one chunk, such as 1 MiB");
    }
    return this.#ask((raw) => {
      this.#lent = Math.floor(wanted);
      const at = raw.room(this.#lent);
      // Memory that grew is another buffer.
      return new Uint8Array(this.#engine.memory(), at, this.#lent);
    });
  }

  push_room(filled) {
    if (!(filled >= 0 && filled <= this.#lent)) {
      throw misasked(`there is no room of \`${filled}\` bytes to hand over`, "ask for a new `room` before each `push_room`");
    }
    this.#lent = 0;
    return this.#ask((raw) => raw.push_room(filled));
  }

  end() {
    return this.#ask((raw) => raw.end());
  }

  fail(reason, hint) {
    return this.#ask((raw) => raw.fail(String(reason), hint === undefined || hint === null ? undefined : String(hint)));
  }

  share() {
    return this.#ask((raw) => raw.share());
  }

  read_stretch(file, from, to) {
    this.#ask((raw) => raw.read_stretch(file, from, to));
  }

  wanted_at() {
    return this.#ask((raw) => raw.wanted_at());
  }

  count() {
    return this.#ask((raw) => raw.count());
  }

  take(counted) {
    this.#ask((raw) => raw.take(chunkOf(counted)));
  }

  settle() {
    return this.#ask((raw) => raw.settle());
  }

  go_alone() {
    return this.#ask((raw) => raw.go_alone());
  }

  rows() {
    return this.#ask((raw) => raw.rows());
  }

  take_lines() {
    return this.#ask((raw) => raw.take_lines());
  }

  failure() {
    return this.#ask((raw) => raw.failure());
  }

  render(format) {
    if (typeof format !== "string") throw misasked("no form of the document is named", "ask for `json`, `markdown` or `csv`");
    return this.#ask((raw) => raw.render(format));
  }

  verdict() {
    return this.#ask((raw) => raw.verdict());
  }

  /** Once more does no harm. */
  free() {
    const raw = this.#raw;
    this.#raw = null;
    // What an engine held that has failed went with it.
    if (this.#engine.hasFailed()) raw?.__destroy_into_raw();
    else raw?.free();
  }

  #ask(act) {
    if (!this.#raw) throw misasked("the session has been let go of", "start another by `session`");
    return this.#engine.step(() => act(this.#raw));
  }
}
