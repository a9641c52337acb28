// Exact decimals: whole numbers of 10⁻¹⁸, as the engine keeps them. A JavaScript number never takes part in a sum.

/** An amount in units of 10⁻¹⁸. */
export type Amount = bigint;

const PLACES = 18;
export const ONE = 10n ** BigInt(PLACES);

/** A ten-thousandth of a percent. */
const PERCENT_STEP = 10n ** BigInt(PLACES - 4);

const SHAPE = /^(-?)(\d+)(?:\.(\d{1,18}))?$/;

/** The amount that a decimal of a document stands for. */
export function amountOf(text: string): Amount {
  const parts = SHAPE.exec(text);
  if (!parts) throw new RangeError(`\`${text}\` is no decimal of at most 18 places`);
  const [, sign, whole = "", fraction = ""] = parts;
  const units = BigInt(whole + fraction.padEnd(PLACES, "0"));
  return sign ? -units : units;
}

/** As `amountOf`; what is not stated stays so. */
export const amountOrNull = (text: string | null): Amount | null => (text === null ? null : amountOf(text));

export const magnitude = (amount: Amount): bigint => (amount < 0n ? -amount : amount);

/** The sum of what is stated; `null` where nothing is, since unknown is not 0. */
export function sum(amounts: Iterable<Amount | null>): Amount | null {
  let total: Amount | null = null;
  for (const amount of amounts) {
    if (amount !== null) total = (total ?? 0n) + amount;
  }
  return total;
}

/** Rounded half-even to a number of decimals, still in units of 10⁻¹⁸. */
export function rounded(amount: Amount, digits: number): Amount {
  const step = 10n ** BigInt(PLACES - digits);
  return halfEven(amount, step) * step;
}

/** The quotient of two whole numbers, rounded half-even. */
export function halfEven(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [above, below] = [magnitude(dividend), magnitude(divisor)];
  const quotient = above / below;
  const twice = (above % below) * 2n;
  const up = twice > below || (twice === below && quotient % 2n === 1n);
  const size = up ? quotient + 1n : quotient;
  return negative ? -size : size;
}

/** `100 · part / whole` to 4 places; `null` where the whole is 0. */
export function percentOf(part: Amount, whole: Amount): Amount | null {
  if (whole === 0n) return null;
  return halfEven(part * 1_000_000n, whole) * PERCENT_STEP;
}

/** A change on a base, in percent to 4 places; what lies beyond the threshold is never rounded onto it. */
export function percentChange(delta: Amount, base: Amount, threshold: bigint): Amount | null {
  const percent = percentOf(delta, magnitude(base));
  if (percent === null) return null;
  const edge = threshold * ONE;
  const isBeyond = magnitude(delta) * 100n > magnitude(base) * threshold;
  if (magnitude(percent) !== edge || !isBeyond) return percent;
  return delta < 0n ? -edge - PERCENT_STEP : edge + PERCENT_STEP;
}

/** For the length of a bar and the height of a chart, and nothing else. */
export const drawn = (amount: Amount): number => Number(halfEven(amount, 10n ** 12n)) / 1e6;

/** Whole digits and as many decimals as asked for, without sign. */
export function digitsOf(amount: Amount, digits: number): { whole: string; fraction: string } {
  const text = magnitude(rounded(amount, digits)).toString().padStart(PLACES + 1, "0");
  return { whole: text.slice(0, -PLACES), fraction: text.slice(-PLACES).slice(0, digits) };
}
