// The page in a browser, both builds: the figures are the command line's, and nothing leaves it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";

import { launch, program } from "./chromium.js";
import { AS_OF, BILLS, OPERATIONS, ROOM, RULES, TABLES, given, headroom, put, report, textOf } from "./program.js";
import { rowsOf, same } from "./same.js";
import { answered, askedOn, BUILDS, drop, exported, visit } from "./visit.js";

const skip = program() === null && "no chromium: install Debian's package `chromium`, or name one in CHROMIUM";
describe("the page", { skip }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  for (const build of Object.keys(BUILDS)) {
    describe(build, () => {
      let visited;
      before(async () => {
        visited = await visit(browser, build);
        await askedOn(visited.page, AS_OF);
      });
      after(() => visited.close());

      it("reports what the command line reports", async () => {
        const { page } = visited;
        await drop(page, given([...BILLS, ...RULES]));
        await answered(page);
        assert.equal(await page.locator("headroom-report .amount").innerText(), "40,245.85");
        for (const [form, ending] of [["json", "json"], ["markdown", "md"], ["csv", "csv"]]) {
          const { name, text } = await exported(page, `export-${form}`);
          assert.equal(name, `cost-report-2026-05.${ending}`);
          same(text, report(form), form);
        }
      });

      it("shows the figures that the engine's own page shows", async () => {
        const { page } = visited;
        await page.locator("headroom-report button.more").first().click();
        for (const summary of await page.locator("headroom-report section > details > summary").all()) await summary.click();
        const shown = await page.evaluate(() => {
          const rows = document.querySelector("headroom-report").shadowRoot.querySelectorAll("tbody tr");
          return [...rows].map((row) => [...row.cells].map((cell) => cell.textContent).join(" | "));
        });
        const markdown = report("markdown");
        const [owners] = markdown.split("## What changed");
        const wanted = rowsOf(owners.slice(owners.indexOf("## Who spent it")));
        assert.ok(wanted.length > 40, `${wanted.length} rows`);
        const titles = wanted.filter((row) => row.includes("Change")).map((row) => row.join());
        for (const row of wanted) {
          if (!titles.includes(row.join())) assert.ok(shown.includes(row.join(" | ")), row.join(" | "));
        }
      });

      it("filters as `--for` does", async () => {
        const { page } = visited;
        await page.selectOption("#only-squad", "payments");
        await page.locator("headroom-report .owner").waitFor();
        await answered(page);
        for (const form of ["json", "markdown", "csv"]) {
          same((await exported(page, `export-${form}`)).text, report(form, "--for", "squad=payments"), form);
        }
        await page.selectOption("#only-service_name", "AmazonRDS");
        await page.locator("headroom-report .owner", { hasText: "AmazonRDS" }).waitFor();
        await answered(page);
        const both = report("json", "--for", "squad=payments", "--for", "service_name=AmazonRDS");
        same((await exported(page, "export-json")).text, both, "export-json");
        await page.click("#reset");
        await page.locator("headroom-report .owner").waitFor({ state: "detached" });
        await answered(page);
        same((await exported(page, "export-json")).text, report("json"), "export-json");
      });

      it("forecasts what the command line forecasts", async () => {
        const { page } = visited;
        await page.click("#forecast");
        await answered(page, "headroom-forecast .headline");
        const forecast = (format, ...more) => headroom("forecast", ...BILLS, "--policy", RULES[0], "--as-of", AS_OF, "--format", format, ...more);
        for (const form of ["json", "csv"]) same((await exported(page, `export-forecast-${form}`)).text, forecast(form), form);
        const [month] = JSON.parse(forecast("json")).scopes[0].months;
        const expected = Math.round(Number(month.expected)).toLocaleString("en");
        assert.equal(await page.locator("headroom-forecast .amount").innerText(), expected);
        // What was asked of everybody's bills is no answer for one owner.
        await page.selectOption("#only-squad", "payments");
        await page.locator("headroom-forecast .headline").waitFor({ state: "detached" });
        await answered(page);
        await page.click("#forecast");
        await answered(page, "headroom-forecast .headline");
        same((await exported(page, "export-forecast-csv")).text, forecast("csv", "--for", "squad=payments"), "csv");
        await page.click("#reset");
        await page.locator("headroom-report .owner").waitFor({ state: "detached" });
        await answered(page);
      });

      it("answers whether there is room as the command line does", async () => {
        const { page } = visited;
        await drop(page, given(ROOM));
        await answered(page, "headroom-capacity .headline");
        const capacity = (format) => headroom("capacity", ...TABLES, "--as-of", AS_OF, "--format", format);
        for (const form of ["json", "csv"]) same((await exported(page, `export-capacity-${form}`)).text, capacity(form), form);
        const [checkout] = JSON.parse(capacity("json")).services;
        const shown = await page.locator("headroom-capacity tbody tr").first().innerText();
        assert.ok(shown.includes(checkout.order_by) && shown.includes(checkout.exhaustion.p10), shown);
        await page.locator("headroom-capacity canvas").first().waitFor();
        // What is planned goes into the forecast of the bills too.
        await page.click("#forecast");
        await answered(page, "headroom-forecast .headline");
        const forecast = headroom("forecast", ...BILLS, "--policy", RULES[0], "--as-of", AS_OF, "--releases", "releases.csv", "--format", "json");
        same((await exported(page, "export-forecast-json")).text, forecast, "json");
        await page.locator("headroom-forecast").getByText(/without releases/i).first().waitFor();
        await page.click("#files > summary");
        for (const name of ROOM) await page.click(`button[title="Remove ${name}"]`);
        await page.click("#files > summary");
        await page.locator("headroom-capacity .headline").waitFor({ state: "detached" });
        await answered(page);
      });

      it("asks for another month and another cost", async () => {
        const { page } = visited;
        await page.selectOption("#month", "2026-04");
        await page.locator("headroom-report h2", { hasText: "April 2026" }).waitFor();
        await page.selectOption("#metric", "billed");
        await page.locator("headroom-report .metric", { hasText: "billed cost" }).waitFor();
        await answered(page);
        same((await exported(page, "export-json")).text, report("json", "--month", "2026-04", "--metric", "billed"), "export-json");
        await page.selectOption("#metric", "effective");
        await page.selectOption("#month", "");
        await page.locator("headroom-report h2", { hasText: "May 2026" }).waitFor();
        await answered(page);
      });

      it("scores an assessment with the report as evidence", async () => {
        const { page } = visited;
        await drop(page, given(OPERATIONS));
        await answered(page, "headroom-scorecard .headline");
        put("report.json", report("json"));
        const assess = (format) =>
          headroom(
            "assess", "assessment.toml", "--deployments", "deployments.csv", "--incidents", "incidents.csv",
            "--evidence", "report.json", "--as-of", AS_OF, "--format", format,
          );
        same((await exported(page, "export-scorecard-json")).text, assess("json"), "export-scorecard-json");
        const markdown = assess("markdown");
        same((await exported(page, "export-scorecard-markdown")).text, markdown, "export-scorecard-markdown");
        const shown = await page.locator("headroom-scorecard .headline").innerText();
        assert.ok(shown.includes(/\*\*(.*)\*\*/.exec(markdown)[1].replace(/&#\d+;/g, "")), shown);
      });

      it("reads packed bills, and says what is wrong with others", async () => {
        const { page } = visited;
        await page.click("#files > summary");
        await page.click("#clear");
        await page.locator("headroom-report .headline").waitFor({ state: "detached" });
        const bill = BILLS.find((name) => name.startsWith("saas"));
        put(`${bill}.gz`, gzipSync(textOf(bill)));
        await drop(page, given([`${bill}.gz`]));
        await answered(page);
        same((await exported(page, "export-json")).text, headroom("report", `${bill}.gz`, "--as-of", AS_OF, "--format", "json"), "export-json");
        put("notes.csv", "a,b\n1,2\n");
        await drop(page, given(["notes.csv"]));
        await page.locator("#failure .message").waitFor();
        const failure = await page.locator("#failure").innerText();
        assert.match(failure, /notes\.csv.*unknown bill format/);
        assert.match(failure, /What to do:/);
        await page.click('button[title="Remove notes.csv"]');
        await page.locator("#failure .message").waitFor({ state: "detached" });
        await answered(page);
      });

      it("says of files that are gone or no whole report which they are, and takes the others", async () => {
        const { page, close } = await visit(browser, build);
        try {
          await page.evaluate(() => {
            const { slice } = Blob.prototype;
            File.prototype.slice = function (...range) {
              return this.name === "gone.csv" ? { arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) } : slice.apply(this, range);
            };
          });
          put("gone.csv", "a,b\n");
          for (const [text, said] of [['{"schema":"headroom/report/1","month":', /no JSON/], ['{"schema":"headroom/report/1","month":"2026-05"}', /no whole cost report: it has no `metric`/]]) {
            put("report.json", text);
            await drop(page, given(["report.json"]));
            await page.locator("#failure .message", { hasText: said }).waitFor();
            assert.match(await page.locator("#failure").innerText(), /In report\.json[^]*What to do:/);
          }
          await page.click("#files > summary");
          await page.click('button[title="Remove report.json"]');
          await drop(page, given(["gone.csv", ...BILLS.slice(0, 1)]));
          await page.locator("#failure .message", { hasText: "`gone.csv` cannot be read" }).waitFor();
          await page.locator(`button[title="Remove ${BILLS[0]}"]`).waitFor({ state: "attached" });
        } finally {
          await close();
        }
      });

      it("tells how far it is and stops when asked", async () => {
        const { page } = visited;
        const bill = BILLS.find((name) => name.startsWith("saas"));
        // Some hundred megabytes, made in the page of one bill's rows.
        const transfer = await page.evaluateHandle((text) => {
          const at = text.indexOf("\n") + 1;
          const rows = text.slice(at).repeat(40);
          const transfer = new DataTransfer();
          const times = Math.ceil(3e8 / rows.length);
          transfer.items.add(new File([text.slice(0, at), ...Array(times).fill(rows)], "large.csv"));
          return transfer;
        }, textOf(bill));
        await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
        await page.locator("#running .told", { hasText: /Reading 1, \d+ %: large\.csv, [\d,]+ rows so far/ }).waitFor();
        await page.click("#cancel");
        await page.locator("#status", { hasText: "Stopped." }).waitFor({ state: "attached" });
        assert.equal(await page.locator("#running").isVisible(), false);
        // Who came by keyboard is where it goes on.
        await page.locator("#failure button:focus", { hasText: "Make the report" }).waitFor();
        await page.click('button[title="Remove large.csv"]');
        await answered(page);
      });

      it("asks nobody for anything, and has nothing to complain of", async () => {
        assert.deepEqual(await visited.complaints(), []);
        const own = visited.asked.map((url) => url.replace(/^.*\//, "")).filter((name) => build === "hosted" && name !== "");
        assert.deepEqual(new Set(own), build === "hosted" ? new Set(["page.css", "page.js", "worker.js", "headroom.wasm"]) : new Set());
      });
    });

    it(`${build}: shows the sample`, async () => {
      const visited = await visit(browser, build);
      await visited.page.click("#sample");
      await answered(visited.page, "headroom-scorecard .headline");
      same((await exported(visited.page, "export-json")).text, report("json"), "export-json");
      for (const part of ["#room .headline", "#lines .headline"]) assert.ok(await visited.page.locator(part).isVisible(), part);
      assert.deepEqual(await visited.complaints(), []);
      await visited.close();
    });
  }
});
