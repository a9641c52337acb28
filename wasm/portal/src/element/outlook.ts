// Day by day: what was spent, and what is expected with the range it lies in four times in five.

import { amountOf, drawn } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { about, between, dayName, type Outlook } from "../forecast/words.js";
import { h, type Child } from "./dom.js";
import { band, drawDays, edge, keyOf, line, swatches } from "./drawing.js";

/** Days of the past that are drawn: enough to see a season, few enough to see a day. */
const PAST = 62;

/** The chart of one scope's days; the table of months has what is to be read and heard. */
export function days({ days }: Outlook, currency: string): Child {
  const ahead = days.forecast;
  const [first, last] = [ahead[0], ahead.at(-1)];
  if (!first || !last) return null;
  const past = days.history.slice(-PAST);
  const colours = swatches();
  const key = keyOf([[colours.main, "spent"], [colours.line, "expected"], [colours.range, "80 % range"]]);
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const label = `Line of the cost of ${past.length} days and of ${ahead.length} days expected, to ${dayName(last.date)}; the table below has the months.`;
  const place = h("div", { class: "chart", role: "img", "aria-label": label });
  const number = (text: string) => drawn(amountOf(text));
  const none = <T>(rows: readonly T[]) => rows.map(() => null);
  const tell = (at: number | null) => {
    const step = at === null ? first : ahead[at - past.length];
    const was = at === null ? undefined : past[at];
    if (step) readout.replaceChildren(h("b", null, dayName(step.date)), ` expected ${about(amountOf(step.mean), currency)}, ${between(step.lo80, step.hi80, currency)} ${currency}`);
    else if (was) readout.replaceChildren(h("b", null, dayName(was.date)), ` ${figures.amount(amountOf(was.value), currency)} ${currency}${was.filled ? ", filled in" : ""}`);
  };
  drawDays(
    place,
    colours,
    [
      [...past, ...ahead].map(({ date }) => Date.parse(date) / 1000),
      [...past.map(({ value }) => number(value)), ...none(ahead)],
      [...none(past), ...ahead.map(({ hi80 }) => number(hi80))],
      [...none(past), ...ahead.map(({ lo80 }) => number(lo80))],
      // Last, so that it is drawn over its range.
      [...none(past), ...ahead.map(({ mean }) => number(mean))],
    ],
    [line(colours.main), edge(), edge(), line(colours.line)],
    [band([2, 3], colours.range)],
    tell,
  );
  return [key, place, readout];
}
