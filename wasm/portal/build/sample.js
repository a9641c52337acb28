// The project's sample, packed as one document.

import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const datasets = new URL("../../../datasets/", import.meta.url);

/** The day the sample is looked at: June is ten days old, May is whole. */
const AS_OF = "2026-06-12";

const BESIDE = [
  "allocation.toml", "explanations.toml", "series.csv",
  "operations/assessment.toml", "operations/deployments.csv", "operations/incidents.csv",
  "capacity/traffic.csv", "capacity/usage.csv", "capacity/capacity.csv", "capacity/releases.csv", "capacity/load-tests.csv",
];

export async function packSample() {
  const bills = (await readdir(new URL("bills/", datasets))).sort().map((name) => `bills/${name}`);
  const files = await Promise.all(
    [...bills, ...BESIDE].map(async (path) => ({ name: path.split("/").pop(), text: await readFile(new URL(path, datasets), "utf8") })),
  );
  return gzipSync(JSON.stringify({ as_of: AS_OF, files }), { level: 9 });
}
