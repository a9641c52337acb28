// Figures for the eye: the same characters as the engine's, by arithmetic on whole numbers.

import assert from "node:assert/strict";
import { it } from "node:test";

import { script } from "../build/bundle.js";

const bundled = await script("src/figures/text.ts");
const figures = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);
const exact = await import(`data:text/javascript,${encodeURIComponent(await script("src/figures/amount.ts"))}`);
const { amountOf } = exact;

it("rounds half-even to the minor unit", () => {
  for (const [value, currency, want] of [
    ["0", "USD", "0.00"],
    ["1234567.895", "USD", "1,234,567.90"],
    ["1234567.885", "USD", "1,234,567.88"],
    ["-999.995", "USD", "-1,000.00"],
    ["999.5", "USD", "999.50"],
    ["0.005", "USD", "<0.01"],
    ["0.0051", "USD", "0.01"],
    ["-0.004", "USD", ">-0.01"],
    ["1234567.5", "JPY", "1,234,568"],
    ["0.4", "JPY", "<1"],
    ["-1234.5675", "KWD", "-1,234.568"],
    ["1.0005", "KWD", "1.000"],
    ["-170141183460469231731.687303715884105728", "USD", "-170,141,183,460,469,231,731.69"],
  ]) {
    assert.equal(figures.amount(amountOf(value), currency), want, `${value} ${currency}`);
  }
  assert.equal(figures.amount(null, "USD"), "–");
});

it("signs changes, and never shows a flagged one as the threshold", () => {
  for (const [value, want] of [["84163.02", "+84,163.02"], ["-84163.02", "-84,163.02"], ["0", "0.00"], ["0.001", "<+0.01"], ["-0.001", ">-0.01"]]) {
    assert.equal(figures.delta(amountOf(value), "USD"), want);
  }
  for (const [value, want] of [["20", "+20.0 %"], ["-20", "-20.0 %"], ["20.0001", ">20.0 %"], ["-20.0001", "<-20.0 %"], ["75.94", "+75.9 %"], ["0", "0.0 %"]]) {
    assert.equal(figures.percentText(value), want);
  }
});

it("keeps proportions off their ends", () => {
  const one = amountOf("1");
  const million = amountOf("1000000");
  assert.equal(figures.share(one, million), "<0.1 %");
  assert.equal(figures.share(million - one, million), ">99.9 %");
  assert.equal(figures.share(million, million), "100.0 %");
  assert.equal(figures.share(0n, million), "0.0 %");
  assert.equal(figures.share(one, 0n), "–");
});

it("adds up what floats cannot", () => {
  assert.equal(exact.sum(["0.1", "0.2", "1"].map(amountOf)), amountOf("1.3"));
  assert.equal(exact.sum([null, null]), null);
  assert.throws(() => amountOf("1e5"), RangeError);
  assert.equal(exact.percentChange(amountOf("20.00000000001"), amountOf("100"), 20n), amountOf("20.0001"));
});
