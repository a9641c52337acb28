// What Backstage's Cost Insights plugin asks of its `CostInsightsApi`, as far as this client answers it. In a portal import
// the type from the plugin instead; this declaration lets the example be checked without it.

export interface Group {
  id: string;
  name?: string;
}

export interface Project {
  id: string;
}

/** A day and what it cost. */
export interface DateAggregation {
  date: string;
  amount: number;
}

export interface ChangeStatistic {
  /** 0.15 for 15 %; absent where there was nothing before. */
  ratio?: number;
  amount: number;
}

export interface Trendline {
  slope: number;
  intercept: number;
}

export interface Cost {
  id: string;
  aggregation: DateAggregation[];
  change?: ChangeStatistic;
  trendline?: Trendline;
}

/** Costs of the earlier and of the later period, and what they are made of. */
export interface Entity {
  id: string | null;
  aggregation: [number, number];
  entities: Record<string, Entity[]>;
  change: ChangeStatistic;
}

export interface MetricData {
  id: string;
  format: "number" | "currency";
  aggregation: DateAggregation[];
  change: ChangeStatistic;
}

export interface Alert {
  title: string;
  subtitle: string;
}

export interface ProductInsightsOptions {
  product: string;
  group: string;
  /** Repeated periods up to a day: `R2/P30D/2026-06-01`. */
  intervals: string;
  project: string | null;
}

export interface CostInsightsApi {
  getLastCompleteBillingDate(): Promise<string>;
  getUserGroups(userId: string): Promise<Group[]>;
  getGroupProjects(group: string): Promise<Project[]>;
  getGroupDailyCost(group: string, intervals: string): Promise<Cost>;
  getProjectDailyCost(project: string, intervals: string): Promise<Cost>;
  getDailyMetricData(metric: string, intervals: string): Promise<MetricData>;
  getProductInsights(options: ProductInsightsOptions): Promise<Entity>;
  getAlerts(group: string): Promise<Alert[]>;
}
