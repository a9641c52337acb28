// Buttons that hand over an answer's texts, each in the form that it is in.

import { h } from "../element/dom.js";
import { download } from "./download.js";

/** Forms, their titles, endings and types. */
const FORMS = [["markdown", "Markdown", "md", "text/markdown"], ["csv", "CSV", "csv", "text/csv"], ["json", "JSON", "json", "application/json"]] as const;

/** A button for each form that a text is there of; their ids begin with `id`. */
export function exportsAs(id: string, name: string, texts: Readonly<Partial<Record<(typeof FORMS)[number][0], string>>>): HTMLElement[] {
  const buttons = FORMS.flatMap(([form, title, ending, type]) => {
    const text = texts[form];
    if (text === undefined) return [];
    return [h("button", { type: "button", id: `${id}-${form}`, onclick: () => download(`${name}.${ending}`, type, text) }, title)];
  });
  return [h("span", { "aria-hidden": "true" }, "Export"), ...buttons];
}

/** A name that any file system takes. */
export const fileName = (text: string): string => text.replace(/[^\w.-]+/g, "_");
