// What a forecast of series says: which models made it, from what, and how it did on the past.

import type { Forecast } from "headroom-engine/documents";

import { amountOf } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { stampName } from "../report/calendar.js";
import { visible } from "../report/names.js";

export type Series = Forecast["series"][number];
export type Step = Series["forecast"][number];

/** Whether a document is a forecast of series. */
export const isOfSeries = (document: unknown): document is Forecast => (document as Forecast | null)?.schema === "headroom/forecast/1";

/** How many have a forecast. */
export function headline({ series }: Forecast): string {
  const made = series.filter(({ refused }) => refused === null).length;
  return `Forecasts of ${figures.count(made)} of ${figures.count(series.length)} series`;
}

/** How its points in time are called: midnight is an hour where there are hours. */
export function stamps({ history, forecast }: Pick<Series, "history" | "forecast">): (stamp: string) => string {
  const hasHours = [...history.slice(-2), ...forecast.slice(0, 2)].some(({ date }) => date.includes("T"));
  return (stamp) => (hasHours && !stamp.includes("T") ? `${stampName(stamp)}, 00:00` : stampName(stamp));
}

/** What it is made from. */
export function basis(series: Series): string | null {
  const { history, step } = series;
  const [first, last] = [history[0], history.at(-1)];
  if (!first || !last) return null;
  const name = stamps(series);
  return `${figures.counted(history.length, "value", "values")}, ${name(first.date)} to ${name(last.date)}, one each ${step ?? "step"}.`;
}

/** How it is made. */
export function method({ method, members, season }: Series): string | null {
  if (method === null) return null;
  if (method === "naive") return "The last season again.";
  const models = members.map(({ model }) => model.replaceAll("_", " ")).join(", ");
  const periods = season?.periods.join(" and ");
  return `Combined from ${models}; ${periods === undefined ? "no season showed" : `a season of ${periods} steps`}.`;
}

/** Why there is none. */
export const refusal = ({ refused }: Series): string | null =>
  refused && `No forecast: ${visible(refused.reason)}. To get one, ${visible(refused.hint)}.`;

export const figure = (text: string | null | undefined): string => (text === null || text === undefined ? figures.ABSENT : figures.figure(text));

export const between = (low: string, high: string): string => `${figures.figure(low)} to ${figures.figure(high)}`;

export const percent = (text: string | null | undefined): string =>
  text === null || text === undefined ? figures.ABSENT : figures.proportion(amountOf(text));
