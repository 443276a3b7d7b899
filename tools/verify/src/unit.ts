// Units: reading their spellings, dimensions, exact ratios between them.
import { Malformed } from "./trouble.js";
import {
  type Decimal,
  type Ratio,
  exact,
  one,
  over,
  power,
  read_decimal,
  ten_to,
  times,
} from "./decimal.js";
import {
  type Dimension,
  latin_prefix,
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

/** A word of a unit, as it is written. */
export interface Term {
  readonly name: string; // canonical; of a multiple empty
  readonly tens: number; // of a multiple its power of ten
  readonly unit: Unit;
  readonly power: number;
}

function multiple(tens: number): Term {
  return { name: "", tens, unit: { scale: ten_to(tens), dimension: {} }, power: 1 };
}

function term(name: string, scale: Ratio, dimension: Dimension): Term {
  return { name, tens: 0, unit: { scale, dimension }, power: 1 };
}

/** A word of the table, with a prefix, or a mass of a substance. */
function word(name: string): Term | undefined {
  const row = by_name.get(name);
  if (row) return term(row.canonical, row.scale, row.dimension);
  const substance = mass_of(name);
  if (substance) return substance;
  for (const length of [1, 2]) {
    const prefix = prefix_powers.get(name.slice(0, length));
    const base = by_name.get(name.slice(length));
    if (prefix === undefined || !base?.prefixes) continue;
    const canonical = latin_prefix(prefix) + base.canonical;
    return term(canonical, times(base.scale, ten_to(prefix)), base.dimension);
  }
  return undefined;
}

// Each substance is a dimension of its own. Which names are substances the other program decides;
// here any will do, because nothing mixes with a name that nobody else uses.
function mass_of(written: string): Term | undefined {
  let name = written;
  for (const [spelling, usual] of spellings)
    if (written.endsWith(spelling)) {
      name = written.slice(0, -spelling.length) + usual;
      break;
    }
  const latin =
    /^(Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|n|p)?([gt])(ce|ce_supply|c?[A-Z][A-Za-z0-9]*)$/u.exec(name);
  if (latin) {
    const base = by_name.get(latin[2]!)!;
    const scale = times(base.scale, ten_to(latin[1] ? prefix_powers.get(latin[1])! : 0));
    return term(name, scale, { [`kg${latin[3]}`]: 1 });
  }
  // 千克二氧化碳, kg二氧化碳, 千克CO2
  const of = (mass_name: string, substance: string): Term | undefined => {
    const mass = mass_name === "" ? undefined : word(mass_name);
    if (!mass || dimension_name(mass.unit) !== "kg^1") return undefined;
    return term(mass.name + substance, mass.unit.scale, { [`kg${substance}`]: 1 });
  };
  for (const [chinese, substance] of substances) {
    if (!name.endsWith(chinese)) continue;
    const unit = of(name.slice(0, name.length - chinese.length), substance);
    if (unit) return unit;
  }
  const mixed = /^([\u4e00-\u9fff]+)(ce|ce_supply|[A-Z][A-Za-z0-9]*)$/u.exec(name);
  return mixed ? of(mixed[1]!, mixed[2]!) : undefined;
}

/** After any multiples, and 平方 or 立方. */
function named(name: string): Term[] | undefined {
  const whole = word(name);
  if (whole) return [whole];
  for (const [prefix, power] of [
    ["平方", 2],
    ["立方", 3],
  ] as const) {
    const base = name.startsWith(prefix) ? word(name.slice(2)) : undefined;
    if (base) return [{ ...base, power }];
  }
  for (const [characters, tens] of multiples) {
    if (!name.startsWith(characters)) continue;
    const rest = named(name.slice(characters.length));
    if (rest) return [multiple(tens), ...rest];
  }
  return undefined;
}

function with_exponent(text: string): Term[] | undefined {
  const whole = named(text);
  if (whole) return whole;
  const match = /^(.+?)\^?(-?[1-9][0-9]?)$/u.exec(text);
  const base = match ? named(match[1]!) : undefined;
  const last = base?.at(-1);
  if (!base || !last || Math.abs(last.power * Number(match![2])) > 9) return undefined;
  return [...base.slice(0, -1), { ...last, power: last.power * Number(match![2]) }];
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** One spelling of signs; parentheses in a Chinese name are no grouping. */
function plain_text(text: string): string {
  let written = "";
  for (const c of text) {
    const digit = superscripts.indexOf(c);
    written += digit >= 0 ? `^${digit}` : c === "⁻" ? "^-" : c;
  }
  return written
    .normalize("NFKC") // ㎡ ㎥ ㎞ ㎏ and full width
    .replace(/\^-\^/g, "^-")
    .replace(/[×·⋅*]/g, ".")
    .replace(/每/g, "/")
    .replace(/μ/g, "u")
    .replace(/([\u0080-\uffff])\(([^()]*)\)/g, "$1〔$2〕");
}

/** `kWh`, `kgCO2/kWh`, `t/(ha a)`, `m³`, `kW.h`, `L/100 km`, `千克二氧化碳/千瓦时`. */
export function read_terms(text: string): Term[] {
  const fail = (): never => {
    throw new Malformed("unit.unknown", { unit: text.slice(0, 80) });
  };
  if (text.length > 200) fail();
  const written = plain_text(text);
  const terms: Term[] = [];
  let at = 0;
  const blanks = (): void => {
    while (written[at] === " ") at++;
  };
  const add = (more: readonly Term[], sign: number): void => {
    for (const one of more) terms.push({ ...one, power: one.power * sign });
    if (terms.length > 16) fail();
  };
  const factor = (sign: number, depth: number): void => {
    if (depth > 9) fail();
    if (written[at] === "(") {
      at++;
      product(sign, depth + 1);
      if (written[at++] !== ")") fail();
      return;
    }
    const from = at;
    while (at < written.length && !/[ ./()]/.test(written[at]!)) at++;
    const name = written.slice(from, at).replace(/〔/g, "(").replace(/〕/g, ")");
    if (name === "1") return;
    const number = /^(?:10\^(-?[0-9]{1,2})|1(0+))$/.exec(name);
    const alone = multiples.find(([characters]) => characters === name);
    if (!number && !alone) {
      add(with_exponent(name) ?? fail(), sign);
      return;
    }
    const tens = alone ? alone[1] : number![1] ? Number(number![1]) : number![2]!.length;
    if (tens === 0 || Math.abs(tens) > 38) fail();
    add([multiple(tens)], sign);
    // A number belongs to the word after it: per hundred kilometres.
    blanks();
    if (at < written.length && !/[./)]/.test(written[at]!)) factor(sign, depth + 1);
  };
  const product = (sign: number, depth: number): void => {
    blanks();
    factor(sign, depth);
    for (;;) {
      blanks();
      if (at >= written.length || written[at] === ")") return;
      const divide = written[at] === "/";
      if (divide || written[at] === ".") at++;
      blanks();
      factor(divide ? -sign : sign, depth);
    }
  };
  product(1, 0);
  if (at !== written.length) fail();
  return terms;
}

export function read_unit(text: string): Unit {
  return read_terms(text).reduce(
    (product, { unit, power }) => multiplied(product, raised(unit, power)),
    plain,
  );
}

export interface Quantity {
  readonly value: Ratio; // in `unit`
  readonly unit: Unit;
  readonly step: Ratio; // the value of the last digit written
}

/** A number and the words of its unit, as they are written. */
export function split_quantity(text: string): {
  readonly decimal: Decimal;
  readonly terms: readonly Term[];
  readonly rest: string;
} {
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
  const rest = match[2]!.replace(/^\[(.*)\]$/u, "$1");
  return { decimal, terms: rest === "" ? [] : read_terms(rest), rest };
}

/** "8.2 km", "3.9亿公里", "0.5"; an uncertainty's form "0.0001 [1]" too. */
export function read_quantity(text: string, without_unit: Unit = plain): Quantity {
  const { decimal, terms, rest } = split_quantity(text);
  // Multiples above the line go to the number: 76.4万千瓦时.
  const goes = (one: Term): boolean => one.name === "" && one.power > 0;
  const by = terms.filter(goes).reduce((product, one) => times(product, one.unit.scale), one);
  const unit = terms
    .filter((one) => !goes(one))
    .reduce((product, one) => multiplied(product, raised(one.unit, one.power)), plain);
  return {
    value: times(exact(decimal), by),
    unit: rest !== "1" && terms.every(goes) ? without_unit : unit,
    step: times(ten_to(decimal.exponent), by),
  };
}

/** The value in another unit of its dimension, exactly. */
export function in_unit(quantity: Quantity, unit: Unit): Ratio {
  return times(quantity.value, conversion(quantity.unit, unit));
}
