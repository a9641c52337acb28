// What TypeScript makes of the package: the README's examples, and what its types name. Passed over where TypeScript is not installed.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { AS_OF, dist, engine } from "./package.mjs";

const directory = dirname(dist);
const require = createRequire(join(directory, "package.json"));
const skip = existsSync(join(directory, "node_modules/typescript")) ? false : "TypeScript is not installed";

/** What TypeScript says of a program in the package's directory, where it finds the package by its name. */
function faults(text, { lib = ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"], ...options } = {}) {
  const ts = require("typescript");
  const whole = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, lib, types: [], strict: true, noEmit: true,
    exactOptionalPropertyTypes: true, ...options,
  };
  const host = ts.createCompilerHost(whole);
  const program = join(directory, "program.mts");
  const [read, isThere] = [host.getSourceFile, host.fileExists];
  host.getSourceFile = (name, ...rest) => (name === program ? ts.createSourceFile(name, text, ...rest) : read(name, ...rest));
  host.fileExists = (name) => name === program || isThere(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([program], whole, host)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

test("the README's examples are programs", { skip }, () => {
  const blocks = [...readFileSync(join(directory, "README.md"), "utf8").matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, text]) => text);
  assert.equal(blocks.length, 3);
  const before = `import type { Engine } from "headroom-engine";
    declare const engine: Engine;
    declare function bytesOf(file: number | undefined): AsyncIterable<Uint8Array>;\n`;
  for (const block of blocks) assert.deepEqual(faults(block.includes("import ") ? block : before + block), [], block);
});

const IS_ANY = "type IsAny<T> = 0 extends 1 & T ? true : false;";

test("types are told from one another, with the types of a browser and without", { skip }, () => {
  const program = `
    import { startWorker } from "headroom-engine/client";
    import { load, type WasmSource } from "headroom-engine/web";
    import { serve } from "headroom-engine/worker";
    import { file } from "headroom-engine/node";
    // @ts-expect-error it is Node's alone
    import { file as none } from "headroom-engine/web";
    const lists = { by: ["squad"], suppose: [] } as const;
    const wrong: IsAny<WasmSource> = false;
    const [policy, earlier] = [new File([], "p.toml"), new File([], "e.json")];
    const engine = await load({ wasm: new Uint8Array(1) });
    await engine.report({ name: "a.csv", data: ({ signal }) => fetch("/a.csv", { signal }) }, { by: lists.by, policy, signal: AbortSignal.timeout(1) });
    await engine.report(await file("a.csv"));
    await engine.forecastSeries({ name: "s.csv", text: "" }, { earlier: [earlier], signal: AbortSignal.timeout(1) });
    const { port1, port2 } = new MessageChannel();
    serve(port1);
    await startWorker({ worker: port2, wasm: fetch("/headroom.wasm") });
    const session = engine.session({ call: "report" });
    session.push(new ArrayBuffer(1));
    // @ts-expect-error text is no bytes
    session.push("text");
    const { document } = await engine.gate({ name: "i", text: "" }, { name: "g", text: "" });
    const said: string | undefined = document.warnings[0];
    console.log(none, wrong, said);
    ${IS_ANY}`;
  assert.deepEqual(faults(program), []);
  // What a server has of a browser's, and nothing of modules.
  const server = `
    declare global {
      interface URL { readonly href: string } interface Response { readonly ok: boolean } interface AbortSignal { readonly aborted: boolean }
      interface Blob { readonly size: number } interface File extends Blob { readonly name: string } interface ReadableStream<R> { cancel(): Promise<R> }
    }
    import type { WasmSource } from "headroom-engine";
    export const wrong: IsAny<WasmSource> = false;
    ${IS_ANY}`;
  assert.deepEqual(faults(server, { lib: ["lib.es2023.d.ts"] }), []);
});

test("a decision holds nothing that its schema does not name", async () => {
  const { properties, required } = await engine.schema("decision");
  const gates = { name: "two-reviewers", text: "" };
  for (const text of ["{", "{}", '{"action":"deploy","environment":"production"}']) {
    const { document } = await engine.gate({ name: "i.json", text }, gates, AS_OF);
    assert.deepEqual(Object.keys(document).toSorted(), Object.keys(properties).toSorted());
    assert.deepEqual(Object.keys(document).toSorted(), required.toSorted());
  }
});
