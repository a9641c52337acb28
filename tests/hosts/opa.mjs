// The OPA module in npm's @open-policy-agent/opa-wasm: data and inputs in, result sets or messages out.
import { readFileSync } from "node:fs";
import opa from "@open-policy-agent/opa-wasm";

const { module, data, inputs, entrypoint, loop } = JSON.parse(readFileSync(0, "utf8"));
const bytes = readFileSync(module);
const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map((one) => `${one.module}.${one.name}`);
const policy = await opa.loadPolicy(bytes);
policy.setData(data);

const results = inputs.map((input) => {
  try {
    return policy.evaluate(input, entrypoint);
  } catch (message) {
    return { aborted: String(message) };
  }
});
const before = policy.mem.buffer.byteLength;
for (let turn = 0; turn < (loop ?? 0); turn++) {
  policy.evaluate(inputs[turn % inputs.length], entrypoint);
}
const grown = policy.mem.buffer.byteLength - before;
process.stdout.write(JSON.stringify({ imports, entrypoints: policy.entrypoints, results, before, grown }));
