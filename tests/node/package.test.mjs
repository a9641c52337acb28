// What the package does beside answering: sources, passes, progress, stopping, errors. Run by `cargo test`, which names the
// built package in HEADROOM_PACKAGE.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const dist = process.env.HEADROOM_PACKAGE;
const from = (name) => import(pathToFileURL(join(dist, name)).href);

const HEADER = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,ResourceId\n";
const days = (month, count, cost) =>
  Array.from({ length: count }, (_, day) => {
    const date = `${month}-${String(day + 1).padStart(2, "0")}`;
    return `${date},${date}T23:00:00Z,Usage,${cost},${cost},USD,Queue,queue-1\n`;
  }).join("");
const BILL = HEADER + days("2026-04", 30, "1.5") + days("2026-05", 31, "2.5");
const bytes = new TextEncoder().encode(BILL);
const AS_OF = { as_of: "2026-06-03" };

let engine, client, HeadroomError, file;
before(async () => {
  const node = await from("node.js");
  ({ HeadroomError, file } = node);
  engine = await node.load();
  const { serve } = await from("worker.js");
  const { startWorker } = await from("client.js");
  const { port1, port2 } = new MessageChannel();
  serve(port1);
  client = await startWorker({ wasm: await readFile(join(dist, "headroom.wasm")), worker: port2 });
});
after(() => client.close());

const stream = (size) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });

async function* pieces(size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("every source that can be read again gives the same report", async () => {
  const want = engine.answer({ call: "report", ...AS_OF, bills: [{ name: "bill.csv", text: BILL }] });
  assert.match(want, /"changes":\[\{/);
  const packed = gzipSync(bytes);
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  const path = join(directory, "bill.csv");
  const packedPath = join(directory, "bill.csv.gz");
  await writeFile(path, bytes);
  await writeFile(packedPath, packed);
  const otherPath = join(directory, "other.csv");
  await writeFile(otherPath, HEADER);
  const name = "bill.csv";
  const sources = {
    file: new File([bytes], name),
    blob: { name, data: new Blob([bytes]) },
    bytes: { name, data: bytes },
    buffer: { name, data: bytes.slice().buffer },
    text: { name, text: BILL },
    gzip: new File([packed], name),
    function: { name, data: () => stream(100) },
    "an asynchronous function of a blob": { name, data: async () => new Blob([packed]) },
    "a function of bytes": { name, data: () => bytes },
    "a function of a buffer": { name, data: async () => bytes.slice().buffer },
    iterator: { name, data: () => pieces(3) },
    url: { name, url: `data:text/csv;base64,${Buffer.from(packed).toString("base64")}` },
    "a file on disk": await file(path),
    "a packed file on disk": await file(packedPath, name),
    "a file on disk whose bytes come from elsewhere": { ...(await file(otherPath, name)), data: () => pieces(7) },
  };
  try {
    for (const [kind, source] of Object.entries(sources)) {
      for (const functions of [engine, client]) {
        const { document, texts } = await functions.report(source, AS_OF);
        assert.equal(texts.json, want, kind);
        assert.deepEqual(document, JSON.parse(want), kind);
      }
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("what can be read but once is reported as the command line reports standard input", async () => {
  const once = [() => stream(50), () => pieces(50), () => new Response(bytes), () => new Response(gzipSync(bytes))];
  for (const source of once) {
    for (const functions of [engine, client]) {
      const { document } = await functions.report({ name: "-", data: source() }, AS_OF);
      const codes = document.verdict.warnings.map(({ code }) => code);
      assert.deepEqual(codes, ["no_resources"]);
      assert.equal(document.totals.effective.amount, "77.5");
    }
  }
});

test("progress tells passes, bytes and rows", async () => {
  for (const functions of [engine, client]) {
    const seen = [];
    const bills = [new File([bytes], "a.csv"), new File([HEADER + days("2026-03", 31, "1")], "b.csv")];
    await functions.report(bills, { ...AS_OF, onProgress: (progress) => seen.push(progress) });
    const last = seen.at(-1);
    assert.deepEqual([...new Set(seen.map(({ pass }) => pass))], [1, 2]);
    assert.equal(seen[0].name, "a.csv");
    assert.equal(seen[0].size, bytes.length);
    assert.equal(last.total, bills[0].size + bills[1].size);
    assert.ok(seen.some(({ done, total }) => done === total));
    assert.ok(seen.every(({ bytes, size, done, total }) => bytes <= size && done <= total));
    assert.equal(last.rows, 92 + 61);
  }
});

test("a signal stops a call between chunks", async () => {
  for (const functions of [engine, client]) {
    const controller = new AbortController();
    let chunks = 0;
    const endless = async function* () {
      yield bytes;
      for (;;) {
        chunks += 1;
        if (chunks === 5) controller.abort(new Error("enough"));
        yield bytes.subarray(HEADER.length);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const call = functions.report({ name: "a.csv", data: endless() }, { ...AS_OF, signal: controller.signal });
    await assert.rejects(call, { message: "enough" });
    assert.ok(chunks < 100, `${chunks} chunks`);
    const already = functions.report({ name: "a.csv", text: BILL }, { ...AS_OF, signal: AbortSignal.abort() });
    await assert.rejects(already, { name: "AbortError" });
  }
  // Nothing of it is left behind.
  assert.equal((await engine.report({ name: "a.csv", text: BILL }, AS_OF)).document.month, "2026-05");
});

test("a source that keeps silent is stopped too", async () => {
  for (const functions of [engine, client]) {
    const controller = new AbortController();
    const silent = new ReadableStream({ pull: () => new Promise(() => {}) });
    const call = functions.report({ name: "a.csv", data: () => silent }, { ...AS_OF, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await assert.rejects(call, { message: "enough" });
  }
});

test("what a listener throws ends the call, and is nobody else's fault", async () => {
  for (const functions of [engine, client]) {
    const onProgress = () => {
      throw new RangeError("mine");
    };
    await assert.rejects(functions.report({ name: "a.csv", text: BILL }, { ...AS_OF, onProgress }), { name: "RangeError", message: "mine" });
  }
});

test("a worker that was closed answers no more, and says so", async () => {
  const { serve } = await from("worker.js");
  const { startWorker } = await from("client.js");
  const { port1, port2 } = new MessageChannel();
  serve(port1);
  const closing = await startWorker({ wasm: await readFile(join(dist, "headroom.wasm")), worker: port2 });
  const under = closing.report({ name: "a.csv", text: BILL }, AS_OF);
  closing.close();
  const closed = { name: "HeadroomError", code: "worker", message: "the worker was closed" };
  await assert.rejects(under, closed);
  await assert.rejects(closing.report({ name: "a.csv", text: BILL }, AS_OF), closed);
  port1.close();
});

test("chunks that are no bytes are a fault of the source", async () => {
  for (const functions of [engine, client]) {
    const call = functions.report({ name: "a.csv", data: () => ReadableStream.from([BILL]) }, AS_OF);
    await assert.rejects(call, { name: "HeadroomError", message: /the source gives text and not bytes/, hint: /TextEncoder/ });
  }
});

test("a document is asked of a session in vain until it is made", () => {
  const session = engine.session({ call: "report", ...AS_OF, bills: [{ name: "a.csv" }] });
  assert.throws(() => session.render("json"), { name: "HeadroomError", code: "call" });
  session.free();
});

test("errors say what, where and what to do", async () => {
  const cases = [
    [{ name: "a.csv", text: "x,y\n1,2\n" }, {}, { code: "bill", file: "a.csv", line: null, column: null }],
    [
      { name: "a.csv", text: HEADER + "2026-05-01,,Usage,one,1,USD,Queue,\n" }, {},
      { code: "bill", file: "a.csv", line: 2, column: "BilledCost" },
    ],
    [
      { name: "a.csv", text: BILL }, { policy: { name: "p.toml", text: 'schema = "headroom/allocation/1"\n[[rul]]\n' } },
      { code: "document", file: "p.toml", line: 2, column: 3 },
    ],
    [{ name: "a.csv", data: () => Promise.reject(new Error("no luck")) }, {}, { code: "unreadable", file: "a.csv" }],
    [{ name: "a.csv.gz", data: gzipSync(bytes).subarray(0, 60) }, {}, { code: "unreadable", file: "a.csv.gz" }],
    [{ name: "a.csv.zst", data: new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0]) }, {}, { code: "unreadable", file: "a.csv.zst" }],
    [{ name: "a.csv", text: BILL }, { month: "2025-01" }, { code: "month" }],
    [{ name: "a.csv", text: BILL }, { by: ["servce_name"] }, { code: "dimension", hint: "did you mean `service_name`?" }],
    [{ name: "a.csv", text: BILL }, { colour: "red" }, { code: "call" }],
    [{ name: "a.csv" }, {}, { code: "source" }],
    [{ name: "a.csv", text: BILL }, { formats: ["html"] }, { code: "format" }],
  ];
  for (const [bill, options, want] of cases) {
    for (const functions of [engine, client]) {
      const error = await Promise.resolve()
        .then(() => functions.report(bill, { ...AS_OF, ...options }))
        .then(() => assert.fail(`answered: ${JSON.stringify(want)}`), (thrown) => thrown);
      assert.ok(error instanceof HeadroomError, String(error));
      for (const [key, value] of Object.entries(want)) assert.equal(error[key], value, `${key} of ${error.message}`);
      assert.ok(error.message.length > 0);
    }
  }
});

test("lines come in pieces of whole lines, and end with the verdict", async () => {
  for (const functions of [engine, client]) {
    const many = HEADER + days("2026-05", 31, "1").repeat(2000);
    const lines = functions.lines({ name: "a.csv", data: () => new Blob([many]) }, AS_OF);
    let text = "";
    let next = await lines.next();
    let count = 0;
    for (; !next.done; next = await lines.next()) {
      const piece = new TextDecoder().decode(next.value);
      assert.ok(piece.endsWith("\n"));
      text += piece;
      count += 1;
    }
    assert.ok(count > 1, `${count} pieces`);
    assert.equal(text.split("\n").length, 31 * 2000 + 2);
    assert.equal(next.value.files[0].rows, 31 * 2000);
  }
});

test("a source that gives all at once takes no more memory", async () => {
  const { load } = await from("node.js");
  const lean = await load();
  const many = new TextEncoder().encode(HEADER + days("2026-05", 31, "1").repeat(30_000));
  assert.ok(many.length > 50e6);
  const sources = [new Blob([many]), many, new Response(many), (async function* () { yield many; })()];
  for (const data of sources) await lean.allocate({ name: "a.csv", data }, AS_OF);
  assert.ok(lean.memoryBytes < 16e6, `${lean.memoryBytes} bytes`);
});

test("a file on disk says what its bytes say, whatever becomes of it", async () => {
  const outcome = (source, options) =>
    engine.report(source, { ...AS_OF, ...options }).then(
      ({ texts }) => texts.json,
      ({ code, message, hint }) => JSON.stringify({ code, message, hint }),
    );
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  const path = join(directory, "bill.csv");
  const large = HEADER + days("2026-05", 31, "2.5").repeat(700);
  assert.ok(large.length > 1 << 20);
  try {
    for (const text of ["", "a", HEADER, BILL, large]) {
      await writeFile(path, text);
      assert.equal(await outcome(await file(path)), await outcome({ name: "bill.csv", text }));
    }
    const source = await file(path);
    const seen = [];
    await engine.report(source, { ...AS_OF, onProgress: (progress) => seen.push(progress) });
    assert.deepEqual([...new Set(seen.map(({ bytes }) => bytes))], [1 << 20, large.length]);
    assert.ok(seen.every(({ size }) => size === large.length));
    const controller = new AbortController();
    const stopped = engine.report(source, { ...AS_OF, signal: controller.signal, onProgress: () => controller.abort() });
    await assert.rejects(stopped, { name: "AbortError" });
    await writeFile(path, gzipSync(BILL));
    assert.equal(await outcome(source), await outcome({ name: "bill.csv", text: BILL }));
    await rm(path);
    assert.equal(JSON.parse(await outcome(source)).code, "unreadable");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the engine's own memory is filled, however much it has to grow", () => {
  const size = 2 * engine.memoryBytes;
  const call = { call: "report", ...AS_OF, bills: [{ name: "bill.csv" }] };
  const session = engine.session(call);
  for (let pass = session.pass(); pass !== 0; pass = session.pass()) {
    for (let at = 0; at < bytes.length; at += 100) {
      const chunk = bytes.subarray(at, at + 100);
      session.room(size).set(chunk);
      if (session.push_room(chunk.length) !== pass) break;
    }
    if (session.pass() === pass) session.end();
  }
  assert.equal(session.failure(), undefined);
  assert.equal(session.render("json"), engine.answer({ ...call, bills: [{ name: "bill.csv", text: BILL }] }));
  session.free();
  const careless = engine.session(call);
  careless.room(10);
  for (const filled of [11, -1, NaN]) assert.throws(() => careless.push_room(filled), { name: "HeadroomError", code: "call" });
  careless.push_room(10);
  assert.throws(() => careless.push_room(10), { code: "call" });
  assert.equal(careless.room(undefined).length, 0);
  careless.free();
});

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
    const want = await engine.allocate({ name: "noise.csv.gz", text }, options);
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

test("the functions are these", () => {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(engine)).filter((name) => name !== "constructor");
  assert.deepEqual(own.sort(), [
    "allocate", "answer", "assess", "capacity", "checkPolicies", "checkPolicy", "commitments", "explain", "forecast",
    "forecastSeries", "gate", "init", "inspect", "lines", "memoryBytes", "questionnaire", "report", "rightsize", "schedule",
    "schema", "schemas", "session", "version", "waste", "wasteOfUsage",
  ]);
  for (const name of own) assert.ok(name === "session" || name in client, name);
});

test("documents may be files, and days default to today", async () => {
  const gates = new File(
    ['schema = "headroom/gate/1"\n[[gate]]\nid = "a"\nwhen = { action = "deploy" }\nrequire = [{ input = "approvals", at_least = 2 }]\neffect = "deny"\nmessage = "ask"\n'],
    "gate.toml",
  );
  for (const functions of [engine, client]) {
    const input = { name: "input.json", text: '{"action": "deploy", "approvals": 1}' };
    assert.equal((await functions.gate(input, gates)).document.decision, "deny");
    const { document } = await functions.report({ name: "a.csv", text: BILL });
    assert.equal(document.as_of, new Date().toISOString().slice(0, 10));
    assert.equal((await functions.schema("report")).$id, "headroom/report/1");
    assert.ok((await functions.schemas()).includes("call"));
    assert.match(await functions.init({ name: "a.csv", text: BILL }), /schema = "headroom\/allocation\/1"/);
  }
});
