// What was, and what is expected with the range it lies in four times in five: of days of cost, or of any series.

import { amountOf, drawn } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { between as ofFigures, stamps as named, type Series } from "../forecast/series.js";
import { about, between, type Outlook } from "../forecast/words.js";
import { dayName } from "../report/calendar.js";
import { visible } from "../report/names.js";
import { h, type Child } from "./dom.js";
import { band, draw, edge, keyOf, line, swatches } from "./drawing.js";

/** Values of the past that are drawn: enough to see a season, few enough to see each. */
const PAST = 62;

/** How a chart is told of. */
interface Told {
  /** What was, in the key. */
  readonly was: string;
  readonly label: (past: number, ahead: number, to: string) => string;
  readonly name: (stamp: string) => string;
  /** A value that was. */
  readonly value: (text: string) => string;
  /** A step, without its name. */
  readonly step: (step: Series["forecast"][number]) => string;
  readonly isFromZero: boolean;
}

/** The chart of one scope's days; the table of months has what is to be read and heard. */
export const days = ({ days }: Outlook, currency: string): Child =>
  course(days, PAST, {
    was: "spent",
    label: (past, ahead, to) => `Line of the cost of ${past} days and of ${ahead} days expected, to ${to}; the table below has the months.`,
    name: dayName,
    value: (text) => `${figures.amount(amountOf(text), currency)} ${currency}`,
    step: ({ mean, lo80, hi80 }) => `expected ${about(amountOf(mean), currency)}, ${between(lo80, hi80, currency)} ${currency}`,
    isFromZero: true,
  });

/** The chart of one series; the table of its steps has what is to be read and heard. */
export const steps = (series: Series): Child =>
  course(series, Math.max(PAST, 2 * series.forecast.length), {
    was: "was",
    label: (past, ahead, to) => `Line of ${past} values of ${visible(series.name)} and of ${ahead} expected, to ${to}; the table below has every step.`,
    name: named(series),
    value: figures.figure,
    step: ({ mean, lo80, hi80 }) => `expected ${figures.figure(mean)}, ${ofFigures(lo80, hi80)}`,
    isFromZero: false,
  });

function course({ history, forecast: ahead, releases }: Pick<Series, "history" | "forecast" | "releases">, most: number, told: Told): Child {
  const [first, last] = [ahead[0], ahead.at(-1)];
  if (!first || !last) return null;
  const past = history.slice(-most);
  const colours = swatches();
  const key = keyOf([
    [colours.main, told.was], [colours.line, "expected"], [colours.range, "80 % range"],
    ...(releases ? [[colours.other, "without releases"] as const] : []),
  ]);
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const place = h("div", { class: "chart", role: "img", "aria-label": told.label(past.length, ahead.length, told.name(last.date)) });
  const number = (text: string) => drawn(amountOf(text));
  const none = <T>(rows: readonly T[]) => rows.map(() => null);
  const tell = (at: number | null) => {
    const was = at === null ? undefined : past[at];
    const step = at === null ? first : ahead[at - past.length];
    if (step) readout.replaceChildren(h("b", null, told.name(step.date)), ` ${told.step(step)}`);
    else if (was) readout.replaceChildren(h("b", null, told.name(was.date)), ` ${told.value(was.value)}${was.filled ? ", filled in" : ""}`);
  };
  const stamps = [...past, ...ahead].map(({ date }) => date);
  // A series may count its values by plain numbers; years are such.
  const isTime = stamps.every((stamp) => stamp.includes("-", 1));
  draw(
    place,
    colours,
    { isTime, isFromZero: told.isFromZero },
    [
      stamps.map((stamp) => (isTime ? Date.parse(stamp) / 1000 : Number(stamp))),
      [...past.map(({ value }) => number(value)), ...none(ahead)],
      [...none(past), ...ahead.map(({ hi80 }) => number(hi80))],
      [...none(past), ...ahead.map(({ lo80 }) => number(lo80))],
      [...none(past), ...(releases ? releases.without.map(({ mean }) => number(mean)) : none(ahead))],
      // Last, so that it is drawn over its range.
      [...none(past), ...ahead.map(({ mean }) => number(mean))],
    ],
    [line(colours.main), edge(), edge(), line(colours.other, { dash: [4, 4] }), line(colours.line)],
    [band([2, 3], colours.range)],
    tell,
  );
  return [key, place, readout];
}
