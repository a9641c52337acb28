// `<headroom-report>`: a report document as a page. It needs no engine, only the JSON that one has written.

import chartStyles from "uplot/dist/uPlot.min.css";

import { reportsOf, type Report } from "../report/document.js";
import changesStyles from "./changes.css";
import { changes } from "./changes.js";
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
 * Shows `.data`, or the document at `src`.
 *
 * Fires `headroom-shown` when a document is shown, and `headroom-error` (its `detail` is the error) when it cannot be.
 */
export class HeadroomReport extends HTMLElement {
  static readonly observedAttributes = ["src"];

  #data: Report | readonly Report[] | null = null;
  #loading: AbortController | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = STYLES;
  }

  /** The report, or one for each currency. */
  get data(): Report | readonly Report[] | null {
    return this.#data;
  }

  set data(document: Report | readonly Report[] | null) {
    this.#loading?.abort();
    this.#loading = null;
    this.#show(document);
  }

  get src(): string | null {
    return this.getAttribute("src");
  }

  set src(address: string | null) {
    if (address === null) this.removeAttribute("src");
    else this.setAttribute("src", address);
  }

  connectedCallback(): void {
    // A property that was set before the element was known is an own one, which hides the setter.
    if (Object.hasOwn(this, "data")) {
      const early = this.data;
      delete (this as { data?: unknown }).data;
      this.data = early;
    }
    if (this.src !== null && this.#data === null && this.#loading === null) void this.#load(this.src);
  }

  attributeChangedCallback(_: string, before: string | null, address: string | null): void {
    if (this.isConnected && before !== address && address !== null) void this.#load(address);
  }

  async #load(address: string): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#say("Loading the report …", "status");
    try {
      const response = await fetch(address, { signal: loading.signal, headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`${address}: the server answers ${response.status}`);
      const document: unknown = await response.json();
      if (!loading.signal.aborted) this.#show(document);
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error);
    }
  }

  #show(document: unknown): void {
    if (document === null || document === undefined) {
      this.#data = null;
      this.shadowRoot?.replaceChildren();
      return;
    }
    try {
      const reports = reportsOf(document);
      const pages = reports.map(page);
      this.#data = document as Report | readonly Report[];
      this.shadowRoot?.replaceChildren(...pages);
      this.dispatchEvent(new CustomEvent("headroom-shown", { bubbles: true, composed: true }));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#say(error instanceof Error ? error.message : String(error), "alert");
    this.dispatchEvent(new CustomEvent("headroom-error", { bubbles: true, composed: true, detail: error }));
  }

  #say(text: string, role: "status" | "alert"): void {
    this.shadowRoot?.replaceChildren(h("p", { role, class: "notice" }, text));
  }
}

/** One report, in one currency. */
function page(report: Report): HTMLElement {
  const children: Child[] = [
    headline(report),
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
