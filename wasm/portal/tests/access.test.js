// The page for everybody: by keyboard alone, by screen reader as far as axe can tell, on a phone, in light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";

import { launch, program } from "./chromium.js";
import { AS_OF, BILLS, RULES, pathOf, report } from "./program.js";
import { same } from "./same.js";
import { answered, visit } from "./visit.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";

/** What axe finds, in a line each. */
async function faults(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 15, `${passes.length} rules apply`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" ")}: ${failureSummary}`));
}

/** Opens everything that can be opened. */
async function unfold(page) {
  const more = page.locator("headroom-report button.more:visible, headroom-scorecard button.more:visible");
  while ((await more.count()) > 0) await more.first().click();
  await page.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll("headroom-report, headroom-scorecard")].map((host) => host.shadowRoot)];
    for (const root of roots) for (const details of root.querySelectorAll("details")) details.open = true;
  });
}

/** The element that has the focus, in shadow roots too. */
const focused = (page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return `${active.localName}#${active.id} ${active.textContent.trim().slice(0, 40)}`;
  });

async function tabTo(page, wanted, most = 80) {
  const passed = [];
  for (let at = 0; at < most; at += 1) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (wanted.test(here)) return;
    passed.push(here);
  }
  assert.fail(`${wanted} is not reached: ${passed.join(", ")}`);
}

describe("the page for everybody", { skip }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  for (const colorScheme of ["light", "dark"]) {
    it(`has no fault that axe finds, ${colorScheme}`, async () => {
      const { page, close } = await visit(browser, "single", { colorScheme });
      assert.deepEqual(await faults(page), [], "before any file");
      await page.click("#sample");
      await answered(page, "headroom-scorecard .headline");
      await unfold(page);
      assert.deepEqual(await faults(page), [], "with a report");
      await page.click("#forecast");
      await answered(page, "headroom-forecast .headline");
      assert.deepEqual(await faults(page), [], "with a forecast");
      await page.setInputFiles("#choose", { name: "notes.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
      await page.locator("#failure .message").waitFor();
      assert.deepEqual(await faults(page), [], "with a failure");
      await close();
    });
  }

  it("works by keyboard alone", async () => {
    const { page, close, complaints } = await visit(browser, "single");
    // Listened for before the way there: a browser told while the key is on its way may open its own dialog.
    const chooser = page.waitForEvent("filechooser");
    await tabTo(page, /^a# Skip/);
    await tabTo(page, /^input#choose/);
    await page.keyboard.press("Enter");
    await (await chooser).setFiles([...BILLS, ...RULES].map(pathOf));
    await answered(page);
    await tabTo(page, /^summary# 17 bills/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^input#as-of/);
    const [year, month, day] = AS_OF.split("-");
    await page.keyboard.type(`${month}${day}${year}`);
    await page.locator("headroom-report .quiet", { hasText: `As of ${AS_OF}` }).first().waitFor();
    await tabTo(page, /^select#only-squad/);
    await page.keyboard.type("payments");
    await page.locator("headroom-report .owner", { hasText: "payments" }).waitFor();
    await answered(page);
    // The report is made anew; the focus stays where it was.
    assert.match(await focused(page), /^select#only-squad/);
    await tabTo(page, /^button#export-json/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    same(readFileSync(await download.path(), "utf8"), report("json", "--for", "squad=payments"), "the export");
    await tabTo(page, /^input#/);
    await tabTo(page, /^summary# /);
    await page.keyboard.press("Enter");
    await page.locator("headroom-report .story[open] .detail").waitFor();
    assert.deepEqual(await complaints(), []);
    await close();
  });

  it("says aloud what happens", async () => {
    const { page, close } = await visit(browser, "single");
    await page.click("#sample");
    await answered(page);
    assert.match(await page.locator('[role="status"]#status').innerText(), /^The report of May 2026 is ready: 27 changes flagged\.$/);
    const chart = page.locator('headroom-report [role="img"]');
    assert.match(await chart.getAttribute("aria-label"), /Bars of the effective cost of 4 months/);
    assert.equal(await page.locator("headroom-report .trend tbody tr").count(), 4);
    await close();
  });

  for (const width of [320, 360, 768]) {
    it(`has no page wider than ${width} pixels`, async () => {
      const { page, close } = await visit(browser, "single", { viewport: { width, height: 740 } });
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok((await wide()) <= width, "before any file");
      await page.click("#sample");
      await answered(page, "headroom-scorecard .headline");
      await unfold(page);
      assert.ok((await wide()) <= width, `${await wide()} pixels with everything open`);
      await close();
    });
  }
});
