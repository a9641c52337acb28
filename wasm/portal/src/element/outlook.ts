// Day by day: what was spent, and what is expected with the range it lies in four times in five.

import uPlot from "uplot";

import { amountOf, drawn } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { about, between, dayName, type Outlook } from "../forecast/words.js";
import { h, type Child } from "./dom.js";

/** Height of the chart, in CSS pixels. */
const HEIGHT = 240;

/** Days of the past that are drawn: enough to see a season, few enough to see a day. */
const PAST = 62;

/** The chart of one scope's days; the table of months has what is to be read and heard. */
export function days({ days }: Outlook, currency: string): Child {
  const ahead = days.forecast;
  const [first, last] = [ahead[0], ahead.at(-1)];
  if (!first || !last) return null;
  const past = days.history.slice(-PAST);
  const colours = { main: h("i", { class: "swatch main" }), line: h("i", { class: "swatch line" }), range: h("i", { class: "swatch earlier" }) };
  const key = h(
    "p",
    { class: "key", "aria-hidden": "true" },
    h("span", null, colours.main, "spent"),
    h("span", null, colours.line, "expected"),
    h("span", null, colours.range, "80 % range"),
  );
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const label = `Line of the cost of ${past.length} days and of ${ahead.length} days expected, to ${dayName(last.date)}; the table below has the months.`;
  const place = h("div", { class: "chart", role: "img", "aria-label": label });
  const colourOf = (of: HTMLElement, property: "color" | "backgroundColor" | "outlineColor") => getComputedStyle(of)[property];
  const number = (text: string) => drawn(amountOf(text));
  const none = <T>(rows: readonly T[]) => rows.map(() => null);
  const dates = [...past, ...ahead].map(({ date }) => Date.parse(date) / 1000);
  const data: uPlot.AlignedData = [
    dates,
    [...past.map(({ value }) => number(value)), ...none(ahead)],
    [...none(past), ...ahead.map(({ hi80 }) => number(hi80))],
    [...none(past), ...ahead.map(({ lo80 }) => number(lo80))],
    // Last, so that it is drawn over its range.
    [...none(past), ...ahead.map(({ mean }) => number(mean))],
  ];
  const tell = (at: number | null) => {
    const step = at === null ? first : ahead[at - past.length];
    const was = at === null ? undefined : past[at];
    if (step) readout.replaceChildren(h("b", null, dayName(step.date)), ` expected ${about(amountOf(step.mean), currency)}, ${between(step.lo80, step.hi80, currency)} ${currency}`);
    else if (was) readout.replaceChildren(h("b", null, dayName(was.date)), ` ${figures.amount(amountOf(was.value), currency)} ${currency}${was.filled ? ", filled in" : ""}`);
  };
  const quiet = () => colourOf(place, "color");
  const axis = (): uPlot.Axis => ({ stroke: quiet, font: `12px ${getComputedStyle(place).fontFamily}`, ticks: { show: false } });
  const edge: uPlot.Series = { stroke: "transparent", points: { show: false } };
  const options = (width: number): uPlot.Options => ({
    width,
    height: HEIGHT,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { y: { range: (_, low, high) => [Math.min(0, low), Math.max(high, 1) * 1.05] } },
    axes: [
      { ...axis(), size: 30, space: 70, grid: { show: false }, values: (_, splits) => splits.map((at) => dayName(new Date(at * 1000).toISOString().slice(0, 10)).replace(/^(\d+ \w{3})\w*.*/, "$1")) },
      { ...axis(), size: 52, space: 44, grid: { stroke: () => colourOf(place, "outlineColor"), width: 1 }, values: (_, splits) => splits.map(figures.short) },
    ],
    series: [
      {},
      { stroke: () => colourOf(colours.main, "backgroundColor"), width: 2, points: { show: false } },
      edge,
      edge,
      { stroke: () => colourOf(colours.line, "backgroundColor"), width: 2, points: { show: false } },
    ],
    bands: [{ series: [2, 3], fill: () => colourOf(colours.range, "backgroundColor") }],
    hooks: { setCursor: [(plot) => tell(plot.cursor.idx ?? null)] },
  });
  let plot: uPlot | null = null;
  new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width === 0) return;
    if (plot) plot.setSize({ width, height: HEIGHT });
    else plot = new uPlot(options(width), data, place);
  }).observe(place);
  colours.main.addEventListener("transitionend", () => plot?.redraw(true, true));
  tell(null);
  return [key, place, readout];
}
