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
