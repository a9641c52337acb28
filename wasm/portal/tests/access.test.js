// The page for everybody: by keyboard alone, by screen reader as far as axe can tell, on a phone, in light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";

import { launch, program } from "./chromium.js";
import { AS_OF, BILLS, ROOM, RULES, pathOf, report, savings } from "./program.js";
import { same } from "./same.js";
import { answered, visit } from "./visit.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";

const ELEMENTS = ["headroom-report", "headroom-forecast", "headroom-capacity", "headroom-scorecard"];

/** What axe finds, in a line each. */
async function faults(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 15, `${passes.length} rules apply`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" ")}: ${failureSummary}`));
}

/** Opens everything that can be opened. */
async function unfold(page) {
  const more = page.locator(ELEMENTS.map((element) => `${element} button.more:visible`).join());
  while ((await more.count()) > 0) await more.first().click();
  await page.evaluate((elements) => {
    const roots = [document, ...[...document.querySelectorAll(elements)].map((host) => host.shadowRoot)];
    for (const root of roots) for (const details of root.querySelectorAll("details")) details.open = true;
  }, ELEMENTS.join());
}

/** The sample and all that can be dropped besides, with a release supposed. */
async function everything(page) {
  await page.click("#sample");
  await answered(page, "headroom-scorecard .headline");
  await page.setInputFiles("#choose", ["workloads.toml", ...savings()].map(pathOf));
  await answered(page, "headroom-report .actions");
  await page.fill("#supposed", "2026-07-01 checkout traffic+20%");
  await page.press("#supposed", "Enter");
  await page.locator("#what-if li").waitFor();
  await page.click("#forecast");
  await answered(page, "#outlook .headline");
  await unfold(page);
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
  let browser, whole;
  before(async () => {
    browser = await launch();
    // All that there is to see, once.
    whole = await visit(browser, "single");
    await everything(whole.page);
  });
  after(() => browser?.close());

  for (const colorScheme of ["light", "dark"]) {
    it(`has no fault that axe finds, ${colorScheme}`, async () => {
      const { page, close } = await visit(browser, "single", { colorScheme });
      assert.deepEqual(await faults(page), [], "before any file");
      await page.setInputFiles("#choose", { name: "notes.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
      await page.locator("#failure .message").waitFor();
      assert.deepEqual(await faults(page), [], "with a failure");
      await close();
      await whole.page.emulateMedia({ colorScheme });
      await whole.page.fill("#supposed", "soon");
      await whole.page.press("#supposed", "Enter");
      await whole.page.locator("#supposed-wrong b").waitFor();
      // Colours are in transition for a moment.
      await whole.page.waitForTimeout(400);
      assert.deepEqual(await faults(whole.page), [], "with everything, and with what states no release");
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

  it("names every part, and skips no level of headings", async () => {
    const { page } = whole;
    const headings = await page.evaluate(() => {
      const found = [];
      const walk = (node) => {
        if (/^H[1-6]$/.test(node.localName?.toUpperCase() ?? "") && node.getClientRects().length > 0) found.push([Number(node.localName[1]), node.textContent.trim()]);
        for (const child of (node.shadowRoot ?? node).children) walk(child);
      };
      walk(document.body);
      return found;
    });
    assert.equal(headings[0][0], 1, headings.join());
    headings.forEach(([level, text], at) => {
      assert.notEqual(text, "");
      if (at > 0) assert.ok(level <= headings[at - 1][0] + 1, `${text} is of level ${level}, after ${headings[at - 1].join(" ")}`);
    });
    const names = headings.filter(([level]) => level === 2).map(([, text]) => text);
    assert.deepEqual(names.length, new Set(names).size, names.join());
    // What is drawn says in words what it shows.
    const charts = page.locator('[role="img"]');
    assert.ok((await charts.count()) >= 4);
    for (const chart of await charts.all()) assert.match(await chart.getAttribute("aria-label"), /^(Bars|Line) of .*; the table below has/);
  });

  it("lets a release be supposed and a series be chosen by keyboard alone", async () => {
    const { page, close } = await visit(browser, "single");
    await page.setInputFiles("#choose", [...ROOM, "series.csv"].map(pathOf));
    await answered(page, "#lines .headline");
    await tabTo(page, /^input#supposed/);
    await page.keyboard.type("2026-07-01 checkout traffic+20%");
    await tabTo(page, /^button# Suppose it/, 1);
    await page.keyboard.press("Enter");
    await page.locator("#what-if li").waitFor();
    await tabTo(page, /^select#series-\d+/);
    await page.keyboard.press("ArrowDown");
    await page.locator('#lines [role="img"][aria-label*="payments.cost"]').waitFor();
    await close();
  });

  for (const width of [320, 360, 768]) {
    it(`has no page wider than ${width} pixels`, async () => {
      const viewport = { width, height: 740 };
      const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth);
      const { page, close } = await visit(browser, "single", { viewport });
      assert.ok((await wide(page)) <= width, "before any file");
      await close();
      await whole.page.setViewportSize(viewport);
      assert.ok((await wide(whole.page)) <= width, `${await wide(whole.page)} pixels with everything open`);
    });
  }
});
