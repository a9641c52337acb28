// What goes wrong beside a good report, and what a reader takes back: the page never shows one thing and says another.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";

import { launch, program } from "./chromium.js";
import { AS_OF, BILLS, ROOM, RULES, given, headroom, pathOf, put, report, textOf } from "./program.js";
import { same } from "./same.js";
import { answered, askedOn, BUILDS, drop, exported, visit } from "./visit.js";

const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";
const HEADER = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags";

/** A small bill: days of a month, each with a cost of a squad. */
const bill = (...rows) => [HEADER, ...rows.map(([day, cost, squad, currency = "USD"]) => `${day},Usage,${cost},${cost},${currency},Queue,"{""squad"":""${squad}""}"`), ""].join("\n");

/** The parts of a page that a reader goes by. */
const seen = (page) =>
  page.evaluate(() => {
    const text = (selector) => document.querySelector(selector)?.innerText ?? "";
    const report = document.querySelector("headroom-report");
    return {
      failure: text("#failure"),
      files: text("#files > summary"),
      report: report.hidden ? "" : report.shadowRoot.querySelector(".headline")?.innerText ?? "",
      squad: document.querySelector("#only-squad")?.value ?? "",
    };
  });

describe("the page, when something is wrong", { skip }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** A fresh page with files in it, asked about the day of the sample. */
  async function opened(build, files, run) {
    const visited = await visit(browser, build);
    try {
      await askedOn(visited.page, AS_OF);
      await drop(visited.page, files);
      await answered(visited.page);
      await run(visited.page);
      assert.deepEqual(await visited.complaints(), []);
    } finally {
      await visited.close();
    }
  }

  it("keeps the report when another answer fails, and says which", async () => {
    put("typo.toml", 'schema = "headroom/assessment/1"\nsubjekt = 1\n');
    put("budgets.csv", "month,key,value\n2026-13,total,5\n");
    await opened("single", given([...BILLS, RULES[0]]), async (page) => {
      for (const [file, said] of [["traffic.csv", /Whether there is room cannot be told[^]*no table of usage/], ["typo.toml", /Maturity cannot be judged[^]*subjekt/]]) {
        await drop(page, given([file]));
        await page.locator("#failure .message").waitFor();
        const { failure, report: shown } = await seen(page);
        assert.match(failure, said);
        assert.match(shown, /40,245\.85 USD/);
        same((await exported(page, "export-json")).text, headroom("report", ...BILLS, "--policy", RULES[0], "--as-of", AS_OF, "--format", "json"), "json");
        await page.locator(`button[title="Remove ${file}"]`).dispatchEvent("click");
        await answered(page);
      }
      await drop(page, given(["budgets.csv"]));
      await answered(page);
      await page.click("#forecast");
      await page.locator("#failure .message").waitFor();
      const { failure, report: shown } = await seen(page);
      assert.match(failure, /The months ahead cannot be forecast[^]*2026-13/);
      assert.match(shown, /40,245\.85 USD/);
      assert.ok(await page.locator("#forecast").isVisible());
    });
  });

  it("offers to leave out the file that is wrong", async () => {
    put("logo.png", "\u0089PNG\r\n\u0000");
    await opened("single", given(BILLS), async (page) => {
      await drop(page, given(["logo.png"]));
      await page.locator("#failure button", { hasText: "Leave out logo.png" }).click();
      await answered(page);
      const { failure, files, report: shown } = await seen(page);
      assert.deepEqual([failure, files], ["", "17 bills, 1 file left out"]);
      assert.match(shown, /40,245\.85 USD/);
    });
  });

  it("keeps parts of an export that have one name, and takes an edited policy for the earlier one", async () => {
    const [april, may] = ["aws-cur-2026-04.csv", "aws-cur-2026-05.csv"];
    const parts = [april, may].map((name) => ({ name: "cur-00001.csv", path: pathOf(name) }));
    await opened("single", parts.slice(0, 1), async (page) => {
      await drop(page, parts.slice(1));
      await page.locator("headroom-report h2", { hasText: "May 2026" }).waitFor();
      await answered(page);
      const { files, report: shown } = await seen(page);
      assert.equal(files, "2 bills");
      const { totals } = JSON.parse(headroom("report", april, may, "--as-of", AS_OF, "--format", "json"));
      assert.ok(shown.replaceAll(",", "").includes(Number(totals.effective.amount).toFixed(2)), shown);
      for (const rule of ["first", "second"]) {
        put("rules.toml", `schema = "headroom/allocation/1"\n[[rule]]\nid = "${rule}"\nwhen = { charge_category = "Usage" }\nset = { squad = "${rule}" }\n`);
        await drop(page, given(["rules.toml"]));
        await page.locator("headroom-report .owners tbody", { hasText: rule }).first().waitFor();
        await answered(page);
        assert.equal((await seen(page)).files, "2 bills, policy", rule);
      }
    });
  });

  it("takes tables that are packed", async () => {
    put("budgets.csv.gz", gzipSync("month,key,value\n2026-06,total,50000\n"));
    put("budgets.csv", "month,key,value\n2026-06,total,50000\n");
    await opened("single", given(BILLS), async (page) => {
      await drop(page, given(["budgets.csv.gz"]));
      await answered(page);
      await page.click("#forecast");
      await answered(page, "headroom-forecast .headline");
      same((await exported(page, "export-forecast-json")).text, headroom("forecast", ...BILLS, "--budgets", "budgets.csv", "--as-of", AS_OF, "--format", "json"), "json");
    });
  });

  it("shows what is chosen, where the month shown has nothing of it", async () => {
    put("gone.csv", bill(...["2026-03", "2026-04", "2026-05"].flatMap((month) => [[`${month}-01`, 10, month === "2026-03" ? "old" : "new"], [`${month}-30`, 5, "new"]])));
    await opened("single", given(["gone.csv"]), async (page) => {
      await page.selectOption("#month", "2026-03");
      await page.locator("headroom-report h2", { hasText: "March 2026" }).waitFor();
      await page.selectOption("#only-squad", "old");
      await page.locator("headroom-report .owner").waitFor();
      await answered(page);
      await page.selectOption("#month", "2026-05");
      await page.locator("headroom-report h2", { hasText: "May 2026" }).waitFor();
      await answered(page);
      assert.equal((await seen(page)).squad, "old");
      assert.equal(await page.locator("#only-squad option:checked").innerText(), "old, not in this month");
      // What explains changes asks for no other month and for no other squad.
      put("why.toml", 'schema = "headroom/explanations/1"\n');
      await drop(page, given(["why.toml"]));
      await answered(page);
      assert.equal((await seen(page)).squad, "old");
      await page.click("#reset");
      await page.locator("headroom-report .owner").waitFor({ state: "detached" });
      assert.equal((await seen(page)).squad, "");
    });
  });

  it("goes back to what is shown when it is stopped", async () => {
    const visited = await visit(browser, "single");
    const { page } = visited;
    try {
      await askedOn(page, AS_OF);
      const transfer = await page.evaluateHandle((text) => {
        const at = text.indexOf("\n") + 1;
        const rows = text.slice(at).repeat(40);
        const transfer = new DataTransfer();
        transfer.items.add(new File([text.slice(0, at), ...Array(Math.ceil(2e8 / rows.length)).fill(rows)], "large.csv"));
        return transfer;
      }, textOf(BILLS.find((name) => name.startsWith("saas"))));
      await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
      await answered(page);
      const before = await seen(page);
      const [, squad] = await page.locator("#only-squad option").evaluateAll((options) => options.map(({ value }) => value));
      await page.selectOption("#only-squad", squad);
      await page.locator("#running .told", { hasText: /rows so far/ }).waitFor();
      assert.equal(await page.locator("#exports").evaluate((exports) => exports.inert), true, "what is shown is no answer to what is asked");
      await page.click("#cancel");
      await page.locator("#failure", { hasText: "Stopped. What is shown is what was asked before." }).waitFor();
      const { failure: _, ...shown } = await seen(page);
      const { failure: __, ...wanted } = before;
      assert.deepEqual(shown, wanted);
      assert.deepEqual(JSON.parse((await exported(page, "export-json")).text).owner, {});
    } finally {
      await visited.close();
    }
  });

  for (const build of Object.keys(BUILDS)) {
    it(`${build}: takes a folder, and of it what the command line would`, async () => {
      mkdirSync(pathOf("month"), { recursive: true });
      put("month/cur.csv", textOf("aws-cur-2026-05.csv"));
      put("month/cur-Manifest.json", '{"assemblyId":"1","reportKeys":["cur.csv"]}');
      put("month/README.md", "# Bills\n");
      put("month/.hidden.csv", "x");
      const visited = await visit(browser, build);
      try {
        await askedOn(visited.page, AS_OF);
        const session = await visited.page.context().newCDPSession(visited.page);
        for (const type of ["dragEnter", "dragOver", "drop"]) {
          await session.send("Input.dispatchDragEvent", { type, x: 600, y: 300, data: { items: [], files: [pathOf("month")], dragOperationsMask: 1 } });
        }
        await answered(visited.page);
        assert.equal((await seen(visited.page)).files, "bill, 1 file left out");
        const json = headroom("report", "month", "--as-of", AS_OF, "--format", "json");
        same((await exported(visited.page, "export-json")).text, json, "json");
        assert.deepEqual(await visited.complaints(), []);
      } finally {
        await visited.close();
      }
    });
  }

  it("says in which currency each report is, and counts the changes of all", async () => {
    const rows = ["USD", "EUR"].flatMap((currency) => [["2026-04-01", 10, "a", currency], ["2026-04-30", 10, "a", currency], ["2026-05-01", 20, "a", currency], ["2026-05-31", 20, "a", currency]]);
    put("currencies.csv", bill(...rows));
    await opened("single", given(["currencies.csv"]), async (page) => {
      const titles = await page.locator("headroom-report h2").allInnerTexts();
      assert.deepEqual(titles, ["Cost report, May 2026, EUR", "Cost report, May 2026, USD"]);
      const reports = JSON.parse(headroom("report", "currencies.csv", "--as-of", AS_OF, "--format", "json"));
      const flagged = reports.reduce((sum, { changes }) => sum + changes.length, 0);
      assert.equal(await page.locator("#status").innerText(), `The report of May 2026 is ready: ${flagged} changes flagged in 2 currencies.`);
    });
  });

  it("stays as small as it was, however often something else is chosen", async () => {
    await opened("single", given([...BILLS, ...RULES]), async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send("HeapProfiler.enable");
      const nodes = async () => {
        for (let times = 0; times < 3; times += 1) await session.send("HeapProfiler.collectGarbage");
        return (await session.send("Memory.getDOMCounters")).nodes;
      };
      const choose = async (times) => {
        for (let time = 0; time < times; time += 1) {
          await page.selectOption("#metric", time % 2 ? "effective" : "billed");
          await page.waitForFunction(() => !document.querySelector("#result").hasAttribute("aria-busy"));
          // A chart is drawn once there is room for it.
          await page.locator("headroom-report canvas").waitFor();
        }
      };
      await choose(2);
      const before = await nodes();
      await choose(10);
      // One report has some 2,000.
      assert.ok((await nodes()) < before + 1500, `${before} nodes, then ${await nodes()}`);
    });
  });

  it("prints what is folded, and how much there is more", async () => {
    await opened("single", given([...BILLS, ...RULES]), async (page) => {
      const closed = () => page.locator("headroom-report").evaluate((report) => report.shadowRoot.querySelectorAll("details:not([open])").length);
      assert.ok((await closed()) > 5);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      assert.equal(await closed(), 0);
      await page.emulateMedia({ media: "print" });
      const more = page.locator("headroom-report button.more").first();
      assert.ok(await more.isVisible());
      assert.doesNotMatch(await more.innerText(), /Show/);
      for (const away of ["#what-if form", "#forecast", "#exports"]) assert.equal(await page.locator(away).isVisible(), false, away);
      assert.equal(await page.locator("headroom-report .choices").isVisible(), false);
      await page.emulateMedia({ media: "screen" });
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      assert.ok((await closed()) > 5);
    });
  });

  it("keeps figures in sight beside many owners and long names", async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ["2026-05-01", 1 + at, at === 0 ? "x".repeat(300) : `squad-${at}`]);
    put("many.csv", bill(...rows, ["2026-05-31", 1e6, "x".repeat(300)]));
    await opened("single", given(["many.csv"]), async (page) => {
      const [owners, whole] = [page.locator("headroom-report .owners .scroll").first(), page.locator("headroom-report .owners")];
      assert.equal(await owners.locator("tbody tr").count(), 40);
      const widths = await owners.evaluate((box) => [box.scrollWidth, box.clientWidth]);
      assert.ok(widths[0] <= widths[1], widths.join());
      await whole.locator("button.more").first().click();
      assert.equal(await owners.locator("tbody tr").count(), 540);
    });
  });
});
