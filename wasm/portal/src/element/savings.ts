// Production beside the rest, and what to do, ranked.

import { amountOrNull } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { monthName } from "../report/calendar.js";
import type { Report } from "../report/document.js";
import { dimensionName, visible } from "../report/names.js";
import { beside, couldSave, proportion, together, type Action, type Environments } from "../report/savings.js";
import { h, section, type Child } from "./dom.js";
import { valueCell } from "./spending.js";
import { folded, table, type Column } from "./table.js";

type Costs = Environments["total"];

/** Rows listed at once. */
const SHOWN = 10;

/** What production costs beside the rest; nothing where no charge has an environment. */
export function environments(report: Report): Child {
  const found = report.environments;
  if (!found) return null;
  const money = (amount: string | null) => figures.amount(amountOrNull(amount), report.currency);
  const costs = <Row>(of: (row: Row) => Costs): Column<Row>[] => [
    { title: "Production", figure: true, cell: (row) => money(of(row).production) },
    { title: "Not production", figure: true, cell: (row) => money(of(row).non_production) },
    { title: "Unknown", figure: true, cell: (row) => money(of(row).unknown) },
    { title: "Together", figure: true, cell: (row) => money(of(row).total) },
    { title: "Not by production", figure: true, cell: (row) => proportion(of(row).non_production_percent) },
  ];
  const months: Column<Environments["history"][number]>[] = [
    { title: "Month", names: "time", cell: ({ month }) => monthName(month) }, ...costs((row: Environments["history"][number]) => row),
  ];
  const names = Object.keys(found.rows[0]?.key ?? {});
  const rows: Column<Environments["rows"][number]>[] = [
    ...names.map((name, at) => ({
      title: dimensionName(name, report), names: at === 0, cell: ({ key }: Environments["rows"][number]) => valueCell(key[name] ?? null),
    })),
    ...costs((row: Environments["rows"][number]) => row),
  ];
  const more = (count: number) => `${figures.counted(count, "other", "others")}`;
  const { unlisted } = found.rule;
  const saved = couldSave(found, report);
  return section(
    `Production and the rest, in ${report.currency}`,
    "environments",
    h("p", null, beside(found, report)),
    table("Production and the rest, by month", months, found.history),
    h("h4", null, "By squad and service"),
    folded("Production and the rest, by squad and service", rows, found.rows, SHOWN, more),
    saved && h("p", null, saved),
    unlisted.length > 0 &&
      h("p", { class: "quiet" }, "Counted as unknown, since ", h("code", null, "[report]"), " of the policy lists them neither as ", h("code", null, "production"), " nor as ", h("code", null, "non_production"), `: ${unlisted.map(visible).join(", ")}.`),
  );
}

/** The ranked list; nothing where no document of savings was handed over. */
export function actions(report: Report): Child {
  const found = report.actions;
  if (!found) return null;
  const money = (amount: string | null) => figures.amount(amountOrNull(amount), report.currency);
  const columns: Column<Action>[] = [
    { title: "Rank", figure: true, cell: ({ rank }) => String(rank) },
    // Early, so that a phone shows it.
    { title: "Saves a month", figure: true, cell: ({ saving_month: saving }) => money(saving) },
    { title: "Action", cell: ({ action }) => action },
    { title: "Of what", names: true, cell: ({ subject, what }) => [visible(subject), h("small", null, visible(what))] },
    { title: "Owner", cell: owner },
    { title: "Why", cell: why },
    { title: "By itself", figure: true, cell: ({ stated_month: stated }) => money(stated) },
  ];
  const more = (count: number) => `${figures.counted(count, "further action", "further actions")}`;
  const notes = found.documents.filter(({ note }) => note !== null);
  return section(
    "What to do",
    "actions",
    h("p", null, together(found, report)),
    notes.map(({ name, note }) => h("p", { class: "quiet" }, h("code", null, visible(name)), ` ${visible(note ?? "")}`)),
    found.list.length > 0 && folded(`What to do, in ${report.currency}`, columns, found.list, SHOWN, more),
  );
}

function owner({ owner, approver }: Action): Child {
  const names = Object.keys(owner);
  const first = names[0];
  return first === undefined ? (approver ?? figures.ABSENT) : valueCell(owner[first] ?? null);
}

/** What is known of it, and why it saves less than by itself; how risky and laborious it is, and where that stands. */
function why({ evidence, overlap, risk, effort }: Action): Child {
  const says = overlap === null ? evidence.says : `${evidence.says}; ${overlap}`;
  const place = h("code", null, visible(`${evidence.document}${evidence.at[0] ?? ""}`));
  return [visible(says), h("small", null, `risk ${risk}, effort ${effort}; `, place)];
}
