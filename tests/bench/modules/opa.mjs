// The same decisions through npm's @open-policy-agent/opa-wasm: as a document and as yes or no, by turns with what the SDK
// itself takes to hand over the input and to read an answer of that length, and with another module where one is named.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../hosts/", import.meta.url));
const opa = require("@open-policy-agent/opa-wasm");

const DECISIONS = 50_000;
const ROUNDS = 7;
const DECISION = 0;
const ALLOW = 1;
const inputs = {
  allow: { resource: "vm-1", tags: { squad: "pay", env: "prod", "cost-centre": "CC1" }, monthly_cost: 90, budget: 100, cpu_request: 1, cpu_usage: 0.8 },
  deny: { resource: "vm-2", tags: { env: "prod" }, monthly_cost: 190, budget: 100, cpu_request: 4, cpu_usage: 0.8 },
};
const policy = JSON.parse(readFileSync(new URL("policy.json", import.meta.url), "utf8"));
const data = { headroom: { gates: [{ name: "policy.json", document: policy }] } };

async function load(path) {
  const loaded = await opa.loadPolicy(readFileSync(path));
  loaded.setData(data);
  return loaded;
}

// What answers at once, whatever is asked.
async function answering(path, answer) {
  const loaded = await load(path);
  const at = loaded.mem.buffer.byteLength;
  loaded.mem.grow(1);
  new TextEncoder().encodeInto(answer, new Uint8Array(loaded.mem.buffer, at));
  loaded.wasmInstance = { exports: { opa_eval: () => at } };
  return loaded;
}

const [module, beside] = process.argv.slice(2);
const headroom = await load(module);
const other = beside && (await load(beside));
for (const [kind, input] of Object.entries(inputs)) {
  const set = headroom.evaluate(input, DECISION);
  if (set[0].result.decision !== kind || headroom.evaluate(input, ALLOW)[0].result !== (kind === "allow")) {
    throw new Error(`\`${kind}\` was decided otherwise: ${JSON.stringify(set)}`);
  }
  const runners = [
    { name: "headroom/decision", loaded: headroom, entrypoint: DECISION },
    { name: "headroom/allow", loaded: headroom, entrypoint: ALLOW },
    { name: "the SDK alone, for the same document", loaded: await answering(module, JSON.stringify(set)), entrypoint: DECISION },
  ];
  if (other) {
    runners.push({ name: "beside", loaded: other, entrypoint: 0 });
  }
  const quickest = runners.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    runners.forEach(({ loaded, entrypoint }, at) => {
      const began = process.hrtime.bigint();
      for (let turn = 0; turn < DECISIONS; turn++) {
        loaded.evaluate(input, entrypoint);
      }
      quickest[at] = Math.min(quickest[at], Number(process.hrtime.bigint() - began) / DECISIONS);
    });
  }
  runners.forEach(({ name }, at) => {
    const times = other && at < 3 ? `, ${(quickest[at] / quickest[3]).toFixed(2)} times what is beside` : "";
    console.log(`OPA module in Node, ${kind}, ${name}: ${quickest[at].toFixed(0)} ns${times}`);
  });
}
