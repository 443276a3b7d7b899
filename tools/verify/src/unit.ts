// Units: reading their spellings, dimensions, exact ratios between them.
import { Malformed } from "./trouble.js";
import {
  type Ratio,
  exact,
  one,
  over,
  power,
  ratio,
  read_decimal,
  ten_to,
  times,
} from "./decimal.js";
import {
  type Dimension,
  multiples,
  prefix_powers,
  spellings,
  substances,
  unit_rows,
} from "./unit_table.js";

export interface Unit {
  readonly scale: Ratio; // in base units
  readonly dimension: Dimension;
}

export const plain: Unit = { scale: one, dimension: {} };

export function multiplied(a: Unit, b: Unit, sign = 1): Unit {
  const dimension: Record<string, number> = { ...a.dimension };
  for (const [base, n] of Object.entries(b.dimension)) {
    const sum = (dimension[base] ?? 0) + sign * n;
    if (sum === 0) delete dimension[base];
    else dimension[base] = sum;
  }
  return { scale: sign > 0 ? times(a.scale, b.scale) : over(a.scale, b.scale), dimension };
}

export function raised(a: Unit, n: number): Unit {
  if (Math.abs(n) > 16) throw new Malformed("unit.power");
  const dimension: Record<string, number> = {};
  for (const [base, m] of Object.entries(a.dimension)) if (m * n !== 0) dimension[base] = m * n;
  return { scale: power(a.scale, n), dimension };
}

export function dimension_name(unit: Unit): string {
  const bases = Object.keys(unit.dimension).sort();
  return bases.map((base) => `${base}^${unit.dimension[base]}`).join("·") || "1";
}

export function same_dimension(a: Unit, b: Unit): boolean {
  return dimension_name(a) === dimension_name(b);
}

/** What a count of `from` is multiplied by to be a count of `to`. */
export function conversion(from: Unit, to: Unit): Ratio {
  if (!same_dimension(from, to))
    throw new Malformed("unit.mismatch", {
      from: dimension_name(from),
      to: dimension_name(to),
    });
  return over(from.scale, to.scale);
}

const by_name = new Map(
  unit_rows.flatMap((row) => row.names.map((name) => [name, row] as const)),
);

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function tidy(text: string): string {
  return text
    .normalize("NFKC") // ㎡ ㎥ ㎞ ㎏ and full width; also makes superscripts digits, see below
    .replace(/×/g, "*");
}

/** A name without exponent: of the table, with a prefix, or a mass of a substance. */
function named(name: string): Unit | undefined {
  const row = by_name.get(name);
  if (row) return { scale: row.scale, dimension: row.dimension };
  const substance = mass_of(name);
  if (substance) return substance;
  for (const length of [1, 2]) {
    const prefix = prefix_powers.get(name.slice(0, length));
    const base = by_name.get(name.slice(length));
    if (prefix !== undefined && base?.prefixes)
      return { scale: times(base.scale, ten_to(prefix)), dimension: base.dimension };
  }
  for (const [character, value] of multiples) {
    if (!name.startsWith(character) || name.length === 1) continue;
    const rest = named(name.slice(1));
    if (rest) return { scale: times(rest.scale, ratio(value)), dimension: rest.dimension };
  }
  return undefined;
}

// Each substance is a dimension of its own. Which names are substances the other program decides;
// here any will do, because nothing mixes with a name that nobody else uses.
function mass_of(written: string): Unit | undefined {
  let name = written;
  for (const [spelling, usual] of spellings)
    if (written.endsWith(spelling)) {
      name = written.slice(0, -spelling.length) + usual;
      break;
    }
  const latin =
    /^(Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|µ|μ|n|p)?([gt])(ce|ce_supply|c?[A-Z][A-Za-z0-9]*)$/u.exec(
      name,
    );
  if (latin) {
    const base = by_name.get(latin[2]!)!;
    const scale = times(base.scale, ten_to(latin[1] ? prefix_powers.get(latin[1])! : 0));
    return { scale, dimension: { [`kg${latin[3]}`]: 1 } };
  }
  // 千克二氧化碳, kg二氧化碳, 千克CO2
  const of = (mass_name: string, substance: string): Unit | undefined => {
    const mass = by_name.has(name) || mass_name === "" ? undefined : named(mass_name);
    if (!mass || dimension_name(mass) !== "kg^1") return undefined;
    return { scale: mass.scale, dimension: { [`kg${substance}`]: 1 } };
  };
  for (const [chinese, substance] of substances) {
    if (!name.endsWith(chinese)) continue;
    const unit = of(name.slice(0, name.length - chinese.length), substance);
    if (unit) return unit;
  }
  const mixed = /^([\u4e00-\u9fff]+)(ce|ce_supply|[A-Z][A-Za-z0-9]*)$/u.exec(name);
  if (mixed) return of(mixed[1]!, mixed[2]!);
  return undefined;
}

function factor(text: string): Unit {
  const whole = named(text);
  if (whole) return whole;
  const match = /^(.+?)\^?([+-]?[0-9]{1,2})$/u.exec(text);
  const base = match && named(match[1]!);
  if (!base) throw new Malformed("unit.unknown", { unit: text.slice(0, 80) });
  return raised(base, Number(match[2]));
}

/** `kWh`, `kgCO2/kWh`, `t/(ha a)`, `m³`, `kW.h`, `千克二氧化碳/千瓦时`. */
export function read_unit(text: string): Unit {
  if (text.length > 200) throw new Malformed("unit.unknown", { unit: text.slice(0, 80) });
  let plain_text = "";
  for (const c of text) {
    const digit = superscripts.indexOf(c);
    plain_text += digit >= 0 ? `^${digit}` : c === "⁻" ? "^-" : c;
  }
  plain_text = tidy(plain_text).replace(/\^-\^/g, "^-");
  // The supply basis has parentheses in its Chinese name; they are no grouping.
  const hidden = plain_text.replace(/标准煤\((等价值|等价|当量值)\)/g, "标准煤〔$1〕");
  let at = 0;
  const fail = (): never => {
    throw new Malformed("unit.unknown", { unit: text.slice(0, 80) });
  };
  const product = (depth: number): Unit => {
    let result = plain;
    let first = true;
    let divide = false;
    for (;;) {
      while (hidden[at] === " ") at++;
      if (at >= hidden.length || hidden[at] === ")") {
        if (first || divide) fail();
        return result;
      }
      if (!first && /[.·*/]/.test(hidden[at]!)) {
        if (divide) fail();
        divide = hidden[at] === "/";
        at++;
        while (hidden[at] === " ") at++;
      }
      let next: Unit;
      if (hidden[at] === "(") {
        if (depth > 8) fail();
        at++;
        next = product(depth + 1);
        if (hidden[at++] !== ")") fail();
      } else {
        const from = at;
        while (at < hidden.length && !/[ .·*/()]/.test(hidden[at]!)) at++;
        if (at === from) fail();
        const name = hidden.slice(from, at).replace(/〔/g, "(").replace(/〕/g, ")");
        next = factor(name);
      }
      result = multiplied(result, next, divide ? -1 : 1);
      first = false;
      divide = false;
    }
  };
  const unit = product(0);
  if (at !== hidden.length) fail();
  return unit;
}

export interface Quantity {
  readonly value: Ratio; // in `unit`
  readonly unit: Unit;
  readonly step: Ratio; // the value of the last digit written
}

/** "8.2 km", "3.9亿公里", "0.5"; an uncertainty's form "0.0001 [1]" too. */
export function read_quantity(text: string, without_unit: Unit = plain): Quantity {
  // Digits and signs of full width are read; commas between groups of three digits say nothing.
  const narrow = text
    .normalize("NFC")
    .replace(/[\uff0b-\uff19]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const match =
    /^\s*([+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(.*?)\s*$/u.exec(
      narrow,
    );
  if (!match) throw new Malformed("decimal.form", { text: text.slice(0, 80) });
  const decimal = read_decimal(match[1]!.replace(/,/g, ""));
  let rest = match[2]!.replace(/^\[(.*)\]$/u, "$1");
  let multiple = 1n;
  while (rest !== "" && multiples.has(rest[0]!)) {
    // 千瓦时 and 万千瓦时: the sum is the same whether 千 goes to the number or to the unit.
    multiple *= multiples.get(rest[0]!)!;
    rest = rest.slice(1).trimStart();
  }
  const unit = rest === "" ? without_unit : read_unit(rest);
  const by = ratio(multiple);
  return {
    value: times(exact(decimal), by),
    unit,
    step: times(ten_to(decimal.exponent), by),
  };
}

/** The value in another unit of its dimension, exactly. */
export function in_unit(quantity: Quantity, unit: Unit): Ratio {
  return times(quantity.value, conversion(quantity.unit, unit));
}
