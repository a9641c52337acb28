// What the report's groups add up to: the sums that a reader wants and that the document does not state, exact.

import { amountOf, amountOrNull, percentChange, sum, type Amount } from "../figures/amount.js";
import { THRESHOLD } from "../figures/text.js";
import { daysIn } from "./calendar.js";
import type { Group, Report } from "./document.js";

/** The cost of several groups together. `null` is what nothing states. */
export interface Sum {
  readonly amount: Amount | null;
  /** The part of it that is compared. */
  readonly compared: Amount | null;
  /** The month before, on the same basis. */
  readonly previous: Amount | null;
  readonly delta: Amount | null;
  readonly percent: Amount | null;
}

export function sumOf(groups: readonly Group[]): Sum {
  const amount = sum(groups.map((group) => amountOrNull(group.amount)));
  const compared = sum(groups.map((group) => amountOrNull(group.compared)));
  const previous = sum(groups.map((group) => amountOrNull(group.previous)));
  // What is stated in one of the months alone has no change: the other is unknown and not zero.
  const isCompared = groups.some((group) => group.delta !== null);
  const delta = isCompared ? (compared ?? 0n) - (previous ?? 0n) : null;
  const percent = delta === null || previous === null ? null : percentChange(delta, previous, THRESHOLD);
  return { amount, compared, previous, delta, percent };
}

/** The sum of all groups. With no month to compare with, it has an amount alone. */
export function total(report: Report): Sum {
  const all = sumOf(report.groups);
  if (report.previous_month !== null) return all;
  return { amount: all.amount, compared: null, previous: null, delta: null, percent: null };
}

/** Whether the days compared are all of the month's. */
export function isWholeMonth({ basis, month }: Report): boolean {
  return basis.from.endsWith("-01") && basis.to === `${month}-${daysIn(month)}`;
}

/** The total's change per day, where whole months of different length are compared. */
export function totalPercentPerDay(report: Report): Amount | null {
  const before = report.previous_month;
  if (before === null || !isWholeMonth(report) || daysIn(report.month) === daysIn(before)) return null;
  const { compared, previous } = total(report);
  if (compared === null || previous === null) return null;
  // Both sides times both numbers of days, so that nothing is rounded before the quotient.
  const now = compared * BigInt(daysIn(before));
  const then = previous * BigInt(daysIn(report.month));
  return percentChange(now - then, then, THRESHOLD);
}

/** Whether some part of the month takes no part in the comparison. */
export const isPartlyCompared = (report: Report): boolean =>
  report.previous_month !== null && report.groups.some((group) => group.compared !== group.amount);

/** Whether any amount has another to be compared with. */
export const isCompared = (report: Report): boolean =>
  report.groups.some((group) => group.previous !== null || group.delta !== null);

/** The first dimension that the report's owner leaves open and some group has a value of. */
export function leadingDimension(report: Report): string | null {
  if (report.dimensions.length < 2) return null;
  const open = report.dimensions.filter((name) => !(name in report.owner));
  const hasValues = (name: string) => report.groups.some(({ key }) => (key[name] ?? null) !== null);
  return open.find(hasValues) ?? open[0] ?? null;
}

/** The cost of everything that has one value in a dimension. */
export interface Part {
  readonly value: string | null;
  readonly sum: Sum;
}

const size = (amount: Amount | null): Amount => (amount === null ? -1n : amount < 0n ? -amount : amount);

const bySize = (a: Amount | null, b: Amount | null): number => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0);

/** The parts of a dimension, largest first, what nobody owns last. */
export function parts(report: Report, dimension: string): Part[] {
  const groups = new Map<string | null, Group[]>();
  for (const group of report.groups) {
    const value = group.key[dimension] ?? null;
    const same = groups.get(value);
    if (same) same.push(group);
    else groups.set(value, [group]);
  }
  const found = [...groups].map(([value, members]) => ({ value, sum: sumOf(members) }));
  return found.sort(
    (a, b) => Number(a.value === null) - Number(b.value === null) || bySize(a.sum.amount, b.sum.amount),
  );
}

/** The groups, largest first. */
export const largestGroups = (report: Report): Group[] =>
  [...report.groups].sort((a, b) => bySize(amountOrNull(a.amount), amountOrNull(b.amount)));

/** What was saved against a metric at higher prices; `null` unless every row states both. */
export function savings(report: Report, against: "list" | "contracted"): Amount | null {
  const [high, effective] = [report.totals[against], report.totals.effective];
  if (high.missing_rows > 0 || effective.missing_rows > 0) return null;
  if (high.amount === null || effective.amount === null) return null;
  return amountOf(high.amount) - amountOf(effective.amount);
}
