// What was spent in each metric, and who spent it.

import { amountOrNull, drawn, magnitude, type Amount } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { METRICS, type Group, type Report } from "../report/document.js";
import { dimensionName, UNALLOCATED, valueName } from "../report/names.js";
import {
  isCompared, isPartlyCompared, largestGroups, leadingDimension, parts, sumOf, type Sum,
} from "../report/summary.js";
import * as words from "../report/words.js";
import { h, section, sized, type Child } from "./dom.js";
import { folded, type Column } from "./table.js";

/** Groups listed at once. */
const SHOWN = 10;

/** Owners listed at once. */
const LISTED = 40;

export function metrics(report: Report): HTMLElement {
  const rows = METRICS.map((metric) => {
    const { amount, missing_rows: missing } = report.totals[metric];
    const isMain = metric === report.metric;
    return h(
      "div",
      { class: isMain ? "main" : null },
      h("dt", null, metric, h("small", null, words.MEANINGS[metric])),
      h(
        "dd",
        null,
        figures.amount(amountOrNull(amount), report.currency),
        missing > 0 && h("small", null, `${figures.counted(missing, "row does", "rows do")} not state it`),
      ),
    );
  });
  const saved = (["list", "contracted"] as const).map((against) => words.saving(report, against)).filter((text) => text !== null);
  const notes = saved.map((text) => h("p", { class: "quiet" }, text));
  return section(`What we spent, in ${report.currency}`, "metrics", h("dl", null, rows), notes);
}

export function owners(report: Report): HTMLElement {
  const dimension = leadingDimension(report);
  const leading = dimension ?? report.dimensions[0];
  const title = leading ? `Who spent it, by ${dimensionName(leading, report)}` : "Who spent it";
  if (report.groups.length === 0) return section(title, "owners", h("p", null, "No charges in this month."));
  const names = report.dimensions.map((name) => dimensionName(name, report));
  const caption = `By ${names.join(", ")}`;
  const leads = dimension !== null && [byDimension(report, dimension), h("h4", null, caption)];
  return section(title, "owners", leads, groups(report, caption));
}

function byDimension(report: Report, dimension: string): Child {
  const all = parts(report, dimension);
  const total = amountOrNull(report.totals[report.metric].amount);
  const largest = all.reduce((most, { sum }) => (sum.amount === null ? most : max(most, magnitude(sum.amount))), 0n);
  const columns: Column<(typeof all)[number]>[] = [
    { title: dimensionName(dimension, report), names: true, cell: ({ value }) => valueCell(value) },
    { title: "Share", figure: true, cell: ({ sum }) => [bar(sum.amount, largest), h("span", { class: "share" }, figures.share(sum.amount, total))] },
    ...figureColumns(report, ({ sum }: (typeof all)[number]) => sum),
  ];
  const more = (count: number) => figures.counted(count, "smaller one", "smaller ones");
  return folded(`Cost by ${dimensionName(dimension, report)}, in ${report.currency}`, columns, all, LISTED, more);
}

function groups(report: Report, caption: string): Child {
  const columns: Column<Group>[] = [
    ...report.dimensions.map((name, at) => ({
      title: dimensionName(name, report),
      names: at === 0,
      cell: ({ key }: Group) => valueCell(key[name] ?? null),
    })),
    ...figureColumns(report, (group: Group) => sumOf([group])),
  ];
  const rows = largestGroups(report);
  const more = (count: number, rest: readonly Group[]) => {
    const together = figures.amount(sumOf(rest).amount, report.currency);
    return `${figures.counted(count, "smaller group", "smaller groups")}, ${together} ${report.currency} together`;
  };
  return folded(`${caption}, in ${report.currency}`, columns, rows, SHOWN, more);
}

/** Now, what is compared of it unless that is all, before, change and percent. */
function figureColumns<Row>(report: Report, sumIn: (row: Row) => Sum): Column<Row>[] {
  const { currency } = report;
  const columns: Column<Row>[] = [
    { title: "Now", figure: true, cell: (row) => figures.amount(sumIn(row).amount, currency) },
  ];
  if (!isCompared(report)) return columns;
  const sign = (row: Row) => Number(sumIn(row).delta === null ? 0n : max(-1n, min(1n, sumIn(row).delta ?? 0n)));
  if (isPartlyCompared(report)) {
    columns.push({ title: "Of it compared", figure: true, cell: (row) => figures.amount(sumIn(row).compared, currency) });
  }
  columns.push(
    { title: "Before", figure: true, cell: (row) => figures.amount(sumIn(row).previous, currency) },
    { title: "Change", figure: true, sign, cell: (row) => figures.delta(sumIn(row).delta, currency) },
    { title: "%", figure: true, sign, cell: (row) => words.percentOrNew(sumIn(row)) },
  );
  return columns;
}

/** A value; what no rule has set looks different from a value of that name. */
export const valueCell = (value: string | null): Child =>
  value === null ? h("em", { class: "unowned" }, UNALLOCATED) : valueName(value);

/** How large a part is beside the largest. */
function bar(amount: Amount | null, largest: Amount): Child {
  if (amount === null || largest === 0n) return null;
  const part = (drawn(magnitude(amount)) / drawn(largest)) * 100;
  return h("span", { class: "bar", "aria-hidden": "true" }, sized(h("span"), "inline-size", `${part.toFixed(1)}%`));
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
