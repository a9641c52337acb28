// A bill that a worker reads and this thread opens: what is asked for through a port is sent through another.

import { HeadroomError, reasonOf } from "./errors.js";
import { chunkOf } from "./sources.js";

export class Opener {
  /** What the worker asks through. */
  port;

  #asked;
  #served = new Set();

  /** @param {import("./sources.js").Opened} bill */
  constructor(bill) {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    this.#asked = port1;
    port1.onmessage = ({ data }) => this.#serve(bill, data.open);
  }

  /** The call is over: nothing is opened any more, and what is open is left. */
  end(reason) {
    this.#asked.close();
    for (const leave of [...this.#served]) leave(reason);
  }

  /** Sends a chunk whenever the other side asks for one. */
  #serve(bill, port) {
    const wanted = new AbortController();
    let source;
    const next = async () => {
      try {
        source ??= await bill.open(wanted.signal);
        const { done, value } = await source.next();
        if (done) return port.postMessage({});
        // A copy of its own: a view would be sent with all that it is a view of.
        const chunk = new Uint8Array(chunkOf(value));
        port.postMessage({ chunk }, [chunk.buffer]);
      } catch (error) {
        const facts = error instanceof HeadroomError ? error.toJSON() : { code: "unreadable", message: reasonOf(error) };
        port.postMessage({ error: facts });
      }
    };
    const leave = (reason) => {
      this.#served.delete(leave);
      wanted.abort(reason instanceof Error ? reason : new DOMException("no more bytes are wanted", "AbortError"));
      source?.return?.().catch(() => {});
      port.close();
    };
    this.#served.add(leave);
    port.onmessage = ({ data }) => (data === "next" ? next() : leave());
  }
}
