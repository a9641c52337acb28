// What bills may be given as, how often they are read, what is told meanwhile, and what comes of it.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { AS_OF, BILL, HEADER, bytes, client, days, engine, file, load } from "./package.mjs";

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
    "a file on disk": await file(path, name),
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
      assert.equal(await outcome(await file(path)), await outcome({ name: path, text }));
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
    assert.equal(await outcome(source), await outcome({ name: path, text: BILL }));
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
