// What the report shows: month, cost, one owner's charges alone; and its export.

import { h } from "../element/dom.js";
import { monthName } from "../report/calendar.js";
import { METRICS, monthsOf, reportsOf, valuesOf, type Metric, type Report } from "../report/document.js";
import { dimensionName, UNALLOCATED, visible } from "../report/names.js";
import { MEANINGS } from "../report/words.js";
import { isFiltered, type Choice, type Reported } from "./asking.js";
import { exportsAs, fileName } from "./exports.js";

export class Toolbar {
  /** Months that may be asked for are those of the files; they stay when one of them is chosen. */
  #months: string[] = [];

  constructor(
    private readonly form: HTMLFormElement,
    private readonly exports: HTMLElement,
    private readonly choice: Choice,
    private readonly changed: () => void,
  ) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows the controls for a report; `canAsk` is false where there are no bills to ask again. */
  show(whole: Reported, shown: Reported, canAsk: boolean): void {
    const reports = reportsOf(whole.document);
    const focused = (document.activeElement as HTMLElement | null)?.id;
    this.#months = [...new Set(reports.flatMap(monthsOf))].sort().reverse();
    const parts = canAsk ? [...this.#questions(reports), ...this.#filters(reports), this.#reset()] : [];
    this.#place(parts);
    this.form.hidden = parts.length === 0;
    this.exports.replaceChildren(...exportsOf(shown));
    this.exports.hidden = false;
    if (focused && focused !== document.activeElement?.id) this.form.querySelector<HTMLElement>(`#${CSS.escape(focused)}`)?.focus();
  }

  /** A select whose options are what they were stays: one made anew forgets what is being typed into it. */
  #place(parts: readonly HTMLElement[]): void {
    const placed = parts.map((part) => {
      const select = part.querySelector("select");
      const present = select && this.form.querySelector<HTMLSelectElement>(`#${CSS.escape(select.id)}`);
      const label = present?.closest("label");
      if (!select || !present || !label || !present.isEqualNode(select)) return part;
      present.value = select.value;
      label.className = part.className;
      return label;
    });
    placed.forEach((part, at) => {
      const there = this.form.children[at];
      if (there !== part) there ? there.replaceWith(part) : this.form.append(part);
    });
    while (this.form.children.length > placed.length) this.form.lastElementChild?.remove();
  }

  #questions(reports: readonly Report[]): HTMLElement[] {
    const [report] = reports;
    const latest = this.choice.month === null && report ? `${monthName(report.month)}, latest` : "latest";
    const months = [option("", latest, this.choice.month === null), ...this.#months.map((month) => option(month, monthName(month), month === this.choice.month))];
    const costs = METRICS.map((metric) => option(metric, `${metric}, ${MEANINGS[metric]}`, metric === this.choice.metric));
    return [
      this.#select("month", "Month", months, (value) => (this.choice.month = value === "" ? null : value)),
      this.#select("metric", "Cost", costs, (value) => (this.choice.metric = value as Metric)),
    ];
  }

  /** One select for each dimension of the policy. */
  #filters(reports: readonly Report[]): HTMLElement[] {
    const [report] = reports;
    if (!report) return [];
    return report.dimensions.map((dimension) => {
      const name = dimensionName(dimension, report);
      const chosen = this.choice.only[dimension] ?? "";
      const values = valuesOf(reports, dimension).map((value) => {
        const asked = value ?? UNALLOCATED;
        return option(asked, value === null ? UNALLOCATED : visible(value), asked === chosen);
      });
      // What was chosen in another month stays chosen, and is seen to be.
      const isHere = chosen === "" || values.some(({ value }) => value === chosen);
      const absent = isHere ? [] : [option(chosen, `${visible(chosen)}, not in this month`, true)];
      const options = [option("", "all", chosen === ""), ...values, ...absent];
      return this.#select(`only-${dimension}`, name, options, (value) => {
        const { [dimension]: _, ...others } = this.choice.only;
        this.choice.only = value === "" ? others : { ...others, [dimension]: value };
      });
    });
  }

  #select(id: string, label: string, options: HTMLOptionElement[], choose: (value: string) => void): HTMLElement {
    const pick = (event: Event) => {
      choose((event.target as HTMLSelectElement).value);
      this.changed();
    };
    const isSet = id.startsWith("only-") && !options[0]?.selected;
    return h("label", { class: isSet ? "set" : null }, h("span", null, label), h("select", { id, onchange: pick }, options));
  }

  /** The way back from a filter; only there when there is one. */
  #reset(): HTMLElement {
    const clear = () => {
      this.choice.only = {};
      (this.form.querySelector("select[id^=only-]") as HTMLElement | null)?.focus();
      this.changed();
    };
    return h("button", { type: "button", id: "reset", hidden: !isFiltered(this.choice), onclick: clear }, "Show all");
  }
}

function exportsOf(shown: Reported): HTMLElement[] {
  const [report] = reportsOf(shown.document);
  const owner = Object.values(report?.owner ?? {}).map((value) => `-${fileName(value)}`).join("");
  return exportsAs("export", `cost-report-${report?.month ?? ""}${owner}`, shown.texts);
}

/** What is chosen is a state of the option and no attribute, so that two selects compare by what they offer. */
function option(value: string, title: string, selected: boolean): HTMLOptionElement {
  const made = h("option", { value }, title);
  made.selected = selected;
  return made;
}
