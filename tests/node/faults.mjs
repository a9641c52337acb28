// What goes wrong is said as a `HeadroomError`, with its place and what to do.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { openAsBlob } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";

import { AS_OF, BILL, HEADER, HeadroomError, bytes, client, dist, engine, file, load, served, startWorker, wasm } from "./package.mjs";

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

test("what is pushed is taken by its bytes, or refused", () => {
  const call = { call: "inspect", ...AS_OF, bills: [{ name: "a.csv" }] };
  const pushed = (chunk) => {
    const session = engine.session(call);
    for (let pass = session.pass(); pass !== 0; pass = session.pass()) if (session.push(chunk) === pass) session.end();
    const json = session.failure() ?? session.render("json");
    session.free();
    return json;
  };
  const even = BILL.length % 2 === 0 ? bytes : bytes.slice(0, -1);
  const want = pushed(even);
  assert.match(want, /"rows":/);
  for (const chunk of [even.slice().buffer, new DataView(even.slice().buffer), new Uint16Array(even.slice().buffer), Buffer.from(even)]) {
    assert.equal(pushed(chunk), want);
  }
  for (const chunk of [BILL, null, undefined, [...even], 7]) assert.throws(() => pushed(chunk), { name: "HeadroomError", code: "source" });
});

test("what cannot be asked is no fault of the engine", async () => {
  const text = { name: "a.csv", text: BILL };
  const session = engine.session({ call: "inspect", ...AS_OF, bills: [{ name: "a.csv" }] });
  const circular = {};
  circular.circular = circular;
  const asked = [
    () => engine.answer(), () => engine.answer(null), () => engine.answer(circular), () => engine.session(), () => session.render(),
    () => session.room(-1), () => session.room(3e9), () => session.read_stretch(0n, 0, 1),
    () => engine.schema(), () => client.schema(), () => client.answer(),
  ];
  for (const functions of [engine, client]) {
    for (const options of [{ signal: {} }, { signal: 5 }, { onProgress: 5 }, { formats: "json" }, 7]) {
      asked.push(() => functions.report(text, options), () => functions.rightsize(text, options), () => functions.lines(text, options).next());
    }
  }
  asked.push(() => client.report(text, { policy: () => 1 }));
  for (const ask of asked) {
    await assert.rejects(async () => ask(), (error) => error instanceof HeadroomError && error.code === "call" && error.hint !== null, String(ask));
  }
  session.free();
  session.free();
  for (const use of [() => session.pass(), () => session.push(bytes), () => session.room(1), () => session.render("json"), () => session.rows()]) {
    assert.throws(use, { name: "HeadroomError", code: "call", message: "the session has been let go of" });
  }
});

test("whatever a source throws, its call fails", async () => {
  for (const functions of [engine, client]) {
    for (const thrown of [null, undefined, "text", 0, new Error("")]) {
      const sources = [() => { throw thrown; }, () => Promise.reject(thrown), async function* () { yield bytes; throw thrown; }];
      for (const data of sources) await assert.rejects(functions.report({ name: "a.csv", data }, AS_OF), { name: "HeadroomError", code: "unreadable" });
    }
    for (const chunk of [undefined, null, "text", () => 1]) {
      const call = functions.report({ name: "a.csv", data: async function* () { yield bytes; yield chunk; } }, AS_OF);
      await assert.rejects(call, { code: "unreadable", message: /and not bytes/ });
    }
    for (const data of [() => undefined, () => 7]) await assert.rejects(functions.report({ name: "a.csv", data }, AS_OF), { code: "unreadable" });
    await assert.rejects(functions.report(new URL("http://127.0.0.1:1/100%.csv"), AS_OF), { code: "unreadable", file: "100%.csv" });
    await assert.rejects(functions.report({ name: "a.csv", url: "http://[" }, AS_OF), { code: "unreadable" });
  }
});

test("a file that has changed since it was chosen says so", async () => {
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  try {
    const path = join(directory, "bill.csv");
    await writeFile(path, BILL);
    const chosen = await openAsBlob(path);
    await writeFile(path, `${BILL}\n`);
    const want = { name: "HeadroomError", code: "unreadable", message: /it cannot be read/, hint: /^choose it again/ };
    for (const functions of [engine, client]) {
      // Between threads of Node such files cannot be sent.
      if (functions === engine) await assert.rejects(functions.report({ name: "a.csv", data: chosen }, AS_OF), { ...want, file: "a.csv" });
      await assert.rejects(functions.report({ name: "a.csv", data: () => chosen }, AS_OF), { ...want, file: "a.csv" });
      const policy = Object.defineProperty(chosen.slice(), "name", { value: "p.toml" });
      await assert.rejects(functions.report({ name: "a.csv", text: BILL }, { ...AS_OF, policy }), { ...want, file: "p.toml" });
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("several gzip files joined into one are read in Node, and told from damage in a browser", async () => {
  const half = BILL.indexOf("\n", BILL.length / 2) + 1;
  const data = Buffer.concat([gzipSync(BILL.slice(0, half)), gzipSync(BILL.slice(half))]);
  const { document } = await engine.inspect({ name: "a.csv.gz", data }, AS_OF);
  assert.equal(document.files[0].rows, 61);
  const own = globalThis.DecompressionStream;
  try {
    // In the words of Chromium, Firefox and Safari.
    const goesOn = ["Junk found after end of compressed data.", "Unexpected input after the end of stream", "Extra bytes past the end."];
    for (const [said, hint] of [...goesOn.map((said) => [said, /^unpack it first/]), ["Compressed input was truncated.", /^export or download/]]) {
      globalThis.DecompressionStream = class extends TransformStream {
        constructor() {
          super({ transform: () => { throw new TypeError(said); } });
        }
      };
      await assert.rejects(engine.inspect({ name: "a.csv.gz", data }, AS_OF), { code: "unreadable", hint }, said);
    }
  } finally {
    globalThis.DecompressionStream = own;
  }
});

test("a file on disk is called as its path is, and one that is not there says so", async () => {
  const directory = await mkdtemp(join(tmpdir(), "headroom-"));
  try {
    const paths = ["april", "may"].map((month) => join(directory, month, "bill.csv"));
    for (const path of paths) {
      await mkdir(dirname(path));
      await writeFile(path, BILL);
    }
    const { document } = await engine.inspect(await Promise.all(paths.map((path) => file(path))), AS_OF);
    assert.deepEqual(document.files.map(({ name }) => name), paths);
    assert.equal((await file(pathToFileURL(paths[0]))).name, paths[0]);
    assert.equal((await file(paths[0], "april.csv")).name, "april.csv");
    const gone = join(directory, "none.csv");
    await assert.rejects(file(gone), { name: "HeadroomError", code: "unreadable", message: `${gone}: no such file`, file: gone });
    await assert.rejects(file(directory), { name: "HeadroomError", code: "unreadable", message: /it is a directory/ });
    for (const path of [undefined, 7, new URL("https://example.org/bill.csv")]) {
      await assert.rejects(file(path), { name: "HeadroomError", code: "source" });
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("a module that cannot be had says so", async () => {
  const missing = () => new Response("", { status: 404 });
  const used = new Response("");
  await used.text();
  const failing = () => Promise.reject(new Error("no luck"));
  const modules = [missing, () => used, () => "no address", () => new URL("file:///none.wasm"), () => new Uint8Array(3), failing];
  for (const given of modules) {
    await assert.rejects(startWorker({ wasm: given(), worker: fresh() }), { name: "HeadroomError", code: "load" });
  }
  await assert.rejects(startWorker({ wasm: missing(), worker: served() }), { message: /the server answers 404/ });
  await assert.rejects(startWorker(), { name: "HeadroomError", code: "worker", hint: /`load`/ });
  await assert.rejects(startWorker(null), { name: "HeadroomError", code: "worker" });
  // A worker whose script is not there says nothing but that.
  const broken = new EventTarget();
  Object.assign(broken, { postMessage: () => broken.dispatchEvent(new Event("error")), terminate: () => {} });
  await assert.rejects(startWorker({ wasm, worker: broken }), { code: "worker", hint: /optimizeDeps/ });
  // The engine that there is takes no other module, and asks for none.
  for (const given of [() => new URL("file:///none.wasm"), failing]) assert.equal(await load({ wasm: given() }), engine);
});

/** A worker that has no engine yet: a thread, whose modules are its own. */
function fresh() {
  const script = `
    import { parentPort, workerData } from "node:worker_threads";
    const { serve } = await import(workerData);
    parentPort.addEventListener ??= (type, listener) => parentPort.on(type, (data) => listener({ data }));
    serve(parentPort);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: pathToFileURL(join(dist, "worker.js")).href });
  return Object.assign(worker, {
    addEventListener: (type, listener) => worker.on(type, (data) => listener(type === "message" ? { data } : data)),
  });
}

test("an engine that has failed says so, and another is loaded in its place", () => {
  const script = `
    const { load } = await import(process.argv[1]);
    const call = { call: "inspect", as_of: "2026-06-03", bills: [{ name: "a.csv" }] };
    const bill = { name: "a.csv", text: ${JSON.stringify(BILL)} };
    const said = (act) => { try { return act(); } catch ({ name, code }) { return [name, code].join(" "); } };
    const engine = await load();
    const kept = engine.session(call);
    const all = [];
    let failed;
    while (!failed) failed = said(() => void all.push(engine.session(call).room(2 ** 31 - 1)));
    const again = await load();
    const { document } = await again.inspect(bill, { as_of: "2026-06-03" });
    const late = await engine.inspect(bill, { as_of: "2026-06-03" }).catch(({ code }) => code);
    const rest = [said(() => kept.push(new Uint8Array(3))), said(() => kept.free()), late];
    console.log(JSON.stringify([failed, again !== engine, (await load()) === again, document.files[0].rows, ...rest]));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script, pathToFileURL(join(dist, "node.js")).href], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(printed), ["HeadroomError engine", true, true, 61, "HeadroomError engine", null, "engine"]);
});
