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

/** What a file is taken for by how it begins. */
export function roleOf(head: string, name: string): Role {
  return /\.(toml|json)(\.gz)?$/i.test(name) ? documentRole(head) : tableRole(head);
}

function documentRole(head: string): Role {
  const schema = /^\s*"?schema"?\s*=\s*["']([^"']+)["']/m.exec(head) ?? /"schema"\s*:\s*"([^"]+)"/.exec(head);
  const role = SCHEMAS[schema?.[1] ?? ""];
  if (role) return role;
  // One of ours that does not say which goes where the engine says what is wrong with it; the manifest of an export is none.
  const isOurs = schema?.[1]?.startsWith("headroom/") || /^\s*\[\[?(rule|tags|report|split)\b/m.test(head) || /^\s*\{\s*"(rule|tags)"/.test(head);
  return isOurs ? "policy" : "none";
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

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const unzipped = (file: Blob): ReadableStream<Uint8Array> => file.stream().pipeThrough(new DecompressionStream("gzip"));

/** How a file begins, unpacked. */
async function headOf(file: Blob): Promise<{ head: string; isPacked: boolean }> {
  const start = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const decoder = new TextDecoder();
  if (!isGzip(start)) return { head: decoder.decode(start), isPacked: false };
  const reader = unzipped(file.slice(0, HEAD)).getReader();
  let head = "";
  try {
    while (head.length < HEAD) {
      const { done, value } = await reader.read();
      if (done) break;
      head += decoder.decode(value, { stream: true });
    }
  } catch {
    // The slice is cut off; if the file is, whoever reads it says so.
  }
  return { head, isPacked: true };
}

/** A file and what it is taken for. Bills are unpacked as they are read, all else before. */
async function told(name: string, file: File): Promise<Given> {
  const { head, isPacked } = await headOf(file);
  const role = roleOf(head, name);
  if (!isPacked || role === "bill" || role === "none") return { name, file, role };
  return { name, file: new File([await new Response(unzipped(file)).blob()], file.name), role };
}

/** Everything given so far, by name. */
export class Intake {
  readonly #given = new Map<string, Given>();

  /**
   * Adds files. A bill of the same name as another, as parts of exports have, stands beside it unless it is the same file; any other
   * file takes the place of the earlier. Those that cannot be read are named once all others are in.
   */
  async add(files: readonly { name: string; file: File }[]): Promise<void> {
    const failed: string[] = [];
    for (const [at, one] of (await Promise.allSettled(files.map(({ name, file }) => told(name, file)))).entries()) {
      if (one.status === "fulfilled") this.#put(one.value);
      else failed.push(files[at]?.name ?? "");
    }
    if (failed.length > 0) {
      const hint = "choose it again: it may have been moved, deleted or changed since";
      throw new HeadroomError({ code: "unreadable", message: `${failed.map((name) => `\`${name}\``).join(", ")} cannot be read`, hint });
    }
  }

  #put(given: Given): void {
    const isSame = ({ file }: Given) => file.size === given.file.size && file.lastModified === given.file.lastModified;
    for (let name = given.name, copy = 2; ; copy += 1) {
      const there = this.#given.get(name);
      if (!there || given.role !== "bill" || there.role !== "bill" || isSame(there)) {
        this.#given.set(name, { ...given, name });
        return;
      }
      name = given.name.replace(/(\.[a-z]\w*){0,2}$/i, (endings) => ` (${copy})${endings}`);
    }
  }

  find(name: string): Given | null {
    return this.#given.get(name) ?? null;
  }

  /** What the files of these roles are, to tell whether they are still the same. */
  told(...roles: Role[]): string {
    return JSON.stringify(roles.map((role) => this.of(role).map(({ name, file }) => [name, file.size, file.lastModified])));
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
