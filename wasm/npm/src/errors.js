/** What went wrong: the same words that the command line prints, with the place they are about. */
export class HeadroomError extends Error {
  /** @param {Partial<import("./index.d.ts").FailureFacts> & { message: string }} failure */
  constructor(failure, options) {
    super(failure.message, options);
    this.name = "HeadroomError";
    this.code = failure.code ?? "engine";
    this.hint = failure.hint ?? null;
    this.file = failure.file ?? null;
    this.line = failure.line ?? null;
    this.column = failure.column ?? null;
  }

  /** The facts without the class, for what can pass between threads. */
  toJSON() {
    const { code, message, hint, file, line, column } = this;
    return { code, message, hint, file, line, column };
  }
}

/** The error of a failure document. */
export function ofFailure(text) {
  return new HeadroomError(typeof text === "string" ? JSON.parse(text) : text);
}

/** What is said of whatever was thrown, which need not be an error. */
export const reasonOf = (thrown) => (thrown instanceof Error ? thrown.message || thrown.name : String(thrown));

/** What is asked in a way that nobody understands. */
export const misasked = (message, hint, cause) => new HeadroomError({ code: "call", message, hint }, { cause });

/** What to do about an engine that failed. */
export const ANEW = "load it anew, by `load` or `startWorker`, and report this with the call that led to it";

/** Whatever the engine threw, as an error of ours: a failure document as text, or a fault of the engine itself. */
export function ofThrown(thrown) {
  if (thrown instanceof HeadroomError) return thrown;
  if (typeof thrown === "string" && thrown.startsWith("{")) return ofFailure(thrown);
  return new HeadroomError({ code: "engine", message: `the engine failed: ${reasonOf(thrown)}`, hint: ANEW }, { cause: thrown });
}
