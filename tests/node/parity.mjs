// Answers calls through every way into the package: parity.mjs DIST MODULE CASES all|text
//
// CASES is a list of calls as the engine takes them. Prints for each call one JSON array of what the ways gave: the
// call as text; where it is about bills, the same pushed in chunks of an odd size; the package's own function, called here
// or over a message port, as a worker serves it. Sizes and places take turns. `text` leaves it at the first.

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [dist, module, cases, wanted] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(`${dist}/${name}`).href);
const { load, HeadroomError } = await from("node.js");
const { serve } = await from("worker.js");
const { startWorker } = await from("client.js");

const bytes = await readFile(`${dist}/${module}`);
const engine = await load({ wasm: bytes });
const { port1, port2 } = new MessageChannel();
serve(port1);
const remote = await startWorker({ wasm: bytes, worker: port2 });

const ABOUT_BILLS = new Set(["report", "inspect", "allocate", "lines", "check", "explain", "init", "forecast", "commitments", "waste",
  "rightsize", "schedule"]);
const CHUNKS = [1, 7, 1000, 1 << 20];

function pushed(call, size) {
  const contents = (call.bills ?? []).map((bill) => new TextEncoder().encode(bill.text));
  let session;
  try {
    session = engine.session({ ...call, bills: call.bills?.map(({ name }) => ({ name })) });
  } catch (error) {
    return failureText(error);
  }
  let lines = "";
  const decoder = new TextDecoder();
  for (let pass = session.pass(); pass !== 0; pass = session.pass()) {
    const content = contents[session.file()];
    for (let at = 0; at < content.length && session.pass() === pass; at += size) {
      session.push(content.subarray(at, at + size));
      lines += decoder.decode(session.take_lines(), { stream: true });
    }
    if (session.pass() === pass) session.end();
    lines += decoder.decode(session.take_lines(), { stream: true });
  }
  let text = session.failure();
  if (text === undefined) {
    try {
      text = call.call === "lines" ? lines : session.render(call.format ?? "json");
    } catch (error) {
      text = failureText(error);
    }
  }
  session.free();
  return text;
}

const failureText = (error) => {
  if (!(error instanceof HeadroomError)) throw error;
  const { code, message, hint, file, line, column } = error;
  // It names a position in the text of the call, which is another for each way.
  if (code === "call") return null;
  return JSON.stringify({ schema: "headroom/failure/1", message, hint, code, file, line, column });
};

async function byFunction(functions, call) {
  const { call: name, bills, format = "json", ...rest } = call;
  const options = { ...rest, formats: [format] };
  try {
    switch (name) {
      case "lines": {
        let text = "";
        const decoder = new TextDecoder();
        for await (const piece of functions.lines(bills, { ...rest, format })) {
          text += decoder.decode(piece, { stream: true });
        }
        return text;
      }
      case "check": {
        const { policy, ...others } = options;
        return (await functions.checkPolicy(policy, { ...others, bills: bills ?? [] })).texts[format];
      }
      case "init":
        return await functions.init(bills, rest);
      case "forecast": {
        const { series, ...others } = options;
        if (series === undefined) return (await functions.forecast(bills, options)).texts[format];
        return (await functions.forecastSeries(series, others)).texts[format];
      }
      case "rightsize":
      case "schedule": {
        const { usage, ...others } = options;
        return (await functions[name](usage, { ...others, bills })).texts[format];
      }
      case "waste": {
        if (bills !== undefined) return (await functions.waste(bills, options)).texts[format];
        const { usage, ...others } = options;
        return (await functions.wasteOfUsage(usage, others)).texts[format];
      }
      case "capacity": {
        const { traffic, usage, capacity, ...others } = options;
        return (await functions.capacity(traffic, usage, capacity, others)).texts[format];
      }
      case "policy_check": {
        const { policy, ...others } = options;
        return (await functions.checkPolicies(policy, others)).texts[format];
      }
      case "assess": {
        const { assessment, ...others } = options;
        return (await functions.assess(assessment, others)).texts[format];
      }
      case "gate": {
        const { input, gates, ...others } = options;
        return (await functions.gate(input, gates, others)).texts[format];
      }
      case "questionnaire":
        return await functions.questionnaire(rest);
      case "schema":
        // The functions give it as a value.
        return null;
      default:
        return (await functions[name](bills, options)).texts[format];
    }
  } catch (error) {
    return failureText(error);
  }
}

for (const [turn, call] of JSON.parse(await readFile(cases, "utf8")).entries()) {
  const ways = [engine.answer(call)];
  if (wanted === "text") {
    process.stdout.write(`${JSON.stringify(ways)}\n`);
    continue;
  }
  const aboutBills = ABOUT_BILLS.has(call.call) && call.series === undefined && !(["waste", "rightsize", "schedule"].includes(call.call) && !call.bills);
  if (aboutBills) {
    const text = call.bills || call.call === "check" ? pushed(call, CHUNKS[turn % CHUNKS.length]) : null;
    if (text !== null) ways.push(text);
  }
  if (call.bills || !aboutBills || call.call === "check") {
    // Each size of chunks meets both.
    const text = await byFunction(Math.floor(turn / CHUNKS.length) % 2 === 0 ? engine : remote, call);
    if (text !== null) ways.push(text);
  }
  process.stdout.write(`${JSON.stringify(ways)}\n`);
}
remote.close();
