// What things are called: values of bills made fit to be shown, scopes, sources.

import type { Contributor, Key, Report, Scope, SourceVerdict } from "./document.js";

export const UNALLOCATED = "unallocated";

/** What would act rather than show. The two joiners stay: scripts and emoji need them. */
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A value as it may be shown: nothing in it hides, and one that could be misread stands in quotes. */
export function visible(value: string): string {
  const text = value.replace(HIDDEN, (character) => {
    const short = { "\t": "\\t", "\n": "\\n", "\r": "\\r" }[character];
    return short ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  const isQuoted = value === "" || value.trim() !== value || value === UNALLOCATED;
  return isQuoted ? `"${text}"` : text;
}

export const valueName = (value: string | null): string => (value === null ? UNALLOCATED : visible(value));

/** A dimension, as the head of a column. */
export function dimensionName(name: string, report: Report): string {
  if (name === "service_name") return report.dimensions.includes("service") ? "cloud service" : "service";
  if (name === "sub_account_id") return "account";
  return visible(name).replaceAll("_", " ");
}

function levelName(level: string, report: Report): string {
  return level === "total" ? "everything" : dimensionName(level, report);
}

export const keyNames = (key: Key): string[] => Object.values(key).map(valueName);

/** A scope: its level, and its values. */
export function scopeName(scope: Scope, report: Report): { level: string; values: string } {
  const level = levelName(scope.level, report);
  const parts = Object.entries(scope.key);
  const [only] = parts;
  if (!only) return { level: "", values: level };
  const [name, value] = only;
  // What the bill leaves open is nothing that a rule could have set.
  if (parts.length === 1 && value === null && /_(name|id)$/.test(name)) return { level: "", values: `no ${level}` };
  return { level, values: keyNames(scope.key).join(" / ") };
}

/** What moved, as far as the scope does not say it already. */
export function contributorName({ key }: Contributor, scope: Scope): string {
  const beyond = Object.entries(key).filter(([name, value]) => scope.key[name] !== value);
  const told = beyond.length > 0 ? beyond : Object.entries(key);
  return told.map(([name, value]) => contributorValue(name, value)).join(" / ");
}

function contributorValue(name: string, value: string | null): string {
  if (value !== null) return visible(value);
  return { resource_id: "no resource", service_name: "no service" }[name] ?? UNALLOCATED;
}

/** The provider and the account billed, as far as the bill names them. */
export function sourceName(source: Pick<SourceVerdict, "provider_name" | "billing_account_id">): string {
  const provider = source.provider_name === null ? "unnamed provider" : visible(source.provider_name);
  return source.billing_account_id === null ? provider : `${provider} ${visible(source.billing_account_id)}`;
}
