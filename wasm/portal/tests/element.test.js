// The elements in somebody else's page, under a strict policy of theirs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, program } from "./chromium.js";
import { headroom, report } from "./program.js";
import { serve } from "./server.js";

const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";

const PAGE = `<!doctype html><html lang="en"><head><title>Portal</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/portal.css">
<script type="module" src="/headroom-elements.js"></script></head>
<body><headroom-report src="/report.json"></headroom-report></body></html>`;

describe("the elements", { skip }, () => {
  let browser, host, page;
  const said = [];
  before(async () => {
    browser = await launch();
    host = await serve(fileURLToPath(new URL("../dist/", import.meta.url)), {
      "/index.html": PAGE,
      "/portal.css": "headroom-report { --headroom-accent: rgb(120, 0, 120); color-scheme: dark; }",
      "/report.json": report("json"),
      "/april.json": report("json", "--month", "2026-04"),
      "/other.json": '{"schema":"headroom/cube/1"}',
      "/null.json": "null",
      "/text.json": "<!doctype html>",
      "/part.json": JSON.stringify({ ...JSON.parse(report("json")), verdict: 1 }),
    });
    page = await browser.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.stack));
    await page.goto(`${host.origin}/`);
  });
  after(async () => {
    await browser?.close();
    await host?.close();
  });

  it("shows a report by its address", async () => {
    assert.equal(await page.locator("headroom-report .amount").innerText(), "40,245.85");
    await page.locator("headroom-report canvas").waitFor();
    assert.deepEqual(said, [], "under a policy without inline styles");
  });

  it("wears the portal's colours", async () => {
    const colour = (selector, property) => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], property);
    assert.equal(await colour("headroom-report .swatch.main", "backgroundColor"), "rgb(120, 0, 120)");
    assert.equal(await colour("headroom-report .headline", "backgroundColor"), "rgb(24, 29, 35)");
  });

  it("shows a document that is handed over", async () => {
    const document = JSON.parse(report("json", "--for", "squad=payments"));
    await page.evaluate((data) => (document.querySelector("headroom-report").data = data), document);
    assert.match(await page.locator("headroom-report .owner").innerText(), /squad payments/);
    // Two currencies are two reports, one below the other.
    await page.evaluate((data) => (document.querySelector("headroom-report").data = [data, { ...data, currency: "JPY" }]), document);
    assert.equal(await page.locator("headroom-report article").count(), 2);
    assert.match(await page.locator("headroom-report article").nth(1).locator(".spent").innerText(), /^4,198 JPY/);
    await page.evaluate(() => (document.querySelector("headroom-report").data = null));
    assert.equal(await page.locator("headroom-report article").count(), 0);
  });

  it("shows the causes of a change where the document has them", async () => {
    const document = JSON.parse(report("json"));
    const [change] = document.changes;
    change.causes = [{ cause: "new_resources", amount: "6000" }, { cause: "unit_price", amount: "-646.08" }];
    await page.evaluate((data) => (document.querySelector("headroom-report").data = data), document);
    const story = page.locator("headroom-report .story").first();
    await story.locator("summary").click();
    const told = (await story.locator(".detail").innerText()).replace(/\s+/g, " ");
    assert.match(told, /Causes new resources \+6,000\.00 unit price -646\.08 What moved/);
  });

  it("shows values of bills as text, whatever they hold", async () => {
    const hostile = JSON.parse(report("json"));
    hostile.groups[0].key.squad = '<img src=x onerror="alert(1)">\u202e';
    await page.evaluate((data) => (document.querySelector("headroom-report").data = data), hostile);
    assert.equal(await page.locator("headroom-report img").count(), 0);
    assert.ok((await page.locator("headroom-report .owners").innerText()).includes('<img src=x onerror="alert(1)">\\u{202e}'));
  });

  it("says what it cannot show", async () => {
    for (const [address, message] of [["/missing.json", /the server answers 404/], ["/other.json", /this is no cost report/]]) {
      const failed = page.evaluate(
        () => new Promise((resolve) => document.addEventListener("headroom-error", ({ detail }) => resolve(detail.message), { once: true })),
      );
      await page.evaluate((src) => (document.querySelector("headroom-report").src = src), address);
      assert.match(await failed, message);
      assert.match(await page.locator('headroom-report [role="alert"]').innerText(), message);
    }
  });

  it("shows what was set last, and loads an address as often as it is set", async () => {
    const shown = () => page.evaluate(() => {
      const report = document.querySelector("headroom-report");
      return [report.shadowRoot.querySelector("h2, [role=alert]")?.innerText ?? "", report.data?.month ?? null];
    });
    const set = (act, event = "headroom-shown") => page.evaluate(([act, event]) => new Promise((resolve) => {
      document.addEventListener(event, resolve, { once: true });
      new Function("report", act)(document.querySelector("headroom-report"));
    }).then(() => {}), [act, event]);
    await set('report.src = "/report.json"');
    assert.deepEqual(await shown(), ["Cost report, May 2026", "2026-05"]);
    // Away from the page it loads nothing, and afterwards what it was told last.
    await set('const { parentNode } = report; report.remove(); report.src = "/april.json"; parentNode.append(report)');
    assert.deepEqual(await shown(), ["Cost report, April 2026", "2026-04"]);
    await set('report.src = "/missing.json"', "headroom-error");
    assert.deepEqual(await shown(), ["/missing.json: the server answers 404", null]);
    await set('report.src = "/missing.json"', "headroom-error");
    for (const [address, message] of [["/null.json", "this is no cost report: it is `null`"], ["/text.json", "what is there is no JSON"], ["/part.json", "this is no whole cost report: parts of it are not of its form"]]) {
      await set(`report.src = "${address}"`, "headroom-error");
      assert.deepEqual(await shown(), [`${address}: ${message}`, null]);
    }
    await set('report.src = "/report.json"');
    await page.evaluate(() => document.querySelector("headroom-report").removeAttribute("src"));
    assert.deepEqual(await shown(), ["", null]);
  });

  it("lets go of charts that are no longer shown", async () => {
    const data = JSON.parse(report("json"));
    const connected = await page.evaluate(async (data) => {
      const report = document.querySelector("headroom-report");
      const drawn = () => report.shadowRoot.querySelector("canvas");
      const until = async (holds) => { while (!holds()) await new Promise(requestAnimationFrame); };
      report.data = data;
      await until(drawn);
      const first = drawn();
      const { parentNode } = report;
      report.remove();
      await until(() => !first.isConnected && drawn() === null);
      parentNode.append(report);
      await until(drawn);
      return drawn() !== first;
    }, data);
    assert.ok(connected, "it comes back with its place");
  });

  it("shows a forecast of series that is handed over, and keeps the one that was chosen", async () => {
    const hand = (data) =>
      page.evaluate((data) => {
        const found = document.querySelector("headroom-forecast") ?? document.createElement("headroom-forecast");
        document.body.append(found);
        found.data = data;
      }, data);
    const document = JSON.parse(headroom("forecast", "--series", "series.csv", "--format", "json"));
    const [first, second] = document.series;
    second.name = "<b>second</b>";
    document.series.push({ ...first, name: "young", history: [], forecast: [], method: null, members: [], season: null, backtest: null, confidence: null, notes: [], refused: { reason: "it has 3 values", hint: "give at least 8" } });
    await hand(document);
    const shown = page.locator("headroom-forecast");
    assert.match(await shown.locator(".headline").innerText(), /Forecasts of 4 of 5 series/);
    assert.ok((await shown.locator(".owners").innerText()).includes("no forecast: it has 3 values"));
    await shown.getByLabel("Series", { exact: true }).selectOption("<b>second</b>");
    await shown.locator("canvas").waitFor();
    await hand({ ...document, warnings: ["nothing is touched"] });
    assert.match(await shown.locator('[role="img"]').getAttribute("aria-label"), /of <b>second<\/b> and of/);
    await shown.getByLabel("Series", { exact: true }).selectOption("young");
    assert.match(await shown.locator(".trend").innerText(), /No forecast: it has 3 values\. To get one, give at least 8\./);
    await assert.rejects(hand({ schema: "headroom/cube/1" }), /this is no forecast/);
    assert.deepEqual(said.filter((line) => !/404/.test(line)), []);
  });

  it("is one module of its own", () => {
    const module = readFileSync(new URL("../dist/headroom-elements.js", import.meta.url), "utf8");
    assert.ok(!/\bfrom\s*["']|\bimport\s*\(|\beval\(|new Function/.test(module));
  });
});
