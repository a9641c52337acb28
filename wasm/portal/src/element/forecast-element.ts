// `<headroom-forecast>`: what the months ahead will cost or what series will be, with the record of the method that says so.

import chartStyles from "uplot/dist/uPlot.min.css";

import type { CostForecast, Forecast } from "headroom-engine/documents";

import * as figures from "../figures/text.js";
import { amountOf } from "../figures/amount.js";
import { record } from "../forecast/releases.js";
import { isOfSeries } from "../forecast/series.js";
import * as words from "../forecast/words.js";
import { monthName } from "../report/calendar.js";
import { keyNames, visible } from "../report/names.js";
import { DocumentElement } from "./document-element.js";
import { h, icon, section, sheet, type Child } from "./dom.js";
import { effects } from "./effects.js";
import { days } from "./outlook.js";
import reportStyles from "./report.css";
import scorecardStyles from "./scorecard.css";
import { seriesPage } from "./series.js";
import { folded, table, type Column } from "./table.js";
import themeStyles from "./theme.css";

const STYLES = [themeStyles, reportStyles, scorecardStyles, chartStyles].map(sheet);

/** Rows of a table that are shown at once. */
const SHOWN = 8;

type Shown = CostForecast | readonly CostForecast[] | Forecast;

/** Shows `.data`, a document `headroom/cost-forecast/1` or one for each currency, or a document `headroom/forecast/1`. */
export class HeadroomForecast extends DocumentElement {
  #data: Shown | null = null;
  /** The series that is shown; it stays when the same ones are forecast anew. */
  readonly #chosen: { name: string | null } = { name: null };

  constructor() {
    super(STYLES);
  }

  get data(): Shown | null {
    return this.#data;
  }

  set data(document: Shown | null) {
    const pages = document === null ? [] : this.#pages(document);
    this.#data = document;
    this.shadowRoot?.replaceChildren(...pages);
  }

  #pages(document: Shown): HTMLElement[] {
    return isOfSeries(document) ? [seriesPage(document, this.#chosen)] : words.forecastsOf(document).map((forecast, _, all) => page(forecast, all.length > 1));
  }
}

/** One forecast, in one currency, which its title names where there are several. */
function page(forecast: CostForecast, isOneOfSeveral: boolean): HTMLElement {
  const warned = words.warnings(forecast);
  return h(
    "article",
    { class: "report" },
    headline(forecast, isOneOfSeveral),
    warned.length > 0 &&
      section("Likely to rise by more than 20 %", "care", h("ul", { class: "cautions" }, warned.map((text) => h("li", null, icon("care"), h("span", null, text))))),
    ahead(forecast),
    levels(forecast),
    refused(forecast),
  );
}

function headline(forecast: CostForecast, namesCurrency: boolean): HTMLElement {
  const { currency } = forecast;
  const total = words.total(forecast);
  const [month] = total?.months ?? [];
  const told = [total && words.trial(total.days), record(forecast.record)].filter((sentence) => typeof sentence === "string");
  return h(
    "header",
    { class: "headline" },
    h("h2", null, ["Forecast", month && monthName(month.month), namesCurrency && currency].filter(Boolean).join(", ")),
    h("p", { class: "spent" }, month ? [h("span", { class: "amount" }, words.expected(month, currency)), ` ${currency} `, h("span", { class: "metric" }, "expected by its end")] : "There is no forecast of the whole."),
    month && h("p", null, words.range(month, currency)),
    told.map((sentence) => h("p", null, sentence)),
    forecast.warnings.map(({ message }) => h("p", { class: "trust care" }, icon("care"), h("span", null, visible(message)))),
    h("p", { class: "quiet" }, words.basis(forecast)),
  );
}

function ahead(forecast: CostForecast): Child {
  const { currency } = forecast;
  const total = words.total(forecast);
  if (!total || total.months.length === 0) return null;
  const hasBudget = total.months.some(({ budget }) => budget !== null);
  const periods = [["three", total.next_3_months, total.next_3_months_refused], ["twelve", total.next_12_months, total.next_12_months_refused]] as const;
  const touched = total.days.releases;
  return section(
    "Day by day, and the months ahead",
    "trend",
    days(total, currency),
    table<words.MonthAhead>(
      `Cost of the months ahead, in ${currency}`,
      [
        { title: "Month", names: "time", cell: ({ month }) => monthName(month) },
        { title: "Spent", figure: true, cell: (month) => words.spent(month, currency) },
        { title: "Expected", figure: true, cell: (month) => words.expected(month, currency) },
        ...(touched ? [{ title: "Without releases", figure: true, cell: ({ without }: words.MonthAhead) => (without ? words.about(amountOf(without.expected), currency) : figures.ABSENT) }] : []),
        { title: "80 %", figure: true, cell: ({ lo80, hi80 }) => words.between(lo80, hi80, currency) },
        { title: "95 %", figure: true, cell: ({ lo95, hi95 }) => words.between(lo95, hi95, currency) },
        { title: "Missed by", figure: true, cell: words.missed },
        { title: "Trust", cell: words.trust },
        ...(hasBudget ? [{ title: "Budget", figure: true, cell: ({ budget }: words.MonthAhead) => (budget ? words.about(amountOf(budget.amount), currency) : figures.ABSENT) }] : []),
      ],
      total.months,
    ),
    periods.map(([count, period]) => period && h("p", null, `The ${count} months to ${monthName(period.to)}: ${words.about(amountOf(period.expected), currency)}, ${words.between(period.lo80, period.hi80, currency)} ${currency}; trust: ${words.trust(period)}.`)),
    periods.map(([count, , refused]) => refused && h("p", { class: "quiet" }, `No figure of the ${count} months: ${words.reason(refused)}`)),
    // Documents of earlier versions have none.
    ((total.notes as readonly string[] | undefined) ?? []).map((note) => h("p", { class: "quiet" }, `Note: ${visible(note)}.`)),
    touched && effects(touched),
  );
}

/** A table for each level below the whole, owners before what they use; the largest first. */
function levels(forecast: CostForecast): Child {
  const { currency, scopes } = forecast;
  const names = [...new Set(scopes.map(({ scope }) => scope.level))].filter((level) => level !== "total");
  const isUsed = (level: string) => Number(level === "service_name");
  return names.sort((a, b) => isUsed(a) - isUsed(b)).map((level) => {
    const rows = scopes.filter(({ scope, months }) => scope.level === level && months.length > 0).sort((a, b) => words.bySize(a, b));
    const [first] = rows;
    const [now] = first?.months ?? [];
    if (!now) return null;
    const title = level === "service_name" ? "cloud service" : visible(level).replaceAll("_", " ");
    const figure = (cell: (month: words.MonthAhead) => string) => ({ months: [month] }: words.Outlook) => (month ? cell(month) : figures.ABSENT);
    const columns: Column<words.Outlook>[] = [
      { title: title.replace(/^./, (initial) => initial.toUpperCase()), names: true, cell: ({ scope }) => keyNames(scope.key).join(" / ") },
      { title: "Spent", figure: true, cell: figure((month) => words.spent(month, currency)) },
      { title: monthName(now.month), figure: true, cell: figure((month) => words.expected(month, currency)) },
      { title: "80 %", figure: true, cell: figure(({ lo80, hi80 }) => words.between(lo80, hi80, currency)) },
      { title: `Next ${now === undefined ? 0 : (first?.months.length ?? 1) - 1} months`, figure: true, cell: (outlook) => words.after(outlook, currency) },
      { title: "Missed by", figure: true, cell: figure(words.missed) },
      { title: "Trust", cell: ({ months: [month] }) => (month ? words.trust(month) : figures.ABSENT) },
    ];
    return section(`By ${title}`, "owners", folded(`Expected cost by ${title}, in ${currency}`, columns, rows, SHOWN, (count) => `${figures.count(count)} more`));
  });
}

/** Scopes with too little history, and why. */
function refused({ scopes }: CostForecast): Child {
  const without = scopes.flatMap((outlook) => (outlook.days.refused ? [{ ...outlook, why: outlook.days.refused }] : []));
  if (without.length === 0) return null;
  const items = without.map(({ scope, why }) => h("li", null, h("b", null, keyNames(scope.key).join(" / ") || "everything"), `: ${words.reason(why)}`));
  return section("Without a forecast", "sources", h("details", null, h("summary", null, figures.counted(without.length, "scope", "scopes")), h("ul", null, items)));
}
