// What went wrong, in the engine's own words: where, and what to do about it.

import { HeadroomError } from "headroom-engine/client";

import { h } from "../element/dom.js";
import { visible } from "../report/names.js";
import type { Failed } from "./asking.js";

/** What of the answer is missing. */
const TITLES: Readonly<Record<Failed["part"], string>> = {
  costs: "That did not work",
  ahead: "The months ahead cannot be forecast",
  lines: "The series cannot be forecast",
  room: "Whether there is room cannot be told",
  maturity: "Maturity cannot be judged",
};

export interface Remedies {
  /** Whether a file of this name was given, which can be left out. */
  readonly isGiven: (name: string) => boolean;
  readonly leaveOut: (name: string) => void;
  /** Offered where files overlap. */
  readonly keepNewest: () => void;
}

/** Shows what failed; nothing where nothing did. */
export function showFailures(place: HTMLElement, failed: readonly Failed[], remedies: Remedies): void {
  place.replaceChildren(...failed.flatMap(({ part, error }) => told(TITLES[part], error, remedies)));
}

function told(title: string, error: unknown, { isGiven, leaveOut, keepNewest }: Remedies): HTMLElement[] {
  const known = error instanceof HeadroomError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const where = known?.file && !message.includes(known.file) ? h("p", null, "In ", h("code", null, position(known))) : null;
  const offer = known?.code === "overlap" && h("button", { type: "button", onclick: keepNewest }, "Keep the newest of them");
  // The button stands for what the command line is told.
  const advice = offer ? "leave out the older file, or keep the newest of them" : known?.hint;
  const hint = advice && h("p", { class: "hint" }, h("b", null, "What to do: "), `${advice}.`);
  const file = known?.file ?? null;
  const leave = file !== null && isGiven(file) && h("button", { type: "button", onclick: () => leaveOut(file) }, `Leave out ${visible(file)}`);
  const ways = (offer || leave) && h("p", { class: "ways" }, offer, leave);
  return [h("h2", null, title), h("p", { class: "message" }, message.endsWith(".") ? message : `${message}.`), where, hint, ways].filter((part) => part instanceof HTMLElement);
}

function position({ file, line, column }: HeadroomError): string {
  return [file, line, typeof column === "number" ? column : null].filter((part) => part !== null).join(":");
}
