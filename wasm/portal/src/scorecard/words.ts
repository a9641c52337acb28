// The sentences of a scorecard: those of the engine's own pages.

import type { AssessmentResult } from "headroom-engine/documents";

import { amountOf } from "../figures/amount.js";
import { counted } from "../figures/text.js";

export type Control = AssessmentResult["controls"][number];
export type Stage = AssessmentResult["stages"][number];
export type Gap = AssessmentResult["gaps"][number];
export type GapCriterion = Gap["blocking"][number];
export type Action = AssessmentResult["actions"][number];

/** Open criteria that a scorecard lists before it counts the rest. */
const LISTED = 12;

/** The level, what it rests on, and what could still be. */
export function headline({ level, stages }: AssessmentResult): string {
  if (level === null) {
    const done = stages.reduce((all, { met }) => all + met, 0);
    const all = stages.reduce((sum, { met, not_met, unknown }) => sum + met + not_met + unknown, 0);
    return `A plan without levels: ${done} of ${all} activities are done.`;
  }
  const hold = level.unknowns === 1 ? "holds" : "hold";
  const upTo =
    level.potential > level.confirmed
      ? `; up to ${level.potential} if ${counted(level.unknowns, "unknown", "unknowns")} ${hold}`
      : "";
  const waived =
    level.waivers > 0 ? ` It rests on waivers: ${counted(level.waivers, "criterion holds", "criteria hold")} by one.` : "";
  return `Level ${level.shown} of ${level.top}, ${level.name}${upTo}.${waived}`;
}

/** How far the next level is. */
export function progress({ level, stages }: AssessmentResult): string | null {
  const next = level?.progress;
  if (!next) return null;
  const name = stages.find(({ ordinal }) => ordinal === next.stage)?.name ?? "";
  return `${next.met} of ${next.of} criteria of level ${next.stage}, ${name}, are met.`;
}

/** The weakest control; `null` where nothing of any is open. */
export function weakest({ weakest_control: control, level }: AssessmentResult): string | null {
  if (!control || !level || control.confirmed >= level.top) return null;
  const upTo = control.potential > control.confirmed ? `, up to ${control.potential}` : "";
  return `Weakest control: ${control.short} (${control.id}), level ${control.confirmed}${upTo}.`;
}

/** What became of the earlier result. */
export function trend({ trend }: AssessmentResult): string | null {
  if (!trend) return null;
  const level = {
    up: `up from level ${trend.confirmed_before}`,
    down: `down from level ${trend.confirmed_before}`,
    same: `still level ${trend.confirmed}`,
  }[trend.direction];
  const lists = [
    [trend.promoted, "promoted"], [trend.regressed, "regressed"],
    [trend.newly_unknown, "newly unknown"], [trend.newly_waived, "newly waived"],
  ] as const;
  const told = lists.filter(([list]) => list.length > 0).map(([list, word]) => `${list.length} ${word} (${list.join(", ")})`);
  return `Since ${trend.since}: ${[level, ...told].join("; ")}.`;
}

/** What a reader must know before believing the level. */
export function cautions(result: AssessmentResult): string[] {
  const claims = result.overstated.map(
    ({ criterion, claim, evidence }) => `${criterion} is overstated: ${claim}, but ${evidence}`,
  );
  const waivers = result.waivers
    .filter(({ state }) => state === "used")
    .map(
      ({ id, criteria, expires, reason, approved_by }) =>
        `waiver ${id} covers ${criteria.join(", ")} until ${expires}: ${reason} (approved by ${approved_by})`,
    );
  return [...claims, ...waivers, ...result.warnings.map(({ message }) => message)];
}

/** What of a control's next level is met. */
export const controlNext = ({ progress }: Control): string =>
  progress ? `${progress.met} of ${progress.of} for ${progress.stage}` : "";

/** The outcomes of a stage. */
export function stageWords(stage: Stage): string {
  const parts = [
    [stage.met, "met"], [stage.waived, "waived"], [stage.not_met, "not met"], [stage.unknown, "unknown"],
    [stage.not_applicable, "not applicable"], [stage.no_target, "without target"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "nothing counts for it" : told.join(", ");
}

/** What is open up to the target: what holds that level back, then what only keeps controls below it. */
export function openLists({ level, gaps }: AssessmentResult): { title: string; shown: GapCriterion[]; more: number }[] {
  if (level === null) return [];
  const open = [...gaps.flatMap(({ blocking }) => blocking), ...gaps.flatMap(({ unknown }) => unknown)];
  const lists = [
    { title: `What holds level ${level.target} back`, all: open.filter((criterion) => criterion.holds_back) },
    { title: `Controls below level ${level.target}`, all: open.filter((criterion) => !criterion.holds_back) },
  ];
  return lists
    .filter(({ all }) => all.length > 0)
    .map(({ title, all }) => ({ title, shown: all.slice(0, LISTED), more: Math.max(0, all.length - LISTED) }));
}

/** One open criterion: what is, what should be, by how much. */
export function blocking({ statement, outcome, actual, required, delta, unit }: GapCriterion): string {
  const isNot = outcome === "not_met";
  const state = isNot
    ? actual === null ? "is not so" : `is ${actual}`
    : actual === null ? "not known" : `was ${actual}, too old or not enough to tell`;
  const wanted = required === null ? "" : `, should be ${required}`;
  const missing =
    delta !== null && unit !== null && amountOf(delta) !== 0n ? ` (${amountOf(delta) > 0n ? "+" : ""}${delta} ${unit})` : "";
  return `${statement}: ${state}${wanted}${missing}`;
}

/** What an action closes, who sees to it, and where it leads. */
export function actionNotes(action: Action): string {
  const closes = action.closes.join(", ");
  const leads =
    action.control_level !== null && action.controls.length > 0
      ? `${action.controls.join(" and ")} at level ${action.control_level} then, level ${action.level} overall`
      : `level ${action.level} overall then`;
  const first = action.kind === "find_out" ? `only answers are missing: ${closes}` : `closes ${closes}`;
  const hours = action.hours === null ? null : `${action.hours} h`;
  return [first, leads, action.owner, hours].filter((part) => part !== null).join("; ");
}
