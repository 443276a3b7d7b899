// What a method needs for a region and a day: its parameters' values as binary64.
import { Malformed } from "./trouble.js";
import { times, to_double, type Ratio } from "./decimal.js";
import { type Library } from "./library.js";
import { type Method, type Parameter, type Range } from "./method.js";
import { conversion, in_unit, type Quantity } from "./unit.js";

export interface Substitution {
  readonly factor: string;
  readonly kind: string;
  readonly evidence_region: number;
  readonly region: number;
  readonly day: number;
}

/** What a programme says beside the method's own text. */
export interface Terms {
  readonly values: ReadonlyMap<
    string,
    { readonly value: Quantity; readonly visible_from: number }
  >;
  readonly substitutions: readonly Substitution[];
}

export const no_terms: Terms = { values: new Map(), substitutions: [] };

export interface Place {
  readonly regions: ReadonlyMap<string, number>; // by the name of the input
  readonly days: ReadonlyMap<string, number>;
}

export function inside(value: number, range: Range): boolean {
  const low = to_double(range.low);
  const high = to_double(range.high);
  return (
    (range.low_open ? value > low : value >= low) &&
    (range.high_open ? value < high : value <= high)
  );
}

function bound(
  method: Method,
  parameter: Parameter,
  library: Library,
  place: Place,
  terms: Terms,
  admitted_on: number,
): Ratio {
  if (parameter.kind === "value") return parameter.value!;
  if (parameter.kind === "programme") {
    const given = terms.values.get(parameter.name);
    if (!given || given.visible_from > admitted_on)
      throw new Malformed("method.parameter_missing", {
        method: method.id,
        name: parameter.name,
      });
    return in_unit(given.value, parameter.unit);
  }
  const rule = parameter.rule!;
  const region =
    parameter.at !== undefined
      ? library.regions.find(parameter.at)
      : place.regions.get(parameter.region_input);
  const day = parameter.on ?? place.days.get(parameter.date_input);
  if (region === undefined || day === undefined)
    throw new Malformed("method.look_up_input", { method: method.id, name: parameter.name });
  let factor = library.look_up(rule, region, day, admitted_on);
  if (!factor) {
    const above = library.regions.climb(region, ["administrative"], day);
    const other = terms.substitutions.find(
      (one) =>
        one.factor === rule.factor &&
        one.kind === rule.kind &&
        above.includes(one.evidence_region),
    );
    if (other) factor = library.look_up(rule, other.region, other.day, admitted_on);
  }
  if (!factor) throw new Malformed("factor.none", { factor: rule.factor, method: method.id });
  return times(factor.value, conversion(factor.unit, parameter.unit));
}

/** The parameters' values in their order; throws where one cannot be had. */
export function bind(
  method: Method,
  library: Library,
  place: Place,
  terms: Terms,
  admitted_on: number,
): Float64Array {
  const values = new Float64Array(method.parameters.length);
  method.parameters.forEach((parameter, i) => {
    const value = to_double(bound(method, parameter, library, place, terms, admitted_on));
    if (parameter.range && !inside(value, parameter.range))
      throw new Malformed("method.parameter_range", {
        method: method.id,
        name: parameter.name,
      });
    values[i] = value;
  });
  return values;
}
