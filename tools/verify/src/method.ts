// A method's text, read: what it takes, looks up, computes and gives. compile.ts makes it run.
import { Malformed } from "./trouble.js";
import { read_day } from "./civil.js";
import { compare, exact, type Ratio, ratio, read_decimal } from "./decimal.js";
import { type Node, parse_formula } from "./formula.js";
import { type Members } from "./json.js";
import { type Look_up } from "./library.js";
import { named_tables, optional_text, parse_toml, tables, texts } from "./toml.js";
import { in_unit, read_quantity, read_unit, type Quantity, type Unit } from "./unit.js";

export interface Range {
  readonly low: Ratio;
  readonly high: Ratio;
  readonly low_open: boolean;
  readonly high_open: boolean;
}

export interface Measure {
  readonly name: string;
  readonly unit: Unit;
  readonly range: Range;
}

export type Input =
  | ({ readonly type: "quantity" } & Measure)
  | { readonly type: "region"; readonly name: string }
  | { readonly type: "date"; readonly name: string }
  | { readonly type: "choice"; readonly name: string; readonly choices: readonly string[] }
  | { readonly type: "table"; readonly name: string; readonly columns: readonly Measure[] };

export interface Parameter {
  readonly name: string;
  readonly unit: Unit;
  readonly range: Range | undefined;
  readonly kind: "factor" | "value" | "programme";
  readonly value: Ratio | undefined; // of the method itself
  readonly rule: Look_up | undefined;
  readonly region_input: string; // where no region is fixed
  readonly date_input: string;
  readonly at: string | undefined;
  readonly on: number | undefined;
}

export interface Curve {
  readonly x_unit: Unit;
  readonly y_unit: Unit;
  readonly points: readonly (readonly [Ratio, Ratio])[];
}

export interface Output {
  readonly name: string;
  readonly formula: Node;
  readonly unit: Unit;
  readonly asset: string | undefined;
  readonly smallest: Quantity;
}

export interface Limit {
  readonly output: string;
  readonly most: Quantity;
  readonly per: string;
}

export interface Method {
  readonly id: string;
  readonly version: string;
  readonly actors: readonly string[];
  readonly inputs: readonly Input[];
  readonly parameters: readonly Parameter[];
  readonly curves: ReadonlyMap<string, Curve>;
  readonly formulas: ReadonlyMap<string, Node>;
  readonly outputs: readonly Output[];
  readonly tiers: ReadonlyMap<string, Ratio>;
  readonly limits: readonly Limit[];
  readonly exclusivity: { readonly group: string; readonly key: readonly string[] } | undefined;
  readonly examples: readonly Members[];
}

/** The smallest unit of each asset: what accounts count. */
export const smallest_units: ReadonlyMap<string, string> = new Map([
  ["co2e", "1 mgCO2e"],
  ["water", "1 mL"],
  ["electricity", "1 mWh"],
  ["time", "1 s"],
  ["money", "1 fen"],
]);

export function read_range(text: string): Range {
  const match = /^\s*([[(])\s*([^,\s]+)\s*,\s*([^,\s]+)\s*([\])])\s*$/.exec(text);
  if (!match) throw new Malformed("method.range", { text: text.slice(0, 80) });
  return {
    low: exact(read_decimal(match[2]!)),
    high: exact(read_decimal(match[3]!)),
    low_open: match[1] === "(",
    high_open: match[4] === ")",
  };
}

function measure(name: string, table: Members): Measure {
  return {
    name,
    unit: read_unit(table.text("unit")),
    range: read_range(table.text("range")),
  };
}

function read_input(name: string, table: Members): Input {
  const type = optional_text(table, "type") ?? "quantity";
  switch (type) {
    case "quantity":
      return { type, ...measure(name, table) };
    case "region":
      return { type: "region", name };
    case "date":
      return { type: "date", name };
    case "choice":
      return { type, name, choices: Object.keys(table.object_at("choices").object) };
    case "table":
      return {
        type,
        name,
        columns: named_tables(table, "columns").map(([n, t]) => measure(n, t)),
      };
    default:
      throw new Malformed("method.input_type", { type });
  }
}

function count(table: Members, key: string): number {
  return table.has(key) ? table.count(key) : 0;
}

function read_parameter(name: string, table: Members): Parameter {
  const factor = optional_text(table, "factor");
  const value = optional_text(table, "value");
  const range = optional_text(table, "range");
  const years_back = count(table, "years_back");
  if (years_back > 30) throw new Malformed("method.years_back", { parameter: name });
  const on = optional_text(table, "on");
  return {
    name,
    unit: read_unit(table.text("unit")),
    range: range === undefined ? undefined : read_range(range),
    kind: factor !== undefined ? "factor" : value !== undefined ? "value" : "programme",
    value: value === undefined ? undefined : exact(read_decimal(value)),
    rule:
      factor === undefined
        ? undefined
        : {
            factor,
            kind: optional_text(table, "kind") ?? "default",
            climb: texts(table, "climb"),
            years_back,
            region_first: optional_text(table, "prefer") !== "year",
            accept_unconfirmed: texts(table, "accept").includes("unconfirmed"),
          },
    region_input: optional_text(table, "region") ?? "region",
    date_input: optional_text(table, "date") ?? "date",
    at: optional_text(table, "at"),
    on: on === undefined ? undefined : read_day(on),
  };
}

function read_curve(table: Members): Curve {
  const points = table.list("points").map((point) => {
    if (!Array.isArray(point) || point.length !== 2 || point.some((x) => typeof x !== "string"))
      throw new Malformed("method.points");
    return [
      exact(read_decimal(point[0] as string)),
      exact(read_decimal(point[1] as string)),
    ] as const;
  });
  if (points.length < 2) throw new Malformed("method.points");
  return {
    x_unit: read_unit(table.text("x_unit")),
    y_unit: read_unit(table.text("y_unit")),
    points,
  };
}

function read_output(name: string, table: Members): Output {
  const asset = optional_text(table, "asset");
  const unit = read_unit(table.text("unit"));
  const smallest = asset === undefined ? table.text("round") : smallest_units.get(asset);
  if (smallest === undefined) throw new Malformed("method.asset", { asset: asset! });
  return {
    name,
    formula: parse_formula(table.text("formula")),
    unit,
    asset,
    smallest: read_quantity(smallest, unit),
  };
}

/** What a tier is worth: "0" to "1", exact. */
export function read_tiers(table: Members): Map<string, Ratio> {
  const worths = new Map<string, Ratio>();
  for (const tier of Object.keys(table.object)) {
    const worth = exact(read_decimal(table.text(tier)));
    if (!/^[ABC]$/.test(tier) || compare(worth, ratio(0n)) < 0 || compare(worth, ratio(1n)) > 0)
      throw new Malformed("method.tier", { tier });
    worths.set(tier, worth);
  }
  return worths;
}

export function read_method(text: string, what: string): Method {
  const file = parse_toml(text, what);
  if (file.get("format") !== 1) throw new Malformed("method.format", { what });
  const formulas = new Map<string, Node>();
  if (file.has("formulas")) {
    const table = file.object_at("formulas");
    for (const name of Object.keys(table.object))
      formulas.set(name, parse_formula(table.text(name)));
  }
  const exclusivity = file.has("exclusivity") ? file.object_at("exclusivity") : undefined;
  return {
    id: file.text("id"),
    version: file.text("version"),
    actors: texts(file, "actors"),
    inputs: named_tables(file, "inputs").map(([name, table]) => read_input(name, table)),
    parameters: named_tables(file, "parameters").map(([n, table]) => read_parameter(n, table)),
    curves: new Map(
      named_tables(file, "tables").map(([name, table]) => [name, read_curve(table)]),
    ),
    formulas,
    outputs: named_tables(file, "outputs").map(([name, table]) => read_output(name, table)),
    tiers: file.has("tiers") ? read_tiers(file.object_at("tiers")) : new Map(),
    limits: tables(file, "limits").map((row) => ({
      output: row.text("output"),
      most: read_quantity(row.text("most")),
      per: row.text("per"),
    })),
    exclusivity: exclusivity && {
      group: exclusivity.text("group"),
      key: texts(exclusivity, "key"),
    },
    examples: tables(file, "examples"),
  };
}

/** A quantity as a count of a smallest one, exactly. */
export function counted(quantity: Quantity, smallest: Quantity): Ratio {
  const value = in_unit(quantity, smallest.unit);
  return ratio(value.top * smallest.value.bottom, value.bottom * smallest.value.top);
}
