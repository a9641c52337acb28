// The component in Node, as jco transpiles it: calls in, answers out; and what gates decide that are read once.
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco-transpile";

// What is imported may have made standard input one that cannot be waited for at once.
let asked = "";
for await (const part of process.stdin.setEncoding("utf8")) asked += part;
const { module, calls, gate, input } = JSON.parse(asked);
// Beside this script, so that what is made finds the packages it needs.
const home = await mkdtemp(join(import.meta.dirname, "transpiled-"));
const { files, imports } = await transpile(module, { name: "headroom" });
for (const [name, bytes] of Object.entries(files)) {
  await mkdir(dirname(join(home, name)), { recursive: true });
  await writeFile(join(home, name), bytes);
}
const { engine } = await import(pathToFileURL(join(home, "headroom.js")));
await rm(home, { recursive: true });

const answers = calls.map((call) => engine.answer(call));
const gates = engine.Gates.read([{ name: gate, text: "" }], [], undefined);
process.stdout.write(JSON.stringify({ imports, answers, decision: gates.decide(input) }));
