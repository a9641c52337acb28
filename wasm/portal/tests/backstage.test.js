// The Backstage client, on the sample: its numbers are those of the command line.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";

import { load } from "headroom-engine/node";

import { script } from "../build/bundle.js";
import { BILLS, headroom, pathOf } from "./program.js";

const bundled = await script("examples/backstage/client.ts", { platform: "node", external: ["headroom-engine"] });
const { HeadroomCostInsights } = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);

const text = (name) => ({ name, text: readFileSync(pathOf(name), "utf8") });

it("answers Cost Insights", async () => {
  const api = new HeadroomCostInsights(await load(), BILLS.map(text), { policy: text("allocation.toml") });
  assert.equal(await api.getLastCompleteBillingDate(), "2026-05-31");
  const squads = (await api.getUserGroups("user:default/guest")).map(({ id }) => id);
  assert.deepEqual(squads, ["checkout", "data", "mobile", "payments", "platform", "search", "security", "shared"]);
  const services = (await api.getGroupProjects("search")).map(({ id }) => id);
  assert.ok(services.includes("AmazonEC2"), services.join());

  const { aggregation, change } = await api.getGroupDailyCost("search", "R2/P1M/2026-06-01");
  const cube = JSON.parse(headroom("allocate", ...BILLS, "--policy", "allocation.toml", "--for", "squad=search", "--format", "json"));
  const month = (wanted) => cube.rows.filter(({ month }) => month === wanted).reduce((sum, { effective }) => sum + Number(effective), 0);
  // Days and months are numbers here, which lose digits far beyond the cent.
  const near = (actual, wanted) => assert.ok(Math.abs(actual - wanted) < 1e-4, `${actual} ${wanted}`);
  const days = (of) => aggregation.filter(({ date }) => date.startsWith(of)).reduce((sum, { amount }) => sum + amount, 0);
  near(days("2026-04"), month("2026-04"));
  near(days("2026-05"), month("2026-05"));
  near(change.amount, month("2026-05") - month("2026-04"));
  assert.ok(aggregation.length > 55 && aggregation.length <= 61, `${aggregation.length} days`);

  const insights = await api.getProductInsights({ product: "AmazonEC2", group: "search", intervals: "R2/P1M/2026-06-01", project: null });
  near(insights.entities.resource.reduce((sum, { aggregation: [, after] }) => sum + after, 0), insights.aggregation[1]);
  assert.ok(insights.change.ratio > 2, `${insights.change.ratio}`);
  const alerts = await api.getAlerts("search");
  assert.ok(alerts.length > 0 && alerts.every(({ subtitle }) => subtitle !== ""), JSON.stringify(alerts));
  await assert.rejects(api.getDailyMetricData("orders"), /hold no metric/);
  await assert.rejects(async () => api.getGroupDailyCost("search", "P30D"), RangeError);
});

const bill = (rows) => ({ name: "bill.csv", text: `ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags\n${rows.join("\n")}\n` });
const charge = (day, billed, effective, currency = "USD") => `${day},Usage,${billed},${effective},${currency},Queue,"{""squad"":""payments""}"`;

it("ends periods of months on days that there are", async () => {
  const days = ["2026-03-30", "2026-03-31", "2026-04-29", "2026-04-30", "2026-05-30"];
  const api = new HeadroomCostInsights(await load(), [bill(days.map((day) => charge(day, 1, 1)))]);
  const { aggregation, change } = await api.getGroupDailyCost("payments", "R2/P1M/2026-05-31");
  assert.deepEqual(aggregation.map(({ date }) => date), days.slice(1));
  assert.deepEqual(change, { ratio: 0, amount: 0 }, "31 March to 29 April, and 30 April to 30 May");
});

it("adds up no currencies, and takes no cost that is not stated for none", async () => {
  const engine = await load();
  const daily = (rows, options) => new HeadroomCostInsights(engine, [bill(rows)], options).getGroupDailyCost("payments", "R2/P1M/2026-06-01");
  await assert.rejects(daily([charge("2026-05-01", 1, 1), charge("2026-05-01", 1, 1, "JPY")]), /several currencies/);
  const unstated = [charge("2026-05-01", 2, "")];
  await assert.rejects(daily(unstated), /on 2026-05-01 states no effective cost/);
  assert.deepEqual((await daily(unstated, { metric: "billed" })).aggregation, [{ date: "2026-05-01", amount: 2 }]);
});

it("asks again after a failure", async () => {
  let isThere = false;
  const source = { name: "bill.csv", data: async () => { if (isThere) return new Blob([bill([charge("2026-05-01", 1, 1)]).text]); throw new Error("not yet"); } };
  const api = new HeadroomCostInsights(await load(), [source]);
  await assert.rejects(api.getUserGroups("user:default/guest"), /not yet/);
  isThere = true;
  assert.deepEqual(await api.getUserGroups("user:default/guest"), [{ id: "payments" }]);
});
