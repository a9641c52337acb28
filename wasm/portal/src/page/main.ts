// The page: files come in, the engine is asked, the answer is shown. Every answer is the engine's own.

import "../element/define.js";

import { startEngine } from "#engine";

import { h } from "../element/dom.js";
import { counted } from "../figures/text.js";
import { monthName } from "../report/calendar.js";
import { reportsOf } from "../report/document.js";
import { Asking, isFiltered, type Answers, type Choice, type Failed, type Foreseen, type Running } from "./asking.js";
import { drawn } from "./drawn.js";
import { takeDrops, type Dropped } from "./drop.js";
import { exportsAs, fileName } from "./exports.js";
import { showFailures } from "./failure.js";
import { FilesPanel } from "./files-panel.js";
import { Intake, type Role } from "./intake.js";
import { ProgressPanel } from "./progress.js";
import { sample } from "./sample.js";
import { Toolbar } from "./toolbar.js";
import { WhatIf } from "./what-if.js";

const part = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const given = new Intake();
const choice: Choice = { as_of: null, month: null, metric: "effective", only: {}, newest: false, suppose: [], measures: "cost" };

/** What there is before there are files. */
const NOTHING: Answers = { whole: null, shown: null, scored: null, roomed: null, continued: null, failed: [] };

const status = part("status");
const progress = new ProgressPanel(part("running"), status);
const files = new FilesPanel(part<HTMLDetailsElement>("files"), given, () => filesChanged());
const toolbar = new Toolbar(part<HTMLFormElement>("ask"), part("exports"), choice, () => void run());
const asOf = part<HTMLInputElement>("as-of");
const today = new Date().toISOString().slice(0, 10);
let stopping: AbortController | null = null;
let running = Promise.resolve();
/** What is shown, and what had been chosen for it; `null` where that is of other files. */
let settled: { readonly answers: Answers; readonly choice: Choice } | null = null;
/** The bills and the policy that months and owners were chosen of. */
let chosenOf = "";

const engine = begun();
const asking = new Asking(engine);
const whatIf = new WhatIf(part("what-if"), (supposed) => asking.check(supposed), (supposed, said) => void suppose(supposed, said));

asOf.value = today;
takeDrops(document.documentElement, (dropped) => void take(dropped), fail);
part<HTMLInputElement>("choose").addEventListener("change", ({ target }) => {
  const input = target as HTMLInputElement;
  const chosen = [...(input.files ?? [])].map((file) => ({ name: file.name, file }));
  // The same files may be chosen again after they have been removed.
  input.value = "";
  void take(chosen);
});
// It looks like a button, and not every browser lets a file input be pressed by Enter.
part("choose").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  part("choose").click();
});
part("sample").addEventListener("click", () => void takeSample());
part("again").addEventListener("click", () => {
  asking.forget();
  void run();
});
part("clear").addEventListener("click", () => {
  given.clear();
  part("choose").focus();
  filesChanged();
});
part("measures").addEventListener("change", ({ target }) => {
  choice.measures = (target as HTMLSelectElement).value as Choice["measures"];
  void run();
});
part("forecast").addEventListener("click", () => void foresee());
part("cancel").addEventListener("click", () => stopping?.abort(new DOMException("stopped", "AbortError")));
asOf.addEventListener("change", () => {
  if (!asOf.checkValidity()) return;
  choice.as_of = asOf.value;
  void run();
});

/** The engine starts while the reader still looks for files, once there is something to look at. */
async function begun() {
  await drawn();
  performance.mark("headroom-engine-asked");
  const started = await startEngine();
  performance.measure("headroom-engine", "headroom-engine-asked");
  part("engine").textContent = `Engine ${started.version}.`;
  return started;
}

async function take(dropped: readonly Dropped[]): Promise<void> {
  if (dropped.length === 0) return;
  try {
    await given.add(dropped);
    filesChanged();
  } catch (error) {
    filesChanged();
    await running;
    fail(error);
  }
}

/** What else may be done about a failure. */
const remedies = {
  isGiven: (name: string): boolean => given.find(name) !== null,
  leaveOut: (name: string): void => {
    const found = given.find(name);
    if (found) found.role = "none";
    filesChanged();
  },
  keepNewest: (): void => {
    choice.newest = true;
    void run();
  },
};

async function takeSample(): Promise<void> {
  try {
    const { as_of, files: sampled } = await sample();
    given.clear();
    choice.as_of = asOf.value = as_of;
    await take(sampled);
  } catch (error) {
    fail(error);
  }
}

function filesChanged(): void {
  files.show();
  asking.forget();
  document.body.classList.toggle("filled", given.size > 0);
  settled = null;
  const of = given.told("bill", "policy");
  if (of !== chosenOf) {
    chosenOf = of;
    choice.only = {};
    choice.month = null;
    choice.newest = false;
    part("ask").hidden = true;
  }
  // A release touches what is forecast.
  part("what-if").hidden = !has("bill", "series", "traffic");
  void run();
}

const has = (...roles: Role[]): boolean => roles.some((role) => given.of(role).length > 0);

/** Asks anew under what is supposed; the forecast too, where it is looked at. */
async function suppose(supposed: readonly string[], said: string): Promise<void> {
  const isForeseen = !part("outlook").hidden;
  choice.suppose = supposed;
  await run();
  if (isForeseen) await foresee();
  if (part("failure").childElementCount === 0) status.textContent = said;
}

/** Asks for what is chosen now. */
const run = (): Promise<void> => (running = ask());

async function ask(): Promise<void> {
  if (given.size > 0) {
    const asked = { ...choice };
    return work("costs", (running) => asking.ask(given, asked, running), (answers) => {
      settled = { answers, choice: asked };
      show(answers);
    });
  }
  stopping?.abort(new DOMException("asked anew", "AbortError"));
  stopping = null;
  show(NOTHING);
  busy(false);
}

/** Asks what the bills will be, once what was asked before is answered: a forecast alone would leave the rest as it was. */
async function foresee(): Promise<void> {
  await running;
  if (!part("ahead").hidden) await work("ahead", (running) => asking.foresee(given, choice, running), showForecast);
}

/** Does what takes its time, and shows what comes of it. Whatever was under way is stopped. */
async function work<Told>(of: "costs" | "ahead", ask: (running: Running) => Promise<Told>, shown: (told: Told) => void): Promise<void> {
  stopping?.abort(new DOMException("asked anew", "AbortError"));
  const mine = new AbortController();
  stopping = mine;
  part("failure").replaceChildren();
  progress.begin(has("bill") ? "Reading the bills" : "Reading the files");
  busy(true);
  try {
    const told = await ask({ signal: mine.signal, onProgress: (told) => progress.tell(told) });
    if (stopping === mine) shown(told);
  } catch (error) {
    if (stopping !== mine) return;
    if (mine.signal.aborted) stopped(of);
    else if (of === "costs") show({ ...NOTHING, failed: [{ part: of, error }] });
    else accuse([{ part: of, error }]);
  } finally {
    if (stopping === mine) busy(false);
  }
}

/** While something else is asked, what is shown is no answer to it, and is not handed out as one. */
function busy(isBusy: boolean): void {
  if (isBusy) part("result").setAttribute("aria-busy", "true");
  else {
    progress.end();
    part("result").removeAttribute("aria-busy");
  }
  for (const exports of document.querySelectorAll<HTMLElement>(".exports")) exports.inert = isBusy;
}

/** Says so where everybody sees it, with the way on. What is shown stays, and what was chosen for it is chosen again. */
function stopped(of: "costs" | "ahead"): void {
  const told = (text: string, ...ways: HTMLElement[]) => part("failure").replaceChildren(h("p", null, text), ...ways);
  if (of === "ahead") {
    told("Stopped. The months ahead have not been forecast.");
    part("forecast").focus();
  } else if (settled) {
    told("Stopped. What is shown is what was asked before.");
    restore(settled);
    part("failure").focus();
  } else {
    show(NOTHING);
    part("nothing").hidden = true;
    const again = h("button", { type: "button", onclick: () => void run() }, "Make the report");
    told("Stopped. The report has not been made.", again);
    again.focus();
  }
  status.textContent = "Stopped.";
}

function restore({ answers: { whole, shown }, choice: chosen }: NonNullable<typeof settled>): void {
  Object.assign(choice, chosen);
  asOf.value = choice.as_of ?? today;
  part<HTMLSelectElement>("measures").value = choice.measures;
  whatIf.show(choice.suppose);
  if (whole && shown) toolbar.show(whole, shown, has("bill"));
}

/** Something went wrong beside what is shown. */
function fail(error: unknown): void {
  accuse([{ part: "costs", error }]);
}

function accuse(failed: readonly Failed[]): void {
  showFailures(part("failure"), failed, remedies);
  if (failed.length > 0) part("failure").scrollIntoView({ block: "nearest" });
}

function show({ whole, shown, scored, roomed, continued, failed }: Answers): void {
  const isAhead = shown !== null && has("bill");
  accuse(failed);
  put("costs", shown?.document ?? null);
  put("lines", continued?.document ?? null, continued && exportsAs("export-series", "series-forecast", continued.texts));
  put("room", roomed?.document ?? null, roomed && exportsAs("export-capacity", `capacity-${roomed.document.as_of}`, roomed.texts));
  put("maturity", scored?.document ?? null, scored && exportsAs("export-scorecard", `maturity-${fileName(scored.document.subject.id)}-${scored.document.as_of}`, scored.texts));
  part("ahead").hidden = !isAhead;
  showForecast(null);
  // Only what is planned can be for the one and not for the other.
  part("measuring").hidden = !continued || (choice.suppose.length === 0 && !has("releases", "events"));
  const links: Record<string, boolean> = {
    costs: shown !== null, ahead: isAhead, lines: continued !== null, room: roomed !== null, maturity: scored !== null,
  };
  const isNothing = !Object.values(links).some(Boolean);
  links["what-if"] = !isNothing && !part("what-if").hidden;
  for (const link of part("parts").querySelectorAll("a")) link.hidden = !links[link.hash.slice(1)];
  part("parts").hidden = Object.values(links).filter(Boolean).length < 2;
  part("nothing").hidden = given.size === 0 || !isNothing || failed.length > 0;
  if (whole && shown) toolbar.show(whole, shown, has("bill"));
  else {
    part("exports").hidden = true;
    // What can be chosen stays where that was answered with a failure, as the way back.
    if (!failed.some(({ part }) => part === "costs")) part("ask").hidden = true;
  }
  const reports = shown ? reportsOf(shown.document) : [];
  const [report] = reports;
  document.title = report ? `Cost report, ${monthName(report.month)} – Headroom` : "Headroom";
  const about = isFiltered(choice) ? "for what was chosen " : "";
  const flagged = reports.reduce((sum, { changes }) => sum + changes.length, 0);
  const currencies = reports.length > 1 ? ` in ${reports.length} currencies` : "";
  const ready = report ? `The report of ${monthName(report.month)} ${about}is ready: ${counted(flagged, "change", "changes")} flagged${currencies}.` : "";
  const others = [[scored, "The scorecard is ready."], [roomed, "The answer about capacity is ready."], [continued, "The forecast of series is ready."]] as const;
  status.textContent = report ? ready : (others.find(([told]) => told !== null)?.[1] ?? "");
}

/** Hands an element its document, and shows it with its exports while there is one. */
function put(id: string, document: unknown, exports: HTMLElement[] | null = null): void {
  const element = part<HTMLElement & { data: unknown }>(id);
  element.data = document;
  element.hidden = document === null;
  const place = window.document.getElementById(`${id}-exports`);
  if (!place) return;
  place.hidden = exports === null;
  place.replaceChildren(...(exports ?? []));
}

/** Shows a forecast, or the way to one. */
function showForecast(told: Foreseen | null): void {
  const hadFocus = document.activeElement === part("forecast");
  const [forecast] = [told?.document ?? []].flat();
  put("outlook", told?.document ?? null, told && exportsAs("export-forecast", `cost-forecast-${forecast?.as_of ?? ""}`, told.texts));
  part("forecast").hidden = told !== null;
  if (told === null) return;
  // The button is gone; whoever came by keyboard goes on at what stands in its place.
  if (hadFocus) part("outlook-exports").querySelector("button")?.focus();
  status.textContent = "The forecast is ready.";
}

engine.catch(fail);
