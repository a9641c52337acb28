// Documents of a call: policies, gates, assessments and the like, which may be given as files of the page.

import { textOfBlob } from "./sources.js";

/** Options and arguments that are documents; all that a call's schema knows. */
export const DOCUMENTS = [
  "policy", "explanations", "assessment", "frameworks", "history", "evidence", "deployments", "incidents", "input", "gates",
  "budgets", "series", "earlier", "usage", "requests", "assumptions", "offers", "rules", "savings",
  "traffic", "capacity", "releases", "events", "load_tests",
];

async function text(document) {
  if (!(document instanceof Blob)) return document;
  const name = document.name ?? "document";
  return { name, text: await textOfBlob(document, name) };
}

/** One document or several, with files read. */
export async function texts(value) {
  return Array.isArray(value) ? Promise.all(value.map(text)) : text(value);
}

/** A call, or its options, with files read. */
export async function withTexts(call) {
  const whole = { ...call };
  for (const key of DOCUMENTS) {
    if (whole[key] !== undefined) whole[key] = await texts(whole[key]);
  }
  return whole;
}
