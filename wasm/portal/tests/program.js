// The command line over the sample, to compare the page with.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const datasets = join(root, "datasets");

/** The newest program that was built, unless `HEADROOM` names one. */
function program() {
  if (process.env.HEADROOM) return process.env.HEADROOM;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const built = ["ci", "debug", "release"].map((profile) => join(target, profile, "headroom")).filter(existsSync);
  if (built.length === 0) throw new Error("build the program first: cargo build -p headroom --profile ci");
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** The sample's files in one folder, since a page knows of no folders that files were chosen from. */
export const folder = mkdtempSync(join(tmpdir(), "headroom-portal-"));
cpSync(join(datasets, "bills"), folder, { recursive: true });
for (const name of ["allocation.toml", "explanations.toml"]) cpSync(join(datasets, name), join(folder, name));
for (const name of ["assessment.toml", "deployments.csv", "incidents.csv"]) cpSync(join(datasets, "operations", name), join(folder, name));
cpSync(join(datasets, "capacity"), folder, { recursive: true });
for (const name of ["series.csv", "workloads.toml"]) cpSync(join(datasets, name), join(folder, name));

export const AS_OF = "2026-06-12";
export const BILLS = readdirSync(join(datasets, "bills")).sort();
export const RULES = ["allocation.toml", "explanations.toml"];
export const OPERATIONS = ["assessment.toml", "deployments.csv", "incidents.csv"];

export const ROOM = readdirSync(join(datasets, "capacity")).sort();

/** Options that name the tables of `ROOM`. */
export const TABLES = ["traffic", "usage", "capacity", "releases", "load-tests"].flatMap((name) => [`--${name}`, `${name}.csv`]);

export const pathOf = (name) => join(folder, name);

/** Files of the folder, as they are dropped. */
export const given = (names) => names.map((name) => ({ name, path: pathOf(name) }));
export const put = (name, content) => {
  printed.clear();
  writeFileSync(pathOf(name), content);
};
export const textOf = (name) => readFileSync(pathOf(name), "utf8");

/** What the command line has printed of these files: both builds of the page are compared with it. */
const printed = new Map();

/** What the command line prints. */
export function headroom(...args) {
  const asked = args.join("\n");
  if (!printed.has(asked)) {
    const options = { cwd: folder, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] };
    printed.set(asked, execFileSync(program(), args, options).toString());
  }
  return printed.get(asked);
}

/** Documents of what could be saved, which the command line writes into the folder; their names. */
export function savings() {
  const usage = [join(datasets, "usage/usage.csv"), "--requests", join(datasets, "usage/requests.csv"), "--format", "json"];
  const policy = ["--policy", "allocation.toml", "--policy", "workloads.toml"];
  put("sizes.json", headroom("rightsize", ...usage));
  put("hours.json", headroom("schedule", ...usage, "--offset", "+02:00"));
  put("commitments.json", headroom("commitments", ...BILLS, "--as-of", AS_OF, "--format", "json"));
  put("waste.json", headroom("rightsize", "--idle", "--bills", join(datasets, "bills"), ...policy, "--as-of", AS_OF, "--format", "json"));
  return ["sizes.json", "hours.json", "commitments.json", "waste.json"];
}

/** The sample's report in a form. */
export function report(format, ...more) {
  const given = ["--policy", RULES[0], "--explanations", RULES[1], "--as-of", AS_OF];
  return headroom("report", ...BILLS, ...given, "--format", format, ...more);
}
