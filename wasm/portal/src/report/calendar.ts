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

/** The day of the month of a date. */
export const dayOf = (date: string): number => Number(date.slice(8, 10));
