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
  readonly currency: string | null;
  readonly billed: string | null;
  readonly effective: string | null;
}

/** A charge with the cost that counts. */
interface Charge extends Line {
  readonly amount: Amount;
}

export interface Options {
  readonly policy?: DocumentSource;
  /** The cost that counts; `effective` where none is named. */
  readonly metric?: "billed" | "effective";
  /** Which squads a user belongs to; all where nothing is named. */
  readonly groupsOf?: (userId: string) => readonly string[];
}

const SEVERAL = "the bills are in several currencies: make one client for each";

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
      both[line.date < periods.middle ? 0 : 1] += line.amount;
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
    const asked = (this.#report ??= this.#ask({}));
    // What failed may be asked again: a bill may be there by then.
    asked.catch(() => (this.#report = null));
    return asked;
  }

  async #ask(only: Record<string, string>): Promise<Report> {
    const { document } = await this.engine.report(this.bills, { ...this.#policy(), metric: this.#metric, ...(Object.keys(only).length > 0 ? { for: only } : {}) });
    if (Array.isArray(document)) throw new Error(SEVERAL);
    return document;
  }

  get #metric(): "billed" | "effective" {
    return this.options.metric ?? "effective";
  }

  async #daily(id: string, only: Record<string, string>, periods: Periods): Promise<Cost> {
    const days = new Map<string, Amount>();
    const both: [Amount, Amount] = [0n, 0n];
    for await (const { date, amount } of this.#lines(only, periods)) {
      days.set(date, (days.get(date) ?? 0n) + amount);
      both[date < periods.middle ? 0 : 1] += amount;
    }
    const aggregation = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, amount]) => ({ date, amount: drawn(amount) }));
    return { id, aggregation, change: change(both) };
  }

  /** The charges of one owner in the periods. Currencies are never added up, and a cost that is not stated is never 0. */
  async *#lines(only: Record<string, string>, { from, to }: Periods): AsyncGenerator<Charge> {
    const decoder = new TextDecoder();
    const metric = this.#metric;
    let currency: string | null | undefined;
    for await (const piece of this.engine.lines(this.bills, { ...this.#policy(), format: "json", for: only })) {
      for (const text of decoder.decode(piece).split("\n")) {
        if (text === "") continue;
        const line = JSON.parse(text) as Line;
        if (line.date < from || line.date >= to) continue;
        if (currency !== undefined && line.currency !== currency) throw new Error(SEVERAL);
        currency = line.currency;
        const stated = line[metric];
        if (stated === null) throw new Error(`a charge of ${line.service_name ?? "no service"} on ${line.date} states no ${metric} cost: ask for the other metric`);
        yield { ...line, amount: amountOf(stated) };
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
