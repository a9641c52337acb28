// Figures as people read them: rounded for the eye alone, in the very characters that the engine's own pages show.

import { ONE, amountOf, digitsOf, halfEven, magnitude, percentOf, rounded, type Amount } from "./amount.js";

/** The change that is flagged, in percent. */
export const THRESHOLD = 20n;

/** What stands where there is no figure. */
export const ABSENT = "–";

const WITHOUT_MINOR = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const THREE_DIGITS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));
const FOUR_DIGITS = new Set(["CLF", "UYW"]);

/** Decimals of a currency's minor unit. */
export function minorDigits(currency: string): number {
  if (WITHOUT_MINOR.has(currency)) return 0;
  if (THREE_DIGITS.has(currency)) return 3;
  return FOUR_DIGITS.has(currency) ? 4 : 2;
}

/** An amount rounded half-even to the minor unit. What is not zero never reads as zero. */
export function amount(value: Amount | null, currency: string): string {
  if (value === null) return ABSENT;
  const digits = minorDigits(currency);
  return tiny(value, digits, "") ?? `${rounded(value, digits) < 0n ? "-" : ""}${unsigned(value, digits)}`;
}

/** As `amount`, with a sign on rises too. */
export function delta(value: Amount | null, currency: string): string {
  if (value === null) return ABSENT;
  const digits = minorDigits(currency);
  return tiny(value, digits, "+") ?? (value > 0n ? `+${unsigned(value, digits)}` : amount(value, currency));
}

/** A change in percent with a sign and one decimal. What lies beyond the threshold never reads as if it lay on it. */
export function percent(value: Amount | null): string {
  if (value === null) return ABSENT;
  const edge = THRESHOLD * ONE;
  if (magnitude(value) > edge && magnitude(rounded(value, 1)) === edge) {
    return `${value < 0n ? "<-" : ">"}${THRESHOLD}.0 %`;
  }
  const sign = value === 0n ? "" : value > 0n ? "+" : "-";
  return `${sign}${unsigned(value, 1)} %`;
}

/** A change in percent as documents hold it. */
export const percentText = (text: string | null): string => percent(text === null ? null : amountOf(text));

/** A proportion with one decimal. What is neither nothing nor everything never reads as one of them. */
export function proportion(value: Amount): string {
  const small = tiny(value, 1, "");
  if (small) return `${small} %`;
  const whole = 100n * ONE;
  if (value < whole && rounded(value, 1) === whole) return ">99.9 %";
  return `${value < 0n ? "-" : ""}${unsigned(value, 1)} %`;
}

/** The part's proportion of the whole; absent where one is missing or the whole is 0. */
export function share(part: Amount | null, whole: Amount | null): string {
  const least = ONE / 10_000n;
  if (part === null || whole === null) return ABSENT;
  const of = percentOf(part, whole);
  if (of === null) return ABSENT;
  if (of === 0n && part !== 0n) return proportion(part < 0n === whole < 0n ? least : -least);
  return proportion(of);
}

/** A count with thousands separators. */
export const count = (value: number): string => grouped(value.toString());

/** A count and the noun that goes with it. */
export const counted = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** Decimals in which every double of at least a thousandth is exact. */
const EXACT = 70;

/** A figure that is no money: four significant digits, or all that are whole. It is rounded as the float that it is. */
export function figure(text: string): string {
  const size = Math.abs(Number(text));
  const decimals = [1000, 100, 10, 0.001].findIndex((least) => size >= least);
  if (size === 0) return "0";
  if (decimals < 0 || size >= 1e21) return text;
  const digits = halfEven(BigInt(size.toFixed(EXACT).replace(".", "")), 10n ** BigInt(EXACT - decimals)).toString().padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  return `${text.startsWith("-") ? "-" : ""}${whole}${decimals === 0 ? "" : `.${digits.slice(-decimals)}`}`;
}

/** An amount in short, for the tops of a chart; with the decimals that tell it from one a step away, for its axis. */
export function short(value: number, step?: number): string {
  const size = Math.abs(value);
  const [divisor, unit] = size >= 999_950 ? [1e6, "M"] : size >= 1000 ? [1e3, "k"] : [1, ""];
  const [shown, scaled] = [size / divisor, divisor > 1];
  const usual = shown >= 100 ? 0 : shown >= 10 || scaled ? 1 : 2;
  // What is not zero never reads as zero.
  if (step === undefined && size > 0 && size < 1) return String(Number(value.toPrecision(2)));
  const text = (value / divisor).toFixed(step === undefined ? usual : decimalsOf(step / divisor));
  return `${text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")}${unit}`;
}

/** Decimals that a step needs, up to 8. */
function decimalsOf(step: number): number {
  let decimals = 0;
  while (decimals < 8 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals += 1;
  return decimals;
}

/** How an amount reads that is not zero and yet rounds to it. */
function tiny(value: Amount, digits: number, plus: string): string | null {
  if (value === 0n || rounded(value, digits) !== 0n) return null;
  const least = unsigned(ONE / 10n ** BigInt(digits), digits);
  return value < 0n ? `>-${least}` : `<${plus}${least}`;
}

function unsigned(value: Amount, digits: number): string {
  const { whole, fraction } = digitsOf(value, digits);
  return digits === 0 ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");
