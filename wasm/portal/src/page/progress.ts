// How far the reading has come: seen at once, heard every few seconds.

import type { Progress } from "headroom-engine";

import { count } from "../figures/text.js";
import { visible } from "../report/names.js";

/** Milliseconds before a reading is worth showing; most are over by then. */
const PATIENCE = 150;

/** Milliseconds between two announcements. */
const SPOKEN = 4000;

export class ProgressPanel {
  readonly #bar: HTMLProgressElement;
  readonly #told: HTMLElement;
  readonly #title: HTMLElement;
  #timer = 0;
  #spoken = 0;

  constructor(private readonly panel: HTMLElement, private readonly status: HTMLElement) {
    this.#bar = panel.querySelector("progress") as HTMLProgressElement;
    this.#told = panel.querySelector(".told") as HTMLElement;
    this.#title = panel.querySelector("h2") as HTMLElement;
  }

  begin(title: string): void {
    this.#title.textContent = title;
    this.#bar.removeAttribute("value");
    this.#told.textContent = "Starting …";
    this.#spoken = performance.now();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.panel.hidden = false), PATIENCE);
  }

  tell({ pass, name, done, total, rows }: Progress): void {
    const part = done !== null && total !== null && total > 0 ? done / total : null;
    if (part === null) this.#bar.removeAttribute("value");
    else this.#bar.value = part;
    const percent = part === null ? "" : `, ${Math.floor(part * 100)} %`;
    const text = `Reading ${pass}${percent}: ${visible(name)}, ${count(rows)} rows so far`;
    this.#told.textContent = text;
    if (performance.now() - this.#spoken > SPOKEN) {
      this.#spoken = performance.now();
      this.status.textContent = text;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.panel.hidden = true;
  }
}
