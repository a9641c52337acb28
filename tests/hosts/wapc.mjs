// The Kubewarden policy in npm's @wapc/host: calls in, answers or messages out.
import { readFileSync } from "node:fs";
import wapc from "@wapc/host";

const { module, calls } = JSON.parse(readFileSync(0, "utf8"));
const bytes = readFileSync(module);
const compiled = new WebAssembly.Module(bytes);
const imports = WebAssembly.Module.imports(compiled).map((one) => `${one.module}.${one.name}`);
const [metadata] = WebAssembly.Module.customSections(compiled, "io.kubewarden.metadata");
const host = await wapc.instantiate(bytes);

const answers = [];
for (const { operation, payload } of calls) {
  try {
    const answer = await host.invoke(operation, new TextEncoder().encode(JSON.stringify(payload)));
    answers.push(JSON.parse(new TextDecoder().decode(answer)));
  } catch (error) {
    answers.push({ failed: String(error) });
  }
}
process.stdout.write(JSON.stringify({ imports, metadata: JSON.parse(new TextDecoder().decode(metadata)), answers }));
