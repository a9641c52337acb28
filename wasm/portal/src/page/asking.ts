// What is asked of the engine, and what it answered: the whole report, the part of it that is shown, the scorecard, whether
// there is room, what series will be.

import type { Answer, BillSource, Progress, Report } from "headroom-engine";
import { HeadroomError, type WorkerEngine } from "headroom-engine/client";
import type { AssessmentResult, Capacity, CostForecast, Forecast } from "headroom-engine/documents";

import { reportsOf, type Metric } from "../report/document.js";
import type { Given, Intake, Role } from "./intake.js";

export type Form = "json" | "markdown" | "csv";
export type Reported = Answer<Report | Report[], Form>;
export type Scored = Answer<AssessmentResult, "json" | "markdown">;

export type Roomed = Answer<Capacity, "json" | "csv">;

export type Foreseen = Answer<CostForecast | CostForecast[], "json" | "csv">;

export type Continued = Answer<Forecast, "json" | "csv">;

/** What a reader chose. */
export interface Choice {
  /** The day it is asked; today where none is chosen. */
  as_of: string | null;
  month: string | null;
  metric: Metric;
  /** Only charges with these values, by dimension. */
  only: Readonly<Record<string, string>>;
  /** Whether the newest of overlapping files is kept. */
  newest: boolean;
  /** Releases that are only supposed, as `--release` takes them. */
  suppose: readonly string[];
  /** What series measure: the cost of a request does not change traffic. */
  measures: "cost" | "traffic";
}

export interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** A part of the answer that could not be had; the others stand. */
export interface Failed {
  readonly part: "costs" | "ahead" | "lines" | "room" | "maturity";
  readonly error: unknown;
}

export interface Answers {
  /** Everybody's report; `null` without bills. */
  readonly whole: Reported | null;
  /** The report as filtered; the whole one where nothing is. */
  readonly shown: Reported | null;
  readonly scored: Scored | null;
  /** Whether there is room; `null` without tables of traffic, usage and capacity. */
  readonly roomed: Roomed | null;
  /** What series will be; `null` without a table of them. */
  readonly continued: Continued | null;
  readonly failed: readonly Failed[];
}

const FORMS = ["json", "markdown", "csv"] as const;

/** Asks, and remembers each answer while only something else changes. */
export class Asking {
  #remembered = new Map<string, { readonly about: string; readonly answer: unknown }>();

  constructor(private readonly engine: Promise<WorkerEngine>) {}

  /** The files have changed: nothing that was answered holds any more. */
  forget(): void {
    // What is still asked of the earlier files is remembered with them.
    this.#remembered = new Map();
  }

  /** The answer that is remembered, where it is about the same. */
  async #once<A>(place: string, about: unknown, ask: () => Promise<A>): Promise<A> {
    const [remembered, key] = [this.#remembered, JSON.stringify(about)];
    const known = remembered.get(place);
    if (known?.about === key) return known.answer as A;
    const answer = await ask();
    remembered.set(place, { about: key, answer });
    return answer;
  }

  /** Fails as the engine does where one of these states no release, or states one twice. */
  async check(suppose: readonly string[]): Promise<void> {
    const engine = await this.engine;
    // The least that is asked with a supposition: a series too short to be forecast.
    await engine.forecastSeries({ name: "", text: "series,date,value\nx,1,1\n" }, { suppose: [...suppose] });
  }

  async ask(given: Intake, chosen: Choice, running: Running): Promise<Answers> {
    const engine = await this.engine;
    running.signal.throwIfAborted();
    // What is chosen meanwhile is another question.
    const choice = { ...chosen };
    const { as_of, month, metric, newest, only, suppose, measures } = choice;
    const about = [as_of, month, metric, newest];
    const failed: Failed[] = [];
    const attempt = async <A>(part: Failed["part"], ask: () => Promise<A>): Promise<A | null> => {
      try {
        return await ask();
      } catch (error) {
        failed.push({ part, error });
        return null;
      } finally {
        running.signal.throwIfAborted();
      }
    };
    const reported = async (): Promise<[whole: Reported | null, shown: Reported | null]> => {
      if (given.of("bill").length === 0) {
        const own = await ownReport(given);
        return [own, own];
      }
      const whole = await this.#once("whole", about, () => this.#report(engine, given, { ...choice, only: {} }, running));
      return [whole, isFiltered(choice) ? await this.#once("shown", [...about, only], () => this.#report(engine, given, choice, running)) : whole];
    };
    const roomed = await attempt("room", () => this.#once("room", [as_of, suppose], () => this.#room(engine, given, choice)));
    const continued = await attempt("lines", () => this.#once("series", [suppose, measures], () => this.#continue(engine, given, choice)));
    const reports = await attempt("costs", reported);
    // Without the report that is to be its evidence an assessment would say less than it could.
    const scored = reports && (await attempt("maturity", () => this.#score(engine, given, choice, given.of("bill").length > 0 ? reports[0] : null)));
    const [whole, shown] = reports ?? [null, null];
    return { whole, shown, scored, roomed, continued, failed };
  }

  /** What the bills will be: it reads them once more, so it waits until it is asked for. */
  async foresee(given: Intake, { as_of, metric, newest, only, suppose }: Choice, running: Running): Promise<Foreseen> {
    const engine = await this.engine;
    running.signal.throwIfAborted();
    const policy = given.of("policy").map(asDocument);
    return written(await engine.forecast(given.of("bill").map(asBill), {
      ...running,
      metric,
      formats: ["json", "csv"],
      ...(as_of === null ? {} : { as_of }),
      ...(newest ? { overlap: "newest" as const } : {}),
      ...(isFiltered({ only }) ? { for: only } : {}),
      ...(policy.length > 0 ? { policy } : {}),
      ...single(given, "budgets", "budgets"), ...known(given, suppose), ...single(given, "events", "events"),
    }));
  }

  /** What series will be. */
  async #continue(engine: WorkerEngine, given: Intake, { suppose, measures }: Choice): Promise<Continued | null> {
    const { series } = single(given, "series", "series");
    if (!series) return null;
    return written(await engine.forecastSeries(series, {
      formats: ["json", "csv"], ...(measures === "cost" ? {} : { measures }), ...known(given, suppose), ...single(given, "events", "events"),
    }));
  }

  /** Whether there is room, which takes three tables. */
  async #room(engine: WorkerEngine, given: Intake, { as_of, suppose }: Choice): Promise<Roomed | null> {
    if (given.of("traffic").length === 0 && given.of("capacity").length === 0) return null;
    const needed = (role: "traffic" | "usage" | "capacity"): File => {
      const [file] = Object.values(single(given, role, `a table of ${role}`));
      if (!file) throw new Error(`there is no table of ${role}, and traffic, usage and capacity are needed together`);
      return file;
    };
    return written(await engine.capacity(needed("traffic"), needed("usage"), needed("capacity"), {
      formats: ["json", "csv"],
      // Where none is chosen it is the day after the last traffic.
      ...(as_of === null ? {} : { as_of }),
      ...known(given, suppose), ...single(given, "load_tests", "load tests"),
    }));
  }

  async #report(
    engine: WorkerEngine, given: Intake, { as_of, month, metric, newest, only }: Choice, running: Running,
  ): Promise<Reported> {
    const [policy, explanations, savings] = (["policy", "explanations", "savings"] as const).map((role) => given.of(role).map(asDocument)) as [File[], File[], File[]];
    return written(await engine.report(given.of("bill").map(asBill), {
      ...running,
      metric,
      formats: FORMS,
      ...(as_of === null ? {} : { as_of }),
      ...(month === null ? {} : { month }),
      ...(newest ? { overlap: "newest" as const } : {}),
      ...(Object.keys(only).length > 0 ? { for: only } : {}),
      ...(policy.length > 0 ? { policy } : {}),
      ...(explanations.length > 0 ? { explanations } : {}),
      ...(savings.length > 0 ? { savings } : {}),
    }));
  }

  async #score(engine: WorkerEngine, given: Intake, { as_of }: Choice, whole: Reported | null): Promise<Scored | null> {
    const [assessment, second] = given.of("assessment");
    if (!assessment) return null;
    if (second) throw new Error(`there are two assessments, ${assessment.name} and ${second.name}: leave one out`);
    const list = (role: "frameworks" | "history" | "deployments" | "incidents" | "evidence") => {
      const found = given.of(role);
      return found.length > 0 ? { [role]: found.map(asDocument) } : {};
    };
    // The report at hand is evidence, unless somebody names a report of their own.
    const isEvidence = whole !== null && given.of("evidence").length === 0 && !Array.isArray(whole.document);
    const evidence = isEvidence ? { evidence: [{ name: "report.json", text: whole.texts.json }] } : list("evidence");
    return written(await engine.assess(asDocument(assessment), {
      formats: ["json", "markdown"],
      // Where none is chosen an assessment has a day of its own.
      ...(as_of === null ? {} : { as_of }),
      ...list("frameworks"), ...list("history"), ...list("deployments"), ...list("incidents"), ...evidence,
    }));
  }
}

/** As the command line writes it: a line ends its JSON. */
function written<A extends { readonly texts: { readonly json: string } }>(answer: A): A {
  const { json } = answer.texts;
  return { ...answer, texts: { ...answer.texts, json: json.endsWith("\n") ? json : `${json}\n` } };
}

export const isFiltered = ({ only }: Pick<Choice, "only">): boolean => Object.keys(only).length > 0;

/** Under its path, since files in folders may have one name. */
const asBill = ({ name, file }: Given): BillSource => ({ name, data: file });

const asDocument = ({ name, file }: Given): File => (file.name === name ? file : new File([file], name));

/** The one file of a role as an option; none where there is none, and a word where there are two. */
function single<R extends Role>(given: Intake, role: R, name: string): Partial<Record<R, File>> {
  const [file, second] = given.of(role);
  if (file && second) throw new Error(`there are two files of ${name}, ${file.name} and ${second.name}: leave one out`);
  return file ? ({ [role]: asDocument(file) } as Partial<Record<R, File>>) : {};
}

/** What is planned: the table of releases, and those that are only supposed. */
const known = (given: Intake, suppose: readonly string[]) => ({
  ...single(given, "releases", "releases"),
  ...(suppose.length > 0 ? { suppose: [...suppose] } : {}),
});

/** A report that was made before: it is shown as it is, in the one form that it is in. */
async function ownReport(given: Intake): Promise<Reported | null> {
  const [report, second] = given.of("evidence");
  if (!report) return null;
  // An assessment may have several as evidence.
  if (second && given.of("assessment").length === 0) throw new Error(`there are two cost reports, ${report.name} and ${second.name}: leave one out`);
  const json = await report.file.text();
  let document: Report | Report[];
  try {
    document = JSON.parse(json) as Report | Report[];
    reportsOf(document);
  } catch (error) {
    const message = error instanceof SyntaxError ? "this is no JSON" : (error as Error).message;
    throw new HeadroomError({ code: "document", message, file: report.name, hint: "give what `headroom report --format json` wrote, whole" });
  }
  return { document, texts: { json } as Reported["texts"] };
}
