// Large files, read by several engines on threads of their own.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { AS_OF, HEADER, days, engine, file } from "./package.mjs";

/** Rows that hardly pack. */
function noise(bytes) {
  const rows = [];
  for (let length = 0; length < bytes; length += 1000) {
    rows.push(`2026-05-02,2026-05-03,Usage,1,1,USD,Queue,${randomBytes(360).toString("base64")}${randomBytes(360).toString("hex")}\n`);
  }
  return rows.join("");
}

/** Large bills, of rows that are long so that they are few, and with them some that only one engine can read. */
async function largeBills(directory) {
  const rows = (days("2026-04", 30, "1.5") + days("2026-05", 31, "2.5")).replaceAll("queue-1", `queue-1-${"long ".repeat(200)}`);
  const block = rows.repeat(Math.ceil((1 << 20) / rows.length));
  const large = async (name, mebibytes, block) => {
    await writeFile(join(directory, name), HEADER);
    for (let written = 0; written < mebibytes; written += 8) await appendFile(join(directory, name), block.repeat(8));
    return file(join(directory, name));
  };
  const packed = rows.replaceAll("queue-1", "queue-2") + noise(6 << 20);
  await writeFile(join(directory, "packed.csv.gz"), gzipSync(HEADER + packed));
  return [
    { name: "bytes.csv", data: new TextEncoder().encode(HEADER + block.replaceAll("queue-1", "queue-3")) },
    await large("a.csv", 40, block.replaceAll("queue-1", "queue-4")),
    await file(join(directory, "packed.csv.gz")),
    await large("b.csv", 104, block),
  ];
}

/** Lets the engine have so many threads, through a hand that may take part in what they do, and may have fewer of them. */
async function withThreads(most, hand, act) {
  const { spawn } = engine;
  const threads = [];
  engine.spawn = {
    most,
    busy: 0,
    thread: () => {
      const fails = threads.length >= (hand?.most ?? 3);
      const known = { ended: fails };
      threads.push(known);
      if (fails) throw new Error("no more threads here");
      const thread = spawn.thread();
      return hand({ ...thread, end: () => ((known.ended = true), thread.end()) });
    },
  };
  try {
    await act(threads);
    assert.ok(threads.every(({ ended }) => ended));
    assert.equal(engine.spawn.busy, 0);
  } finally {
    engine.spawn = spawn;
  }
}

test("a packed file of any size is unpacked", async () => {
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  try {
    const text = HEADER + noise(20 << 20);
    const path = join(directory, "noise.csv.gz");
    await writeFile(path, gzipSync(text));
    const options = { ...AS_OF, month: "2026-05" };
    const want = await engine.allocate({ name: path, text }, options);
    const told = [];
    const found = await engine.allocate(await file(path), { ...options, onProgress: ({ done }) => told.push(done) });
    assert.deepEqual(found, want);
    assert.ok(new Set(told).size > 5);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("large files are read by several engines, which give what one gives", async () => {
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  try {
    const bills = await largeBills(directory);
    const calls = {
      report: (options) => engine.report(bills, { ...AS_OF, ...options }),
      allocate: (options) => engine.allocate(bills, { ...AS_OF, ...options, formats: ["csv"] }),
      explain: (options) => engine.explain(bills, { ...AS_OF, ...options, resource: `queue-2-${"long ".repeat(199)}long`, month: "2026-05" }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const told = { 1: [], 3: [] };
      const { texts: want } = await call({ threads: 1, onProgress: (one) => told[1].push(one) });
      await withThreads(3, (thread) => thread, async (threads) => {
        const { texts: found } = await call({ onProgress: (one) => told[3].push(one) });
        assert.ok(found.json ?? found.csv);
        assert.deepEqual(found, want, name);
        assert.equal(threads.length, name === "explain" ? 0 : 2, name);
      });
      const [one, three] = [told[1].at(-1), told[3].at(-1)];
      assert.equal(three.rows, one.rows, name);
      assert.equal(three.pass, one.pass, name);
      for (const { bytes, size, done, total, rows } of told[3]) {
        assert.ok(bytes <= size && done <= total && rows <= one.rows, name);
      }
      const pass = (told, pass) => told.filter((one) => one.pass === pass).map(({ done }) => done);
      for (let number = 1; number <= one.pass; number += 1) {
        const done = pass(told[3], number);
        assert.deepEqual(done, done.toSorted((a, b) => a - b), name);
        assert.equal(done.at(-1), pass(told[1], number).at(-1), name);
        assert.ok(new Set(done).size > 5, name);
      }
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("whatever becomes of the other engines, the answer is the same", async () => {
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  try {
    const [, large, , larger] = await largeBills(directory);
    const bills = [large, larger];
    const want = (await engine.allocate(bills, { ...AS_OF, threads: 1, formats: ["csv"] })).texts.csv;
    const ask = async (bills, options) => (await engine.allocate(bills, { ...AS_OF, ...options, formats: ["csv"] })).texts.csv;
    const hands = {
      "it cannot be started": Object.assign((thread) => thread, { most: 0 }),
      "it never answers": (thread) => ({ ...thread, listen: () => {} }),
      "it ends at once": (thread) => (thread.post({ nothing: 1 }), thread),
      "it ends before it has counted": (thread) => ({
        ...thread,
        post: (message, transfer) => (message.count ? thread.end() : thread.post(message, transfer)),
      }),
      "it says what is none of this": (thread) => ({
        ...thread,
        listen: (told, failed) => thread.listen((message) => told(message.counted ? { ...message, counted: new Uint8Array(9) } : message), failed),
      }),
      "a part is left out": (thread) => ({
        ...thread,
        listen: (told, failed) => {
          let left = false;
          thread.listen(told, failed);
          thread.skip = () => (left ? false : (left = true) && (told({ rows: 0 }), true));
        },
        post: (message, transfer) => (message.part && thread.skip() ? undefined : thread.post(message, transfer)),
      }),
    };
    for (const [what, hand] of Object.entries(hands)) {
      await withThreads(2, hand, async (threads) => {
        assert.equal(await ask(bills), want, what);
        assert.equal(threads.length, 1, what);
      });
    }
    // Of two threads the second cannot be started; a file that is read by one alone has none; what is read but once neither.
    await withThreads(3, Object.assign((thread) => thread, { most: 1 }), async (threads) => {
      assert.equal(await ask(bills), want);
      assert.equal(threads.length, 2);
    });
    const earlier = new TextEncoder().encode(HEADER + days("2026-03", 31, "4"));
    const withOnce = (options) => ask([larger, { name: "once.csv", data: new Blob([earlier]).stream() }], options);
    const wantOnce = await withOnce({ threads: 1 });
    await withThreads(2, (thread) => thread, async (threads) => {
      assert.equal(await withOnce({}), wantOnce);
      assert.deepEqual(await Promise.all([ask(bills), ask(bills), ask([large])]), [want, want, await ask([large], { threads: 1 })]);
      assert.equal(threads.filter(({ ended }) => ended).length, threads.length);
    });
    // Cells of several lines: a part may be thought to begin within one.
    const path = join(directory, "lines.csv");
    const lines = days("2026-05", 31, "2").replaceAll("Queue", `"Queue\n${"of several lines\n".repeat(9)}"`);
    await writeFile(path, HEADER + lines.repeat(Math.ceil((80 << 20) / lines.length)));
    const broken = [await file(path)];
    await withThreads(2, (thread) => thread, async (threads) => {
      assert.equal(await ask(broken), await ask(broken, { threads: 1 }));
      assert.equal(threads.length, 1);
    });
    // What one cannot read is said as one says it.
    await withThreads(2, (thread) => thread, async () => {
      const failure = async (options) => ask(bills, options).then(assert.fail, (error) => error.toJSON());
      await appendFile(join(directory, "b.csv"), '2026-05-01,,Usage,1,1,USD,"Queue');
      assert.equal((await failure({})).code, "bill");
      assert.deepEqual(await failure({}), await failure({ threads: 1 }));
      await rm(join(directory, "b.csv"));
      assert.deepEqual(await failure({}), await failure({ threads: 1 }));
    });
    await withThreads(2, (thread) => thread, async () => {
      const controller = new AbortController();
      const stop = { ...AS_OF, signal: controller.signal, onProgress: () => controller.abort() };
      await assert.rejects(engine.report(broken, stop), { name: "AbortError" });
      const thrown = new Error("the listener's own");
      const listener = () => {
        throw thrown;
      };
      await assert.rejects(engine.report(broken, { ...AS_OF, onProgress: listener }), thrown);
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
