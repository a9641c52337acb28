// The report's facts as sentences: those of the engine's own pages, so that a page and a print-out say the same.

import { amountOf, amountOrNull } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { dayOf, monthName } from "./calendar.js";
import { METRICS, type Change, type Metric, type MonthVerdict, type Report, type Verdict } from "./document.js";
import { visible } from "./names.js";
import { isWholeMonth, savings, total, totalPercentPerDay, type Sum } from "./summary.js";

/** What a metric is. */
export const MEANINGS: Record<Metric, string> = {
  billed: "cash, ties to the invoice",
  effective: "amortised",
  list: "at public prices",
  contracted: "at negotiated prices",
};

/** Against which month the total is set, or why against none. */
export function comparison(report: Report): string {
  const previous = report.previous_month;
  if (previous === null) return "Not compared: these bills hold nothing of the month before.";
  const { amount, compared, delta } = total(report);
  if (delta === null) return `Not compared: ${whyNotCompared(report, previous)}.`;
  const perDay = totalPercentPerDay(report);
  const part = isWholeMonth(report) && compared !== null && compared !== amount;
  const within = part ? ` in the ${figures.amount(compared, report.currency)} of it that can be compared` : "";
  const on = `on ${monthName(previous)}${within}`;
  return perDay === null ? on : `${on}; ${figures.percent(perDay)} per day, since the months differ in length`;
}

function whyNotCompared(report: Report, previous: string): string {
  const month = monthName(previous);
  const says = (reason: string) => report.not_compared.some((item) => item.reason === reason);
  const before = report.history.find((past) => past.month === previous);
  const isStated = report.totals[report.metric].amount !== null && before !== undefined && before.totals[report.metric] !== null;
  if (says("no_common_day")) {
    return `there is no day that the bills of both this month and ${month} cover in every source`;
  }
  if (says("read_once")) return "a month that is not whole is compared day by day, and these bills can be read but once";
  if (report.groups.length === 0) return `neither this month nor ${month} has an amount`;
  if (isStated && (says("absent_in_previous") || says("absent_in_current"))) {
    return `no source has a bill for both this month and ${month}`;
  }
  return `the bills do not state the ${report.metric} cost of both this month and ${month}`;
}

export function completeness(report: Report): string {
  const name = monthName(report.month);
  if (report.complete === "yes") return `${name} is complete in every source.`;
  if (report.complete === "no") return `${name} is not complete: the bills do not reach over all of its days.`;
  return `Whether ${name} is complete cannot be told: its charges are not daily.`;
}

/** Which days are compared with which; `null` where nothing is. */
export function basis(report: Report): string | null {
  const previous = report.previous_month;
  if (previous === null || total(report).delta === null) return null;
  const [now, before] = [monthName(report.month), monthName(previous)];
  if (isWholeMonth(report)) return `The whole of ${now} is compared with the whole of ${before}.`;
  const [from, to] = [dayOf(report.basis.from), dayOf(report.basis.to)];
  const days = from === to ? `Only day ${from}` : `Only days ${from} to ${to}`;
  return `${days} of ${now} and of ${before} are compared.`;
}

export const view = (report: Report): string =>
  report.view === "billing_month"
    ? "A charge counts for the month it is billed in."
    : "A charge counts for the month it starts in (UTC).";

export const allocatedBy = (report: Report): string =>
  report.policy === "built-in"
    ? "Allocated by the built-in policy, which reads tags such as squad and environment."
    : `Allocated by ${visible(report.policy)}.`;

export const STATES = ["unexplained", "explained", "planned"] as const;

/** How many changes lie beyond the threshold, by state. */
export function flagged(report: Report): string {
  if (report.previous_month === null) return "No changes: there is no earlier month.";
  if (report.changes.length === 0) {
    if (total(report).delta === null) return "No changes: nothing is compared.";
    return `Nothing changed by more than ${figures.THRESHOLD} %.`;
  }
  const counts = STATES.map((state) => ({ state, count: report.changes.filter((change) => change.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${figures.count(count)} ${state}`);
  const changes = figures.counted(report.changes.length, "change", "changes");
  return `${changes} of more than ${figures.THRESHOLD} %: ${counts.join(", ")}.`;
}

/** A change in percent, or its kind where there is nothing to divide by. */
export function percentOrKind(change: Change): string {
  if (change.percent !== null) return figures.percentText(change.percent);
  return change.kind === "rise" || change.kind === "fall" ? "from 0" : change.kind;
}

/** A sum's change in percent, or in words where there is nothing to divide by. */
export function percentOrNew({ percent, previous, delta }: Sum): string {
  if (percent === null && delta !== null && delta !== 0n) {
    if (previous === null) return "new";
    if (previous === 0n) return "from 0";
  }
  return figures.percent(percent);
}

/** What effective cost lies under a metric at higher prices, or why that cannot be said. */
export function saving(report: Report, against: "list" | "contracted"): string | null {
  const high = amountOrNull(report.totals[against].amount);
  if (high === null) return null;
  const saved = savings(report, against);
  if (saved === null) return `Savings against ${against} cost are not stated, since rows are missing.`;
  const size = saved < 0n ? -saved : saved;
  const text = figures.amount(size, report.currency);
  if (size === 0n || text.startsWith("<")) return null;
  const word = saved < 0n ? "Lost" : "Saved";
  return `${word} against ${against} cost: ${text} ${report.currency} (${figures.share(size, high)}).`;
}

export function belowFloor({ below_floor: small, currency }: Report): string | null {
  if (small.count === 0) return null;
  const changes = figures.counted(small.count, "smaller change", "smaller changes");
  return `${changes} below the policy's floor, ${figures.amount(amountOf(small.amount), currency)} ${currency} together.`;
}

const NOT_COMPARED: Record<Report["not_compared"][number]["reason"], string> = {
  absent_in_previous: "this source has no bill for the month before",
  absent_in_current: "this source has no bill for the month reported",
  not_daily: "spans more than a day, and only some days are compared",
  no_common_day: "the bills of the two months have no day in common",
  read_once: "single days need a second reading",
  other_month: "of days of another month, and only some days are compared",
};

export const notComparedReason = (item: Report["not_compared"][number]): string => NOT_COMPARED[item.reason];

/** The files in one sentence. */
export function files(verdict: Verdict): string {
  const rows = verdict.files.reduce((all, file) => all + file.rows, 0);
  const refused = verdict.refused_count === 0 ? "none refused" : `${figures.count(verdict.refused_count)} refused`;
  return `${figures.counted(verdict.files.length, "file", "files")}, ${figures.counted(rows, "row", "rows")}, ${refused}.`;
}

/** What stands against the figures, worst first; empty when nothing does. */
export function cautions(report: Report): string[] {
  const { verdict, complete, metric } = report;
  const found: string[] = [];
  if (METRICS.some((name) => !ties(report, name))) found.push("the sums do not tie: see the conservation lines");
  if (verdict.refused_count > 0) found.push(`${figures.counted(verdict.refused_count, "row", "rows")} could not be read`);
  if (complete === "no") found.push("the month is not complete");
  if (complete === "unknown") found.push("whether the month is complete cannot be told");
  const missing = report.totals[metric].missing_rows;
  if (missing > 0) found.push(`${figures.counted(missing, "row states", "rows state")} no ${metric} cost`);
  const overlaps = verdict.overlaps.length;
  if (overlaps > 0) found.push(`${figures.counted(overlaps, "overlap", "overlaps")} between files`);
  const open = monthVerdicts(verdict).filter((month) => month.month === report.month && month.final === "no").length;
  if (open > 0) found.push(`${figures.counted(open, "bill is", "bills are")} not fully invoiced and may change`);
  const apart = report.not_compared.length;
  if (apart > 0) found.push(`${figures.counted(apart, "amount is", "amounts are")} not compared`);
  if (report.month > report.as_of.slice(0, 7)) found.push(`the month lies after ${report.as_of}, the day of asking`);
  const warned = warnings(verdict).length;
  if (warned > 0) found.push(figures.counted(warned, "warning", "warnings"));
  return found;
}

/** The warnings that the cautions do not name already. */
export const warnings = (verdict: Verdict): Verdict["warnings"] =>
  verdict.warnings.filter((warning) => warning.code !== "refused_rows");

const monthVerdicts = (verdict: Verdict): MonthVerdict[] =>
  verdict.files.flatMap((file) => file.sources).flatMap((source) => source.months);

/** Whether a metric's input equals what was allocated and what was not, or no row states the metric. */
export function ties(report: Report, metric: Metric): boolean {
  const { input, allocated, unallocated, difference } = report.conservation[metric];
  if (input === null && allocated === null && unallocated === null) return true;
  if (input === null || allocated === null || unallocated === null) return false;
  return amountOf(allocated) + amountOf(unallocated) === amountOf(input) && difference === "0";
}

export const conservationVerdict = (report: Report): string =>
  METRICS.every((metric) => ties(report, metric))
    ? "The difference is 0 in every metric that is stated."
    : "The sums do not tie. Do not use these figures.";

/** How much of a month a file holds, over which days, and whether it is invoiced. */
export function coverage(verdict: MonthVerdict): { held: string; days: string; invoiced: string } {
  const held = { yes: "whole", no: "partial", unknown: "unknown" }[verdict.complete];
  const invoiced = { yes: "all rows", no: "not all", unknown: "not stated" }[verdict.final];
  const day = (date: string) => (date.startsWith(verdict.month) ? String(dayOf(date)) : date);
  const { first_day: first, last_day: last } = verdict;
  const bounds = [first, last].filter((date) => date !== null).map(day);
  const days = bounds.length === 0 ? "no daily charges" : [...new Set(bounds)].join(" to ");
  return { held, days, invoiced };
}

const OVERLAPS: Record<Verdict["overlaps"][number]["action"], string> = {
  skipped: "the second file was left out",
  kept_newest: "the second's rows of that month were left out, as the newest stands",
  summed: "all rows of both were counted",
  refused: "drop one of them, or keep the newest",
};

export const overlapAction = (overlap: Verdict["overlaps"][number]): string => OVERLAPS[overlap.action];
