// A drawing that keeps to its place: made once there is room, and anew whenever that or the theme changes.

import uPlot from "uplot";

import * as figures from "../figures/text.js";
import { dayShort, monthShort } from "../report/calendar.js";
import { h } from "./dom.js";

/** Height of a drawing, in CSS pixels. */
export const HEIGHT = 240;

/** How a plot is made that is as wide as its place, and the plot while there is one. */
interface Kept {
  readonly make: (width: number) => uPlot;
  plot: uPlot | null;
}

/** Held by their places alone, so that a place that nobody has any more is let go of. */
const kept = new WeakMap<Element, Kept>();

/** Places that plots are kept in: one that leaves the page loses its plot, for uPlot remembers whatever was not destroyed. */
const places = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const keeps = kept.get(target);
    if (!keeps) continue;
    if (!target.isConnected) {
      keeps.plot?.destroy();
      keeps.plot = null;
    } else if (target.clientWidth > 0) {
      if (keeps.plot) keeps.plot.setSize({ width: target.clientWidth, height: HEIGHT });
      else keeps.plot = keeps.make(target.clientWidth);
    }
  }
});

/** Keeps a plot in a place: made once there is room, as wide as that is, drawn anew while a swatch changes its colour with the theme. */
export function keep(place: HTMLElement, swatch: HTMLElement, make: (width: number) => uPlot): void {
  kept.set(place, { make, plot: null });
  places.observe(place);
  swatch.addEventListener("transitionend", () => kept.get(place)?.plot?.redraw(true, true));
}

export type Colours = Readonly<Record<"main" | "line" | "range" | "other", HTMLElement>>;

/** Swatches of a key, whose colours are those of the drawing. */
export const swatches = (): Colours => ({
  main: h("i", { class: "swatch main" }),
  line: h("i", { class: "swatch line" }),
  range: h("i", { class: "swatch earlier" }),
  other: h("i", { class: "swatch other" }),
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

export interface Axes {
  /** Whether positions are seconds since 1970, and no plain numbers. */
  readonly isTime: boolean;
  /** Whether heights begin at zero, as amounts do that are compared by their height. */
  readonly isFromZero: boolean;
}

const DAY = 86_400;

/** What stands below positions: as precise as they lie apart. */
function names(splits: readonly number[], apart: number, isTime: boolean): string[] {
  if (!isTime) return splits.map((at) => (Number.isInteger(at) ? String(at) : ""));
  return splits.map((at) => {
    const moment = new Date(at * 1000).toISOString();
    if (apart >= 360 * DAY) return moment.slice(0, 4);
    if (apart >= 27 * DAY) return monthShort(moment.slice(0, 7));
    return at % DAY === 0 ? dayShort(moment.slice(0, 10)) : moment.slice(11, 16);
  });
}

/** From where to where heights go that are compared with zero. */
export const fromZero = (low: number, high: number): [number, number] => [Math.min(0, low), high > 0 ? high * 1.05 : low < 0 ? 0 : 1];

/** From where to where heights go. */
function heights(low: number, high: number, isFromZero: boolean): [number, number] {
  if (isFromZero) return fromZero(low, high);
  // What moves little beside its height would be a level line.
  const air = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low < high / 2 ? 0 : low - air, high <= 0 && high > low / 2 ? 0 : high + air];
}

/** Draws series over time into a place; `tell` hears of the position under the pointer. */
export function draw(
  place: HTMLElement, colours: Colours, { isTime, isFromZero }: Axes, data: uPlot.AlignedData, series: uPlot.Series[], bands: uPlot.Band[],
  tell: (at: number | null) => void,
): void {
  const quiet = () => colourOf(place, "color");
  const axis = (): uPlot.Axis => ({ stroke: quiet, font: `12px ${getComputedStyle(place).fontFamily}`, ticks: { show: false } });
  const options = (width: number): uPlot.Options => ({
    width,
    height: HEIGHT,
    padding: [12, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { x: { time: isTime }, y: { range: (_, low, high) => heights(low, high, isFromZero) } },
    axes: [
      { ...axis(), size: 30, space: 70, grid: { show: false }, values: (_, splits, _axis, _space, apart) => names(splits, apart, isTime) },
      { ...axis(), size: 52, space: 44, grid: { stroke: () => colourOf(place, "outlineColor"), width: 1 }, values: (_, splits, _axis, _space, step) => splits.map((at) => figures.short(at, step)) },
    ],
    series: [{}, ...series],
    bands,
    hooks: { setCursor: [(plot) => tell(plot.cursor.idx ?? null)] },
  });
  keep(place, colours.main, (width) => new uPlot(options(width), data, place));
  tell(null);
}
