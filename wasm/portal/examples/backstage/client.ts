// A `CostInsightsApi` without a backend: the engine reads the bills in the reader's own tab.
//
//   const engine = await startWorker();
//   const api = new HeadroomCostInsights(engine, bills, { policy, groupsOf: (user) => ownersOf(user) });
//
// Sums are made of exact amounts; only the finished one becomes a number, since that is what the plugin draws.

import type { BillSource, DocumentSource, Functions, Report } from "headroom-engine";

import { amountOf, drawn, type Amount } from "../../src/figures/amount.js";
import type { Alert, ChangeStatistic, Cost, CostInsightsApi, Entity, Group, MetricData, ProductInsightsOptions, Project } from "./api.js";
import { periodsOf, type Periods } from "./intervals.js";

/** What is needed of a charge. */
interface Line {
  readonly date: string;
  readonly service_name: string | null;
  readonly resource_id: string | null;
  readonly effective: string | null;
}

export interface Options {
  readonly policy?: DocumentSource;
  /** Which squads a user belongs to; all where nothing is named. */
  readonly groupsOf?: (userId: string) => readonly string[];
}

export class HeadroomCostInsights implements CostInsightsApi {
  #report: Promise<Report> | null = null;

  constructor(
    private readonly engine: Pick<Functions, "report" | "lines">,
    private readonly bills: readonly BillSource[],
    private readonly options: Options = {},
  ) {}

  async getLastCompleteBillingDate(): Promise<string> {
    const { history } = await this.#monthly();
    const whole = history.filter(({ complete }) => complete === "yes").at(-1);
    if (!whole) throw new Error("the bills hold no whole month");
    const [year, month] = whole.month.split("-").map(Number) as [number, number];
    return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  }

  async getUserGroups(userId: string): Promise<Group[]> {
    const named = this.options.groupsOf?.(userId) ?? valuesOf(await this.#monthly(), "squad");
    return named.map((id) => ({ id }));
  }

  async getGroupProjects(group: string): Promise<Project[]> {
    const report = await this.#monthly();
    const own = report.groups.filter(({ key }) => key["squad"] === group);
    return valuesOf({ ...report, groups: own }, "service_name").map((id) => ({ id }));
  }

  getGroupDailyCost(group: string, intervals: string): Promise<Cost> {
    return this.#daily(group, { squad: group }, periodsOf(intervals));
  }

  getProjectDailyCost(project: string, intervals: string): Promise<Cost> {
    return this.#daily(project, { service_name: project }, periodsOf(intervals));
  }

  async getDailyMetricData(metric: string): Promise<MetricData> {
    throw new Error(`bills hold no metric \`${metric}\`: answer it from where the portal keeps its own`);
  }

  async getProductInsights({ product, group, intervals }: ProductInsightsOptions): Promise<Entity> {
    const periods = periodsOf(intervals);
    const resources = new Map<string | null, [Amount, Amount]>();
    for await (const line of this.#lines({ squad: group, service_name: product }, periods)) {
      const both = resources.get(line.resource_id) ?? [0n, 0n];
      both[line.date < periods.middle ? 0 : 1] += amountOf(line.effective ?? "0");
      resources.set(line.resource_id, both);
    }
    const entities = [...resources].map(([id, both]) => entity(id, both));
    const all = [...resources.values()].reduce<[Amount, Amount]>((sum, [a, b]) => [sum[0] + a, sum[1] + b], [0n, 0n]);
    return entity(product, all, { resource: entities });
  }

  /** A group's changes of more than 20 % that nobody has explained. */
  async getAlerts(group: string): Promise<Alert[]> {
    const { changes, currency } = await this.#ask({ squad: group });
    return changes
      .filter(({ state }) => state === "unexplained")
      .map(({ scope, delta, percent }) => ({
        title: `${Object.values(scope.key).map((value) => value ?? "unallocated").join(" / ") || "Everything"}: ${delta} ${currency}`,
        subtitle: percent === null ? "new or gone since last month" : `${percent} % on last month, not explained`,
      }));
  }

  #monthly(): Promise<Report> {
    return (this.#report ??= this.#ask({}));
  }

  async #ask(only: Record<string, string>): Promise<Report> {
    const { document } = await this.engine.report(this.bills, { ...this.#policy(), ...(Object.keys(only).length > 0 ? { for: only } : {}) });
    if (Array.isArray(document)) throw new Error("the bills are in several currencies: make one client for each");
    return document;
  }

  async #daily(id: string, only: Record<string, string>, periods: Periods): Promise<Cost> {
    const days = new Map<string, Amount>();
    const both: [Amount, Amount] = [0n, 0n];
    for await (const { date, effective } of this.#lines(only, periods)) {
      const amount = amountOf(effective ?? "0");
      days.set(date, (days.get(date) ?? 0n) + amount);
      both[date < periods.middle ? 0 : 1] += amount;
    }
    const aggregation = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, amount]) => ({ date, amount: drawn(amount) }));
    return { id, aggregation, change: change(both) };
  }

  /** The charges of one owner in the periods. */
  async *#lines(only: Record<string, string>, { from, to }: Periods): AsyncGenerator<Line> {
    const decoder = new TextDecoder();
    for await (const piece of this.engine.lines(this.bills, { ...this.#policy(), format: "json", for: only })) {
      for (const text of decoder.decode(piece).split("\n")) {
        if (text === "") continue;
        const line = JSON.parse(text) as Line;
        if (from <= line.date && line.date < to) yield line;
      }
    }
  }

  #policy(): { policy?: DocumentSource } {
    return this.options.policy ? { policy: this.options.policy } : {};
  }
}

const valuesOf = ({ groups }: Pick<Report, "groups">, dimension: string): string[] =>
  [...new Set(groups.map(({ key }) => key[dimension] ?? null))].filter((value) => value !== null).sort();

const entity = (id: string | null, both: [Amount, Amount], entities: Record<string, Entity[]> = {}): Entity => ({
  id,
  aggregation: [drawn(both[0]), drawn(both[1])],
  entities,
  change: change(both),
});

function change([before, after]: readonly [Amount, Amount]): ChangeStatistic {
  const amount = drawn(after - before);
  return before === 0n ? { amount } : { ratio: amount / Math.abs(drawn(before)), amount };
}
