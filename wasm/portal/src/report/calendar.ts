// Months and days, as documents write them.

const NAMES = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];

const numbers = (month: string): [year: number, month: number] => [Number(month.slice(0, 4)), Number(month.slice(5, 7))];

/** `May 2026`. */
export function monthName(month: string): string {
  const [year, number] = numbers(month);
  return `${NAMES[number - 1]} ${year}`;
}

/** `May`; with its year where it is a January, so that a row of months shows where years begin. */
export function monthShort(month: string): string {
  const [year, number] = numbers(month);
  const name = (NAMES[number - 1] ?? "").slice(0, 3);
  return number === 1 ? `${name} ${year}` : name;
}

export function daysIn(month: string): number {
  const [year, number] = numbers(month);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

/** `10 Jun`. */
export const dayShort = (date: string): string => `${dayOf(date)} ${(NAMES[numbers(date)[1] - 1] ?? "").slice(0, 3)}`;

/** `10 June 2026`. */
export const dayName = (date: string): string => `${dayOf(date)} ${monthName(date.slice(0, 7))}`;

/** A point in time as precise as it is stated: a month, a day, a moment, or a plain number. */
export function stampName(stamp: string): string {
  if (/^\d{4}-\d{2}$/.test(stamp)) return monthName(stamp);
  if (!/^\d{4}-\d{2}-\d{2}/.test(stamp)) return stamp;
  const time = /T(\d{2}:\d{2})(:\d{2})?/.exec(stamp);
  if (!time) return dayName(stamp);
  const [, minutes, seconds] = time;
  return `${dayName(stamp)}, ${minutes}${seconds === ":00" ? "" : (seconds ?? "")}`;
}

/** The day of the month of a date. */
export const dayOf = (date: string): number => Number(date.slice(8, 10));
