// The benchmark's job in the package: headroom_job.mjs DIST BILL.csv CUBE.csv POLICY.toml THREADS [MODULE]
//
// Prints as JSON the seconds from starting the module, those of reading the bill, and what memory that took: of the engine that
// was asked, and of those that helped it.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [dist, bill, cube, policy, threads, module = "headroom.wasm"] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(`${dist}/${name}`).href);
const { file, load } = await from("node.js");
// What every function of the package about bills goes through.
const [{ drive }, { toBill }, { Team }] = [await from("run.js"), await from("sources.js"), await from("together.js")];

const began = performance.now();
const engine = await load({ wasm: await readFile(`${dist}/${module}`) });
engine.answer({ call: "report", as_of: "2026-06-03", bills: [] });
const started = performance.now();
const cpu = process.cpuUsage();
const options = { as_of: "2026-01-03", formats: ["csv"] };
options.policy = { name: "policy.toml", text: await readFile(policy, "utf8") };
const call = JSON.stringify({
  call: "allocate", ...options, formats: undefined, format: "csv", policy: [options.policy], bills: [{ name: "bill.csv" }],
});
const bills = [toBill(await file(bill))];
const team = await Team.of(engine.spawn, Number(threads), { module: engine.module, call, bills });
const session = engine.session(call);
for await (const _ of drive(session, bills, {}, team));
const used = process.cpuUsage(cpu);
const wall = (performance.now() - started) / 1000;
await writeFile(cube, session.render("csv"));
const [memory, helpers] = [engine.memoryBytes, team?.memoryBytes ?? 0];
process.stdout.write(JSON.stringify({ start: (started - began) / 1000, wall, cpu: (used.user + used.system) / 1e6, memory, helpers }));
