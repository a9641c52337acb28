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
    const day = new Date(`${to}T00:00:00Z`);
    if (unit === "M") day.setUTCMonth(day.getUTCMonth() - times * Number(count));
    else day.setUTCDate(day.getUTCDate() - times * Number(count));
    return day.toISOString().slice(0, 10);
  };
  return { from: back(2), middle: back(1), to };
}
