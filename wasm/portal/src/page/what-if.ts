// What if: releases that are only supposed, each a line as `--release` takes it; added, removed, and kept whatever files come.

import { HeadroomError } from "headroom-engine/client";

import { h } from "../element/dom.js";
import { visible } from "../report/names.js";

export class WhatIf {
  readonly #form: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #wrong: HTMLElement;
  #supposed: readonly string[] = [];

  /** `check` fails where the engine takes what is supposed for no release; `changed` hears of what is supposed now. */
  constructor(
    panel: HTMLElement,
    private readonly check: (supposed: readonly string[]) => Promise<void>,
    private readonly changed: (supposed: readonly string[], said: string) => void,
  ) {
    this.#form = panel.querySelector("form") as HTMLFormElement;
    this.#input = panel.querySelector("input") as HTMLInputElement;
    this.#list = panel.querySelector("ul") as HTMLUListElement;
    this.#wrong = panel.querySelector(".wrong") as HTMLElement;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#add(this.#input.value.trim());
    });
    this.#input.addEventListener("input", () => this.#accuse(null));
  }

  async #add(text: string): Promise<void> {
    // One at a time: the engine may be busy, and what is written meanwhile would be lost.
    if (this.#input.readOnly) return;
    this.#input.readOnly = true;
    try {
      await this.check([...this.#supposed, text]);
    } catch (error) {
      this.#accuse(error);
      this.#input.focus();
      return;
    } finally {
      this.#input.readOnly = false;
    }
    this.#input.value = "";
    this.#become([...this.#supposed, text], `Supposed: ${text}.`);
  }

  #remove(text: string): void {
    const at = this.#supposed.indexOf(text);
    this.#become(this.#supposed.filter((other) => other !== text), `No longer supposed: ${text}.`);
    // The button is gone with its item; whoever came by keyboard goes on at the next one.
    const buttons = this.#list.querySelectorAll("button");
    (buttons[Math.min(at, buttons.length - 1)] ?? this.#input).focus();
  }

  #become(supposed: readonly string[], said: string): void {
    this.show(supposed);
    this.changed(supposed, said);
  }

  /** Lists what is supposed. */
  show(supposed: readonly string[]): void {
    this.#supposed = supposed;
    this.#accuse(null);
    this.#list.replaceChildren(...supposed.map((text) => this.#item(text)));
    this.#list.hidden = supposed.length === 0;
  }

  #item(text: string): HTMLLIElement {
    const name = visible(text);
    const title = `Remove ${name}`;
    return h(
      "li",
      null,
      h("code", null, name),
      h("button", { type: "button", class: "plain", title, "aria-label": title, onclick: () => this.#remove(text) }, "✕"),
    );
  }

  /** Says beside the field what is wrong with it, in the engine's words. */
  #accuse(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof HeadroomError && error.hint ? h("span", null, h("b", null, "What to do: "), `${error.hint}.`) : "";
    this.#wrong.replaceChildren(...(error === null ? [] : [h("span", null, `${message}. `), hint]));
    if (error === null) this.#input.removeAttribute("aria-invalid");
    else this.#input.setAttribute("aria-invalid", "true");
  }
}
