// The first thing read: how much, how much more, and whether it can be believed.

import { amountOrNull } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { monthName } from "../report/calendar.js";
import type { Report } from "../report/document.js";
import { dimensionName, visible } from "../report/names.js";
import { total } from "../report/summary.js";
import * as words from "../report/words.js";
import { h, icon } from "./dom.js";

export function headline(report: Report, namesCurrency: boolean): HTMLElement {
  const { currency, metric } = report;
  const { delta, percent } = total(report);
  const spent = amountOrNull(report.totals[metric].amount);
  const direction = delta === null ? "" : delta > 0n ? "rise" : delta < 0n ? "fall" : "";
  const change =
    delta !== null &&
    h("strong", { class: `by ${direction}` }, figures.delta(delta, currency), percent !== null && ` (${figures.percent(percent)})`);
  return h(
    "header",
    { class: "headline" },
    h("h2", null, `Cost report, ${monthName(report.month)}${namesCurrency ? `, ${currency}` : ""}`),
    owner(report),
    h(
      "p",
      { class: "spent" },
      spent === null
        ? `No ${metric} cost is stated.`
        : [h("span", { class: "amount" }, figures.amount(spent, currency)), ` ${currency} `, h("span", { class: "metric" }, `${metric} cost`)],
    ),
    h("p", { class: "change" }, change, change && " ", words.comparison(report), change && "."),
    h("p", { class: "flagged" }, words.flagged(report)),
    trust(report),
    h("p", { class: "quiet" }, [words.completeness(report), words.basis(report), words.view(report)].filter(Boolean).join(" ")),
    h("p", { class: "quiet" }, `${words.allocatedBy(report)} As of `, h("time", null, report.as_of), "."),
  );
}

function owner(report: Report): HTMLElement | null {
  const parts = Object.entries(report.owner);
  if (parts.length === 0) return null;
  // `unallocated` as an owner asks for what nobody owns.
  const named = parts.map(([name, value]) => `${dimensionName(name, report)} ${value === "unallocated" ? value : visible(value)}`);
  return h("p", { class: "owner" }, `Only charges of ${named.join(", ")} are in this report.`);
}

/** Whether anything stands against the figures, in one line. */
function trust(report: Report): HTMLElement {
  const cautions = words.cautions(report);
  const files = words.files(report.verdict);
  if (cautions.length === 0) {
    return h("p", { class: "trust sound" }, icon("sound"), h("span", null, `Nothing stands against these figures. ${files}`));
  }
  return h("p", { class: "trust care" }, icon("care"), h("span", null, `With care: ${cautions.join("; ")}. ${files}`));
}
