// Figures for the eye: the same characters as the engine's, by arithmetic on whole numbers.

import assert from "node:assert/strict";
import { it } from "node:test";

import { script } from "../build/bundle.js";

const bundled = await script("src/figures/text.ts");
const figures = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);
const exact = await import(`data:text/javascript,${encodeURIComponent(await script("src/figures/amount.ts"))}`);
const calendar = await import(`data:text/javascript,${encodeURIComponent(await script("src/report/calendar.ts"))}`);
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

it("rounds what is no money to four significant digits", () => {
  for (const [value, want] of [
    ["0", "0"], ["1234567.8", "1,234,568"], ["-123.45", "-123.5"], ["482.15", "482.1"], ["12.345", "12.35"], ["1", "1.000"], ["1234.5", "1,234"],
    ["0.00002", "0.00002"], ["999.96", "1,000.0"],
  ]) {
    assert.equal(figures.figure(value), want, value);
  }
});

it("tells the steps of an axis apart", () => {
  for (const [value, step, want] of [[22500, 500, "22.5k"], [22250, 250, "22.25k"], [22000, 500, "22k"], [0.04, 0.02, "0.04"], [0, 0.02, "0"], [300, 100, "300"], [1.5e6, 5e5, "1.5M"]]) {
    assert.equal(figures.short(value, step), want);
  }
});

it("tells amounts in short, and nothing that is there as zero", () => {
  for (const [value, want] of [[0.87, "0.87"], [0.004, "0.004"], [0, "0"], [1.5, "1.5"], [12.34, "12.3"], [480.4, "480"], [1234, "1.2k"], [123_456, "123k"], [-0.151, "-0.15"], [2.5e6, "2.5M"]]) {
    assert.equal(figures.short(value), want);
  }
});

it("names points in time as precisely as they are stated", () => {
  for (const [stamp, want] of [
    ["2026-05", "May 2026"], ["2026-05-31", "31 May 2026"], ["2026-05-31T14:00:00Z", "31 May 2026, 14:00"], ["2026-05-31T14:00:05Z", "31 May 2026, 14:00:05"], ["2026", "2026"], ["-3", "-3"],
  ]) {
    assert.equal(calendar.stampName(stamp), want);
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
