// An amount, shared exactly: whole smallest units, what is left to the largest remainders, the
// earlier party first among equals.
import { type Integer, normal } from "./bytes.js";
import { type Ratio } from "./decimal.js";

/** `parts` must make one. */
export function shared(amount: Integer, parts: readonly Ratio[]): Integer[] {
  const size = BigInt(amount);
  const whole = parts.map((part) => (size * part.top) / part.bottom);
  const rest = parts.map((part) => (size * part.top) % part.bottom);
  let left = size - whole.reduce((sum, one) => sum + one, 0n);
  // A stable sort: equal remainders stay in the order of the parties.
  const order = parts
    .map((_, i) => i)
    .sort((a, b) => {
      const difference = rest[b]! * parts[a]!.bottom - rest[a]! * parts[b]!.bottom;
      return difference < 0n ? -1 : difference > 0n ? 1 : 0;
    });
  for (let at = 0; left > 0n && at < order.length; at++, left--) whole[order[at]!]! += 1n;
  return whole.map(normal);
}
