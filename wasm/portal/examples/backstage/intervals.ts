// Repeated periods, as Cost Insights writes them: `R2/P30D/2026-06-01` are the 30 days before June and the 30 before those.

export interface Periods {
  /** First day of the earlier period. */
  readonly from: string;
  /** First day of the later period. */
  readonly middle: string;
  /** The day after the last. */
  readonly to: string;
}

const SHAPE = /^R2\/P(\d+)([DM])\/(\d{4}-\d{2}-\d{2})$/;

export function periodsOf(intervals: string): Periods {
  const [, count, unit, to] = SHAPE.exec(intervals) ?? [];
  if (!count || !to) throw new RangeError(`\`${intervals}\` is not of the form \`R2/P30D/2026-06-01\``);
  const back = (times: number): string => {
    const [year, month, day] = to.split("-").map(Number) as [number, number, number];
    const before = times * Number(count);
    // The same day of an earlier month, or its last where it has no such day.
    if (unit === "M") return written(year, month - 1 - before, Math.min(day, daysIn(year, month - 1 - before)));
    return written(year, month - 1, day - before);
  };
  return { from: back(2), middle: back(1), to };
}

/** A day, of a month from 0; what lies beyond a month or a year is counted on. */
const written = (year: number, month: number, day: number): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
