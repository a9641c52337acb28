// What is ahead, on the page: series, what is only supposed, and what is to be done; all as the command line has it. Of the two
// builds one is enough: they differ in where the engine lies.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { launch, program } from "./chromium.js";
import { AS_OF, BILLS, ROOM, RULES, TABLES, given, headroom, put, report, savings } from "./program.js";
import { rowsOf, same } from "./same.js";
import { answered, askedOn, drop, exported, visit } from "./visit.js";

const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";

/** The text of rows of an element's tables, cells apart. */
const rowsShown = (page, element) =>
  page.evaluate((name) => {
    const rows = document.querySelector(name).shadowRoot.querySelectorAll("tbody tr");
    return [...rows].map((row) => [...row.cells].map((cell) => cell.textContent).join(" | "));
  }, element);

async function suppose(page, text) {
  await page.fill("#supposed", text);
  await page.press("#supposed", "Enter");
}

describe("what is ahead", { skip }, () => {
  let browser, visited;
  before(async () => {
    browser = await launch();
    visited = await visit(browser, "single");
    await askedOn(visited.page, AS_OF);
  });
  after(() => browser?.close());

  it("forecasts series as the command line does", async () => {
    const { page } = visited;
    await drop(page, given(["series.csv"]));
    await answered(page, "#lines .headline");
    assert.equal(await page.locator("#files select").inputValue(), "series");
    const forecast = (format, ...more) => headroom("forecast", "--series", "series.csv", "--format", format, ...more);
    for (const form of ["json", "csv"]) same((await exported(page, `export-series-${form}`)).text, forecast(form), form);
    assert.match(await page.locator("#lines .headline").innerText(), /Forecasts of 4 of 4 series/);
    // What the terminal has on a line for each series stands in the table.
    const lines = forecast("table").split("\n").filter((line) => /(high|fair|low)$/.test(line));
    assert.equal(lines.length, 4);
    const shown = await rowsShown(page, "#lines");
    for (const line of lines) {
      const [name, last, next, end, missed] = line.trim().split(/\s{2,}/);
      const row = shown.find((row) => row.startsWith(`${name} | ${last} | ${next} | ${end} | `));
      assert.ok(row?.includes(` | ${missed} | `), `${line} in ${shown.join("\n")}`);
    }
    await page.locator("#lines canvas").waitFor();
  });

  it("shows each series with its steps and how it did on the past", async () => {
    const { page } = visited;
    const { series } = JSON.parse(headroom("forecast", "--series", "series.csv", "--format", "json"));
    const chooser = page.locator("#lines").getByLabel("Series", { exact: true });
    for (const { name, forecast, backtest, confidence } of series) {
      await chooser.selectOption(name);
      const told = await page.locator("#lines .trend").innerText();
      assert.ok(told.includes(`Tried from ${backtest.origins} points of the past`), told);
      assert.ok(told.includes(`Confidence: ${confidence}.`), told);
      const label = await page.locator('#lines [role="img"]').getAttribute("aria-label");
      assert.ok(label.includes(` of ${name} and of ${forecast.length} expected`), label);
      for (const more of await page.locator("#lines button.more").all()) await more.click();
      const steps = page.locator("#lines").getByRole("group", { name: `Steps ahead of ${name}` }).locator("tbody tr");
      assert.equal(await steps.count(), forecast.length, name);
    }
  });

  it("takes what is planned into series, as cost or as traffic", async () => {
    const { page } = visited;
    await drop(page, given(["releases.csv"]));
    await page.locator("#measures").waitFor();
    await answered(page, "#lines .headline");
    const forecast = (...more) => headroom("forecast", "--series", "series.csv", "--releases", "releases.csv", "--format", "json", ...more);
    same((await exported(page, "export-series-json")).text, forecast(), "cost");
    assert.match(await page.locator("#lines .headline").innerText(), /2 earlier releases brought 60\.0 % of what was declared/);
    await page.selectOption("#measures", "traffic");
    await answered(page, "#lines .headline");
    await page.waitForFunction(() => document.querySelector("#lines").data.series.some(({ releases }) => releases?.measures === "traffic"));
    same((await exported(page, "export-series-json")).text, forecast("--measures", "traffic"), "traffic");
    await page.selectOption("#measures", "cost");
    await page.waitForFunction(() => document.querySelector("#lines").data.series.some(({ releases }) => releases?.measures === "cost"));
  });

  it("says beside the form what states no release", async () => {
    const { page } = visited;
    await suppose(page, "soon checkout traffic+20%");
    const wrong = page.locator("#supposed-wrong");
    await wrong.getByText("`soon checkout traffic+20%` states no release. ").waitFor();
    assert.match(await wrong.innerText(), /What to do: write the day, the service and what changes, such as `2026-07-01 checkout traffic\+20% cost-5%`\.$/);
    assert.equal(await page.locator("#supposed").getAttribute("aria-invalid"), "true");
    assert.equal(await page.evaluate(() => document.activeElement.id), "supposed");
    // What was answered before still holds.
    assert.equal(await page.locator("#lines .headline").count(), 1);
    assert.equal(await page.locator("#failure .message").count(), 0);
    await page.type("#supposed", ".");
    assert.equal(await wrong.innerText(), "");
    assert.equal(await page.locator("#supposed").getAttribute("aria-invalid"), null);
  });

  it("answers what if there were a release, as the command line does", async () => {
    const { page } = visited;
    await drop(page, given(ROOM));
    await answered(page, "#room .headline");
    const supposed = "2026-06-20 checkout traffic+60%";
    await suppose(page, supposed);
    await page.locator("#what-if li", { hasText: supposed }).waitFor();
    await page.waitForFunction(() => document.querySelector("#room").data?.services.some(({ releases }) => releases.some(({ state }) => state === "supposed")));
    await answered(page, "#room .headline");
    const capacity = (format, ...more) => headroom("capacity", ...TABLES, "--as-of", AS_OF, "--format", format, ...more);
    const series = (...more) => headroom("forecast", "--series", "series.csv", "--releases", "releases.csv", "--format", "json", ...more);
    for (const form of ["json", "csv"]) same((await exported(page, `export-capacity-${form}`)).text, capacity(form, "--release", supposed), form);
    same((await exported(page, "export-series-json")).text, series("--release", supposed), "series");
    assert.equal(await page.locator("#status").innerText(), `Supposed: ${supposed}.`);
    // The day to order by has passed, and both say so.
    const words = "; that day has passed.";
    assert.ok(capacity("table", "--release", supposed).replace(/\s+/g, " ").includes(words));
    assert.equal((await page.locator("#room article").innerText()).split(words).length, 3, "in the headline and for the service");
    await suppose(page, supposed);
    await page.locator("#supposed-wrong").getByText(`\`${supposed}\` is supposed already`).waitFor();
    await page.fill("#supposed", "");
  });

  it("keeps what is supposed when files change", async () => {
    const { page } = visited;
    const [supposed, other] = ["2026-06-20 checkout traffic+60%", "2026-08-01 * cost-5%"];
    await drop(page, given([...BILLS, RULES[0]]));
    await answered(page);
    await suppose(page, other);
    await page.locator("#what-if li", { hasText: other }).waitFor();
    // Asked for while the rest is asked anew: neither stops the other.
    await page.click("#forecast");
    await answered(page, "#outlook .headline");
    assert.ok(await page.evaluate((text) => JSON.stringify(document.querySelector("#room").data).includes(text), other));
    const forecast = (...more) => headroom("forecast", ...BILLS, "--policy", RULES[0], "--as-of", AS_OF, "--releases", "releases.csv", "--format", "json", ...more);
    const both = ["--release", supposed, "--release", other];
    same((await exported(page, "export-forecast-json")).text, forecast(...both), "both");
    // The forecast that is looked at follows.
    await page.focus(`button[title="Remove ${supposed}"]`);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (text) => document.querySelector("#outlook").data && !JSON.stringify(document.querySelector("#outlook").data).includes(text), supposed,
    );
    assert.equal(await page.evaluate(() => document.activeElement.title), `Remove ${other}`);
    await answered(page, "#outlook .headline");
    same((await exported(page, "export-forecast-json")).text, forecast("--release", other), "one");
  });

  it("lists what to do as the command line does", async () => {
    const { page } = visited;
    const names = savings();
    await page.focus('#what-if button[title^="Remove"]');
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "supposed");
    await page.click("#files > summary");
    await page.click("#clear");
    await page.locator("headroom-report .headline").waitFor({ state: "detached" });
    await drop(page, given([...BILLS, ...RULES, "workloads.toml", ...names]));
    await answered(page, "headroom-report .actions");
    const documents = names.flatMap((name) => ["--savings", name]);
    const policies = ["--policy", "workloads.toml"];
    const texts = Object.fromEntries(["json", "markdown", "csv"].map((form) => [form, report(form, ...policies, ...documents)]));
    for (const [form, text] of Object.entries(texts)) same((await exported(page, `export-${form}`)).text, text, form);
    const { actions } = JSON.parse(texts.json);
    assert.ok(actions.list.length > 5 && actions.totals.overlap_month !== "0", `${actions.list.length} actions`);
    for (const more of await page.locator("headroom-report .actions button.more").all()) await more.click();
    const shown = await rowsShown(page, "headroom-report");
    const section = texts.markdown.slice(texts.markdown.indexOf("## What to do")).split("\n## ")[0];
    const wanted = rowsOf(section).filter(([rank]) => /^\d+$/.test(rank.trim()));
    assert.equal(wanted.length, actions.list.length);
    for (const [rank, action, subject, what, owner, risk, effort, evidence, saves, alone] of wanted) {
      const row = shown.find((row) => row.startsWith(`${rank} | ${saves} | ${action} | ${subject}${what} | ${owner} | `)) ?? "";
      // The place of the evidence stands on a line of its own.
      const why = evidence.replace(/ \(([^()]*)\)$/, `risk ${risk}, effort ${effort}; $1`);
      assert.equal(row.split(" | ").slice(5).join(" | "), [why, alone].join(" | "), rank);
    }
    // The sentence above the list is the engine's.
    const [, sentence] = section.split("\n\n");
    assert.ok((await page.locator("headroom-report .actions").innerText()).includes(sentence.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))), sentence);
  });

  it("says what is missing where files say nothing by themselves", async () => {
    const { page } = visited;
    await page.click("#clear");
    await page.locator("headroom-report .headline").waitFor({ state: "detached" });
    await drop(page, given(["hours.json"]));
    await page.locator("#nothing").waitFor();
    assert.equal(await page.locator("#what-if").isVisible(), false);
    put("one.csv", `date,value\n${Array.from({ length: 24 }, (_, at) => `${2000 + at},${100 + (at % 3)}`).join("\n")}\n`);
    await drop(page, given(["one.csv"]));
    await answered(page, "#lines .headline");
    same((await exported(page, "export-series-json")).text, headroom("forecast", "--series", "one.csv", "--format", "json"), "years");
    assert.equal(await page.locator("#nothing").isVisible(), false);
  });

  it("asks nobody for anything, and has nothing to complain of", async () => {
    assert.deepEqual(await visited.complaints(), []);
  });
});
