// What is to be done and what it saves, in the sentences of the engine's own pages.

import { amountOf, magnitude } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { monthName } from "./calendar.js";
import type { Report } from "./document.js";

export type Environments = NonNullable<Report["environments"]>;
export type Actions = NonNullable<Report["actions"]>;
export type Action = Actions["list"][number];

export const proportion = (percent: string | null): string =>
  percent === null ? figures.ABSENT : figures.proportion(amountOf(percent));

/** What all actions together would save. */
export function together({ totals, list }: Actions, { currency }: Report): string {
  const money = (text: string) => figures.amount(amountOf(text), currency);
  if (totals.actions === 0) return `The documents hold nothing to do${totals.of_others === 0 ? "" : " for this owner"}.`;
  const saving = list.filter(({ saving_month: saving }) => saving !== null && amountOf(saving) > 0n).length;
  const told = [`${figures.counted(saving, "action", "actions")} would save ${money(totals.saving_month)} ${currency} a month together.`];
  if (amountOf(totals.overlap_month) > 0n) {
    told.push(
      `The documents promise ${money(totals.stated_month)}; ${money(totals.overlap_month)} of that overlaps and is counted once: removed first, then made smaller, then off at times; what is committed to is used before more is.`,
    );
  }
  if (amountOf(totals.cost_month) > 0n) told.push(`What is too small costs ${money(totals.cost_month)} more to put right.`);
  if (totals.of_others > 0) told.push(`${figures.counted(totals.of_others, "action is", "actions are")} of others not listed.`);
  return told.join(" ");
}

/** What is not production beside production, this month and the months before. */
export function beside({ total, history }: Environments, { month }: Report): string {
  if (total.non_production_percent === null) return "Production has no cost to hold the rest against.";
  const before = history
    .filter((past) => past.month < month)
    .slice(-3)
    .reverse()
    .flatMap((past) => (past.non_production_percent === null ? [] : [`${proportion(past.non_production_percent)} in ${monthName(past.month)}`]));
  const was = before.length === 0 ? "" : ` It was ${before.join(", ")}.`;
  return `What is not production costs ${proportion(total.non_production_percent)} of what production costs.${was}`;
}

/** What smaller sizes and off-hours would save, of what is not production and of production. */
export function couldSave({ could_save: savings }: Environments, { currency }: Report): string | null {
  if (!savings) return null;
  const money = (text: string) => figures.amount(amountOf(text), currency);
  const part = (name: string, { production, non_production, unknown }: typeof savings.sizes) => {
    const rest = magnitude(amountOf(unknown)) === 0n ? "" : ` and ${money(unknown)} of what nobody knows`;
    return `${name} ${money(non_production)} of what is not production, ${money(production)} of production${rest}`;
  };
  return `A month could be saved: ${part("by smaller sizes", savings.sizes)}; ${part("by being off at times", savings.off_hours)}.`;
}
