// Exact numbers: decimals with the digits as written, ratios of integers, and the one rounding
// to binary64.
import { Malformed } from "./trouble.js";

export interface Ratio {
  readonly top: bigint;
  readonly bottom: bigint; // positive; lowest terms
}

function gcd(a: bigint, b: bigint): bigint {
  if (a < 0n) a = -a;
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

export function ratio(top: bigint, bottom: bigint = 1n): Ratio {
  if (bottom < 0n) [top, bottom] = [-top, -bottom];
  const common = gcd(top, bottom);
  return common === 1n ? { top, bottom } : { top: top / common, bottom: bottom / common };
}

export const one = ratio(1n);

export function times(a: Ratio, b: Ratio): Ratio {
  return ratio(a.top * b.top, a.bottom * b.bottom);
}

export function over(a: Ratio, b: Ratio): Ratio {
  return ratio(a.top * b.bottom, a.bottom * b.top);
}

export function minus_ratio(a: Ratio, b: Ratio): Ratio {
  return ratio(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
}

export function compare(a: Ratio, b: Ratio): number {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function power(a: Ratio, n: number): Ratio {
  if (n < 0) return power(ratio(a.bottom, a.top), -n);
  return ratio(a.top ** BigInt(n), a.bottom ** BigInt(n));
}

export function ten_to(n: number): Ratio {
  return n < 0 ? ratio(1n, 10n ** BigInt(-n)) : ratio(10n ** BigInt(n));
}

/** digits × 10^exponent, as written: 1.50 is 150 and −2. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const digits_max = 36;
const exponent_max = 400;

export function read_decimal(text: string): Decimal {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?$/.exec(text);
  const fraction = match?.[3] ?? "";
  const written = (match?.[2] ?? "") + fraction; // .5 is 0.5
  if (!match || written === "")
    throw new Malformed("decimal.form", { text: text.slice(0, 80) });
  if (written.replace(/^0+/, "").length > digits_max)
    throw new Malformed("decimal.too_long", { text: text.slice(0, 80) });
  const exponent = Number(match[4] ?? 0) - fraction.length;
  if (Math.abs(exponent) > exponent_max)
    throw new Malformed("decimal.too_long", { text: text.slice(0, 80) });
  const digits = BigInt(written);
  return { digits: match[1] === "-" ? -digits : digits, exponent };
}

export function exact(decimal: Decimal): Ratio {
  return times(ratio(decimal.digits), ten_to(decimal.exponent));
}

function bits(value: bigint): number {
  return value.toString(16).length * 4; // rounded up to a multiple of 4: enough to scale by
}

/** To the nearest binary64, ties to even; beyond the largest: infinity. */
export function to_double(value: Ratio): number {
  let { top } = value;
  const { bottom } = value;
  const limit = 9007199254740992n;
  if (top <= limit && top >= -limit && bottom <= limit) return Number(top) / Number(bottom);
  const negative = top < 0n;
  if (negative) top = -top;
  // A quotient of 64 bits or more, its lowest bit telling of any remainder: Number() of such an
  // integer rounds it once, correctly. Subnormals would be rounded twice and are not needed:
  // the smallest value a decimal can have is 10^-400, which is 0 for everything that follows.
  const shift = Math.max(0, 70 - (bits(top) - bits(bottom)));
  let quotient = (top << BigInt(shift)) / bottom;
  if (quotient * bottom !== top << BigInt(shift)) quotient |= 1n;
  let result = Number(quotient);
  for (let left = shift; left > 0; left -= 1000) result /= 2 ** Math.min(left, 1000);
  return negative ? -result : result;
}

/** To the nearest integer, ties to even. */
export function round_even(value: Ratio): bigint {
  const { top, bottom } = value;
  let whole = top / bottom;
  if (top < 0n && whole * bottom !== top) whole -= 1n; // floor
  const twice = 2n * (top - whole * bottom);
  if (twice > bottom || (twice === bottom && whole % 2n !== 0n)) whole += 1n;
  return whole;
}

/** The nearest integer of a binary64, ties to even. The integer is exact as binary64. */
export function round_double(value: number): number {
  if (Math.abs(value) >= 4503599627370496) return value;
  const floor = Math.floor(value);
  const rest = value - floor; // exact
  if (rest < 0.5) return floor === 0 ? 0 : floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? (floor === 0 ? 0 : floor) : floor + 1;
}

/** A ratio as a decimal text, where it ends; else with the places that are asked for. */
export function show(value: Ratio, places = 12): string {
  const scaled = round_even(times(value, ten_to(places)));
  const negative = scaled < 0n;
  const text = (negative ? -scaled : scaled).toString().padStart(places + 1, "0");
  const whole = text.slice(0, text.length - places);
  const rest = places === 0 ? "" : text.slice(text.length - places).replace(/0+$/, "");
  return (negative ? "-" : "") + whole + (rest ? `.${rest}` : "");
}
