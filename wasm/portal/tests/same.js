// Long texts compared: where they part is told, and not all of both.

import assert from "node:assert/strict";

export function same(actual, wanted, what) {
  if (actual === wanted) return;
  let at = 0;
  while (actual[at] === wanted[at]) at += 1;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  assert.fail(`${what} parts at ${at} of ${actual.length} and ${wanted.length}: ${around(actual)} is not ${around(wanted)}`);
}

/** Cells of the tables of a Markdown page, row by row, as plain text. */
export const rowsOf = (markdown) =>
  markdown
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
    .map((line) => line.slice(2, -2).split(" | ").map((cell) => cell.replace(/[`*]/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))));
