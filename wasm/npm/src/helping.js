// An engine that helps another, on a thread of its own. Messages: `{ start }` with the call, `{ part }` of a file to be read,
// `{ count }`, and `{ take }` with what the others have counted, upon which the next pass begins. Back come `{ ready }`, `{ rows }`
// after each part, `{ counted }`, and `{ failed }`: then it is left.

import { readPart } from "./together.js";

/**
 * @param {(message: object, transfer?: Transferable[]) => void} post
 * @param {(module: WebAssembly.Module) => Promise<import("./engine.js").Engine>} load
 * @param {(bill: { name: string, size: number, place: unknown }) => Promise<import("./sources.js").Opened>} open
 */
export function helper(post, load, open) {
  let engine, session, bills, before, hasCounted;

  const begin = () => {
    hasCounted = false;
    before = session.rows();
    session.share();
  };

  const steps = {
    async start({ module, call, bills: listed }) {
      engine = await load(module);
      session = engine.session(call);
      bills = listed.map((bill) => ({ bill, opened: null }));
      begin();
      post({ ready: true });
    },
    async part(part) {
      const one = bills[part.file];
      one.opened ??= await open(one.bill);
      for await (const _ of readPart(session, one.opened, part));
      post({ rows: session.rows() - before });
    },
    count() {
      const counted = session.count();
      if (!counted) throw new Error("a part cannot be read");
      hasCounted = true;
      post({ counted, memoryBytes: engine.memoryBytes }, [counted.buffer]);
    },
    take(others) {
      if (!hasCounted) session.count();
      for (const counted of others) session.take(counted);
      session.settle();
      begin();
    },
  };

  // One after the other, as they come.
  let last = Promise.resolve();
  return (message) => {
    last = last.then(async () => {
      for (const [step, what] of Object.entries(message)) await steps[step](what);
    });
    last = last.catch((error) => post({ failed: String(error) }));
  };
}
