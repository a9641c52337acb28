// Long texts compared: where they part is told, and not all of both.

import assert from "node:assert/strict";

export function same(actual, wanted, what) {
  if (actual === wanted) return;
  let at = 0;
  while (actual[at] === wanted[at]) at += 1;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  assert.fail(`${what} parts at ${at} of ${actual.length} and ${wanted.length}: ${around(actual)} is not ${around(wanted)}`);
}
