// `<headroom-report>`: a report document as a page. It needs no engine, only the JSON that one has written.

import chartStyles from "uplot/dist/uPlot.min.css";

import { reportsOf, type Report } from "../report/document.js";
import changesStyles from "./changes.css";
import { changes } from "./changes.js";
import { DocumentElement } from "./document-element.js";
import { h, sheet, type Child } from "./dom.js";
import { early } from "./early.js";
import { headline } from "./headline.js";
import reportStyles from "./report.css";
import { actions, environments } from "./savings.js";
import { metrics, owners } from "./spending.js";
import themeStyles from "./theme.css";
import { trend } from "./trend.js";
import { conservation, notCompared, unallocated, verdict } from "./trust.js";

const STYLES = [themeStyles, reportStyles, changesStyles, chartStyles].map(sheet);

/**
 * Shows `.data`, or the document at `src`: whichever was set last. An address is loaded as often as it is set.
 *
 * Fires `headroom-shown` when a document is shown, and `headroom-error` (its `detail` is the error) when it cannot be; there is no
 * `.data` then.
 */
export class HeadroomReport extends DocumentElement {
  static readonly observedAttributes = ["src"];

  #data: Report | readonly Report[] | null = null;
  #loading: AbortController | null = null;
  /** Whether the address was set and nothing was asked of it yet: what is in no page loads nothing. */
  #isDue = false;

  constructor() {
    super(STYLES);
  }

  /** The report, or one for each currency; `null` where none is shown. */
  get data(): Report | readonly Report[] | null {
    return this.#data;
  }

  set data(document: Report | readonly Report[] | null) {
    this.#rest();
    try {
      this.#show(document);
    } catch (error) {
      this.#fail(error);
    }
  }

  get src(): string | null {
    return this.getAttribute("src");
  }

  set src(address: string | null) {
    if (address === null) this.removeAttribute("src");
    else this.setAttribute("src", address);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A property that was set before the element was known is an own one, which hides the setter.
    if (Object.hasOwn(this, "data")) {
      const early = this.data;
      delete (this as { data?: unknown }).data;
      this.data = early;
    }
    if (this.#isDue && this.src !== null) void this.#load(this.src);
  }

  attributeChangedCallback(_: string, __: string | null, address: string | null): void {
    this.#rest();
    if (address === null || address === "") this.#show(null);
    else if (this.isConnected) void this.#load(address);
    else this.#isDue = true;
  }

  /** Nothing is loaded, or about to be. */
  #rest(): void {
    this.#loading?.abort();
    this.#loading = null;
    this.#isDue = false;
  }

  async #load(address: string): Promise<void> {
    this.#rest();
    const loading = new AbortController();
    this.#loading = loading;
    this.#data = null;
    this.#say("Loading the report …", "status");
    try {
      const document = await fetched(address, loading.signal);
      if (loading.signal.aborted) return;
      if (document === null) throw new TypeError("this is no cost report: it is `null`");
      this.#show(document);
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error, address);
    }
  }

  #show(document: unknown): void {
    if (document === null || document === undefined) {
      this.#data = null;
      this.shadowRoot?.replaceChildren();
      return;
    }
    const pages = pagesOf(document);
    this.#data = document as Report | readonly Report[];
    this.shadowRoot?.replaceChildren(...pages);
    this.dispatchEvent(new CustomEvent("headroom-shown", { bubbles: true, composed: true }));
  }

  #fail(cause: unknown, address?: string): void {
    const said = cause instanceof Error ? cause.message : String(cause);
    const error = address === undefined ? cause : new Error(`${address}: ${said}`, { cause });
    this.#data = null;
    this.#say(error instanceof Error ? error.message : String(error), "alert");
    this.dispatchEvent(new CustomEvent("headroom-error", { bubbles: true, composed: true, detail: error }));
  }

  #say(text: string, role: "status" | "alert"): void {
    this.shadowRoot?.replaceChildren(h("p", { role, class: "notice" }, text));
  }
}

/** What is at an address, as JSON. */
async function fetched(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { signal, headers: { accept: "application/json" } }).catch((cause: unknown) => {
    throw new Error("it cannot be reached", { cause });
  });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error("what is there is no JSON", { cause });
  }
}

/** A page for each currency of a document. */
function pagesOf(document: unknown): HTMLElement[] {
  const reports = reportsOf(document);
  try {
    return reports.map((report) => page(report, reports.length > 1));
  } catch (cause) {
    // Parts that are there and are not what a report has.
    throw new TypeError("this is no whole cost report: parts of it are not of its form", { cause });
  }
}

/** One report, in one currency, which its title names where there are several. */
function page(report: Report, isOneOfSeveral: boolean): HTMLElement {
  const children: Child[] = [
    headline(report, isOneOfSeveral),
    h("div", { class: "beside" }, trend(report), metrics(report)),
    owners(report),
    changes(report),
    early(report),
    unallocated(report),
    environments(report),
    actions(report),
    notCompared(report),
    verdict(report),
    conservation(report),
  ];
  return h("article", { class: "report" }, children);
}
