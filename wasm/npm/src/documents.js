// Documents of a call: policies, gates, assessments and the like, which may be given as files of the page.

const KEYS = [
  "policy", "explanations", "assessment", "frameworks", "history", "evidence", "deployments", "incidents", "input", "gates",
  "budgets", "series", "usage", "requests", "assumptions", "offers", "rules", "savings",
  "traffic", "capacity", "releases", "events", "load_tests",
];

async function text(document) {
  return document instanceof Blob ? { name: document.name ?? "document", text: await document.text() } : document;
}

/** One document or several, with files read. */
export async function texts(value) {
  return Array.isArray(value) ? Promise.all(value.map(text)) : text(value);
}

/** A call, or its options, with files read. */
export async function withTexts(call) {
  const whole = { ...call };
  for (const key of KEYS) {
    if (whole[key] !== undefined) whole[key] = await texts(whole[key]);
  }
  return whole;
}
