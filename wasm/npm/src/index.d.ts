// The functions of the package. The documents they take and give are in `documents.d.ts`, which is made from the engine's
// JSON Schemas.

import type {
  AssessCall, AssessmentResult, BillCall, Capacity, CapacityCall, Check, Commitments, CommitmentsCall, CostForecast, Cube, Decision,
  Explain, ExplainCall, Failure, Forecast, ForecastCall, GateCall, Inspect, PolicyCheckCall, QuestionnaireCall, Report,
  RightsizeCall, Rightsizing, Schedule, ScheduleCall, SeriesCall, Waste, WasteCall,
} from "./documents.js";

export type * from "./documents.js";

/** A form of an answer. `json` is what the command line prints with `--format json`, byte for byte. */
export type Format = "json" | "markdown" | "csv";

declare global {
  // What stands for it where a program is checked without the types of browsers.
  namespace WebAssembly {
    interface Module {}
  }
}

/** Bytes that come one chunk after the other. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A bill: a file of the page, an address, or a name with text, an address or bytes. Plain or gzip, told by content.
 *
 * A report may read bills up to three times. A `Response`, stream or iterable can be read but once: what would need
 * another pass is then left out, and the report says so. A function is called again for each pass.
 */
export type BillSource =
  | File
  | URL
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly url: string | URL }
  | {
      readonly name: string;
      readonly data: Blob | ArrayBuffer | ArrayBufferView | Response | ByteStream | ((opening: Opening) => Opened | Promise<Opened>);
      /** Bytes as it is stored, for progress, where `data` is a function. */
      readonly size?: number;
    };

/** What a function that opens a bill is told. */
export interface Opening {
  /** Given when no more bytes are wanted before their end, as when the call was stopped: `({ signal }) => fetch(url, { signal })`. */
  readonly signal: AbortSignal;
}

export type Opened = Blob | ArrayBuffer | ArrayBufferView | Response | ByteStream;

/** A document as text, or as a file of the page. */
export type DocumentSource = File | { readonly name: string; readonly text: string };

/** How far reading has come. Bytes are counted as they are stored: of a gzip file, before it is unpacked. */
export interface Progress {
  /** Which pass over the bills this is, from 1; a report takes up to three, rarely more. */
  readonly pass: number;
  /** Position of the file among the bills. */
  readonly file: number;
  readonly name: string;
  /** Bytes of the file read in this pass. */
  readonly bytes: number;
  /** Bytes of the file, where known. */
  readonly size: number | null;
  /** Bytes of all files up to here, and of all files; `null` where a size is not known. */
  readonly done: number | null;
  readonly total: number | null;
  /** Rows read in all passes together. */
  readonly rows: number;
}

export interface Stoppable {
  /** Stops the call; it then rejects with the signal's reason. On this thread, what is answered at once is not broken off. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends Stoppable {
  readonly onProgress?: (progress: Progress) => void;
  /**
   * How many engines may read the bills side by side, this one included; each has a thread and memory of its own, and no answer
   * depends on it. 1 for this one alone; where none is said, as many as the machine has processors, 4 at most. Only files on
   * disk, in Node, are read so, and one more engine for each 64 MiB of them.
   */
  readonly threads?: number;
}

/** A document, and its text in each form that was asked for. */
export interface Answer<D, F extends string = "json"> {
  readonly document: D;
  readonly texts: Readonly<Record<F, string>>;
}

type Options<Call, Own extends keyof Call = never> = Omit<Call, "call" | "bills" | "format" | "as_of" | Documents | Own> & {
  /** The day it is for; today (UTC) where none is named. */
  readonly as_of?: string;
};

type Documents =
  | "policy" | "explanations" | "assessment" | "frameworks" | "history" | "evidence" | "deployments" | "incidents" | "input" | "gates"
  | "budgets" | "series" | "earlier" | "usage" | "requests" | "assumptions" | "offers" | "rules" | "savings" | "traffic" | "capacity"
  | "releases" | "events" | "load_tests";

interface InForms<F extends string> {
  /** The forms to give beside the document; `json` where none are named. */
  readonly formats?: readonly F[];
}

interface UnderPolicy {
  /** Allocation policies; the built-in one where none are named. */
  readonly policy?: DocumentSource | readonly DocumentSource[];
}

export interface ReportOptions<F extends Format = "json"> extends Options<BillCall>, InForms<F>, UnderPolicy, RunOptions {
  /** Who has explained or announced which change. */
  readonly explanations?: DocumentSource | readonly DocumentSource[];
  /** Documents of sizes, schedules, commitments and waste, for the list of what to do. */
  readonly savings?: DocumentSource | readonly DocumentSource[];
}

export interface BillOptions<F extends Format = "json"> extends Options<BillCall>, InForms<F>, UnderPolicy, RunOptions {}

export interface LineOptions extends Options<BillCall>, UnderPolicy, RunOptions {
  /** `csv` with a header, or one JSON object a line. */
  readonly format?: "csv" | "json";
}

export interface ExplainOptions extends Options<ExplainCall>, UnderPolicy, RunOptions {}

export interface CheckOptions<F extends "json" | "markdown" = "json"> extends Options<BillCall>, InForms<F>, RunOptions {
  /** Bills to try the policy on. */
  readonly bills?: BillSource | readonly BillSource[];
}

export interface AssessOptions<F extends "json" | "markdown" = "json"> extends Options<AssessCall, "today">, InForms<F>, Stoppable {
  readonly frameworks?: readonly DocumentSource[];
  readonly history?: readonly DocumentSource[];
  readonly evidence?: readonly DocumentSource[];
  readonly deployments?: readonly DocumentSource[];
  readonly incidents?: readonly DocumentSource[];
}

export interface GateOptions<F extends "json" | "markdown" = "json"> extends Options<GateCall>, InForms<F>, Stoppable {
  readonly evidence?: readonly DocumentSource[];
}

export interface QuestionnaireOptions extends Options<QuestionnaireCall>, Stoppable {
  readonly frameworks?: readonly DocumentSource[];
}

interface OfReleases {
  /** Releases to come, and what came of earlier ones, as CSV. */
  readonly releases?: DocumentSource;
  /** Events to come, and such as were, as CSV. */
  readonly events?: DocumentSource;
}

export interface ForecastOptions<F extends "json" | "csv" = "json">
  extends Options<ForecastCall>, InForms<F>, UnderPolicy, OfReleases, RunOptions {
  /** What was meant to be spent, as CSV. */
  readonly budgets?: DocumentSource;
}

export interface SeriesOptions<F extends "json" | "csv" = "json">
  extends Omit<SeriesCall, "call" | "format" | Documents>, InForms<F>, OfReleases, Stoppable {
  /** Earlier forecasts of the same series, as the engine wrote them. */
  readonly earlier?: DocumentSource | readonly DocumentSource[];
}

/** A form of sizes: `json`, a table, or a patch to apply. */
export type SizeFormat = "json" | "csv" | "kubernetes" | "helm" | "compose" | "terraform";

interface OfUsage extends UnderPolicy, RunOptions {
  /** Bills whose prices count. */
  readonly bills?: BillSource | readonly BillSource[];
  /** The day of asking, where there are bills; today where none is given. */
  readonly as_of?: string;
  /** What is requested today, as CSV. */
  readonly requests?: DocumentSource | readonly DocumentSource[];
  /** Prices and what risks cost; those that come with the engine where none are given. */
  readonly assumptions?: DocumentSource;
}

export interface RightsizeOptions<F extends SizeFormat = "json">
  extends Omit<RightsizeCall, "call" | "format" | "as_of" | "bills" | Documents>, InForms<F>, OfUsage {}

/** A form of schedules: `json`, a table, or what a tool that switches things off reads. */
export type ScheduleFormat = "json" | "csv" | "kube_downscaler" | "aws_scheduler" | "cron";

export interface ScheduleOptions<F extends ScheduleFormat = "json">
  extends Omit<ScheduleCall, "call" | "format" | "as_of" | "bills" | Documents>, InForms<F>, OfUsage {}

export interface CommitmentsOptions<F extends "json" | "csv" = "json"> extends Options<CommitmentsCall>, InForms<F>, RunOptions {
  /** What may be committed to, at which discount, on whose approval; what comes with the engine where none is given. */
  readonly offers?: DocumentSource;
}

export interface WasteOptions<F extends "json" | "csv" = "json"> extends Options<WasteCall>, InForms<F>, UnderPolicy, RunOptions {
  /** What was used: usage tables, or answers of Prometheus range queries. */
  readonly usage?: DocumentSource | readonly DocumentSource[];
  /** What is requested today. */
  readonly requests?: DocumentSource | readonly DocumentSource[];
  /** Prices, where requests have none. */
  readonly assumptions?: DocumentSource;
  /** What counts as unused; what comes with the engine where none is given. */
  readonly rules?: DocumentSource;
}

export interface CapacityOptions<F extends "json" | "csv" = "json">
  extends Omit<CapacityCall, "call" | "format" | Documents>, InForms<F>, Stoppable {
  /** What is planned, as CSV. */
  readonly releases?: DocumentSource;
  /** What load tests found, as CSV. */
  readonly load_tests?: DocumentSource;
}

export interface CheckPoliciesOptions<F extends "json" | "markdown" = "json">
  extends Omit<PolicyCheckCall, "call" | "format" | Documents>, InForms<F>, Stoppable {}

type Bills = BillSource | readonly BillSource[];

/** What an engine does, wherever it runs. Everything that goes wrong is a `HeadroomError`, but for an aborted signal. */
export interface Functions {
  /** The monthly cost report; a list of reports where the bills are in several currencies. */
  report<F extends Format = "json">(bills: Bills, options?: ReportOptions<F>): Promise<Answer<Report | Report[], F>>;
  /** What the files are. */
  inspect<F extends "json" | "markdown" = "json">(bills: Bills, options?: BillOptions<F>): Promise<Answer<Inspect, F>>;
  /** Cost by month and group. */
  allocate<F extends "json" | "csv" = "json">(bills: Bills, options?: BillOptions<F>): Promise<Answer<Cube, F>>;
  /** Every charge as a line, in pieces of whole lines; returns the verdict on the files. */
  lines(bills: Bills, options?: LineOptions): AsyncGenerator<Uint8Array, Report["verdict"], void>;
  /** Why a charge is where it is. */
  explain(bills: Bills, options?: ExplainOptions): Promise<Answer<Explain>>;
  /** What is wrong with a policy, and what its rules do on bills. */
  checkPolicy<F extends "json" | "markdown" = "json">(
    policy: DocumentSource | readonly DocumentSource[], options?: CheckOptions<F>,
  ): Promise<Answer<Check, F>>;
  /** A policy to start from, in TOML. */
  init(bills: Bills, options?: BillOptions): Promise<string>;
  /** The level of maturity, what is missing, what comes next. */
  assess<F extends "json" | "markdown" = "json">(
    assessment: DocumentSource, options?: AssessOptions<F>,
  ): Promise<Answer<AssessmentResult, F>>;
  /** A file to be filled in, with everything that a framework asks. */
  questionnaire(options?: QuestionnaireOptions): Promise<string>;
  /** Whether something may go ahead. A gate without text that bears the name of one that comes with Headroom is that gate. */
  gate<F extends "json" | "markdown" = "json">(
    input: DocumentSource, gates: DocumentSource | readonly DocumentSource[], options?: GateOptions<F>,
  ): Promise<Answer<Decision, F>>;
  /** What bills will be; a list where they are in several currencies. */
  forecast<F extends "json" | "csv" = "json">(
    bills: Bills, options?: ForecastOptions<F>,
  ): Promise<Answer<CostForecast | CostForecast[], F>>;
  /** What series (CSV: `series,date,value`) will be. */
  forecastSeries<F extends "json" | "csv" = "json">(
    series: DocumentSource, options?: SeriesOptions<F>,
  ): Promise<Answer<Forecast, F>>;
  /** What workloads should request, from what they use. */
  rightsize<F extends SizeFormat = "json">(
    usage: DocumentSource | readonly DocumentSource[], options?: RightsizeOptions<F>,
  ): Promise<Answer<Rightsizing, F>>;
  /** When what is not production may be off, from what it uses. */
  schedule<F extends ScheduleFormat = "json">(
    usage: DocumentSource | readonly DocumentSource[], options?: ScheduleOptions<F>,
  ): Promise<Answer<Schedule, F>>;
  /** What is committed to and how far it is used, and how much more to commit to. */
  commitments<F extends "json" | "csv" = "json">(
    bills: Bills, options?: CommitmentsOptions<F>,
  ): Promise<Answer<Commitments | Commitments[], F>>;
  /** What nobody uses: of bills, or of bills and usage. */
  waste<F extends "json" | "csv" = "json">(bills: Bills, options?: WasteOptions<F>): Promise<Answer<Waste | Waste[], F>>;
  /** What nobody uses, of usage alone. */
  wasteOfUsage<F extends "json" | "csv" = "json">(
    usage: DocumentSource | readonly DocumentSource[], options?: Omit<WasteOptions<F>, "usage">,
  ): Promise<Answer<Waste | Waste[], F>>;
  /** When services run out of capacity, from their traffic, what they use of their pools, and what is planned. */
  capacity<F extends "json" | "csv" = "json">(
    traffic: DocumentSource, usage: DocumentSource, capacity: DocumentSource, options?: CapacityOptions<F>,
  ): Promise<Answer<Capacity, F>>;
  /** What is wrong with policies of any kind: for allocation, frameworks, gates, metrics. */
  checkPolicies<F extends "json" | "markdown" = "json">(
    policies: DocumentSource | readonly DocumentSource[], options?: CheckPoliciesOptions<F>,
  ): Promise<Answer<Check, F>>;
  /** The JSON Schema of a document. */
  schema(name: string): Promise<object>;
  /** Names of all JSON Schemas. */
  schemas(): Promise<string[]>;
}

/** An engine on this thread. */
export interface Engine extends Functions {
  readonly version: string;
  /** Bytes of linear memory in use. */
  readonly memoryBytes: number;
  /** Answers a call that holds all its texts: JSON in, a document or failure out. */
  answer(call: string | object): string;
  /** A call whose bills are pushed by hand. */
  session(call: string | object): Session;
}

/**
 * A call whose bills are pushed: while `pass()` is not 0, push the bytes of the bill at `file()` from its beginning, and end
 * it; whenever the number of the pass has changed, a file is wanted from its beginning.
 */
export interface Session {
  /** The pass that is wanted; 0 when nothing is. */
  pass(): number;
  /** Position of the file that is wanted. */
  file(): number | undefined;
  /** Takes the next bytes, whatever they are viewed as; gives the pass that is wanted now. */
  push(chunk: ArrayBuffer | ArrayBufferView): number;
  /** Memory of the engine for the next bytes: to be written to at once, and handed over by `push_room`; a new one each time. */
  room(size: number): Uint8Array;
  /** Takes the first bytes of that memory, as `push` takes a chunk. */
  push_room(filled: number): number;
  /** The file has no more bytes. */
  end(): number;
  /** The bytes cannot be had. */
  fail(reason: string, hint?: string): number;
  /**
   * Shares the pass that is wanted with sessions of the same call in other engines of this version, and gives the positions of its
   * files; none where it cannot be shared. Nothing of it may have been pushed.
   */
  share(): Uint32Array;
  /** Goes on with the rows that begin from one position of a file up to another; `Infinity` for the rest. It is read to its end. */
  read_stretch(file: number, from: number, to: number): void;
  /** Position of the bytes of the stretch that are to be pushed next; none once it has been read. */
  wanted_at(): number | undefined;
  /** What was counted of the shared pass, for the others; none where it could not be read, and is wanted again by itself. */
  count(): Uint8Array | undefined;
  /** Takes what another has counted; its own must be counted before. */
  take(counted: Uint8Array): void;
  /** All of the others have been taken in; where they do not make up the files, the pass is wanted again. */
  settle(): number;
  /** The others are lost: the pass is wanted again, and no other is shared. */
  go_alone(): number;
  /** Rows read in all passes together. */
  rows(): number;
  /** Lines made since they were last taken. */
  take_lines(): Uint8Array;
  /** The failure as JSON, once it has come to that. */
  failure(): string | undefined;
  /** The document in a form. */
  render(format: Format): string;
  /** What the files are, as JSON. */
  verdict(): string | undefined;
  /** Lets go of its memory. */
  free(): void;
}

/** Where the module comes from; that of the package where nothing is named. */
export type WasmSource = string | URL | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

export interface LoadOptions {
  readonly wasm?: WasmSource | Promise<WasmSource>;
}

/** Starts the engine on this thread; later calls give the same engine, and another once it has failed. */
export function load(options?: LoadOptions): Promise<Engine>;

/** Whether this machine runs the quicker build. */
export function hasSimd(): boolean;

/** What a failure says, for machines. */
export type FailureFacts = Omit<Failure, "schema">;

/** What went wrong: the same words that the command line prints, with the place they are about. */
export class HeadroomError extends Error {
  constructor(failure: Partial<FailureFacts> & { message: string }, options?: ErrorOptions);
  /** A stable word: what kind of failure it is. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** Of a document the column, in characters from 1; of a bill the name of its column. */
  readonly column: number | string | null;
  toJSON(): FailureFacts;
}
