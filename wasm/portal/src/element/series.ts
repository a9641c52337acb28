// Forecasts of series: all of them in a table, and of one its chart, its steps and how it did on the past.

import type { Forecast } from "headroom-engine/documents";

import * as figures from "../figures/text.js";
import { record } from "../forecast/releases.js";
import * as words from "../forecast/series.js";
import { trial } from "../forecast/words.js";
import { visible } from "../report/names.js";
import { h, icon, section, unique, type Child } from "./dom.js";
import { effects } from "./effects.js";
import { steps } from "./outlook.js";
import { folded, table, type Column } from "./table.js";

/** Rows of a table that are shown at once. */
const SHOWN = 8;

/** Series listed at once. */
const LISTED = 20;

/** The page of a document; `chosen` is the name of the series that is shown, and hears of another. */
export function seriesPage(forecasts: Forecast, chosen: { name: string | null }): HTMLElement {
  const { series, warnings = [] } = forecasts;
  const said = record(forecasts.record);
  return h(
    "article",
    { class: "report" },
    h(
      "header",
      { class: "headline" },
      h("h2", null, words.headline(forecasts)),
      said && h("p", null, said),
      warnings.map((warning) => h("p", { class: "trust care" }, icon("care"), h("span", null, visible(warning)))),
      h("p", { class: "quiet" }, "Each is tried on its own past: what it missed there stands beside what repeating the last season would have."),
    ),
    series.length > 1 && section("All series", "owners", overview(series)),
    series.length > 0 && one(series, chosen),
  );
}

function overview(series: readonly words.Series[]): Child {
  const hasReleases = series.some(({ releases }) => releases);
  const columns: Column<words.Series>[] = [
    { title: "Series", names: true, cell: ({ name }) => visible(name) },
    { title: "Last", figure: true, cell: ({ history }) => words.figure(history.at(-1)?.value) },
    { title: "Next", figure: true, cell: ({ forecast }) => words.figure(forecast[0]?.mean) },
    { title: "At the end", figure: true, cell: ({ forecast }) => words.figure(forecast.at(-1)?.mean) },
    ...(hasReleases ? [{ title: "Without releases", figure: true, cell: ({ releases }: words.Series) => words.figure(releases?.without.at(-1)?.mean) }] : []),
    { title: "80 %", figure: true, cell: ({ forecast }) => range(forecast.at(-1)) },
    { title: "Missed by", figure: true, cell: ({ backtest }) => words.percent(backtest?.wape) },
    { title: "Naive", figure: true, cell: ({ backtest }) => words.percent(backtest?.naive.wape) },
    { title: "Confidence", cell: ({ confidence, refused }) => (refused ? `no forecast: ${visible(refused.reason)}` : (confidence ?? figures.ABSENT)) },
  ];
  return folded("All series: what is expected, and what was missed on the past", columns, series, LISTED, (more) => `${figures.count(more)} more`);
}

const range = (step: words.Step | undefined): string => (step ? words.between(step.lo80, step.hi80) : figures.ABSENT);

/** One series, and a way to another where there are several. */
function one(series: readonly words.Series[], chosen: { name: string | null }): HTMLElement {
  const find = () => series.find(({ name }) => name === chosen.name) ?? series.find(({ refused }) => refused === null) ?? series[0];
  const place = h("div");
  const show = () => {
    const found = find();
    if (found) place.replaceChildren(h("div", null, details(found)));
  };
  const id = unique("series");
  const options = series.map(({ name }, at) => {
    const option = h("option", { value: at }, visible(name));
    option.selected = name === find()?.name;
    return option;
  });
  const choose = (event: Event) => {
    chosen.name = series[Number((event.target as HTMLSelectElement).value)]?.name ?? null;
    show();
  };
  show();
  const title = series.length > 1 ? "One series" : visible(series[0]?.name ?? "");
  const chooser = series.length > 1 && h("p", { class: "chooser" }, h("label", { for: id }, "Series"), h("select", { id, onchange: choose }, options));
  return section(title, "trend", chooser, place);
}

function details(series: words.Series): Child {
  const refusal = words.refusal(series);
  const made = words.basis(series);
  const sentences = [words.method(series), trial(series)].filter((sentence) => sentence !== null);
  return [
    made && h("p", { class: "quiet" }, made),
    refusal && h("p", { class: "trust care" }, icon("care"), h("span", null, refusal)),
    sentences.map((sentence) => h("p", null, sentence)),
    series.notes.map((note) => h("p", { class: "quiet" }, `Note: ${visible(note)}.`)),
    steps(series),
    ahead(series),
    series.releases && effects(series.releases, words.stamps(series)),
    backtest(series),
  ];
}

function ahead(series: words.Series): Child {
  const { forecast, releases } = series;
  const name = words.stamps(series);
  if (forecast.length === 0) return null;
  const rows = forecast.map((step, at) => ({ ...step, without: releases?.without[at]?.mean }));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "Date", names: "time", cell: ({ date }) => name(date) },
    { title: "Expected", figure: true, cell: ({ mean }) => words.figure(mean) },
    ...(releases ? [{ title: "Without releases", figure: true, cell: ({ without }: (typeof rows)[number]) => words.figure(without) }] : []),
    { title: "80 %", figure: true, cell: ({ lo80, hi80 }) => words.between(lo80, hi80) },
    { title: "95 %", figure: true, cell: ({ lo95, hi95 }) => words.between(lo95, hi95) },
  ];
  return folded(`Steps ahead of ${visible(series.name)}`, columns, rows, SHOWN, (more) => `${figures.counted(more, "later step", "later steps")}`);
}

/** The same errors of the forecast and of the naive one. */
function backtest({ backtest }: words.Series): Child {
  if (!backtest) return null;
  const { naive, coverage80, coverage95 } = backtest;
  const rows = [
    { name: "This forecast", errors: backtest, inside: [coverage80, coverage95] },
    { name: "The last season again", errors: naive, inside: [null, null] },
  ];
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "Tried on the past", names: true, cell: ({ name }) => name },
    { title: "Missed by (WAPE)", figure: true, cell: ({ errors }) => words.percent(errors.wape) },
    { title: "Symmetric (sMAPE)", figure: true, cell: ({ errors }) => words.percent(errors.smape) },
    { title: "Scaled (MASE)", figure: true, cell: ({ errors }) => words.figure(errors.mase) },
    { title: "Within 80 %", figure: true, cell: ({ inside }) => words.percent(inside[0]) },
    { title: "Within 95 %", figure: true, cell: ({ inside }) => words.percent(inside[1]) },
  ];
  return [h("h4", null, "How it did on the past"), table(`Errors from ${figures.counted(backtest.origins, "point", "points")} of the past`, columns, rows)];
}
