// What is likely to be flagged at the end of the month that goes on.

import { amountOf } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { about, between } from "../forecast/words.js";
import { monthName } from "../report/calendar.js";
import type { Report } from "../report/document.js";
import { scopeName } from "../report/names.js";
import { section, type Child } from "./dom.js";
import { table, type Column } from "./table.js";

type Warned = NonNullable<Report["early_warning"]>["scopes"][number];

export function early(report: Report): Child {
  const { early_warning: warning, currency } = report;
  if (!warning || warning.scopes.length === 0) return null;
  const name = ({ scope }: Warned) => Object.values(scopeName(scope, report)).filter(Boolean).join(" ");
  const columns: Column<Warned>[] = [
    { title: "What", names: true, cell: name },
    { title: "Likely", figure: true, cell: ({ probability }) => figures.proportion(amountOf(probability)) },
    { title: monthName(warning.previous_month), figure: true, cell: ({ previous }) => about(amountOf(previous), currency) },
    { title: "So far", figure: true, cell: ({ spent }) => about(amountOf(spent), currency) },
    { title: "Expected", figure: true, cell: ({ expected }) => about(amountOf(expected), currency) },
    { title: "80 %", figure: true, cell: ({ lo80, hi80 }) => between(lo80, hi80, currency) },
  ];
  const title = `Likely to end ${monthName(warning.month)} more than ${figures.THRESHOLD} % above ${monthName(warning.previous_month)}`;
  return section(title, "owners", table(`${title}, in ${currency}`, columns, warning.scopes));
}
