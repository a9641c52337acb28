// What went wrong, in the engine's own words: where, and what to do about it.

import { HeadroomError } from "headroom-engine/client";

import { h } from "../element/dom.js";

/** Shows a failure; `keepNewest` is offered where files overlap. */
export function showFailure(place: HTMLElement, error: unknown, keepNewest: () => void): void {
  const known = error instanceof HeadroomError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const where = known?.file && !message.includes(known.file) ? h("p", null, "In ", h("code", null, position(known))) : null;
  const offer = known?.code === "overlap" && h("button", { type: "button", onclick: keepNewest }, "Keep the newest of them");
  // The button stands for what the command line is told.
  const advice = offer ? "leave out the older file, or keep the newest of them" : known?.hint;
  const hint = advice && h("p", { class: "hint" }, h("b", null, "What to do: "), `${advice}.`);
  place.replaceChildren(h("h2", null, "That did not work"), h("p", { class: "message" }, message.endsWith(".") ? message : `${message}.`), ...[where, hint, offer].filter((part) => part instanceof Node));
}

function position({ file, line, column }: HeadroomError): string {
  return [file, line, typeof column === "number" ? column : null].filter((part) => part !== null).join(":");
}
