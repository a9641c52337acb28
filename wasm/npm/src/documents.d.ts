// Made by `cargo run -p headroom-wasm-build -- npm` from the JSON Schemas in `policies/schemas`.

export type AllocationText = string;

export type Texts = AllocationText | AllocationText[];

/** A decimal with at most 18 decimals, as a number or, to be exact in any reader, as a text. */
export type Decimal = number | string;

export type Decimals = Decimal | Decimal[];

export interface Rule {
  /** The rule's name, unique in the policy; reports show it. */
  id: AllocationText;
  /** When the rule matches; left out, always. */
  when?: Condition;
  /** The dimensions the rule sets: `squad`, `service`, `environment`, and any of your own. */
  set: { [key: string]: AllocationSource };
}

export type AllocationSource = AllocationText | {
  /** Inherit the value of this tag. */
  tag: AllocationText;
} | {
  /** Inherit the value of this field. */
  field:
    | "provider_name"
    | "billing_account_id"
    | "billing_account_name"
    | "sub_account_id"
    | "sub_account_name"
    | "invoice_id"
    | "invoice_issuer_name"
    | "publisher_name"
    | "service_name"
    | "service_category"
    | "region_id"
    | "region_name"
    | "availability_zone"
    | "resource_id"
    | "resource_name"
    | "resource_type"
    | "resource_group"
    | "sku_id"
    | "sku_price_id"
    | "usage_type"
    | "operation"
    | "charge_category"
    | "charge_class"
    | "charge_description"
    | "charge_frequency"
    | "pricing_category"
    | "pricing_unit"
    | "commitment_discount_id"
    | "commitment_discount_name"
    | "commitment_discount_category"
    | "commitment_discount_type"
    | "commitment_discount_status"
    | "billing_currency"
    | "consumed_unit"
    | "cost_center"
    | "consumed_quantity"
    | "pricing_quantity"
    | "billed_cost"
    | "effective_cost"
    | "list_cost"
    | "contracted_cost";
};

/** Everything in one table must hold. A check on an absent value fails, except `absent`. */
export interface Condition {
  /** All of these hold. */
  all?: Condition[];
  /** At least one of these holds. */
  any?: Condition[];
  /** This does not hold. */
  not?: Condition;
  /** The key of a tag; the operators beside it are asked of its value. */
  tag?: AllocationText;
  /** The whole text is this, or one of these. */
  equals?: Texts;
  /** The text begins with this, or with one of these. */
  starts_with?: Texts;
  /** The text ends with this, or with one of these. */
  ends_with?: Texts;
  /** The text holds this, or one of these, anywhere. */
  contains?: Texts;
  /** The whole text fits this pattern, or one of these: `*` is any run of characters, `?` exactly one. */
  glob?: Texts;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
  /** Whether case counts in the text comparisons beside it (ASCII letters only). Default: sensitive. */
  case?: "sensitive" | "insensitive";
  /** Who provides the resource or service (AWS, Microsoft, Google Cloud, Oracle …). */
  provider_name?: TextField;
  /** The account the invoice goes to. */
  billing_account_id?: TextField;
  /** Its display name. */
  billing_account_name?: TextField;
  /** Account, subscription or project that holds the resource. */
  sub_account_id?: TextField;
  /** Its display name. */
  sub_account_name?: TextField;
  /** The invoice the charge is on. */
  invoice_id?: TextField;
  /** Who issues the invoice. */
  invoice_issuer_name?: TextField;
  /** Who made the service that was bought. */
  publisher_name?: TextField;
  /** The provider's offering (`AmazonEC2`, `Virtual Machines` …). */
  service_name?: TextField;
  /** FOCUS's category of the service (Compute, Storage …). */
  service_category?: TextField;
  /** The provider's identifier of the region. */
  region_id?: TextField;
  /** Its display name. */
  region_name?: TextField;
  /** The provider's identifier of the zone. */
  availability_zone?: TextField;
  /** The resource's identifier. */
  resource_id?: TextField;
  /** Its display name. */
  resource_name?: TextField;
  /** What kind of resource it is. */
  resource_type?: TextField;
  /** Azure's resource group. */
  resource_group?: TextField;
  /** What was priced. */
  sku_id?: TextField;
  /** The price that applied. */
  sku_price_id?: TextField;
  /** The provider's own name of the metered usage (usage type, meter). */
  usage_type?: TextField;
  /** The provider's own name of the operation. */
  operation?: TextField;
  /** Usage, Purchase, Tax, Credit or Adjustment. */
  charge_category?: TextField;
  /** `Correction` when it corrects an earlier invoice. */
  charge_class?: TextField;
  /** The charge in the provider's words. */
  charge_description?: TextField;
  /** One-Time, Recurring or Usage-Based. */
  charge_frequency?: TextField;
  /** Standard, Dynamic, Committed or Other. */
  pricing_category?: TextField;
  /** The unit that was priced. */
  pricing_unit?: TextField;
  /** The reservation or savings plan. */
  commitment_discount_id?: TextField;
  /** Its display name. */
  commitment_discount_name?: TextField;
  /** Spend or Usage. */
  commitment_discount_category?: TextField;
  /** The provider's kind of commitment. */
  commitment_discount_type?: TextField;
  /** Used or Unused. */
  commitment_discount_status?: TextField;
  /** The currency of the amounts. */
  billing_currency?: TextField;
  /** The unit of the consumed quantity. */
  consumed_unit?: TextField;
  /** The cost centre the provider's own hierarchy assigns. */
  cost_center?: TextField;
  /** How much was consumed, in `consumed_unit`. */
  consumed_quantity?: NumberField;
  /** How much was priced, in `pricing_unit`. */
  pricing_quantity?: NumberField;
  /** What the invoice states for the charge. */
  billed_cost?: NumberField;
  /** The amortised cost of the charge. */
  effective_cost?: NumberField;
  /** The cost at the public price. */
  list_cost?: NumberField;
  /** The cost at the negotiated price, before commitment discounts. */
  contracted_cost?: NumberField;
}

export type TextField = Texts | {
  /** The whole text is this, or one of these. */
  equals?: Texts;
  /** The text begins with this, or with one of these. */
  starts_with?: Texts;
  /** The text ends with this, or with one of these. */
  ends_with?: Texts;
  /** The text holds this, or one of these, anywhere. */
  contains?: Texts;
  /** The whole text fits this pattern, or one of these: `*` is any run of characters, `?` exactly one. */
  glob?: Texts;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
  /** Whether case counts in the text comparisons beside it (ASCII letters only). Default: sensitive. */
  case?: "sensitive" | "insensitive";
};

export type NumberField = Decimals | {
  /** The number is this, or one of these, however it is written. */
  equals?: Decimals;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
};

/** Ordered rules that say whose a charge is: first match per dimension. The same document as TOML or JSON. */
export interface Allocation {
  schema: "headroom/allocation/1";
  report?: {
    /** Changes smaller than this are counted, not listed; 0 or more, in the currency of the report. */
    floor?: Decimal;
    /** Values of the dimension `environment` that are production, in the place of the usual ones; case does not matter. */
    production?: Texts;
    /** Values that are not. What is in neither list is unknown, and counted as neither. */
    non_production?: Texts;
  };
  tags?: {
    /** For a tag key, the keys that mean the same, in the order in which they are tried. */
    aliases?: { [key: string]: Texts };
    /** For a tag key, the values that are replaced, after trimming, and what they become. */
    values?: { [key: string]: { [key: string]: AllocationText } };
  };
  /** The rules, in the order in which they are tried. */
  rule?: Rule[];
}

/** What is known of a service, team or organisation. The same document as TOML or JSON. */
export interface Assessment {
  schema: "headroom/assessment/1";
  subject: {
    id: string;
    kind?: "service" | "team" | "org";
  };
  as_of?: string;
  framework?: string;
  observed?: string;
  started?: string;
  fact?: {
    metric: string;
    scope?: string;
    value?: string | number | boolean | string[];
    n?: number;
    d?: number;
    items?: (string | number)[];
    done?: string;
    observed?: string;
    source?: string;
    evidence_url?: string;
  }[];
  answer?: {
    criterion: string;
    answer: "yes" | "no" | "unknown" | "not_applicable" | "in_progress";
    by?: string;
    at?: string;
    note?: string;
  }[];
  answers?: { [key: string]: "yes" | "no" | "unknown" | "in_progress" | boolean };
  declared_levels?: { [key: string]: number | string };
  level?: {
    control: string;
    level: number | string;
  }[];
  waiver?: {
    id: string;
    criterion?: string;
    control?: string;
    level?: number | string;
    reason: string;
    approved_by: string;
    granted: string;
    expires: string;
  }[];
  target?: {
    metric: string;
    scope?: string;
    at_least?: string | number;
    at_most?: string | number;
    above?: string | number;
    below?: string | number;
    equals?: string | number;
  }[];
  history?: {
    as_of: string;
    framework: string;
    confirmed: number | string;
    potential?: number | string;
    outcomes?: { [key: string]: "met" | "not_met" | "unknown" | "not_applicable" | "waived" | "no_target" };
    figures?: {
      metric: string;
      scope?: string;
      value: string | number;
    }[];
  }[];
}

/** What came of an assessment: levels, outcomes, gaps, next actions. */
export interface AssessmentResult {
  schema: "headroom/assessment-result/1";
  as_of: string;
  subject: {
    id: string;
    kind: "service" | "team" | "org";
  };
  framework: {
    id: string;
    title: string;
  };
  level: {
    confirmed: number;
    potential: number;
    shown: string;
    name: string;
    top: number;
    strict: number;
    target: number;
    waivers: number;
    unknowns: number;
    progress: {
      stage: number;
      met: number;
      of: number;
    } | null;
  } | null;
  weakest_control: {
    id: string;
    short: string;
    confirmed: number;
    potential: number;
  } | null;
  stages: {
    ordinal: number;
    name: string;
    window: string | null;
    state: "planned" | "in_progress" | "done" | "late" | null;
    met: number;
    not_met: number;
    unknown: number;
    not_applicable: number;
    waived: number;
    no_target: number;
  }[];
  distribution: {
    level: number;
    name: string;
    controls: number;
  }[];
  controls: {
    id: string;
    short: string;
    title: string;
    confirmed: number;
    potential: number;
    shown: string;
    level_title: string | null;
    declared: number | null;
    progress: {
      stage: number;
      met: number;
      of: number;
    } | null;
    owner: string | null;
    source: string;
  }[];
  criteria: {
    id: string;
    part: string;
    stage: number | null;
    control: string | null;
    statement: string;
    outcome: "met" | "not_met" | "unknown" | "not_applicable" | "waived" | "no_target";
    basis: "none" | "declared" | "attested" | "inferred" | "derived" | "stated" | "measured" | "assumed";
    why: "missing" | "stale" | null;
    actual: string | null;
    required: string | null;
    delta: string | null;
    unit: string | null;
    observed: string | null;
    /** The last day on which what is met, or does not apply, is known to be so. */
    until: string | null;
    waiver: string | null;
    note: string | null;
    optional: boolean;
    source: string;
    digest: string;
  }[];
  figures: {
    metric: string;
    scope: string;
    value: string;
    observed: string;
    measured: boolean;
    from: string | null;
  }[];
  overstated: {
    control: string | null;
    criterion: string;
    claim: string;
    evidence: string;
  }[];
  waivers: {
    id: string;
    state: "used" | "idle" | "expired" | "not_yet";
    covers: string;
    reason: string;
    approved_by: string;
    granted: string;
    expires: string;
    criteria: string[];
  }[];
  gaps: {
    control: string | null;
    short: string;
    reached: number;
    target: number;
    blocking: {
      criterion: string;
      stage: number;
      statement: string;
      outcome: "met" | "not_met" | "unknown" | "not_applicable" | "waived" | "no_target";
      actual: string | null;
      required: string | null;
      delta: string | null;
      unit: string | null;
      holds_back: boolean;
    }[];
    unknown: {
      criterion: string;
      stage: number;
      statement: string;
      outcome: "met" | "not_met" | "unknown" | "not_applicable" | "waived" | "no_target";
      actual: string | null;
      required: string | null;
      delta: string | null;
      unit: string | null;
      holds_back: boolean;
    }[];
    owner: string | null;
    hours: number | null;
    priority: number | null;
  }[];
  actions: {
    order: number;
    kind: "find_out" | "build";
    what: string;
    why: string;
    closes: string[];
    controls: string[];
    control_level: number | null;
    level: number;
    blocks_next_level: boolean;
    owner: string | null;
    hours: number | null;
    priority: number | null;
  }[];
  trend: {
    since: string;
    confirmed_before: number;
    confirmed: number;
    direction: "up" | "down" | "same";
    promoted: string[];
    regressed: string[];
    newly_unknown: string[];
    newly_waived: string[];
  } | null;
  history: {
    as_of: string;
    confirmed: number;
    potential: number;
  }[];
  anomalies: {
    id: string;
    note: string;
    criterion: string | null;
  }[];
  warnings: {
    code: string;
    message: string;
  }[];
}

export type Day = string;

export type Month = string;

/** A file: what messages call it, and what is in it. */
export interface NamedText {
  name: string;
  text: string;
}

/** A bill: with its text, or without where its bytes are pushed in a session. */
export interface Bill {
  /** What messages and documents call it. */
  name: string;
  /** The whole bill. */
  text?: string;
  /** Bytes as it is stored, where known: files of different sizes are not the same file. */
  size?: number;
  /** Whether it can be read but once. */
  once?: boolean;
}

/** A question about bills. */
export interface BillCall {
  call: "report" | "inspect" | "allocate" | "lines" | "check" | "init";
  /** The day it is asked. */
  as_of: Day;
  /** The bills, in the order in which messages name them; a `check` does without. */
  bills?: readonly Bill[];
  /** Allocation policies, which add up to one; the built-in one where none are given. */
  policy?: readonly NamedText[];
  /** Who has explained or announced which change. */
  explanations?: readonly NamedText[];
  /** The month; the latest whole one where none is named. */
  month?: Month;
  /** The metric of groups and changes; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** Which month charges count for; `charge_month` where none is named. */
  view?: "charge_month" | "billing_month";
  /** The dimensions of groups, when not the usual ones. */
  by?: readonly string[];
  /** Only charges with these values; `unallocated` asks for those without. */
  for?: { [key: string]: string };
  /** Keep the newest of files that hold the same rows, or count all, where they are parts of one export that do by chance; without it they are refused. */
  overlap?: "newest" | "sum";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "markdown" | "csv";
  /** Of a report alone: what calls for sizes, schedules, commitments and waste gave as JSON, for the list of what to do. */
  savings?: readonly NamedText[];
}

/** Why a charge is where it is. */
export interface ExplainCall {
  call: "explain";
  /** The day it is asked. */
  as_of: Day;
  /** The bills, in the order in which messages name them; a `check` does without. */
  bills: readonly Bill[];
  /** Allocation policies, which add up to one; the built-in one where none are given. */
  policy?: readonly NamedText[];
  /** The month; the latest whole one where none is named. */
  month?: Month;
  /** The metric of groups and changes; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** Which month charges count for; `charge_month` where none is named. */
  view?: "charge_month" | "billing_month";
  /** The dimensions of groups, when not the usual ones. */
  by?: readonly string[];
  /** Only charges with these values; `unallocated` asks for those without. */
  for?: { [key: string]: string };
  /** Keep the newest of files that hold the same rows, or count all, where they are parts of one export that do by chance; without it they are refused. */
  overlap?: "newest" | "sum";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "markdown" | "csv";
  /** The charges of one resource, by its identifier. */
  resource?: string;
  /** The charges with these values in fields (`service_name`) or tags (`tag:team`); an empty value asks for those without one. */
  where?: { [key: string]: string };
}

/** The level of maturity, what is missing, what comes next. */
export interface AssessCall {
  call: "assess";
  /** The day it is for; that of the assessment where none is named. */
  as_of?: Day;
  /** The day it is for where neither says. */
  today?: Day;
  /** The facts, answers and waivers. */
  assessment: NamedText;
  /** The framework's id; the one that the assessment names, or the usual one, where none is named. */
  framework?: string;
  /** Frameworks that do not come with Headroom. */
  frameworks?: readonly NamedText[];
  /** Earlier results. */
  history?: readonly NamedText[];
  /** Cost reports, whose figures are facts. */
  evidence?: readonly NamedText[];
  /** Tables of deployments, as CSV. */
  deployments?: readonly NamedText[];
  /** Tables of incidents, as CSV. */
  incidents?: readonly NamedText[];
  /** The level that gaps and actions lead to. */
  target?: number;
  /** Whether the level is held down to that of the weakest control. */
  strict?: boolean;
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "markdown";
}

/** A file to be filled in, with everything that a framework asks. */
export interface QuestionnaireCall {
  call: "questionnaire";
  /** The day of the facts. */
  as_of: Day;
  /** The framework's id; the usual one where none is named. */
  framework?: string;
  /** Frameworks that do not come with Headroom. */
  frameworks?: readonly NamedText[];
  /** What is assessed. */
  subject?: string;
}

/** Whether something may go ahead. */
export interface GateCall {
  call: "gate";
  /** The day of the decision; without one no waiver counts. */
  as_of?: Day;
  /** What is decided about: any JSON object. */
  input: NamedText;
  /** The gates. One without text that bears the name of one that comes with Headroom is that gate. */
  gates: readonly NamedText[];
  /** Results of assessments, and cost reports. */
  evidence?: readonly NamedText[];
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "markdown";
}

/** The JSON Schema of a document, or the names of all where none is named. */
export interface SchemaCall {
  call: "schema";
  /** The document. */
  name?: string;
}

/** What bills will be: by the end of the month, in the three after it and in a year. */
export interface ForecastCall {
  call: "forecast";
  /** The day it is asked. */
  as_of: Day;
  /** The bills, in the order in which messages name them. */
  bills?: readonly Bill[];
  /** Allocation policies, which add up to one; the built-in one where none are given. */
  policy?: readonly NamedText[];
  /** Budgets, as CSV. */
  budgets?: NamedText;
  /** The metric of groups and changes; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** Only charges with these values; `unallocated` asks for those without. */
  for?: { [key: string]: string };
  /** Keep the newest of files that hold the same rows, or count all, where they are parts of one export that do by chance; without it they are refused. */
  overlap?: "newest" | "sum";
  /** Releases to come, and what came of earlier ones, as CSV. */
  releases?: NamedText;
  /** Events to come, and such as were, as CSV. */
  events?: NamedText;
  /** Releases supposed, such as `2026-07-01 checkout traffic+20%`. */
  suppose?: readonly string[];
  /** Which models are combined: all that serve, or the damped trend and the dynamic theta alone; `full` where none is named. */
  models?: "full" | "fast";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "csv";
}

/** What series will be. */
export interface SeriesCall {
  call: "forecast";
  /** The series, as CSV: `series,date,value`. */
  series: NamedText;
  /** Steps ahead. */
  horizon?: number;
  /** Steps of a season; 1 for none. Told by the dates where none is named. */
  period?: number;
  /** Earlier forecasts of series, as documents: intervals learn from what came of them. */
  earlier?: readonly NamedText[];
  /** Releases to come, and what came of earlier ones, as CSV. */
  releases?: NamedText;
  /** Events to come, and such as were, as CSV. */
  events?: NamedText;
  /** Releases supposed, such as `2026-07-01 checkout traffic+20%`. */
  suppose?: readonly string[];
  /** What the series measure: cost, or traffic, which the cost of a request does not change; `cost` where nothing is said. */
  measures?: "cost" | "traffic";
  /** Which models are combined: all that serve, or the damped trend and the dynamic theta alone; `full` where none is named. */
  models?: "full" | "fast";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "csv";
}

/** What should be requested. */
export interface RightsizeCall {
  call: "rightsize";
  /** What is used: CSV, or answers of a Prometheus range query. */
  usage: readonly NamedText[];
  /** What is requested, as CSV. */
  requests?: readonly NamedText[];
  /** Prices and what risks cost; those that come with Headroom where none are given. */
  assumptions?: NamedText;
  /** Allocation policies, which say where workloads run that do not say it themselves; the built-in one where none is given. */
  policy?: readonly NamedText[];
  /** Bills whose prices count; then `as_of` is needed. */
  bills?: readonly Bill[];
  /** The day it is asked, where there are bills. */
  as_of?: Day;
  /** The month whose charges are prices; the latest whole one where none is named. */
  month?: Month;
  /** The metric of cost; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** What to do when files hold the same rows; refused where nothing is said. */
  overlap?: "newest" | "sum";
  /** How much risk is taken for how much reserve; `balanced` where none is named. */
  profile?: "economy" | "balanced" | "safe";
  /** Who decides; `balance`, Headroom's own, where none is named. */
  strategy?:
    | "balance"
    | "vpa"
    | "krr"
    | "krr_limit"
    | "goldilocks"
    | "goldilocks_burstable"
    | "crane"
    | "kubecost"
    | "aws"
    | "autopilot";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "csv" | "kubernetes" | "helm" | "compose" | "terraform";
}

/** What policies are, and what is wrong with them. */
export interface PolicyCheckCall {
  call: "policy_check";
  /** Allocation policies, frameworks, gates, metrics, offers of commitments, rules of what is idle, assumptions of sizing. */
  policy: readonly NamedText[];
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "markdown";
}

/** What is committed to and how far it is used, and how much more to commit to. */
export interface CommitmentsCall {
  call: "commitments";
  /** The day it is asked. */
  as_of: Day;
  /** The bills. */
  bills: readonly Bill[];
  /** What may be committed to, at which discount, on whose approval; what comes with Headroom where none is given. */
  offers?: NamedText;
  /** What to do when files hold the same rows; refused where nothing is said. */
  overlap?: "newest" | "sum";
  /** The form of the answer. */
  format?: "json" | "csv";
}

/** When what is not production may be off. */
export interface ScheduleCall {
  call: "schedule";
  /** Usage tables, or answers of Prometheus range queries. */
  usage: readonly NamedText[];
  /** What is requested today. */
  requests?: readonly NamedText[];
  /** Prices and what risk is worth, in place of those that come with Headroom. */
  assumptions?: NamedText;
  /** Allocation policies, which say where workloads run that do not say it themselves; the built-in one where none is given. */
  policy?: readonly NamedText[];
  /** Bills whose prices count; then `as_of` is needed. */
  bills?: readonly Bill[];
  /** The day it is asked, where there are bills. */
  as_of?: Day;
  /** The month whose charges are prices; the latest whole one where none is named. */
  month?: Month;
  /** The metric of cost; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** What to do when files hold the same rows; refused where nothing is said. */
  overlap?: "newest" | "sum";
  /** How far local time is ahead of UTC, such as `+02:00`. */
  offset?: string;
  /** Environments to look at; all that are not production where none is named. */
  environments?: readonly string[];
  /** The form of the answer. */
  format?: "json" | "csv" | "kube_downscaler" | "aws_scheduler" | "cron";
}

/** When services run out of capacity. */
export interface CapacityCall {
  call: "capacity";
  /** The day it is asked; the last of the traffic where none is named. */
  as_of?: Day;
  /** Requests by service and time, as CSV. */
  traffic: NamedText;
  /** What replicas use, as CSV. */
  usage: NamedText;
  /** The pools: replicas, sizes, lead times, prices, as CSV. */
  capacity: NamedText;
  /** Planned releases, as CSV. */
  releases?: NamedText;
  /** Points of load tests, as CSV. */
  load_tests?: NamedText;
  /** Releases supposed, such as `2026-07-01 checkout traffic+20%`. */
  suppose?: readonly string[];
  /** Days ahead. */
  horizon_days?: number;
  /** What may be lost without harm. */
  reserve?: "zone" | "replica" | "none";
  /** The form of the answer; `json` where none is named. */
  format?: "json" | "csv";
}

/** What nobody uses: of bills, of usage, or of both. */
export interface WasteCall {
  call: "waste";
  /** The day it is asked. */
  as_of: Day;
  /** The bills. */
  bills?: readonly Bill[];
  /** Allocation policies, which say whose things are; the built-in one where none is given. */
  policy?: readonly NamedText[];
  /** The month whose cost is told; the latest whole one where none is named. */
  month?: Month;
  /** The metric of groups and changes; `effective` where none is named. */
  metric?: "billed" | "effective" | "list" | "contracted";
  /** What to do when files hold the same rows; refused where nothing is said. */
  overlap?: "newest" | "sum";
  /** Usage tables, or answers of Prometheus range queries. */
  usage?: readonly NamedText[];
  /** What is requested today. */
  requests?: readonly NamedText[];
  /** Prices, where requests have none. */
  assumptions?: NamedText;
  /** What counts as unused; what comes with Headroom where none is given. */
  rules?: NamedText;
  /** The form of the answer. */
  format?: "json" | "csv";
}

/** What the engine is asked through any of its doors, as one JSON document. */
export type Call = BillCall | ExplainCall | AssessCall | QuestionnaireCall | GateCall | ForecastCall | SeriesCall | RightsizeCall | PolicyCheckCall | CommitmentsCall | ScheduleCall | CapacityCall | WasteCall | SchemaCall;

/** A decimal without exponent or trailing zeros. */
export type Amount = string;

/** A percentage, rounded half-even to 4 places, without trailing zeros. */
export type Percent = string;

/** pinball loss in percent of the traffic: less is better */
export interface Pinball {
  p50: Percent;
  p90: Percent;
}

export interface Service {
  service: string;
  replicas: number;
  max_replicas: number;
  zones: number;
  reserve: "zone" | "replica" | "none";
  response_target: Amount;
  peak: Amount | null;
  limits: {
    limit: "cpu" | "memory" | "throughput";
    unit: "cores" | "MiB" | "requests a second";
    fixed: Amount | null;
    per_request: Amount | null;
    samples: number;
    days: number;
    missed: Amount | null;
    drift: Amount | null;
    ceiling: Amount | null;
    why: string;
    room: Amount | null;
    taken: Amount | null;
    refused: {
      reason: string;
      hint: string;
    } | null;
  }[];
  exhaustion: {
    p10: Day | null;
    p50: Day | null;
    p90: Day | null;
    chance: Amount;
    through: Day;
  } | null;
  binding: "cpu" | "memory" | "throughput" | null;
  binding_share: Amount | null;
  lead_time_days: number;
  order_by: Day | null;
  weeks: {
    from: Day;
    peak_p50: Amount;
    peak_p90: Amount;
    replicas_p50: number | null;
    replicas_p90: number | null;
  }[];
  more: {
    replicas_p50: number | null;
    replicas_p90: number | null;
    cost_month_p50: Amount | null;
    cost_month_p90: Amount | null;
  } | null;
  growth: {
    percent: Amount;
    parts: {
      name: string;
      percent: Amount;
      share: Amount | null;
    }[];
  } | null;
  releases: {
    name: string;
    date: Day;
    slip_days: number;
    declared_traffic: Amount;
    expected_traffic: Amount;
    declared_cost: Amount;
    expected_cost: Amount;
    spread: Amount;
    shape: "step" | "ramp" | "decay";
    state: "out" | "to_come" | "supposed";
  }[];
  changes: {
    change: string;
    p10: Day | null;
    p50: Day | null;
    days: number | null;
  }[];
  traffic: CapacityForecast | null;
  /** how the daily peaks of earlier days were met, with what was known then */
  backtest: {
    from_day: number;
    to_day: number;
    askings: number;
    days: number;
    covered: Percent;
    paths: Pinball;
    last_week: Pinball;
    line: Pinball;
  }[];
  notes: string[];
  refused: {
    reason: string;
    hint: string;
  } | null;
}

export interface CapacityForecast {
  name: string;
  /** From one value to the next: month, day, hour, 2 days … */
  step: string | null;
  history: {
    date: string;
    value: Amount;
    filled?: boolean;
  }[];
  missing: number;
  method: "combination" | "naive" | null;
  season: {
    form: "additive" | "multiplicative";
    periods: number[];
  } | null;
  members: {
    model: string;
    share: Percent;
  }[];
  forecast: {
    date: string;
    mean: Amount;
    lo80: Amount;
    hi80: Amount;
    lo95: Amount;
    hi95: Amount;
    /** How many forecasts of the past were replayed that far. */
    replayed: number;
  }[];
  backtest: {
    origins: number;
    values: number;
    mase: Percent | null;
    smape: Percent;
    wape: Percent | null;
    coverage80: Percent | null;
    coverage95: Percent | null;
    /** The seasonal naive forecast on the same values. */
    naive: {
      mase: Percent | null;
      smape: Percent;
      wape: Percent | null;
    };
  } | null;
  confidence: "low" | "fair" | "high" | null;
  notes: string[];
  refused: {
    reason: string;
    hint: string;
  } | null;
}

/** When services run out of capacity, and when to order more. */
export interface Capacity {
  schema: "headroom/capacity/1";
  as_of: Day;
  horizon_days: number;
  paths: number;
  currency: string | null;
  /** What came of earlier releases beside what was declared, in percent. */
  record: {
    releases: number;
    kept: Amount | null;
    correction: Amount;
  };
  services: Service[];
  warnings: string[];
}

export type Answer = "yes" | "no" | "unknown";

export interface MonthVerdict {
  month: Month;
  first_day: Day | null;
  last_day: Day | null;
  complete: Answer;
  final: Answer;
}

export interface SourceVerdict {
  provider_name: string | null;
  billing_account_id: string | null;
  months: MonthVerdict[];
}

export interface FileVerdict {
  name: string;
  dialect: "focus" | "aws_cur_legacy" | "aws_cur_2" | "azure_ea" | "azure_mca" | "azure_payg" | "gcp" | "oci";
  version: string | null;
  /** Rows read, refused ones included. */
  rows: number;
  refused: number;
  currencies: string[];
  sources: SourceVerdict[];
}

export interface RefusedRow {
  file: string;
  line: number;
  column: string | null;
  reason: string;
}

export interface Overlap {
  files: string[];
  month: Month;
  rows_in_common: number;
  amount: Amount | null;
  action: "skipped" | "kept_newest" | "summed" | "refused";
}

export interface Tags {
  /** Percent of rows with at least one tag. */
  coverage: Percent | null;
  /** Keys that look like spellings of one. */
  merge: {
    keys: string[];
    into: string;
  }[];
}

export interface Warning {
  code: string;
  message: string;
  count: number;
}

/** Each file. */
export type Files = FileVerdict[];

/** What the files are, and whether they can be trusted. */
export interface Verdict {
  files: Files;
  refused_count: number;
  /** The first hundred. */
  refused_rows: RefusedRow[];
  /** Files that hold the same rows. */
  overlaps: Overlap[];
  tags: Tags;
  warnings: Warning[];
}

export interface Lint {
  code:
    | "never_matches"
    | "unreachable_rule"
    | "unreachable_dimension"
    | "unseen_tag_value"
    | "alias_of_itself"
    | "alias_twice"
    | "unread_tag"
    | "similar_values"
    | "similar_dimensions"
    | "never_matched"
    | "never_set";
  rule: string | null;
  file: string;
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

/** What is wrong and odd about a policy, and what its rules did on some bills. */
export interface Check {
  schema: "headroom/check/1";
  policy: string;
  rules: number;
  /** Documents of other kinds that can be used. */
  documents: {
    file: string;
    kind: "commitments" | "framework" | "gates" | "idle" | "metrics" | "sizing";
    holds: number;
  }[];
  /** What is wrong; the policy cannot be used unless this is empty. */
  problems: {
    file: string;
    line: number;
    column: number;
    message: string;
    hint: string | null;
  }[];
  /** What is odd. */
  warnings: Lint[];
  bills: {
    rows: number;
    rules: {
      rule: string;
      matched_rows: number;
      set_rows: number;
      /** The effective cost of the charges of which it set something. */
      cost: {
        currency: string;
        amount: Amount | null;
      }[];
    }[];
    dimensions: {
      dimension: string;
      allocated_rows: number;
      rows_percent: Percent | null;
      cost: {
        currency: string;
        input: Amount | null;
        allocated: Amount | null;
        percent: Percent | null;
      }[];
    }[];
    verdict: Verdict;
  } | null;
}

export type ChargeText = string;

export type ChargeTexts = ChargeText | ChargeText[];

/** Everything in one table must hold. A check on an absent value fails, except `absent`. */
export interface ChargeCondition {
  /** All of these hold. */
  all?: ChargeCondition[];
  /** At least one of these holds. */
  any?: ChargeCondition[];
  /** This does not hold. */
  not?: ChargeCondition;
  /** The key of a tag; the operators beside it are asked of its value. */
  tag?: ChargeText;
  /** The whole text is this, or one of these. */
  equals?: ChargeTexts;
  /** The text begins with this, or with one of these. */
  starts_with?: ChargeTexts;
  /** The text ends with this, or with one of these. */
  ends_with?: ChargeTexts;
  /** The text holds this, or one of these, anywhere. */
  contains?: ChargeTexts;
  /** The whole text fits this pattern, or one of these: `*` is any run of characters, `?` exactly one. */
  glob?: ChargeTexts;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
  /** Whether case counts in the text comparisons beside it (ASCII letters only). Default: sensitive. */
  case?: "sensitive" | "insensitive";
  /** Who provides the resource or service (AWS, Microsoft, Google Cloud, Oracle …). */
  provider_name?: ChargeTextField;
  /** The account the invoice goes to. */
  billing_account_id?: ChargeTextField;
  /** Its display name. */
  billing_account_name?: ChargeTextField;
  /** Account, subscription or project that holds the resource. */
  sub_account_id?: ChargeTextField;
  /** Its display name. */
  sub_account_name?: ChargeTextField;
  /** The invoice the charge is on. */
  invoice_id?: ChargeTextField;
  /** Who issues the invoice. */
  invoice_issuer_name?: ChargeTextField;
  /** Who made the service that was bought. */
  publisher_name?: ChargeTextField;
  /** The provider's offering (`AmazonEC2`, `Virtual Machines` …). */
  service_name?: ChargeTextField;
  /** FOCUS's category of the service (Compute, Storage …). */
  service_category?: ChargeTextField;
  /** The provider's identifier of the region. */
  region_id?: ChargeTextField;
  /** Its display name. */
  region_name?: ChargeTextField;
  /** The provider's identifier of the zone. */
  availability_zone?: ChargeTextField;
  /** The resource's identifier. */
  resource_id?: ChargeTextField;
  /** Its display name. */
  resource_name?: ChargeTextField;
  /** What kind of resource it is. */
  resource_type?: ChargeTextField;
  /** Azure's resource group. */
  resource_group?: ChargeTextField;
  /** What was priced. */
  sku_id?: ChargeTextField;
  /** The price that applied. */
  sku_price_id?: ChargeTextField;
  /** The provider's own name of the metered usage (usage type, meter). */
  usage_type?: ChargeTextField;
  /** The provider's own name of the operation. */
  operation?: ChargeTextField;
  /** Usage, Purchase, Tax, Credit or Adjustment. */
  charge_category?: ChargeTextField;
  /** `Correction` when it corrects an earlier invoice. */
  charge_class?: ChargeTextField;
  /** The charge in the provider's words. */
  charge_description?: ChargeTextField;
  /** One-Time, Recurring or Usage-Based. */
  charge_frequency?: ChargeTextField;
  /** Standard, Dynamic, Committed or Other. */
  pricing_category?: ChargeTextField;
  /** The unit that was priced. */
  pricing_unit?: ChargeTextField;
  /** The reservation or savings plan. */
  commitment_discount_id?: ChargeTextField;
  /** Its display name. */
  commitment_discount_name?: ChargeTextField;
  /** Spend or Usage. */
  commitment_discount_category?: ChargeTextField;
  /** The provider's kind of commitment. */
  commitment_discount_type?: ChargeTextField;
  /** Used or Unused. */
  commitment_discount_status?: ChargeTextField;
  /** The currency of the amounts. */
  billing_currency?: ChargeTextField;
  /** The unit of the consumed quantity. */
  consumed_unit?: ChargeTextField;
  /** The cost centre the provider's own hierarchy assigns. */
  cost_center?: ChargeTextField;
  /** How much was consumed, in `consumed_unit`. */
  consumed_quantity?: ChargeNumberField;
  /** How much was priced, in `pricing_unit`. */
  pricing_quantity?: ChargeNumberField;
  /** What the invoice states for the charge. */
  billed_cost?: ChargeNumberField;
  /** The amortised cost of the charge. */
  effective_cost?: ChargeNumberField;
  /** The cost at the public price. */
  list_cost?: ChargeNumberField;
  /** The cost at the negotiated price, before commitment discounts. */
  contracted_cost?: ChargeNumberField;
}

export type ChargeTextField = ChargeTexts | {
  /** The whole text is this, or one of these. */
  equals?: ChargeTexts;
  /** The text begins with this, or with one of these. */
  starts_with?: ChargeTexts;
  /** The text ends with this, or with one of these. */
  ends_with?: ChargeTexts;
  /** The text holds this, or one of these, anywhere. */
  contains?: ChargeTexts;
  /** The whole text fits this pattern, or one of these: `*` is any run of characters, `?` exactly one. */
  glob?: ChargeTexts;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
  /** Whether case counts in the text comparisons beside it (ASCII letters only). Default: sensitive. */
  case?: "sensitive" | "insensitive";
};

export type ChargeNumberField = Decimals | {
  /** The number is this, or one of these, however it is written. */
  equals?: Decimals;
  /** There is a value. */
  present?: boolean;
  /** There is no value. */
  absent?: boolean;
  /** The value is a number of at least this. */
  min?: Decimal;
  /** The value is a number of at most this. */
  max?: Decimal;
  /** The value is a number greater than this. */
  above?: Decimal;
  /** The value is a number less than this. */
  below?: Decimal;
};

/** What may be committed to, at which discount, and who must approve it. */
export interface Commitment {
  schema: "headroom/commitment/1";
  /** Who must approve a commitment. */
  approver: ChargeText;
  rules?: {
    /** What a commitment must save a month, in the currency of the bill. */
    least_saving_month?: Decimal;
    /** Days of history without which nothing is advised; at least 14. */
    least_days?: Decimal;
    /** In how many equal parts a commitment is made. */
    tranches?: Decimal;
    /** Days between them. */
    tranche_days?: Decimal;
  };
  /** A charge counts for the first offer whose `when` it meets. */
  offer: {
    /** Its name in documents. */
    id: ChargeText;
    /** What it is called. */
    name?: ChargeText;
    /** How much less covered usage costs, in percent of what is paid on demand: above 0, below 100. */
    discount_percent: Decimal;
    /** Months that it binds for, up to 120. */
    term_months: Decimal;
    /** Which usage it covers. */
    when: ChargeCondition;
  }[];
}

/** What is committed to and how far it is used, and how much more to commit to, in one currency. */
export interface Commitments {
  schema: "headroom/commitments/1";
  as_of: Day;
  currency: string;
  approval: {
    required: boolean;
    approver: string;
  };
  warnings: Warning[];
  totals: {
    used: Amount | null;
    unused: Amount | null;
    /** What nobody used of commitments that have ended; the other figures are of those that have not. */
    ended_unused: Amount | null;
    utilisation_percent: string | null;
    on_demand: Amount;
    covered: Amount | null;
    coverage_percent: string | null;
    saving_month: Amount;
    recommended: number;
  };
  existing: {
    provider_name: string | null;
    billing_account_id: string | null;
    id: string | null;
    name: string | null;
    kind: string | null;
    from: Day;
    to: Day;
    /** Whether it is no longer charged for when its bill ends. */
    ended: boolean;
    used: Amount | null;
    unused: Amount | null;
    /** By all days that it was charged for, those beyond the end of its bill too; null where it has ended. */
    unused_month: Amount | null;
    utilisation_percent: string | null;
    covered: Amount | null;
    saved: Amount | null;
  }[];
  plans: {
    offer: string;
    name: string;
    provider_name: string | null;
    billing_account_id: string | null;
    discount_percent: Amount;
    term_months: number;
    step: "hour" | "day";
    from: Day | null;
    to: Day | null;
    hours: number;
    gaps: number;
    on_demand_month: Amount;
    recommended: null | {
      covers_hour: Amount;
      commit_hour: Amount;
      commit_term: Amount;
      saving_month: Amount;
      utilisation_percent: Amount;
      break_even_utilisation_percent: Amount;
      bearable_fall_percent: Amount;
      break_even_months: Amount;
      tranches: {
        on: Day;
        covers_hour: Amount;
        commit_hour: Amount;
        saving_month: Amount;
        bearable_fall_percent: Amount;
      }[];
    };
    refused: null | {
      code: "too_short" | "gaps" | "no_usage" | "loss" | "too_small";
      reason: string;
    };
    look_backs: {
      days: number;
      best_covers_hour: Amount;
      best_saving_percent: Amount;
      saving_percent: Amount;
      utilisation_percent: Amount;
    }[];
    tried: null | {
      windows: number;
      capture_percent: Amount | null;
      regret_month: Amount;
      losses: number;
      worst_percent: Amount;
    };
    /** Committing in parts held against what came after, beside committing at once; null where the history is too short. */
    tried_in_parts: null | {
      windows: number;
      days: number;
      capture_percent: Amount | null;
      losses: number;
      capture_percent_at_once: Amount | null;
      losses_at_once: number;
    };
    unknown: string[];
  }[];
}

/** `headroom.toml`: what applies when the command line does not say; paths are relative to where it lies. */
export interface Config {
  schema: "headroom/config/1";
  /** Files, directories and patterns. */
  bills?: string[];
  /** Allocation policies. */
  policy?: string[];
  explanations?: string;
  format?: "table" | "markdown" | "json" | "csv";
}

export type Metric = "billed" | "effective" | "list" | "contracted";

export interface Scope {
  level: Level;
  key: Key;
}

export type Level = "total" | "squad" | "service" | "service_name" | "environment" | "sub_account_id" | "group";

/** The value of each dimension; null is unallocated. */
export type Key = { [key: string]: string | null };

/** What came of earlier releases beside what was declared, in percent; only where releases are given. */
export interface ReleaseRecord {
  releases: number;
  kept: Amount | null;
  correction: Amount;
}

/** What releases and events do to a forecast; only where any touch it. */
export interface ReleaseEffects {
  measures: "cost" | "traffic";
  /** The steps ahead without what is to come of releases and events. */
  without: {
    date: string;
    mean: Amount;
    lo80: Amount;
    hi80: Amount;
    lo95: Amount;
    hi95: Amount;
    /** How many forecasts of the past were replayed that far. */
    replayed: number;
  }[];
  change: {
    steps: number;
    to: string;
    percent: Percent;
    /** Organic change, then releases by name. */
    parts: {
      name: string;
      percent: Percent;
      share: Percent | null;
      uncertainty: Percent | null;
    }[];
  } | null;
  known: {
    kind: "release" | "event";
    name: string;
    date: Day;
    slip_days: number;
    declared_traffic: Amount;
    expected_traffic: Amount;
    declared_cost: Amount;
    expected_cost: Amount;
    spread: Amount;
    shape: "step" | "ramp" | "decay";
    state: "out" | "to_come" | "supposed";
    /** How much of the series it touches, in percent. */
    touches: Percent;
    /** Whether what came of it is known, and taken out of the history. */
    levelled: boolean;
  }[];
}

/** The same without what is to come of releases and events; only where any touch the scope. */
export interface ExpectedWithout {
  expected: Amount;
  lo80: Amount;
  hi80: Amount;
  lo95: Amount;
  hi95: Amount;
}

/** How forecasts of a sum did before. */
export interface SumBacktest {
  /** From how many points of the past it was forecast again. */
  origins: number;
  /** What was missed, as a percentage of what it came to. */
  wape: Percent | null;
  /** The same of the seasonal naive forecast. */
  naive: Percent | null;
  /** At how many of those points intervals were tried. */
  tried: number;
  /** How often it came to something in the interval of 80 %. */
  inside80: number;
  /** How often it came to something in the interval of 95 %. */
  inside95: number;
}

/** What cost will be in one currency: to the month's end, in the months after it, beside budgets. */
export interface CostForecast {
  schema: "headroom/cost-forecast/1";
  as_of: Day;
  metric: Metric;
  currency: string;
  models: "full" | "fast";
  from: Day;
  to: Day;
  record?: ReleaseRecord;
  warnings: Warning[];
  scopes: {
    scope: Scope;
    months: {
      month: Month;
      spent: Amount | null;
      expected: Amount;
      lo80: Amount;
      hi80: Amount;
      lo95: Amount;
      hi95: Amount;
      /** How many forecasts of the past that reach at least half as far the intervals rest on; under 20 the intervals of parts are added up as if all errors went one way. */
      replayed: number;
      /** How forecasts of such a month did before; null where no forecast of the past reaches so far. */
      backtest: SumBacktest | null;
      /** By that back-test alone: high missed by up to 10 % from at least four points of the past, fair by up to 20 % from three; low where less than half of at least four came to something in the interval of 80 %. */
      confidence: "low" | "fair" | "high";
      budget: {
        amount: Amount;
        over: Percent | null;
        /** Why no chance can be stated; only where that is so. */
        refused?: {
          reason: string;
          hint: string;
        };
      } | null;
      without?: ExpectedWithout;
    }[];
    next_3_months: {
      from: Month;
      to: Month;
      expected: Amount;
      lo80: Amount;
      hi80: Amount;
      lo95: Amount;
      hi95: Amount;
      /** How many forecasts of the past that reach at least half as far the intervals rest on; under 20 the intervals of parts are added up as if all errors went one way. */
      replayed: number;
      /** How forecasts of such a sum did before; null where no forecast of the past reaches so far. */
      backtest: SumBacktest | null;
      /** By that back-test alone: high missed by up to 10 % from at least four points of the past, fair by up to 20 % from three; low where less than half of at least four came to something in the interval of 80 %. */
      confidence: "low" | "fair" | "high";
      without?: ExpectedWithout;
    } | null;
    next_3_months_refused: {
      reason: string;
      hint: string;
    } | null;
    next_12_months: {
      from: Month;
      to: Month;
      expected: Amount;
      lo80: Amount;
      hi80: Amount;
      lo95: Amount;
      hi95: Amount;
      /** How many forecasts of the past that reach at least half as far the intervals rest on; under 20 the intervals of parts are added up as if all errors went one way. */
      replayed: number;
      /** How forecasts of such a sum did before, by months alone; null where no forecast of the past reaches so far. */
      backtest: SumBacktest | null;
      /** By that back-test alone: high missed by up to 10 % from at least four points of the past, fair by up to 20 % from three; low where less than half of at least four came to something in the interval of 80 %. */
      confidence: "low" | "fair" | "high";
      without?: ExpectedWithout;
    } | null;
    next_12_months_refused: {
      reason: string;
      hint: string;
    } | null;
    /** Which intervals rest on too few forecasts of the past, which sums no forecast of the past reaches, and on the total what its parts add up to beside it. */
    notes: string[];
    early_warning: {
      month: Month;
      previous_month: Month;
      previous: Amount;
      probability: Percent;
      warns: boolean;
    } | null;
    days: {
      name: string;
      /** From one value to the next: month, day, hour, 2 days … */
      step: string | null;
      history: {
        date: string;
        value: Amount;
        filled?: boolean;
      }[];
      missing: number;
      method: "combination" | "naive" | null;
      season: {
        form: "additive" | "multiplicative";
        periods: number[];
      } | null;
      members: {
        model: string;
        share: Percent;
      }[];
      forecast: {
        date: string;
        mean: Amount;
        lo80: Amount;
        hi80: Amount;
        lo95: Amount;
        hi95: Amount;
        /** How many forecasts of the past were replayed that far. */
        replayed: number;
      }[];
      releases?: ReleaseEffects;
      backtest: {
        origins: number;
        values: number;
        mase: Percent | null;
        smape: Percent;
        wape: Percent | null;
        coverage80: Percent | null;
        coverage95: Percent | null;
        /** The seasonal naive forecast on the same values. */
        naive: {
          mase: Percent | null;
          smape: Percent;
          wape: Percent | null;
        };
      } | null;
      confidence: "low" | "fair" | "high" | null;
      notes: string[];
      refused: {
        reason: string;
        hint: string;
      } | null;
    };
  }[];
}

/** Which month charges count for. */
export type View = "charge_month" | "billing_month";

/** The owner whose charges alone are here, by dimension; empty for everybody's. */
export type Owner = { [key: string]: string };

/** Input = allocated + unallocated; the difference is 0. */
export interface Conservation {
  input: Amount | null;
  allocated: Amount | null;
  unallocated: Amount | null;
  difference: Amount | null;
}

/** The same for each metric. */
export interface Conservations {
  billed: Conservation;
  effective: Conservation;
  list: Conservation;
  contracted: Conservation;
}

/** What every group of charges cost in every month. */
export interface Cube {
  schema: "headroom/cube/1";
  view: View;
  policy: string;
  owner: Owner;
  verdict: Verdict;
  dimensions: string[];
  /** By month and currency. */
  totals: {
    month: Month;
    currency: string;
    rows: number;
    conservation: Conservations;
  }[];
  /** By month, key (null last) and currency. */
  rows: {
    month: Month;
    key: Key;
    currency: string;
    billed: Amount | null;
    effective: Amount | null;
    list: Amount | null;
    contracted: Amount | null;
    rows: number;
    /** Charges that do not state each metric. */
    missing_rows: {
      billed: number;
      effective: number;
      list: number;
      contracted: number;
    };
    /** Ids of the rules that set dimensions of the group's charges, in this month or another. */
    rules: string[];
  }[];
}

/** What gates decided about an input, and why. */
export interface Decision {
  schema: "headroom/decision/1";
  decision: "allow" | "allow_with_warnings" | "deny";
  gates: string[];
  reasons: {
    gate: string;
    effect: "deny" | "warn" | "dry_run";
    requirement: string;
    actual: string | null;
    blocking: string[];
    message: string;
  }[];
  waived: {
    gate: string;
    effect: "deny" | "warn" | "dry_run";
    requirement: string;
    actual: string | null;
    blocking: string[];
    message: string;
    waiver: string;
    expires: string;
  }[];
  unknown: {
    gate: string;
    effect: "deny" | "warn" | "dry_run";
    requirement: string;
    actual: string | null;
    blocking: string[];
    message: string;
  }[];
  dry_run: {
    gate: string;
    effect: "deny" | "warn" | "dry_run";
    requirement: string;
    actual: string | null;
    blocking: string[];
    message: string;
  }[];
  errors: {
    gate: string;
    effect: "deny" | "warn" | "dry_run";
    requirement: string;
    actual: string | null;
    blocking: string[];
    message: string;
  }[];
  /** What somebody should know about the decision: that no gate applied, so that nothing was checked. */
  warnings: string[];
}

/** The sum of each metric; null where no charge states it. */
export interface Amounts {
  billed: Amount | null;
  effective: Amount | null;
  list: Amount | null;
  contracted: Amount | null;
}

/** A rule that was tried: `set` has value and source, `no_value` source, `shadowed` by, `failed` condition and saw. */
export interface Step {
  rule: string;
  file: string;
  line: number;
  column: number;
  outcome: "set" | "no_value" | "shadowed" | "failed";
  value?: string;
  source?: string;
  by?: string;
  condition?: string;
  saw?: string | null;
}

/** Why one charge belongs where it does. */
export interface Explain {
  schema: "headroom/explain/1";
  policy: string;
  selection: string[];
  /** All charges selected. */
  matching: {
    currency: string;
    rows: number;
    billed: Amount | null;
    effective: Amount | null;
    list: Amount | null;
    contracted: Amount | null;
  }[];
  /** By which rules they came to their values. */
  shares: {
    dimension: string;
    rule: string | null;
    rows: number;
  }[];
  /** The first of them. */
  charge: {
    file: string;
    line: number;
    date: Day;
    month: Month;
    currency: string;
    amounts: Amounts;
    fields: Key;
    tags: Key;
  };
  dimensions: {
    dimension: string;
    value: string | null;
    rule: string | null;
    steps: Step[];
  }[];
}

/** What it is about. The value `unallocated` stands for none. */
export type Subject = {
  level: "total";
  key?: { [key: string]: unknown };
} | {
  level: "squad";
  key: {
    squad: ExplanationsText;
  };
} | {
  level: "service";
  key: {
    service: ExplanationsText;
  };
} | {
  level: "service_name";
  key: {
    service_name: ExplanationsText;
  };
} | {
  level: "environment";
  key: {
    environment: ExplanationsText;
  };
} | {
  level: "sub_account_id";
  key: {
    sub_account_id: ExplanationsText;
  };
} | {
  level: "group";
  /** Dimensions left out may have any value. */
  key: { [key: string]: ExplanationsText };
};

/** A text that is not empty or blank. */
export type ExplanationsText = string;

/** A decimal with at most 18 decimals, as a number or as a text. */
export type Exact = number | string;

/** Who has explained or announced which change. The same document as TOML or JSON. */
export interface Explanations {
  schema: "headroom/explanations/1";
  /** Changes that somebody has accounted for. */
  explanation?: {
    scope: Subject;
    month: Month;
    by: ExplanationsText;
    on: Day;
    why: ExplanationsText;
    /** The last month it holds for. */
    until?: Month;
  }[];
  /** Changes that were announced. */
  planned?: {
    scope: Subject;
    month: Month;
    by?: ExplanationsText;
    on?: Day;
    why: ExplanationsText;
    /** The last month it holds for. */
    until?: Month;
    /** It counts only for a change between these percentages. */
    percent?: {
      from: Exact;
      to: Exact;
    };
  }[];
}

/** What went wrong, and what to do. */
export interface Failure {
  schema: "headroom/failure/1";
  message: string;
  hint: string | null;
  /** A stable word: what kind of failure it is. */
  code: string;
  /** The file it concerns. */
  file: string | null;
  /** The line of that file, from 1. */
  line: number | null;
  /** Where on the line: of a document the column, in characters from 1; of a bill the name of its column. */
  column: number | string | null;
}

/** What series will be, with intervals and the back-test that earned them. */
export interface Forecast {
  schema: "headroom/forecast/1";
  models: "full" | "fast";
  record?: ReleaseRecord;
  series: {
    name: string;
    /** From one value to the next: month, day, hour, 2 days … */
    step: string | null;
    history: {
      date: string;
      value: Amount;
      filled?: boolean;
    }[];
    missing: number;
    method: "combination" | "naive" | null;
    season: {
      form: "additive" | "multiplicative";
      periods: number[];
    } | null;
    members: {
      model: string;
      share: Percent;
    }[];
    forecast: {
      date: string;
      mean: Amount;
      lo80: Amount;
      hi80: Amount;
      lo95: Amount;
      hi95: Amount;
      /** How many forecasts of the past were replayed that far. */
      replayed: number;
    }[];
    releases?: ReleaseEffects;
    backtest: {
      origins: number;
      values: number;
      mase: Percent | null;
      smape: Percent;
      wape: Percent | null;
      coverage80: Percent | null;
      coverage95: Percent | null;
      /** The seasonal naive forecast on the same values. */
      naive: {
        mase: Percent | null;
        smape: Percent;
        wape: Percent | null;
      };
    } | null;
    /** How earlier forecasts did, where any are given, and what intervals learned from it. */
    earlier?: {
      /** Earlier forecasts of it that were given. */
      forecasts: number;
      /** Values that came, each held against the last forecast before it; with those that the first of the forecasts given had scored. */
      scored: number;
      /** How many of them lay in the interval of 80 %. */
      inside80: number;
      /** How many of them lay in the interval of 95 %. */
      inside95: number;
      /** How many times as wide intervals of 80 % are taken. */
      width80: Amount;
      /** How many times as wide intervals of 95 % are taken. */
      width95: Amount;
    };
    confidence: "low" | "fair" | "high" | null;
    notes: string[];
    refused: {
      reason: string;
      hint: string;
    } | null;
  }[];
  /** What a reader of the figures alone would miss of releases. */
  warnings?: string[];
}

export interface FrameworkCheck {
  all?: FrameworkCheck[];
  any?: FrameworkCheck[];
  metric?: string;
  scope?: string;
  at_least?: string | number;
  at_most?: string | number;
  above?: string | number;
  below?: string | number;
  equals?: string | number;
  items?: {
    at_least?: string | number;
    at_most?: string | number;
    above?: string | number;
    below?: string | number;
    equals?: string | number;
  };
  target?: "user";
  fact?: string;
  is?: boolean;
  one_of?: string | string[];
  exactly?: string | string[];
  activity?: string;
  at_most_every?: string;
  control?: string;
  level?: number | string;
  criterion?: string;
  otherwise?: string;
  improved?: string | string[];
}

/** A maturity framework: stages, controls and the criteria that decide. The same document as TOML or JSON. */
export interface Framework {
  schema: "headroom/framework/1";
  id: string;
  title: string;
  about?: string;
  extends?: string;
  ladder?: "reached" | "scheduled";
  floor?: number | string;
  floor_name?: string;
  source?: {
    tag: string;
    title: string;
  }[];
  stage?: {
    ordinal: number | string;
    name: string;
    about?: string;
    window?: string;
    weeks?: (number | string)[];
    describes?: string | string[];
    stated?: {
      metric: string;
      text: string;
    }[];
    source: string;
  }[];
  control?: {
    id: string;
    short: string;
    title?: string;
    category?: string;
    severity?: string;
    owner?:
      | "platform_squad"
      | "head_of_engineering"
      | "staff_engineer"
      | "lead_devs"
      | "product_squads"
      | "platform"
      | "sre"
      | "security"
      | "finops";
    levels?: string | string[];
    inferred?: (number | string)[];
    depends_on?: string | string[];
    related?: string | string[];
    effort?: {
      role:
        | "platform_squad"
        | "head_of_engineering"
        | "staff_engineer"
        | "lead_devs"
        | "product_squads"
        | "platform"
        | "sre"
        | "security"
        | "finops";
      hours: number | string;
    }[];
    source: string;
  }[];
  criterion?: {
    id: string;
    part:
      | "cell"
      | "question"
      | "characteristic"
      | "gate"
      | "item"
      | "capability"
      | "exit"
      | "entry"
      | "norm"
      | "indicator"
      | "activity";
    stage?: number | string;
    control?: string;
    also?: string | string[];
    statement: string;
    question?: string;
    why?: string;
    check?: FrameworkCheck;
    population?: string;
    condition?: string;
    optional?: boolean;
    evidence?: "metric" | "count" | "config" | "attestation" | "document";
    max_age_days?: number | string;
    superseded_by?: {
      control: string;
      level: number | string;
    };
    stated_as?: string;
    owner?:
      | "platform_squad"
      | "head_of_engineering"
      | "staff_engineer"
      | "lead_devs"
      | "product_squads"
      | "platform"
      | "sre"
      | "security"
      | "finops";
    source: string;
  }[];
  action?: {
    priority: number | string;
    what: string;
    why: string;
    controls: string | string[];
    source: string;
  }[];
  anomaly?: {
    id: string;
    criterion?: string;
    note: string;
    source: string;
  }[];
  reference?: {
    kind: string;
    id: string;
    text: string;
    of?: string;
    owner?: string;
    figures?: string | string[];
    source: string;
  }[];
}

/** When something may go ahead. The same document as TOML or JSON. Conditions name fields of the input by their paths. */
export interface Gate {
  schema: "headroom/gate/1";
  gate: {
    id: string;
    about?: string;
    /** When the gate applies; always, where it is left out. Of a path with `*` one item that calls for the gate is enough, also under `not`: one item that is not so. `of` names places, as in `require`. */
    when?: { [key: string]: unknown };
    /** What must hold, all of it. Of a path with `*` every item must be as required, under `not` none may be, and no items at all are unknown. `present` asks for a value that says something: not null, `false`, blank, or an object or list with nothing in it; `absent` for no value or a blank one. Under the rule `cost_changes_unexplained` changes by less than `floor` do not count. Where `owner` names a field of the input, or several, only changes of the squad count that stands there. `of` names places, one or several: paths of the same table, and `times`, begin in each of them that is there. Numbers are compared digit for digit; one of more than 18 decimals is an error. */
    require: { [key: string]: unknown }[];
    effect: "deny" | "warn" | "dry_run";
    on_unknown?: "deny" | "warn" | "allow";
    waivable?: boolean;
    message: string;
    source?: string;
  }[];
}

/** What is billed or reserved and used by nobody: rules about charges and about workloads. */
export interface Idle {
  schema: "headroom/idle/1";
  rules?: {
    /** Findings that cost less a month are counted and not listed; 0 or more, in the currency of the bill. */
    least_month?: Decimal;
  };
  /** Rules about charges. */
  rule?: {
    /** Its name in documents. */
    id: ChargeText;
    /** What it finds, in words. */
    name?: ChargeText;
    /** What it is about; resources where nothing is said. */
    of?: "resource" | "commitment";
    /** The charges of what may be unused; a charge counts for the first rule that it meets. */
    when: ChargeCondition;
    unless?: {
      /** Charges that show that it is used. */
      when: ChargeCondition;
      /** Where they are looked for: of the same thing, or in its account and region. */
      same?: "resource" | "commitment" | "account";
      /** Up to so much a day does not count as use, in the unit of the bill; 0 where nothing is said. */
      at_most?: Decimal;
    };
    /** For how many days it must have been billed, up to 1000; 14 where nothing is said. */
    billed_days?: Decimal;
    /** What to do. */
    action: ChargeText;
    /** How sure a finding is. */
    confidence?: "low" | "medium" | "high";
    /** What may go wrong. */
    risk?: "low" | "medium" | "high";
    /** How much work it is. */
    effort?: "low" | "medium" | "high";
    /** Where its figures are from. */
    source?: ChargeText;
  }[];
  measured?: {
    /** Charges of what may be measured under the identifier that the bill has for it. */
    when: ChargeCondition;
  };
  workload?: {
    /** Days looked at, up to 400; 14 where nothing is said. */
    days?: Decimal;
    /** Cores that it must stay under. */
    cores: Decimal;
    /** For which part of the time, in percent; 97 where nothing is said. */
    part_percent?: Decimal;
    /** The part of its request that it must never exceed, in percent; 5 where nothing is said. */
    peak_percent?: Decimal;
    /** What to do. */
    action: ChargeText;
    risk?: "low" | "medium" | "high";
    effort?: "low" | "medium" | "high";
    /** Where its figures are from. */
    source?: ChargeText;
  };
}

/** What some files are, and whether they can be trusted. */
export interface Inspect {
  schema: "headroom/inspect/1";
  files: Files;
  refused_count: number;
  /** The first hundred. */
  refused_rows: RefusedRow[];
  /** Files that hold the same rows. */
  overlaps: Overlap[];
  tags: Tags;
  warnings: Warning[];
}

/** One charge, as `allocate --lines --format json` writes it. Each of the policy's dimensions stands at the end, null where unallocated, and beside it `<dimension>_rule`, the rule that set it. */
export interface Line {
  file: string;
  /** The line its row starts on. */
  line: number;
  /** The UTC day it starts on. */
  date: Day;
  month: Month;
  provider_name: string | null;
  billing_account_id: string | null;
  sub_account_id: string | null;
  service_name: string | null;
  resource_id: string | null;
  charge_category: string | null;
  currency: string;
  billed: Amount | null;
  effective: Amount | null;
  list: Amount | null;
  contracted: Amount | null;
  squad: string | null;
  squad_rule: string | null;
  environment: string | null;
  environment_rule: string | null;
}

/** What can be measured or stated: unit, direction, statistic and scopes. */
export interface Metrics {
  schema: "headroom/metrics/1";
  source?: {
    tag: string;
    title: string;
  }[];
  metric?: {
    id: string;
    name: string;
    unit?: string;
    words?: string | string[];
    kind?: "quantity" | "truth" | "words" | "activity";
    direction?: "higher" | "lower" | "band" | "none";
    range?: "share" | "ratio" | "signed";
    statistic?: string;
    scopes?: string | string[];
    group?: string;
    population?: string;
    note?: string;
    source: string | string[];
  }[];
}

/** Whose bill it is. */
export interface ReportSource {
  provider_name: string | null;
  billing_account_id: string | null;
}

export interface Total {
  /** Sum of the rows that state it; null when none does. */
  amount: Amount | null;
  rows: number;
  /** Rows that do not state it. */
  missing_rows: number;
}

export interface Group {
  key: Key;
  /** The whole month. */
  amount: Amount | null;
  /** Rows of the month that do not state the metric: `amount` is the sum of the others. Left out where there are none. */
  missing_rows?: number;
  /** What of it is compared. */
  compared: Amount | null;
  previous: Amount | null;
  delta: Amount | null;
  percent: Percent | null;
  percent_per_day: Percent | null;
  /** Ids of the rules that put charges here. */
  rules: string[];
}

export interface Note {
  by?: string;
  on?: Day;
  why: string;
  until?: Month;
}

export interface Change {
  scope: Scope;
  metric: Metric;
  previous: Amount | null;
  current: Amount | null;
  delta: Amount;
  percent: Percent | null;
  percent_per_day: Percent | null;
  kind: "rise" | "fall" | "new" | "gone";
  state: "unexplained" | "explained" | "planned";
  note: Note | null;
  /** What moved most; with `other` they add up to the delta. */
  contributors: {
    key: Key;
    delta: Amount;
  }[];
  other: Amount;
}

/** Null where it is not known. */
export type KnownAmount = Amount | null;

/** Null where it is not known. */
export type KnownPercent = Percent | null;

/** Costs side by side; they add up to the total. */
export interface EnvironmentCosts {
  /** Null where no row of it states the metric. */
  production: KnownAmount;
  non_production: KnownAmount;
  /** What has no environment, or one that no list names. */
  unknown: KnownAmount;
  total: KnownAmount;
  /** What is not production in percent of production. */
  non_production_percent: KnownPercent;
}

export interface KindAmounts {
  production: Amount;
  non_production: Amount;
  unknown: Amount;
}

export interface EnvironmentMonth {
  month: Month;
  complete: Answer;
  /** Null where no row of it states the metric. */
  production: KnownAmount;
  non_production: KnownAmount;
  /** What has no environment, or one that no list names. */
  unknown: KnownAmount;
  total: KnownAmount;
  /** What is not production in percent of production. */
  non_production_percent: KnownPercent;
}

/** The monthly cost report in one currency; an array of these where the bills are in several. */
export interface Report {
  schema: "headroom/report/1";
  /** The day the report was asked for. */
  as_of: Day;
  view: View;
  metric: Metric;
  currency: string;
  month: Month;
  complete: Answer;
  previous_month: Month | null;
  /** The days compared. */
  basis: {
    from: Day;
    to: Day;
  };
  policy: string;
  owner: Owner;
  verdict: Verdict;
  /** The month's totals. */
  totals: {
    billed: Total;
    effective: Total;
    list: Total;
    contracted: Total;
  };
  conservation: Conservations;
  dimensions: string[];
  /** By key, null last. */
  groups: Group[];
  /** Beyond 20 percent, largest first. */
  changes: Change[];
  not_compared: {
    source: ReportSource;
    month: Month;
    amount: Amount | null;
    reason: "absent_in_previous" | "absent_in_current" | "not_daily" | "other_month" | "no_common_day" | "read_once";
  }[];
  below_floor: {
    count: number;
    amount: Amount;
  };
  /** Oldest first. */
  history: {
    month: Month;
    complete: Answer;
    totals: Amounts;
  }[];
  /** Production beside what is none; left out where no charge has an environment. */
  environments?: {
    rule: {
      production: string[];
      non_production: string[];
      /** Values of the month that are in neither list. */
      unlisted: string[];
    };
    total: EnvironmentCosts;
    /** By squad, service if the policy knows any, and service of the provider. */
    rows: {
      key: Key;
      /** Null where no row of it states the metric. */
      production: KnownAmount;
      non_production: KnownAmount;
      /** What has no environment, or one that no list names. */
      unknown: KnownAmount;
      total: KnownAmount;
      /** What is not production in percent of production. */
      non_production_percent: KnownPercent;
    }[];
    /** Oldest first. */
    history: EnvironmentMonth[];
    /** The same months by squad, null last; of each month they add up to `history`. */
    squads: {
      squad: string | null;
      months: EnvironmentMonth[];
    }[];
    /** What smaller sizes and off-hours would save a month; left out where no document of savings was given. */
    could_save?: {
      sizes: KindAmounts;
      off_hours: KindAmounts;
      /** The same by squad, null last; they add up to it. */
      squads: {
        squad: string | null;
        sizes: KindAmounts;
        off_hours: KindAmounts;
      }[];
    };
  };
  /** What to do, ranked; left out where no document of savings was given. */
  actions?: {
    documents: {
      name: string;
      schema: string;
      /** What a reader should know of it. */
      note: string | null;
    }[];
    totals: {
      /** What would be saved a month, nothing counted twice. */
      saving_month: Amount;
      /** What the documents promise, each for itself. */
      stated_month: Amount;
      overlap_month: Amount;
      /** What actions against risk cost. */
      cost_month: Amount;
      actions: number;
      /** Actions not listed because they are of others than the owner. */
      of_others: number;
    };
    /** The most money first; what costs money last. */
    list: {
      rank: number;
      action: "remove" | "resize" | "schedule" | "use" | "commit";
      subject: string;
      what: string;
      /** Empty for what is nobody's alone, such as a commitment: that is its approver's. */
      owner: Key;
      /** Who must approve it. */
      approver: string | null;
      /** Once all that come before it are done; below 0 where it costs money; null where nobody can tell. */
      saving_month: KnownAmount;
      /** What its document says that it saves, by itself. */
      stated_month: KnownAmount;
      /** Why it saves less than its document says. */
      overlap: string | null;
      risk: "low" | "medium" | "high" | "unknown";
      effort: "low" | "medium" | "high" | "unknown";
      evidence: {
        document: string;
        /** JSON pointers. */
        at: string[];
        says: string;
      };
    }[];
  };
  /** What is likely to be flagged at the end of the month that goes on; only where the bills hold part of one, and the month reported is that one or the one before it. */
  early_warning?: {
    month: Month;
    previous_month: Month;
    to: Day;
    /** The chance in percent from which on a scope is warned of. */
    level: Percent;
    judged: number;
    scopes: {
      scope: Scope;
      previous: Amount;
      spent: Amount;
      expected: Amount;
      lo80: Amount;
      hi80: Amount;
      probability: Percent;
    }[];
  };
}

export interface Recommendation {
  workload: string;
  resource: "cpu" | "memory";
  unit: "cores" | "MiB";
  environment: string | null;
  /** Replicas that money counts. */
  replicas: number;
  action: "lower" | "raise" | "set" | "keep" | "withhold";
  /** Per replica; null without advice. Today's, where the action is keep. */
  request: Amount | null;
  /** Null where none should be set. */
  limit: Amount | null;
  /** What the strategy came to, whether or not a move pays. */
  target: Amount | null;
  current_request: Amount | null;
  current_limit: Amount | null;
  direction: "over" | "under" | "right" | "unknown";
  severity: "critical" | "warning" | "low" | "good" | "unknown";
  price: {
    month: Amount;
    source: PriceSource;
  };
  /** What today's request costs a month; null where nobody said what is requested. */
  cost_month: Amount | null;
  /** Negative where the advice costs more; null where nobody said what is requested. */
  saving_month: Amount | null;
  signs: ("too_little_data" | "stopped" | "autoscaled" | "short_history" | "at_limit" | "flat_top" | "held_memory" | "startup_peak" | "growing")[];
  seen: Seen | null;
  /** In UTC; weekdays from 1, Monday. */
  rhythm: {
    peak_hour: number | null;
    peak_weekday: number | null;
  };
  replay: Replay | null;
  why: string;
}

/** The last 28 days, in the unit of the resource. */
export interface Seen {
  samples: number;
  mean: Amount;
  p95: Amount;
  p99: Amount;
  peak: Amount;
}

/** What the same advice would have done in past weeks, each time knowing only what lay before the week. */
export interface Replay {
  weeks: number;
  above_percent: Amount;
  weeks_killed: number | null;
  unmet_percent: Amount;
  reserved_by_used: Amount | null;
  reserved_change_percent: Amount | null;
  /** Whether that advice went the other way than today's, which knows more. */
  opposite: boolean;
  current_above_percent: Amount | null;
  current_weeks_killed: number | null;
}

export type PriceSource = "requests" | "bill" | "assumptions" | "mixed";

export interface Rate {
  rows: number;
  hours: Amount;
  cost: Amount;
  month: Amount;
}

/** What the bills say of prices. */
export interface BillBasis {
  month: string;
  complete: "yes" | "no" | "unknown";
  metric: "billed" | "effective" | "list" | "contracted";
  cpu: Rate | null;
  memory: Rate | null;
  machines: number;
}

/** Requests and limits by workload and resource, each replayed on past weeks. */
export interface Rightsizing {
  schema: "headroom/rightsizing/1";
  profile: "economy" | "balanced" | "safe";
  strategy:
    | "balance"
    | "vpa"
    | "krr"
    | "krr_limit"
    | "goldilocks"
    | "goldilocks_burstable"
    | "crane"
    | "kubecost"
    | "aws"
    | "autopilot";
  from: string;
  to: string;
  days: number;
  currency: string;
  prices: {
    cpu_core_month: Amount;
    cpu_source: PriceSource;
    memory_gib_month: Amount;
    memory_source: PriceSource;
    source: PriceSource;
  };
  bill: BillBasis | null;
  totals: {
    workloads: number;
    lower: number;
    raise: number;
    set: number;
    keep: number;
    withheld: number;
    saving_month: Amount | null;
    cost_month: Amount | null;
    requested_month: Amount | null;
  };
  recommendations: Recommendation[];
  refused_count: number;
  refused_rows: {
    file: string;
    line: number;
    reason: string;
  }[];
  warnings: string[];
}

/** When what is not production is used, when it may be off, and what that would have cut. */
export interface Schedule {
  schema: "headroom/schedule/1";
  from: string;
  to: string;
  offset: string;
  zone: string | null;
  currency: string;
  bill: BillBasis | null;
  environments: string[];
  refused_count: number;
  refused_rows: {
    file: string;
    line: number;
    reason: string;
  }[];
  warnings: string[];
  totals: {
    workloads: number;
    proposed: number;
    passed_over: number;
    saving_month: Amount | null;
  };
  workloads: {
    workload: string;
    environment: string | null;
    on: {
      days: string;
      from: string;
      to: string;
    }[];
    off: {
      days: string;
      from: string;
      to: string;
    }[];
    off_percent: Amount | null;
    replay: {
      weeks: number;
      off_hours: number;
      hours_cut: number;
      hours_at_work: number;
    } | null;
    confidence: "high" | "fair" | "low" | "unknown";
    cost_month: Amount | null;
    cost_source: PriceSource | null;
    machine: {
      resource_id: string;
      rows: number;
      hourly_month: Amount | null;
    } | null;
    saving_month: Amount | null;
    refused: {
      code: "too_short" | "always_the_same" | "always_at_work" | "no_cpu";
      reason: string;
    } | null;
  }[];
}

/** 0 or more. */
export type Figure = string | number;

export interface Steps {
  critical?: Figure;
  warning?: Figure;
  low?: Figure;
}

export interface Profile {
  cpu?: Worth;
  memory?: Worth;
}

export interface Worth {
  above?: Figure;
  bad_weeks?: Figure;
  unmet?: Figure;
  exponent?: Figure;
}

/** Prices, what risk is worth, and when a move pays. Keys that are left out stay as they are shipped. */
export interface Sizing {
  schema: "headroom/sizing/1";
  prices?: {
    currency?: string;
    cpu_core_month?: Figure;
    memory_gib_month?: Figure;
  };
  move?: {
    move_cost?: Figure;
    within_months?: Figure;
    least_percent?: Figure;
  };
  severity?: {
    over?: Steps;
    under?: Steps;
  };
  /** Cores, MiB. */
  floor?: {
    cpu?: Figure;
    memory?: Figure;
  };
  profile?: {
    economy?: Profile;
    balanced?: Profile;
    safe?: Profile;
  };
}

export type Grade = "low" | "medium" | "high";

/** Null where it is not known. */
export type KnownMonth = Month | null;

/** What is billed or reserved and used by nobody, in one currency. */
export interface Waste {
  schema: "headroom/waste/1";
  as_of: Day;
  currency: string;
  /** The month whose cost is told; null where no bills were looked at. */
  month: KnownMonth;
  complete: Answer;
  metric: Metric;
  /** The allocation policy: file names, or `built-in`. */
  policy: string;
  usage: {
    from: Day;
    to: Day;
    workloads: number;
  } | null;
  warnings: Warning[];
  totals: {
    /** Of findings of which that is known; null where it is of none. */
    saving_month: KnownAmount;
    findings: number;
    /** Findings of which nobody can tell what they would save. */
    unknown: number;
    not_listed: {
      count: number;
      amount: KnownAmount;
    };
    below_least: {
      count: number;
      amount: Amount;
    };
  };
  /** What each rule found; those that found nothing are left out. */
  rules: {
    rule: string;
    name: string;
    source: string;
    findings: number;
    /** Of findings of which that is known; null where it is of none. */
    saving_month: KnownAmount;
  }[];
  /** The most money first. */
  findings: {
    rule: string;
    provider_name: string | null;
    billing_account_id: string | null;
    sub_account_id: string | null;
    region_id: string | null;
    service_name: string | null;
    /** The resource, or the commitment. */
    resource_id: string | null;
    workload: string | null;
    owner: Key;
    /** Of bills, in the month of the document; of usage, what is requested. */
    cost_month: KnownAmount;
    /** Null where nobody can tell. */
    saving_month: KnownAmount;
    from: Day;
    to: Day;
    /** Whether it may be older than what is looked at. */
    since_the_beginning: boolean;
    activity: {
      /** A day, in the unit of the bill; of a workload, cores. */
      seen: Amount;
      at_most: Amount;
      days: number;
    } | null;
    confidence: Grade;
    risk: Grade;
    effort: Grade;
    action: string;
  }[];
}
