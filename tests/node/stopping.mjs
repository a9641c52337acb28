// Calls that end before their answer: by a signal, by a listener, or because nobody wants more.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setTimeout as passed } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { AS_OF, BILL, HEADER, bytes, client, engine, served, startWorker, wasm } from "./package.mjs";

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
  const closing = await startWorker({ wasm, worker: served() });
  const under = closing.report({ name: "a.csv", text: BILL }, AS_OF);
  closing.close();
  const closed = { name: "HeadroomError", code: "worker", message: "the worker was closed" };
  await assert.rejects(under, closed);
  await assert.rejects(closing.report({ name: "a.csv", text: BILL }, AS_OF), closed);
});

test("a call that was aborted never resolves, whenever that was", async () => {
  for (const functions of [engine, client]) {
    const bill = { name: "a.csv", text: BILL };
    let count = 0;
    await functions.report(bill, { ...AS_OF, onProgress: () => (count += 1) });
    assert.ok(count > 2);
    for (let last = 1; last <= count; last += 1) {
      const controller = new AbortController();
      let told = 0;
      const onProgress = () => (told += 1) === last && controller.abort(new Error("enough"));
      await assert.rejects(functions.report(bill, { ...AS_OF, signal: controller.signal, onProgress }), { message: "enough" }, `${last} of ${count}`);
    }
    const controller = new AbortController();
    const lines = functions.lines(bill, { ...AS_OF, signal: controller.signal });
    await lines.next();
    controller.abort(new Error("enough"));
    await assert.rejects(lines.next(), { message: "enough" });
  }
});

test("what is answered at once heeds its signal, too", async () => {
  const text = { name: "a", text: "" };
  const signal = AbortSignal.abort(new Error("enough"));
  for (const functions of [engine, client]) {
    const calls = [
      functions.rightsize(text, { signal }), functions.schedule(text, { signal }), functions.wasteOfUsage(text, { signal }),
      functions.assess(text, { signal }), functions.gate(text, text, { signal }), functions.forecastSeries(text, { signal }),
      functions.capacity(text, text, text, { signal }), functions.checkPolicies(text, { signal }), functions.questionnaire({ signal }),
      functions.checkPolicy(text, { signal }), functions.lines(text, { signal }).next(),
    ];
    for (const call of calls) await assert.rejects(call, { message: "enough" });
  }
});

test("a worker that is busy is not waited for, and what it still says is dropped", async () => {
  const said = [];
  const deaf = { addEventListener: (type, listener) => type === "message" && said.push(listener), postMessage: () => {}, close: () => {} };
  const starting = startWorker({ wasm, worker: deaf });
  await passed(1);
  said[0]({ data: { id: 1, value: "0" } });
  const busy = await starting;
  const controller = new AbortController();
  const call = busy.rightsize({ name: "u.csv", text: "" }, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 1);
  await assert.rejects(call, { message: "enough" });
  said[0]({ data: { id: 2, value: {} } });
  busy.close();
});

test("a source that keeps silent hears that nobody waits for it", async () => {
  const silent = (heard) => new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => heard("cancelled") });
  const sources = {
    "a stream": (heard) => silent(heard),
    "a response": (heard) => new Response(silent(heard)),
    "a function of a stream": (heard) => () => silent(heard),
    "a function that heeds the signal": (heard) => ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(heard("aborted")))),
    "a function that answers too late": (heard) => () => passed(50).then(() => silent(heard)),
    "a stream of Node": (heard) => new PassThrough().on("close", () => heard("closed")),
  };
  for (const functions of [engine, client]) {
    for (const [kind, source] of Object.entries(sources)) {
      let heard;
      const end = new Promise((resolve) => (heard = resolve));
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("enough")), 20);
      await assert.rejects(functions.report({ name: "a.csv", data: source(heard) }, { ...AS_OF, signal: controller.signal }), { message: "enough" });
      assert.ok(await Promise.race([end, passed(2000)]), `${kind} was not told`);
    }
  }
});

test("lines that are left early leave their source", async () => {
  for (const functions of [engine, client]) {
    let heard;
    const end = new Promise((resolve) => (heard = resolve));
    const more = new TextEncoder().encode(BILL.slice(HEADER.length));
    const endless = () =>
      new ReadableStream({ start: (into) => into.enqueue(bytes), pull: (into) => into.enqueue(more), cancel: () => heard("cancelled") });
    let passes = 0;
    // The first pass finds out what the file is, and lines come in the second.
    const data = () => ((passes += 1) === 1 ? new Blob([BILL]) : endless());
    for await (const _ of functions.lines({ name: "a.csv", data }, AS_OF)) break;
    assert.ok(await Promise.race([end, passed(2000)]));
  }
});

test("a finished call holds nothing of its bills", async () => {
  setFlagsFromString("--expose-gc");
  const collected = runInNewContext("gc");
  const held = [];
  const asked = async () => {
    const data = new Uint8Array(1 << 20);
    held.push(new WeakRef(data));
    await client.inspect({ name: "a.csv", data: () => new Blob([BILL], { type: `of ${data.length}` }) }, AS_OF);
  };
  for (let at = 0; at < 20; at += 1) await asked();
  await passed(50);
  collected();
  assert.ok(held.filter((one) => one.deref()).length < 5);
});
