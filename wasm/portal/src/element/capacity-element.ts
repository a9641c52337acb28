// `<headroom-capacity>`: when services run out of room, before and after a release, and by which day to order more.

import chartStyles from "uplot/dist/uPlot.min.css";

import type { Capacity } from "headroom-engine/documents";

import * as words from "../capacity/words.js";
import * as figures from "../figures/text.js";
import { record } from "../forecast/releases.js";
import { reason } from "../forecast/words.js";
import { dayName } from "../report/calendar.js";
import { visible } from "../report/names.js";
import { DocumentElement } from "./document-element.js";
import { h, icon, section, sheet, type Child } from "./dom.js";
import { replicas } from "./replicas.js";
import reportStyles from "./report.css";
import scorecardStyles from "./scorecard.css";
import { folded, table, type Column } from "./table.js";
import themeStyles from "./theme.css";

const STYLES = [themeStyles, reportStyles, scorecardStyles, chartStyles].map(sheet);

/** Weeks of a table that are shown at once. */
const SHOWN = 8;

/** Shows `.data`, a document `headroom/capacity/1`. */
export class HeadroomCapacity extends DocumentElement {
  #data: Capacity | null = null;

  constructor() {
    super(STYLES);
  }

  get data(): Capacity | null {
    return this.#data;
  }

  set data(document: Capacity | null) {
    const pages = document === null ? [] : [page(words.capacityOf(document))];
    this.#data = document;
    this.shadowRoot?.replaceChildren(...pages);
  }
}

function page(capacity: Capacity): HTMLElement {
  const { services, warnings } = capacity;
  const told = [words.firstOrder(capacity), record(capacity.record)].filter((line) => line !== null);
  return h(
    "article",
    { class: "report" },
    h(
      "header",
      { class: "headline" },
      h("h2", null, `Capacity, ${dayName(capacity.as_of)}`),
      h("p", { class: "spent" }, words.headline(capacity)),
      told.map((line) => h("p", null, line)),
      warnings.map((line) => h("p", { class: "trust care" }, icon("care"), h("span", null, visible(line)))),
      h("p", { class: "quiet" }, `From ${figures.count(capacity.paths)} simulated paths over ${figures.counted(capacity.horizon_days, "day", "days")}.`),
    ),
    overview(capacity),
    services.map((service) => one(service, capacity)),
  );
}

function overview({ services, as_of }: Capacity): HTMLElement {
  const columns: Column<words.Service>[] = [
    { title: "Service", names: true, cell: ({ service }) => visible(service) },
    { title: "Replicas", figure: true, cell: ({ replicas, max_replicas: most }) => `${figures.count(replicas)} of ${figures.count(most)}` },
    { title: "Peak a second", figure: true, cell: ({ peak }) => words.figure(peak) },
    { title: "Over by: 10 % of paths", figure: true, cell: ({ exhaustion }) => words.date(exhaustion?.p10 ?? null) },
    { title: "50 %", figure: true, cell: ({ exhaustion }) => words.date(exhaustion?.p50 ?? null) },
    { title: "Order by", figure: true, cell: (service) => (words.isPast(service, as_of) ? h("b", { class: "rise" }, words.date(service.order_by)) : words.date(service.order_by)) },
    { title: "Limit", cell: words.limitName },
  ];
  return section("When it is over", "owners", table("When services run out of room, and when to order", columns, services));
}

function one(service: words.Service, capacity: Capacity): HTMLElement {
  const limits = service.limits.filter(({ refused }) => refused === null);
  const notes = [...limits.map(words.limit), ...service.notes.map(visible)];
  return section(
    visible(service.service),
    "trend",
    service.refused && h("p", { class: "trust care" }, icon("care"), h("span", null, `Nobody can tell: ${visible(reason(service.refused))}`)),
    words.answers(service, capacity).map((line) => h("p", null, line)),
    replicas(service),
    weeks(service),
    growth(service),
    changes(service),
    backtest(service),
    notes.length > 0 && h("details", null, h("summary", null, "What this rests on"), h("ul", null, notes.map((line) => h("li", null, line)))),
  );
}

function weeks({ weeks, max_replicas: most }: words.Service): Child {
  if (weeks.length === 0) return null;
  const count = (replicas: number | null) => (replicas === null || replicas > most ? h("b", null, words.replicas(replicas)) : words.replicas(replicas));
  const columns: Column<words.Week>[] = [
    { title: "Week of", names: "time", cell: ({ from }) => from },
    { title: "Peak a second, 50 %", figure: true, cell: ({ peak_p50 }) => words.figure(peak_p50) },
    { title: "90 %", figure: true, cell: ({ peak_p90 }) => words.figure(peak_p90) },
    { title: "Replicas, 50 %", figure: true, cell: ({ replicas_p50 }) => count(replicas_p50) },
    { title: "90 %", figure: true, cell: ({ replicas_p90 }) => count(replicas_p90) },
  ];
  return folded("Peak and replicas by week", columns, weeks, SHOWN, (more) => `${figures.counted(more, "later week", "later weeks")}`);
}

function growth({ growth }: words.Service): Child {
  if (growth === null) return null;
  const columns: Column<(typeof growth.parts)[number]>[] = [
    { title: "What grows", names: true, cell: ({ name }) => visible(name) },
    { title: "By", figure: true, cell: ({ percent }) => words.change(percent) },
    { title: "Share", figure: true, cell: ({ share }) => words.share(share) },
  ];
  return [h("h4", null, `What traffic takes grows by ${words.change(growth.percent)}`), table("Whose growth it is", columns, growth.parts)];
}

function changes({ changes }: words.Service): Child {
  if (changes.length === 0) return null;
  const columns: Column<(typeof changes)[number]>[] = [
    { title: "What", names: true, cell: ({ change }) => visible(change) },
    { title: "Over by: 10 % of paths", figure: true, cell: ({ p10 }) => words.date(p10) },
    { title: "50 %", figure: true, cell: ({ p50 }) => words.date(p50) },
    { title: "Days", figure: true, cell: ({ days }) => words.gained(days) },
  ];
  return [h("h4", null, "What would change it"), table("What would change it", columns, changes)];
}

function backtest({ backtest }: words.Service): Child {
  if (backtest.length === 0) return null;
  const columns: Column<(typeof backtest)[number]>[] = [
    { title: "Days ahead", names: "time", cell: ({ from_day, to_day }) => `${from_day} to ${to_day}` },
    { title: "Days compared", figure: true, cell: ({ days }) => figures.count(days) },
    { title: "Below P90", figure: true, cell: ({ covered }) => words.share(covered) },
    { title: "Loss, P50", figure: true, cell: ({ paths }) => words.share(paths.p50) },
    { title: "P90", figure: true, cell: ({ paths }) => words.share(paths.p90) },
    { title: "Last week, P90", figure: true, cell: ({ last_week }) => words.share(last_week.p90) },
    { title: "Line, P90", figure: true, cell: ({ line }) => words.share(line.p90) },
  ];
  return [h("h4", null, "How earlier forecasts met its peaks"), table("Pinball loss in percent of the traffic, beside simpler forecasts", columns, backtest)];
}
