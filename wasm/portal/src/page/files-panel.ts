// The list of what was given: what each file is taken for, and a way to say otherwise.

import { h } from "../element/dom.js";
import { counted } from "../figures/text.js";
import { visible } from "../report/names.js";
import { ROLES, type Given, type Intake, type Role } from "./intake.js";

export class FilesPanel {
  readonly #list: HTMLUListElement;
  readonly #summary: HTMLElement;

  constructor(
    private readonly panel: HTMLDetailsElement,
    private readonly given: Intake,
    private readonly changed: () => void,
  ) {
    this.#list = panel.querySelector("ul") as HTMLUListElement;
    this.#summary = panel.querySelector("summary") as HTMLElement;
  }

  show(): void {
    const all = this.given.all();
    this.panel.hidden = all.length === 0;
    this.#summary.textContent = summary(all);
    this.#list.replaceChildren(...all.map((one) => this.#item(one)));
  }

  #item(given: Given): HTMLLIElement {
    const pick = (event: Event) => {
      given.role = (event.target as HTMLSelectElement).value as Role;
      this.#summary.textContent = summary(this.given.all());
      this.changed();
    };
    const options = Object.entries(ROLES).map(([role, title]) => h("option", { value: role, selected: role === given.role }, title));
    const name = visible(given.name);
    const remove = () => {
      const next = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("button");
      this.given.remove(given.name);
      this.show();
      // The item is gone with its button; whoever came by keyboard goes on at the next one.
      const names = [...this.#list.querySelectorAll("button")];
      (names.find((button) => button.title === next?.title) ?? this.#summary).focus();
      this.changed();
    };
    const item = h(
      "li",
      null,
      h("span", { class: "name" }, name),
      h("span", { class: "quiet figure" }, size(given.file.size)),
      h("select", { "aria-label": `What ${name} is`, onchange: pick }, options),
      h("button", { type: "button", class: "plain", title: `Remove ${name}`, "aria-label": `Remove ${name}`, onclick: remove }, "✕"),
    );
    return item;
  }
}

const PLURALS: Partial<Record<Role, [string, string]>> = {
  bill: ["bill", "bills"], policy: ["policy", "policies"], frameworks: ["framework", "frameworks"],
  savings: ["document of savings", "documents of savings"], evidence: ["cost report", "cost reports"], history: ["earlier result", "earlier results"],
  assessment: ["assessment", "assessments"],
};

/** `17 bills, a policy, explanations`. */
function summary(all: readonly Given[]): string {
  const told = (Object.keys(ROLES) as Role[]).map((role) => {
    const count = all.filter((given) => given.role === role).length;
    if (count === 0) return null;
    if (role === "none") return `${counted(count, "file", "files")} left out`;
    const [one, many] = PLURALS[role] ?? [ROLES[role].toLowerCase(), ROLES[role].toLowerCase()];
    return count === 1 ? one : counted(count, one, many);
  });
  return told.filter((part) => part !== null).join(", ") || "No files";
}

function size(bytes: number): string {
  const [divisor, unit] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${(bytes / divisor).toFixed(bytes / divisor < 10 ? 1 : 0)} ${unit}`;
}
