// The report document, as the engine's schemas have it.

import type { Report } from "headroom-engine/documents";

export type { Report } from "headroom-engine/documents";

export type Group = Report["groups"][number];
export type Change = Report["changes"][number];
export type Contributor = Change["contributors"][number];
export type Scope = Change["scope"];
export type Key = Group["key"];
export type Verdict = Report["verdict"];
export type FileVerdict = Verdict["files"][number];
export type SourceVerdict = FileVerdict["sources"][number];
export type MonthVerdict = SourceVerdict["months"][number];
export type Metric = Report["metric"];

export const METRICS: readonly Metric[] = ["billed", "effective", "list", "contracted"];

/** A part of a change that has a cause of its own; engines that know causes state them beside the contributors. */
export interface Cause {
  readonly cause: string;
  readonly amount: string;
}

/** The causes of a change, where the document has them. */
export function causesOf(change: Change): readonly Cause[] {
  const { causes } = change as Change & { causes?: unknown };
  if (!Array.isArray(causes)) return [];
  return causes.filter((item): item is Cause => typeof item?.cause === "string" && typeof item.amount === "string");
}

/** Reports in one document: one a currency. Anything else is refused. */
export function reportsOf(document: unknown): readonly Report[] {
  const all = Array.isArray(document) ? document : [document];
  if (all.length === 0 || all.some((one) => one?.schema !== "headroom/report/1")) {
    throw new TypeError("this is no cost report: its `schema` is not `headroom/report/1`");
  }
  const part = PARTS.find((name) => all.some((one) => !(name in one)));
  if (part !== undefined) throw new TypeError(`this is no whole cost report: it has no \`${part}\``);
  return all as Report[];
}

/** Parts without which nothing of a report can be drawn. */
const PARTS = [
  "month", "metric", "currency", "as_of", "owner", "dimensions", "basis", "totals", "groups", "changes", "history", "not_compared", "verdict", "conservation",
] as const satisfies readonly (keyof Report)[];

/** Every month that a report's bills hold something of, latest first. */
export function monthsOf(report: Report): string[] {
  const sources = report.verdict.files.flatMap((file) => file.sources);
  const months = new Set(sources.flatMap((source) => source.months.map(({ month }) => month)));
  for (const { month } of report.history) months.add(month);
  return [...months].sort().reverse();
}

/** The values of a dimension, in order; `null` for what nobody owns comes last. */
export function valuesOf(reports: readonly Report[], dimension: string): (string | null)[] {
  const values = new Set<string | null>();
  for (const report of reports) {
    for (const { key } of report.groups) {
      const value = key[dimension];
      if (value !== undefined) values.add(value);
    }
  }
  const named = [...values].filter((value) => value !== null).sort((a, b) => a.localeCompare(b, "en"));
  return values.has(null) ? [...named, null] : named;
}
