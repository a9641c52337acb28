// The page: files come in, the engine is asked, the answer is shown. Every answer is the engine's own.

import "../element/define.js";

import { startEngine } from "#engine";

import { h } from "../element/dom.js";
import { counted } from "../figures/text.js";
import { monthName } from "../report/calendar.js";
import { reportsOf } from "../report/document.js";
import { Asking, isFiltered, type Answers, type Choice, type Foreseen, type Roomed, type Running, type Scored } from "./asking.js";
import { download } from "./download.js";
import { takeDrops, type Dropped } from "./drop.js";
import { showFailure } from "./failure.js";
import { FilesPanel } from "./files-panel.js";
import { Intake } from "./intake.js";
import { ProgressPanel } from "./progress.js";
import { sample } from "./sample.js";
import { Toolbar } from "./toolbar.js";

const part = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const given = new Intake();
const choice: Choice = { as_of: null, month: null, metric: "effective", only: {}, newest: false };
const status = part("status");
const progress = new ProgressPanel(part("running"), status);
const files = new FilesPanel(part<HTMLDetailsElement>("files"), given, () => filesChanged());
const toolbar = new Toolbar(part<HTMLFormElement>("ask"), part("exports"), choice, () => void run());
const asOf = part<HTMLInputElement>("as-of");
let stopping: AbortController | null = null;

const engine = begun();
const asking = new Asking(engine);

asOf.value = new Date().toISOString().slice(0, 10);
takeDrops(document.documentElement, (dropped) => void take(dropped));
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
part("forecast").addEventListener("click", () => void foresee());
part("cancel").addEventListener("click", () => stopping?.abort(new DOMException("stopped", "AbortError")));
asOf.addEventListener("change", () => {
  if (!asOf.checkValidity()) return;
  choice.as_of = asOf.value;
  void run();
});

/** The engine starts while the reader still looks for files. */
async function begun() {
  performance.mark("headroom-engine-asked");
  const started = await startEngine();
  performance.measure("headroom-engine", "headroom-engine-asked");
  part("engine").textContent = `Engine ${started.version}.`;
  return started;
}

async function take(dropped: readonly Dropped[]): Promise<void> {
  if (dropped.length === 0) return;
  await given.add(dropped);
  filesChanged();
}

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
  choice.only = {};
  choice.month = null;
  choice.newest = false;
  part("ask").hidden = true;
  void run();
}

/** Asks for what is chosen now. */
async function run(): Promise<void> {
  if (given.size > 0) return work(async (running) => asking.ask(given, choice, running), show);
  stopping?.abort(new DOMException("asked anew", "AbortError"));
  stopping = null;
  part("failure").replaceChildren();
  show({ whole: null, shown: null, scored: null, roomed: null });
  progress.end();
}

/** Asks what the bills will be. */
const foresee = (): Promise<void> => work(async (running) => asking.foresee(given, choice, running), showForecast);

/** Does what takes its time, and shows what comes of it. Whatever was under way is stopped. */
async function work<Told>(ask: (running: Running) => Promise<Told>, shown: (told: Told) => void): Promise<void> {
  stopping?.abort(new DOMException("asked anew", "AbortError"));
  const mine = new AbortController();
  stopping = mine;
  part("failure").replaceChildren();
  progress.begin();
  part("result").setAttribute("aria-busy", "true");
  try {
    const told = await ask({ signal: mine.signal, onProgress: (told) => progress.tell(told) });
    if (stopping === mine) shown(told);
  } catch (error) {
    if (stopping !== mine) return;
    if (mine.signal.aborted) status.textContent = "Stopped. Nothing was changed; the report can be made again.";
    else fail(error);
  } finally {
    if (stopping === mine) {
      progress.end();
      part("result").removeAttribute("aria-busy");
    }
  }
}

function fail(error: unknown): void {
  // What was shown before is no answer to this question. What can be chosen stays, as the way back.
  const choices = part("ask").hidden;
  show({ whole: null, shown: null, scored: null, roomed: null });
  part("ask").hidden = choices;
  showFailure(part("failure"), error, () => {
    choice.newest = true;
    void run();
  });
  part("failure").scrollIntoView({ block: "nearest" });
}

function show({ whole, shown, scored, roomed }: Answers): void {
  const [costs, maturity] = [part<HTMLElementTagNameMap["headroom-report"]>("costs"), part<HTMLElementTagNameMap["headroom-scorecard"]>("maturity")];
  costs.data = shown?.document ?? null;
  costs.hidden = shown === null;
  maturity.data = scored?.document ?? null;
  maturity.hidden = scored === null;
  part("ahead").hidden = shown === null || given.of("bill").length === 0;
  showForecast(null);
  const room = part<HTMLElementTagNameMap["headroom-capacity"]>("room");
  room.data = roomed?.document ?? null;
  room.hidden = part("capacity-exports").hidden = roomed === null;
  part("capacity-exports").replaceChildren(...(roomed ? capacityExports(roomed) : []));
  const links = { costs: shown !== null, maturity: scored !== null, room: roomed !== null };
  for (const link of part("parts").querySelectorAll("a")) link.hidden = !links[link.hash.slice(1) as keyof typeof links];
  part("parts").hidden = Object.values(links).filter(Boolean).length < 2;
  part("scorecard-exports").hidden = scored === null;
  part("scorecard-exports").replaceChildren(...(scored ? scoredExports(scored) : []));
  if (whole && shown) toolbar.show(whole, shown, given.of("bill").length > 0);
  else for (const id of ["ask", "exports"]) part(id).hidden = true;
  const [report] = shown ? reportsOf(shown.document) : [];
  document.title = report ? `Cost report, ${monthName(report.month)} – Headroom` : "Headroom";
  const about = isFiltered(choice) ? "for what was chosen " : "";
  const ready = report ? `The report of ${monthName(report.month)} ${about}is ready: ${counted(report.changes.length, "change", "changes")} flagged.` : "";
  const other = scored ? "The scorecard is ready." : roomed ? "The answer about capacity is ready." : "";
  status.textContent = report ? ready : other;
}

/** Shows a forecast, or the way to one. */
function showForecast(told: Foreseen | null): void {
  const outlook = part<HTMLElementTagNameMap["headroom-forecast"]>("outlook");
  const hadFocus = document.activeElement === part("forecast");
  outlook.data = told?.document ?? null;
  outlook.hidden = part("forecast-exports").hidden = told === null;
  part("forecast").hidden = told !== null;
  part("forecast-exports").replaceChildren(...(told ? forecastExports(told) : []));
  if (told === null) return;
  // The button is gone; whoever came by keyboard goes on at what stands in its place.
  if (hadFocus) part("forecast-exports").querySelector("button")?.focus();
  status.textContent = "The forecast is ready.";
}

function forecastExports({ document: told, texts }: Foreseen): HTMLElement[] {
  const [forecast] = [told].flat();
  return exportsAs("forecast", `cost-forecast-${forecast?.as_of ?? ""}`, texts);
}

function capacityExports({ document: told, texts }: Roomed): HTMLElement[] {
  return exportsAs("capacity", `capacity-${told.as_of}`, texts);
}

function scoredExports({ document: result, texts }: Scored): HTMLElement[] {
  return exportsAs("scorecard", `maturity-${result.subject.id.replace(/[^\w.-]+/g, "_")}-${result.as_of}`, texts);
}

/** Titles, endings and types of the forms that are exported. */
const FORMS = [["markdown", "Markdown", "md", "text/markdown"], ["csv", "CSV", "csv", "text/csv"], ["json", "JSON", "json", "application/json"]] as const;

/** A button for each form that a text is there of. */
function exportsAs(id: string, name: string, texts: Readonly<Partial<Record<(typeof FORMS)[number][0], string>>>): HTMLElement[] {
  const buttons = FORMS.flatMap(([form, title, ending, type]) => {
    const text = texts[form];
    if (text === undefined) return [];
    return [h("button", { type: "button", id: `export-${id}-${form}`, onclick: () => download(`${name}.${ending}`, type, text) }, title)];
  });
  return [h("span", { "aria-hidden": "true" }, "Export"), ...buttons];
}

engine.catch(fail);
