// Month by month: a chart to see, and the same figures as a table to read and to hear.

import uPlot from "uplot";

import { amountOrNull, drawn } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { monthName, monthShort } from "../report/calendar.js";
import { METRICS, type Metric, type Report } from "../report/document.js";
import { h, section, type Child } from "./dom.js";
import { fromZero, HEIGHT, keep } from "./drawing.js";
import { table } from "./table.js";

/** Pixels that a month takes before its amount is written in its bar. */
const ROOM = 44;

/** Height of a bar that an amount fits in. */
const INSIDE = 26;

export function trend(report: Report): Child {
  const { history, currency, metric } = report;
  if (history.length < 2) return null;
  const amounts = table(
    `Cost by month, in ${currency}`,
    [
      { title: "Month", names: "time", cell: ({ month }) => monthName(month) },
      { title: "Whole", cell: ({ complete }) => complete },
      ...METRICS.map((name) => ({
        title: name,
        figure: true,
        cell: ({ totals }: Report["history"][number]) => figures.amount(amountOrNull(totals[name]), currency),
      })),
    ],
    history,
  );
  const other: Metric = metric === "billed" ? "effective" : "billed";
  const isPartly = history.some(({ complete }) => complete === "no");
  const colours = {
    main: h("i", { class: "swatch main" }),
    quiet: h("i", { class: "swatch earlier" }),
    line: h("i", { class: "swatch line" }),
  };
  const key = h(
    "p",
    { class: "key", "aria-hidden": "true" },
    h("span", null, colours.main, `${metric}, ${monthName(report.month)}`),
    h("span", null, colours.quiet, metric),
    h("span", null, colours.line, other),
    isPartly && h("span", null, h("i", { class: "swatch open" }), "not complete"),
  );
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const label = `Bars of the ${metric} cost of ${history.length} months, ${monthName(history[0]?.month ?? report.month)} to ${monthName(history.at(-1)?.month ?? report.month)}; the table below has every figure.`;
  const place = h("div", { class: "chart", role: "img", "aria-label": label });
  const chart = new Chart(report, other, place, readout, colours);
  keep(place, colours.main, (width) => chart.draw(width));
  return section(
    "Month by month",
    "trend",
    key,
    place,
    readout,
    h("details", null, h("summary", null, "The same as a table"), amounts),
  );
}

type Colours = Readonly<Record<"main" | "quiet" | "line", HTMLElement>>;

/** The drawing. Colours are those of the key beside it, so that a theme changes both. */
class Chart {
  constructor(
    private readonly report: Report,
    private readonly other: Metric,
    private readonly place: HTMLElement,
    private readonly readout: HTMLElement,
    private readonly colours: Colours,
  ) {}

  draw(width: number): uPlot {
    const { history, metric } = this.report;
    const values = (name: Metric) => history.map(({ totals }) => heightOf(totals[name]));
    const data: uPlot.AlignedData = [history.map((_, at) => at), values(metric), values(this.other)];
    this.#tell(null);
    return new uPlot(this.#options(width), data, this.place);
  }

  #options(width: number): uPlot.Options {
    const { history } = this.report;
    const quiet = () => this.#colour("color", this.place);
    const grid = () => this.#colour("outlineColor", this.place);
    const font = `12px ${getComputedStyle(this.place).fontFamily}`;
    const bars = uPlot.paths.bars?.({ size: [0.62, 56], radius: 0.12, disp: this.#bars() });
    return {
      width,
      height: HEIGHT,
      padding: [12, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: [-0.6, history.length - 0.4] },
        y: { range: (_, low, high) => fromZero(low, high) },
      },
      axes: [
        {
          stroke: quiet, font, size: 30, grid: { show: false }, ticks: { show: false },
          splits: () => everyOther(history.length, width),
          values: (_, splits) => splits.map((at) => monthShort(history[at]?.month ?? "")),
        },
        {
          stroke: quiet, font, size: 52, space: 44, grid: { stroke: grid, width: 1 }, ticks: { show: false },
          values: (_, splits, _axis, _space, step) => splits.map((at) => figures.short(at, step)),
        },
      ],
      series: [
        {},
        { ...(bars ? { paths: bars } : {}), points: { show: false }, stroke: () => this.#fill("main") },
        {
          stroke: () => this.#fill("line"), width: 2, spanGaps: false,
          points: { show: true, size: 7, width: 2, stroke: () => this.#fill("line"), fill: () => this.#colour("backgroundColor", this.place) },
        },
      ],
      hooks: { draw: [(plot) => this.#amounts(plot)], setCursor: [(plot) => this.#tell(plot.cursor.idx ?? null)] },
    };
  }

  /** The month reported stands out; a month that is not complete is hollow. */
  #bars(): uPlot.Series.BarsPathBuilderDisplay {
    const { history, month } = this.report;
    const colour = (past: Report["history"][number]) => this.#fill(past.month === month ? "main" : "quiet");
    return {
      fill: { unit: 3, values: () => history.map((past) => (past.complete === "no" ? "transparent" : colour(past))) },
      stroke: { unit: 3, values: () => history.map(colour) },
    };
  }

  /** The amount at the foot of each bar, or above one that is too low, where months are not too close. */
  #amounts(plot: uPlot): void {
    const { history, metric, month } = this.report;
    const ratio = devicePixelRatio;
    if (plot.bbox.width / history.length < ROOM * ratio) return;
    const { ctx } = plot;
    const family = getComputedStyle(this.place).fontFamily;
    const foot = plot.valToPos(0, "y", true);
    ctx.save();
    ctx.textAlign = "center";
    ctx.textBaseline = "bottom";
    history.forEach((past, at) => {
      const value = heightOf(past.totals[metric]);
      if (value === null) return;
      const top = plot.valToPos(value, "y", true);
      const isInside = foot - top > INSIDE * ratio;
      const isMain = past.month === month;
      const isFilled = isInside && past.complete !== "no";
      ctx.font = `${isMain ? "600 " : ""}${12 * ratio}px ${family}`;
      ctx.fillStyle = this.#colour("color", isFilled ? this.colours[isMain ? "main" : "quiet"] : this.readout);
      ctx.fillText(figures.short(value), plot.valToPos(at, "x", true), (isInside ? foot : Math.min(foot, top)) - 6 * ratio);
    });
    ctx.restore();
  }

  /** The exact figures of the month under the pointer, or of the month reported. */
  #tell(at: number | null): void {
    const { history, month, metric, currency } = this.report;
    const past = (at === null ? undefined : history[at]) ?? history.find((one) => one.month === month);
    if (!past) return;
    const told = (name: Metric) => `${name} ${figures.amount(amountOrNull(past.totals[name]), currency)}`;
    const open = past.complete === "no" ? ", not complete" : "";
    this.readout.replaceChildren(h("b", null, monthName(past.month)), ` ${told(metric)}, ${told(this.other)} ${currency}${open}`);
  }

  #fill = (of: keyof Colours): string => this.#colour("backgroundColor", this.colours[of]);

  #colour = (property: "color" | "backgroundColor" | "outlineColor", of: HTMLElement): string => getComputedStyle(of)[property];
}

const heightOf = (amount: string | null): number | null => {
  const exact = amountOrNull(amount);
  return exact === null ? null : drawn(exact);
};

/** Positions of the months that have room for their name. */
function everyOther(count: number, width: number): number[] {
  const step = Math.max(1, Math.ceil((count * 40) / Math.max(width - 60, 1)));
  return Array.from({ length: count }, (_, at) => at).filter((at) => (count - 1 - at) % step === 0);
}
