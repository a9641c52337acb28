// What a forecast says, in sentences: how much, how sure, and how it did on the past.

import type { CostForecast } from "headroom-engine/documents";

import { amountOf, drawn, sum, type Amount } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { dayName, monthName } from "../report/calendar.js";
import { keyNames } from "../report/names.js";

export type Outlook = CostForecast["scopes"][number];
export type MonthAhead = Outlook["months"][number];

/** Forecasts in one document: one a currency. Anything else is refused. */
export function forecastsOf(document: unknown): readonly CostForecast[] {
  const all = Array.isArray(document) ? document : [document];
  if (all.length === 0 || all.some((one) => one?.schema !== "headroom/cost-forecast/1")) {
    throw new TypeError("this is no forecast: its `schema` is neither `headroom/cost-forecast/1` nor `headroom/forecast/1`");
  }
  return all as CostForecast[];
}

/** An amount without the digits that nobody can foresee. */
export function about(value: Amount, currency: string): string {
  const size = drawn(value);
  return Math.abs(size) < 1000 ? figures.amount(value, currency) : figures.count(Math.round(size));
}

const aboutText = (text: string, currency: string): string => about(amountOf(text), currency);

export const between = (low: string, high: string, currency: string): string => `${aboutText(low, currency)} to ${aboutText(high, currency)}`;

export const expected = (month: MonthAhead, currency: string): string => aboutText(month.expected, currency);

/** What was spent of a month so far. */
export const spent = ({ spent }: MonthAhead, currency: string): string => (spent === null ? figures.ABSENT : aboutText(spent, currency));

export const total = ({ scopes }: CostForecast): Outlook | undefined => scopes.find(({ scope }) => scope.level === "total");

/** The months after the one that is under way, together. */
export function after({ months }: Outlook, currency: string): string {
  const together = sum(months.slice(1).map((month) => amountOf(month.expected)));
  return together === null ? figures.ABSENT : about(together, currency);
}

/** The one that is expected to cost more comes first. */
export function bySize(a: Outlook, b: Outlook): number {
  const size = ({ months }: Outlook) => amountOf(months[0]?.expected ?? "0");
  return size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0;
}

/** The month under way in one sentence, below its amount. */
export function range(month: MonthAhead, currency: string): string {
  return `Four times in five it is ${between(month.lo80, month.hi80, currency)}, nineteen times in twenty ${between(month.lo95, month.hi95, currency)}.`;
}

export function basis({ from, to, as_of, metric }: CostForecast): string {
  return `From the ${metric} cost of the days ${dayName(from)} to ${dayName(to)}, the last that every source covers. As of ${dayName(as_of)}.`;
}

/** How the same method did when it was tried on the past; `null` where there was too little of it. */
export function trial({ backtest, confidence }: Pick<Outlook["days"], "backtest" | "confidence">): string | null {
  if (backtest === null) return null;
  const missed = [percent(backtest.wape), percent(backtest.naive.wape)];
  const miss = missed[0] ? `it missed by ${missed[0]}${missed[1] ? `, where repeating the last season missed by ${missed[1]}` : ""}` : null;
  const [held, wide] = [percent(backtest.coverage80), percent(backtest.coverage95)];
  const inside = held ? `${held} of what came lay in the range of 80 %${wide ? `, ${wide} in that of 95 %` : ""}` : null;
  const told = [miss, inside].filter((part) => part !== null).join("; ");
  const trust = confidence === null ? "" : ` Confidence: ${confidence}.`;
  return told === "" ? null : `Tried from ${figures.counted(backtest.origins, "point", "points")} of the past, ${told}.${trust}`;
}

type Sum = Pick<MonthAhead, "backtest" | "confidence">;

/** What forecasts of such a sum missed before. Documents of earlier versions do not say. */
export const missed = ({ backtest }: Partial<Sum>): string => percent(backtest?.wape ?? null) ?? figures.ABSENT;

/** How far it can be trusted, by that. */
export const trust = ({ confidence }: Partial<Sum>): string => confidence ?? figures.ABSENT;

/** Scopes whose month is likely to end more than a fifth above the last. */
export function warnings(forecast: CostForecast): string[] {
  return forecast.scopes.flatMap(({ scope, early_warning: warning }) => {
    if (!warning?.warns) return [];
    const name = scope.level === "total" ? "Everything" : keyNames(scope.key).join(" / ");
    const chance = percent(warning.probability);
    return [`${name}: ${monthName(warning.month)} is likely (${chance}) to end more than 20 % above ${monthName(warning.previous_month)}.`];
  });
}

/** A part of a whole in percent. */
export const part = (text: string | null): string => percent(text) ?? figures.ABSENT;

/** Why a figure is missing. */
export const reason = ({ reason, hint }: { reason: string; hint: string }): string => `${reason}: ${hint}.`;

const percent = (text: string | null): string | null => (text === null ? null : figures.proportion(amountOf(text)));
