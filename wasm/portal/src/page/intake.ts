// What was dropped: which file is a bill, which a policy, told by what is in it and corrected by whoever knows better.

import { HeadroomError } from "headroom-engine/client";

export const ROLES = {
  bill: "Bill",
  policy: "Allocation policy",
  explanations: "Explanations",
  assessment: "Assessment",
  frameworks: "Framework",
  history: "Earlier result",
  deployments: "Deployments",
  incidents: "Incidents",
  evidence: "Cost report",
  budgets: "Budgets",
  traffic: "Traffic",
  usage: "Usage",
  capacity: "Capacity",
  releases: "Releases",
  events: "Events",
  load_tests: "Load tests",
  series: "Series",
  savings: "Savings",
  none: "Leave out",
} as const;

export type Role = keyof typeof ROLES;

/** A file and what it is taken for. Its name is its path below what was dropped. */
export interface Given {
  readonly name: string;
  readonly file: File;
  role: Role;
}

/** What a document calls itself, and what it is here. */
const SCHEMAS: Readonly<Record<string, Role>> = {
  "headroom/allocation/1": "policy",
  "headroom/allocation/2": "policy",
  "headroom/explanations/1": "explanations",
  "headroom/assessment/1": "assessment",
  "headroom/framework/1": "frameworks",
  "headroom/assessment-result/1": "history",
  "headroom/report/1": "evidence",
  "headroom/rightsizing/1": "savings",
  "headroom/schedule/1": "savings",
  "headroom/commitments/1": "savings",
  "headroom/waste/1": "savings",
};

/** Bytes in which a document says what it is. */
const HEAD = 64 * 1024;

export async function roleOf(file: File, name: string): Promise<Role> {
  const head = await file.slice(0, HEAD).text();
  if (/\.(toml|json)$/i.test(name)) return documentRole(head);
  return tableRole(head);
}

function documentRole(head: string): Role {
  const schema = /^\s*"?schema"?\s*=\s*["']([^"']+)["']/m.exec(head) ?? /"schema"\s*:\s*"([^"]+)"/.exec(head);
  // A document that does not say what it is goes where the engine says what is wrong with it.
  return SCHEMAS[schema?.[1] ?? ""] ?? "policy";
}

/** Tables that are told by their columns, the ones with more of them first. */
const TABLES: readonly (readonly [Role, readonly string[]])[] = [
  ["budgets", ["month", "key", "value"]],
  ["deployments", ["service", "environment", "start", "end", "commit_time"]],
  ["deployments", ["service", "environment", "start", "end", "failed"]],
  ["incidents", ["service", "environment", "start", "end"]],
  ["traffic", ["timestamp", "service", "rps"]],
  ["usage", ["timestamp", "workload", "resource", "value"]],
  ["load_tests", ["service", "replicas", "rps"]],
  ["capacity", ["service", "replicas", "cpu_per_replica"]],
  ["capacity", ["service", "replicas", "mem_per_replica"]],
  ["releases", ["name", "date", "traffic_uplift_pct"]],
  ["releases", ["name", "date", "cost_uplift_pct"]],
  ["events", ["name", "date", "uplift_pct"]],
  ["series", ["series", "date", "value"]],
];

function tableRole(head: string): Role {
  const [header = ""] = head.split(/\r?\n/, 1);
  const columns = new Set(header.replace(/^\ufeff/, "").split(",").map((column) => column.trim().replace(/^"(.*)"$/, "$1").toLowerCase()));
  // A table without names of series is one series.
  if (columns.size === 2 && columns.has("date") && columns.has("value")) return "series";
  return TABLES.find(([, wanted]) => wanted.every((column) => columns.has(column)))?.[0] ?? "bill";
}

/** Everything given so far, by name. */
export class Intake {
  readonly #given = new Map<string, Given>();

  /** Adds files; one of the same name takes the place of the earlier. Those that cannot be read are named once all others are in. */
  async add(files: readonly { name: string; file: File }[]): Promise<void> {
    const told = files.map(async ({ name, file }) => ({ name, file, role: await roleOf(file, name) }));
    const failed: string[] = [];
    for (const [at, one] of (await Promise.allSettled(told)).entries()) {
      if (one.status === "fulfilled") this.#given.set(one.value.name, one.value);
      else failed.push(files[at]?.name ?? "");
    }
    if (failed.length > 0) {
      const hint = "choose it again: it may have been moved, deleted or changed since";
      throw new HeadroomError({ code: "unreadable", message: `${failed.map((name) => `\`${name}\``).join(", ")} cannot be read`, hint });
    }
  }

  remove(name: string): void {
    this.#given.delete(name);
  }

  clear(): void {
    this.#given.clear();
  }

  /** In the order of their names, so that the order of dropping never shows. */
  all(): Given[] {
    return [...this.#given.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  of(role: Role): Given[] {
    return this.all().filter((given) => given.role === role);
  }

  get size(): number {
    return this.#given.size;
  }
}
