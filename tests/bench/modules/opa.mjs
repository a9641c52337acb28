// The same decisions through npm's @open-policy-agent/opa-wasm, by turns with another module where one is named.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../hosts/", import.meta.url));
const opa = require("@open-policy-agent/opa-wasm");

const DECISIONS = 50_000;
const ROUNDS = 7;
const inputs = {
  allow: { resource: "vm-1", tags: { squad: "pay", env: "prod", "cost-centre": "CC1" }, monthly_cost: 90, budget: 100, cpu_request: 1, cpu_usage: 0.8 },
  deny: { resource: "vm-2", tags: { env: "prod" }, monthly_cost: 190, budget: 100, cpu_request: 4, cpu_usage: 0.8 },
};
const policy = JSON.parse(readFileSync(new URL("policy.json", import.meta.url), "utf8"));
const data = { headroom: { gates: [{ name: "policy.json", document: policy }] } };

const [module, beside] = process.argv.slice(2);
const runners = [];
for (const [name, path] of [["headroom", module], ["beside", beside]]) {
  if (path) {
    const loaded = await opa.loadPolicy(readFileSync(path));
    loaded.setData(data);
    runners.push({ name, loaded });
  }
}
for (const [kind, input] of Object.entries(inputs)) {
  const { result } = runners[0].loaded.evaluate(input, 0)[0];
  if (result.decision !== kind) {
    throw new Error(`\`${kind}\` was decided otherwise: ${JSON.stringify(result)}`);
  }
  const quickest = runners.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    runners.forEach(({ loaded }, at) => {
      const began = process.hrtime.bigint();
      for (let turn = 0; turn < DECISIONS; turn++) {
        loaded.evaluate(input, 0);
      }
      quickest[at] = Math.min(quickest[at], Number(process.hrtime.bigint() - began) / DECISIONS);
    });
  }
  runners.forEach(({ name }, at) => console.log(`OPA module in Node, ${name}, ${kind}: ${quickest[at].toFixed(0)} ns`));
  if (quickest[1]) {
    console.log(`  headroom takes ${(quickest[0] / quickest[1]).toFixed(2)} times as long as what is beside it`);
  }
}
