// Tables: words to the left, figures to the right, and a box of their own to scroll in where a screen is narrow.

import { h, type Child } from "./dom.js";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  /** Figures stand to the right. */
  readonly figure?: boolean;
  /** The cell that names its row; a point in time is kept on one line. */
  readonly names?: boolean | "time";
  /** Whether the figure is a change: a rise and a fall look different. */
  readonly sign?: (row: Row) => number;
}

/** A table with a caption for those who hear it. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): HTMLElement {
  const head = columns.map(({ title, figure }) => h("th", { scope: "col", class: figure ? "figure" : null }, title));
  const body = rows.map((row) => h("tr", null, columns.map((column) => cellOf(column, row))));
  const box = h(
    "div",
    { class: "scroll", role: "group", "aria-label": caption },
    h("table", null, h("caption", null, caption), h("thead", null, h("tr", null, head)), h("tbody", null, body)),
  );
  narrow.observe(box);
  return box;
}

/** What is too wide for its box is reached by the keyboard; what is not would be a stop for nothing. */
const narrow = new ResizeObserver((entries) => {
  for (const { target } of entries) reachable(target as HTMLElement, target.scrollWidth > target.clientWidth);
});

function reachable(box: HTMLElement, isReachable: boolean): void {
  if (isReachable) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

function cellOf<Row>({ cell, figure, names, sign }: Column<Row>, row: Row): HTMLElement {
  const direction = sign ? Math.sign(sign(row)) : 0;
  const look = [figure ? "figure" : "", names === "time" ? "whole" : "", direction > 0 ? "rise" : direction < 0 ? "fall" : ""].join(" ").replace(/\s+/g, " ").trim();
  const props = { class: look === "" ? null : look };
  return names ? h("th", { ...props, scope: "row" }, cell(row)) : h("td", props, cell(row));
}

/** Rows that are added at a time: thousands at once would keep a page from answering. */
const STEP = 500;

/** The first rows at once, the others behind a button; `more` says how many they are, and of which rows. */
export function folded<Row>(
  caption: string, columns: readonly Column<Row>[], rows: readonly Row[], shown: number, more: (count: number, rest: readonly Row[]) => string,
): Child {
  // A handful more takes less room than hiding it.
  if (rows.length <= shown * 1.5) return table(caption, columns, rows);
  let count = shown;
  const place = h("div", null, table(caption, columns, rows.slice(0, count)));
  const open = () => {
    count = Math.min(count + STEP, rows.length);
    const grown = table(caption, columns, rows.slice(0, count));
    place.replaceChildren(grown);
    button.replaceChildren(label());
    if (count < rows.length) return;
    button.remove();
    // Whoever came by keyboard goes on in the table that has grown.
    grown.tabIndex = 0;
    grown.focus();
  };
  const label = () => showing(more(rows.length - count, rows.slice(count)));
  const button = h("button", { type: "button", class: "more", onclick: open }, label());
  return [place, button];
}

/** What a button says that shows more: on paper, where nobody presses it, only what there is more of. */
export const showing = (rest: string): HTMLElement => h("span", null, h("span", { class: "act" }, "Show "), rest);
