// Production beside the rest, and what to do, ranked.

import { amountOf, amountOrNull } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import type { Report } from "../report/document.js";
import { h, section, type Child } from "./dom.js";
import { valueCell } from "./spending.js";
import { folded, table, type Column } from "./table.js";

type Environments = NonNullable<Report["environments"]>;
type Actions = NonNullable<Report["actions"]>;
type Costs = Environments["total"];
type Action = Actions["list"][number];

/** Rows listed at once. */
const SHOWN = 10;

const proportion = (percent: string | null): string =>
  percent === null ? figures.ABSENT : figures.proportion(amountOf(percent));

/** What production costs beside the rest; nothing where no charge has an environment. */
export function environments(report: Report): Child {
  const found = report.environments;
  if (!found) return null;
  const money = (amount: string | null) => figures.amount(amountOrNull(amount), report.currency);
  const costs = <Row>(of: (row: Row) => Costs): Column<Row>[] => [
    { title: "Production", figure: true, cell: (row) => money(of(row).production) },
    { title: "Not production", figure: true, cell: (row) => money(of(row).non_production) },
    { title: "Unknown", figure: true, cell: (row) => money(of(row).unknown) },
    { title: "Not by production", figure: true, cell: (row) => proportion(of(row).non_production_percent) },
  ];
  const months: Column<Environments["history"][number]>[] = [
    { title: "Month", names: true, cell: ({ month }) => month }, ...costs((row: Environments["history"][number]) => row),
  ];
  const names = Object.keys(found.rows[0]?.key ?? {});
  const rows: Column<Environments["rows"][number]>[] = [
    ...names.map((name, at) => ({
      title: name, names: at === 0, cell: ({ key }: Environments["rows"][number]) => valueCell(key[name] ?? null),
    })),
    ...costs((row: Environments["rows"][number]) => row),
  ];
  const more = (count: number) => `Show ${figures.counted(count, "other", "others")}`;
  const { unlisted } = found.rule;
  return section(
    `Production and the rest, in ${report.currency}`,
    "environments",
    table("Production and the rest, by month", months, found.history),
    folded("Production and the rest, by squad and service", rows, found.rows, SHOWN, more),
    unlisted.length > 0 && h("p", { class: "quiet" }, `Counted as unknown: ${unlisted.join(", ")}.`),
  );
}

/** The ranked list; nothing where no document of savings was handed over. */
export function actions(report: Report): Child {
  const found = report.actions;
  if (!found) return null;
  const money = (amount: string | null) => figures.amount(amountOrNull(amount), report.currency);
  const columns: Column<Action>[] = [
    { title: "", figure: true, cell: ({ rank }) => String(rank) },
    { title: "Action", cell: ({ action }) => action },
    { title: "Of", names: true, cell: ({ subject }) => subject },
    { title: "What", cell: ({ what, overlap }) => [what, overlap !== null && h("small", null, ` ${overlap}`)] },
    { title: "Owner", cell: owner },
    { title: "Risk", cell: ({ risk }) => risk },
    { title: "Effort", cell: ({ effort }) => effort },
    { title: "Evidence", cell: ({ evidence }) => [evidence.says, h("small", null, ` ${evidence.document}${evidence.at[0] ?? ""}`)] },
    { title: "Saves a month", figure: true, cell: ({ saving_month: saving }) => money(saving) },
  ];
  const { totals } = found;
  const together = `${money(totals.saving_month)} ${report.currency} a month would be saved together.`;
  const overlap = amountOrNull(totals.overlap_month) === 0n
    ? "" : ` The documents promise ${money(totals.stated_month)}; ${money(totals.overlap_month)} of that overlaps and is counted once.`;
  const more = (count: number) => `Show ${figures.counted(count, "further action", "further actions")}`;
  const notes = found.documents.filter(({ note }) => note !== null);
  return section(
    "What to do",
    "actions",
    h("p", null, together + overlap),
    notes.map(({ name, note }) => h("p", { class: "quiet" }, `${name} ${note ?? ""}`)),
    found.list.length > 0 && folded(`What to do, in ${report.currency}`, columns, found.list, SHOWN, more),
  );
}

function owner({ owner, approver }: Action): Child {
  const names = Object.keys(owner);
  const first = names[0];
  return first === undefined ? (approver ?? figures.ABSENT) : valueCell(owner[first] ?? null);
}
