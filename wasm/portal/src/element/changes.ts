// What changed beyond the threshold, why as far as somebody has said, and what moved in it.

import { amountOf, amountOrNull, drawn, magnitude } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { monthName } from "../report/calendar.js";
import { causesOf, type Change, type Report } from "../report/document.js";
import { contributorName, scopeName, visible } from "../report/names.js";
import { stories, type Story } from "../report/stories.js";
import * as words from "../report/words.js";
import { h, section, sized, unique, type Child } from "./dom.js";
import { showing } from "./table.js";

/** Changes listed at once. */
const SHOWN = 10;

export function changes(report: Report): HTMLElement {
  const small = words.belowFloor(report);
  return section(
    `What changed by more than ${figures.THRESHOLD} %`,
    "changes",
    report.changes.length === 0 ? h("p", null, words.flagged(report)) : listing(report),
    small !== null && h("p", { class: "quiet" }, small),
  );
}

/** The list, and the choice of which of it is shown. */
function listing(report: Report): HTMLElement[] {
  const all = stories(report);
  const list = h("ul", { class: "stories" });
  const more = h("button", { type: "button", class: "more" });
  const status = h("p", { class: "unseen", role: "status" });
  const group = unique("state");
  let wanted = "all";
  let whole = false;
  const show = () => {
    const found = all.filter((story) => wanted === "all" || statesOf(story).includes(wanted));
    const shown = whole || found.length <= SHOWN * 1.5 ? found : found.slice(0, SHOWN);
    list.replaceChildren(...shown.map((story) => h("li", null, item(story, report))));
    const rest = found.length - shown.length;
    more.replaceChildren(showing(figures.counted(rest, "smaller change", "smaller changes")));
    more.hidden = rest === 0;
  };
  more.addEventListener("click", () => {
    const next = list.children.length;
    whole = true;
    show();
    list.children[next]?.querySelector("summary")?.focus();
  });
  const choices = ["all", ...words.STATES].map((state) => {
    const count = report.changes.filter((change) => state === "all" || change.state === state).length;
    const pick = () => {
      wanted = state;
      whole = false;
      show();
      status.textContent = `${figures.counted(count, "change", "changes")} shown.`;
    };
    const input = h("input", { type: "radio", name: group, value: state, checked: state === wanted, onchange: pick });
    return count > 0 && h("label", { class: `choice ${state}` }, input, h("span", null, `${state} `, h("b", null, figures.count(count))));
  });
  show();
  const fields = h("fieldset", { class: "choices" }, h("legend", { class: "unseen" }, "Which changes"), choices);
  // In a form of their own: what is in none Chromium remembers, and with it the whole page, after it is gone.
  return [h("form", { onsubmit: (event) => event.preventDefault() }, fields), status, list, more];
}

const statesOf = ({ change, same }: Story): string[] => [change, ...same].map(({ state }) => state);

function item(story: Story, report: Report): HTMLElement {
  const { change } = story;
  const { level, values } = scopeName(change.scope, report);
  return h(
    "details",
    { class: "story" },
    h(
      "summary",
      null,
      h("span", { class: "what" }, level !== "" && h("small", null, level), h("span", null, values)),
      h("span", { class: `state ${change.state}` }, change.state),
      h(
        "span",
        { class: `figure ${change.delta.startsWith("-") ? "fall" : "rise"}` },
        h("b", null, figures.delta(amountOf(change.delta), report.currency)),
        h("small", null, words.percentOrKind(change)),
      ),
    ),
    h("div", { class: "detail" }, figuresOf(change, report), note(change), sameAs(story, report), causes(change, report), moved(change, report)),
  );
}

function figuresOf(change: Change, { currency }: Report): HTMLElement {
  const amount = (value: string | null) => figures.amount(amountOrNull(value), currency);
  const perDay =
    change.percent_per_day !== null && change.kind !== "gone" && change.percent_per_day !== change.percent
      ? `, ${figures.percentText(change.percent_per_day)} per day`
      : "";
  return h("p", null, `From ${amount(change.previous)} to ${amount(change.current)} ${currency}: ${change.kind}${perDay}.`);
}

/** By whom a change is accounted for. */
function note({ note, state }: Change): Child {
  if (note === null) return h("p", { class: "quiet" }, "Nobody has explained it yet.");
  const by = [note.by && ` by ${visible(note.by)}`, note.on && ` on ${note.on}`].filter(Boolean).join("");
  const until = note.until ? ` (until ${monthName(note.until)})` : "";
  return h("blockquote", null, h("p", null, visible(note.why)), h("footer", null, `${state}${by}${until}`));
}

function sameAs({ change, same }: Story, report: Report): Child {
  if (same.length === 0) return null;
  const names = same.map((other) => {
    const { level, values } = scopeName(other.scope, report);
    const isTold = other.state === change.state && JSON.stringify(other.note) === JSON.stringify(change.note);
    return `${level} ${values}${isTold ? "" : ` (${other.state})`}`.trim();
  });
  return h("p", { class: "quiet" }, `The same change: ${names.join("; ")}.`);
}

function causes(change: Change, report: Report): Child {
  const parts = causesOf(change).map(({ cause, amount }) => ({ name: visible(cause.replaceAll("_", " ")), delta: amount }));
  return parts.length > 0 && [h("h4", null, "Causes"), movements(parts, report)];
}

/** What moved most; with the rest it adds up to the change. */
function moved(change: Change, report: Report): Child {
  if (change.contributors.length === 0) return null;
  const parts = change.contributors.map((part) => ({ name: contributorName(part, change.scope), delta: part.delta }));
  if (change.other !== "0") parts.push({ name: "everything else", delta: change.other });
  return [h("h4", null, "What moved"), movements(parts, report)];
}

function movements(parts: readonly { name: string; delta: string }[], { currency }: Report): HTMLElement {
  const sizes = parts.map(({ delta }) => drawn(magnitude(amountOf(delta))));
  const largest = Math.max(...sizes, Number.MIN_VALUE);
  const rows = parts.map(({ name, delta }, at) => {
    const length = `${(((sizes[at] ?? 0) / largest) * 100).toFixed(1)}%`;
    const way = delta.startsWith("-") ? "fall" : "rise";
    return h(
      "li",
      null,
      h("span", { class: "name" }, name),
      h("span", { class: `bar ${way}`, "aria-hidden": "true" }, sized(h("span"), "inline-size", length)),
      h("span", { class: `figure ${way}` }, figures.delta(amountOf(delta), currency)),
    );
  });
  return h("ul", { class: "movements" }, rows);
}
