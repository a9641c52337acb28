// The report's changes, each amount told once: a squad whose only service rose is one thing to look at and not three.

import { causesOf, type Change, type Key, type Report } from "./document.js";

/** A change, and the changes of narrower scopes that have the same amounts and were moved by the same things. */
export interface Story {
  readonly change: Change;
  readonly same: Change[];
}

export function stories(report: Report): Story[] {
  const told: Story[] = [];
  for (const change of report.changes) {
    // Changes are in the order of their size, so equal ones are neighbours.
    const story = neighbours(told, change).find((earlier) => isSame(earlier.change, change));
    if (story) story.same.push(change);
    else told.push({ change, same: [] });
  }
  return told;
}

function neighbours(told: readonly Story[], change: Change): Story[] {
  const size = unsigned(change.delta);
  const near: Story[] = [];
  for (let at = told.length - 1; at >= 0; at -= 1) {
    const story = told[at];
    if (!story || unsigned(story.change.delta) !== size) break;
    near.push(story);
  }
  return near;
}

const unsigned = (amount: string): string => amount.replace("-", "");

function isSame(wider: Change, change: Change): boolean {
  const figures = ({ previous, current, delta, other, kind, contributors }: Change) =>
    JSON.stringify([previous, current, delta, other, kind, contributors]);
  return (
    figures(wider) === figures(change) &&
    JSON.stringify(causesOf(wider)) === JSON.stringify(causesOf(change)) &&
    wider.scope.level !== change.scope.level &&
    agree(wider.scope.key, change.scope.key)
  );
}

/** Whether two keys can name the same charges: no dimension has two values. */
const agree = (a: Key, b: Key): boolean => Object.entries(a).every(([name, value]) => !(name in b) || b[name] === value);
