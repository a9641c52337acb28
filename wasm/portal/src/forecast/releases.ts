// What is known of releases and events, in sentences: what came of earlier ones, and what is expected of those to come.

import type { CostForecast, ReleaseEffects, ReleaseRecord } from "headroom-engine/documents";

import { amountOf } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { dayName } from "../report/calendar.js";
import { visible } from "../report/names.js";

export type Effects = ReleaseEffects;
type Known = Effects["known"][number];

const percent = (text: string): string => figures.proportion(amountOf(text));

/** What came of earlier releases; `null` where nobody knows. */
export function record(record: CostForecast["record"] | ReleaseRecord): string | null {
  if (!record || record.kept === null) return null;
  const { releases, kept, correction } = record;
  return `${figures.counted(releases, "earlier release", "earlier releases")} brought ${percent(kept)} of what was declared; new ones are taken at ${percent(correction)}.`;
}

/** What is known of a release that touches a forecast. */
export function release(one: Known): string {
  // What is supposed has its day in its name.
  const day = one.state === "supposed" ? "" : `, ${dayName(one.date)}`;
  const late = one.state !== "out" && one.slip_days > 0 ? ` or up to ${figures.counted(one.slip_days, "day", "days")} later` : "";
  const off = one.spread === "0" ? "" : `, give or take ${percent(one.spread)} of it`;
  const part = percent(one.touches);
  return `${visible(one.name)}${day}${late}: ${told(one)}${off}${part === "100.0 %" ? "" : `; it touches ${part}`}.`;
}

function told(one: Known): string {
  const expected = both(one.expected_traffic, one.expected_cost);
  const declared = both(one.declared_traffic, one.declared_cost);
  if (one.levelled) return `${expected} came of it`;
  if (one.state === "out" && one.spread === "0") return `${expected} came of it before the history`;
  if (one.state === "supposed") return `${expected} supposed`;
  return expected === declared ? `${expected} expected` : `${expected} expected, ${declared} declared`;
}

function both(traffic: string, cost: string): string {
  const changes = [[traffic, "traffic"], [cost, "cost"]] as const;
  const parts = changes.filter(([share]) => share !== "0").map(([share, of]) => `${figures.percentText(share)} ${of}`);
  return parts.join(", ") || "nothing";
}
