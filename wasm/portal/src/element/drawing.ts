// A drawing that keeps to its place: made once there is room, and anew whenever that or the theme changes.

import uPlot from "uplot";

import * as figures from "../figures/text.js";
import { dayName } from "../forecast/words.js";
import { h } from "./dom.js";

/** Height of a drawing, in CSS pixels. */
const HEIGHT = 240;

export type Colours = Readonly<Record<"main" | "line" | "range", HTMLElement>>;

/** Swatches of a key, whose colours are those of the drawing. */
export const swatches = (): Colours => ({
  main: h("i", { class: "swatch main" }),
  line: h("i", { class: "swatch line" }),
  range: h("i", { class: "swatch earlier" }),
});

/** A key: each swatch and what it stands for. */
export const keyOf = (told: readonly (readonly [HTMLElement, string])[]): HTMLElement =>
  h("p", { class: "key", "aria-hidden": "true" }, told.map(([swatch, text]) => h("span", null, swatch, text)));

const colourOf = (of: HTMLElement, property: "color" | "backgroundColor" | "outlineColor") => getComputedStyle(of)[property];

/** A line in the colour of a swatch. */
export const line = (swatch: HTMLElement, more: uPlot.Series = {}): uPlot.Series => ({
  stroke: () => colourOf(swatch, "backgroundColor"), width: 2, points: { show: false }, ...more,
});

/** The edge of a band: seen by what it fills. */
export const edge = (): uPlot.Series => ({ stroke: "transparent", points: { show: false } });

/** A band between two series, in the colour of a swatch. */
export const band = (series: [number, number], swatch: HTMLElement): uPlot.Band => ({ series, fill: () => colourOf(swatch, "backgroundColor") });

/** Draws series over days into a place; `tell` hears of the position under the pointer. */
export function drawDays(
  place: HTMLElement, colours: Colours, data: uPlot.AlignedData, series: uPlot.Series[], bands: uPlot.Band[], tell: (at: number | null) => void,
): void {
  const quiet = () => colourOf(place, "color");
  const axis = (): uPlot.Axis => ({ stroke: quiet, font: `12px ${getComputedStyle(place).fontFamily}`, ticks: { show: false } });
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
    series: [{}, ...series],
    bands,
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
}
