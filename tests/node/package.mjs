// The built package, which HEADROOM_PACKAGE names, and bills to ask it about.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const dist = process.env.HEADROOM_PACKAGE;
export const from = (name) => import(pathToFileURL(join(dist, name)).href);

export const HEADER = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,ResourceId\n";
export const days = (month, count, cost) =>
  Array.from({ length: count }, (_, day) => {
    const date = `${month}-${String(day + 1).padStart(2, "0")}`;
    return `${date},${date}T23:00:00Z,Usage,${cost},${cost},USD,Queue,queue-1\n`;
  }).join("");
export const BILL = HEADER + days("2026-04", 30, "1.5") + days("2026-05", 31, "2.5");
export const bytes = new TextEncoder().encode(BILL);
export const AS_OF = { as_of: "2026-06-03" };

export const { HeadroomError, file, load } = await from("node.js");
export const { startWorker } = await from("client.js");
const { serve } = await from("worker.js");

/** The module's bytes. */
export const wasm = await readFile(join(dist, "headroom.wasm"));

/** What a worker is to the client: the other end of a channel that is served. */
export function served() {
  const { port1, port2 } = new MessageChannel();
  serve(port1);
  return port2;
}

export const engine = await load();
export const client = await startWorker({ wasm, worker: served() });
