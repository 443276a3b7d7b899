// The canonical form of a method, everything that can change a result, and its hash:
// docs/method-language.md, "Canonical form and hash".
import { join, to_utf8 } from "./bytes.js";
import { show_day, read_day } from "./civil.js";
import { type Decimal, read_decimal } from "./decimal.js";
import { type Node, parse_formula } from "./formula.js";
import { canonical, type Json, type JsonObject, Members } from "./json.js";
import { smallest_units } from "./method.js";
import { sha256 } from "./sha256.js";
import { named_tables, optional_text, parse_toml, tables, texts } from "./toml.js";
import { read_terms, split_quantity, type Term } from "./unit.js";

// ---- numbers and units

/** Digits as they are; very large and very small ones with an exponent. */
export function decimal_text({ digits, exponent }: Decimal): string {
  const sign = digits < 0n ? "-" : "";
  let text = (digits < 0n ? -digits : digits).toString();
  if (exponent > 18 || exponent < -30)
    return `${sign}${text}e${exponent > 0 ? "+" : ""}${exponent}`;
  if (exponent >= 0) return sign + text + (digits === 0n ? "" : "0".repeat(exponent));
  text = text.padStart(1 - exponent, "0");
  return `${sign}${text.slice(0, exponent)}.${text.slice(exponent)}`;
}

/** Without zeros at the end. */
export function shortest({ digits, exponent }: Decimal): string {
  if (digits === 0n) return "0";
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return decimal_text({ digits, exponent });
}

function term_text({ name, tens, power }: Term): string {
  const n = Math.abs(power);
  if (name === "") {
    if (tens * n > 0 && tens * n <= 3) return `1${"0".repeat(tens * n)}`;
    return `10^${tens * n}`;
  }
  if (n === 1) return name;
  return /[0-9]$/.test(name) ? `${name}^${n}` : `${name}${n}`;
}

/** The words in the order in which they are written: `a·b/c`, `a/(b·c)`, `1/c`. */
export function unit_text(terms: readonly Term[]): string {
  const top = terms.filter((one) => one.power > 0).map(term_text);
  const bottom = terms.filter((one) => one.power < 0).map(term_text);
  const head = top.length === 0 ? "1" : top.join("·");
  if (bottom.length === 0) return head;
  return bottom.length === 1 ? `${head}/${bottom[0]}` : `${head}/(${bottom.join("·")})`;
}

const unit_of = (text: string): string => unit_text(read_terms(text));
const number_of = (text: string): string => shortest(read_decimal(text));

/** A quantity of which the unit is named even where it is 1. */
function counted_text(text: string): string {
  const { decimal, terms } = split_quantity(text);
  return `${shortest(decimal)} ${unit_text(terms)}`;
}

/** As it was written: its zeros stay, multiples above the line go to the number. */
function uncertainty_text(table: Members): string {
  const text = optional_text(table, "uncertainty") ?? "not stated";
  if (text === "not stated") return text;
  const { decimal, terms } = split_quantity(text);
  const goes = (one: Term): boolean => one.name === "" && one.power > 0;
  const exponent = terms
    .filter(goes)
    .reduce((sum, one) => sum + one.tens * one.power, decimal.exponent);
  const rest = terms.filter((one) => !goes(one));
  const number = decimal_text({ digits: decimal.digits, exponent });
  return rest.length === 0 ? number : `${number} ${unit_text(rest)}`;
}

function range_text(text: string): string {
  const [low, high] = text.trim().slice(1, -1).split(",");
  const [open, close] = [text.trim()[0]!, text.trim().at(-1)!];
  return `${open}${number_of(low!.trim())}, ${number_of(high!.trim())}${close}`;
}

// ---- formulas

/** How tightly a node binds, as in the grammar; a looser one needs brackets. */
function binding(node: Node): number {
  switch (node.kind) {
    case "if":
      return 0;
    case "logical":
      return node.op === "or" ? 1 : 2;
    case "not":
      return 3;
    case "compare":
    case "choice":
      return 4;
    case "binary":
      return node.op === "+" || node.op === "-" ? 5 : 6;
    case "negate":
      return 7;
    case "power":
      return 8;
    default:
      return 9;
  }
}

export function formula_text(node: Node, least = 0): string {
  const own = binding(node);
  const text = inner(node, own);
  return own < least ? `(${text})` : text;
}

function inner(node: Node, own: number): string {
  switch (node.kind) {
    case "number": {
      const number = shortest(node.value);
      const terms = node.unit_text === "" ? [] : read_terms(node.unit_text);
      return terms.length === 0 ? number : `${number} [${unit_text(terms)}]`;
    }
    case "name":
      return node.name;
    case "column":
      return `${node.table}.${node.column}`;
    case "choice":
      return `${node.name} ${node.not ? "!=" : "=="} '${node.choice}'`;
    case "negate":
      return `-${formula_text(node.of, own)}`;
    case "power":
      return `${formula_text(node.base, own + 1)} ^ ${node.exponent}`;
    case "not":
      return `not ${formula_text(node.of, own)}`;
    case "binary":
    case "logical":
      return `${formula_text(node.left, own)} ${node.op} ${formula_text(node.right, own + 1)}`;
    case "compare":
      return `${formula_text(node.left, own + 1)} ${node.op} ${formula_text(node.right, own + 1)}`;
    case "if":
      return `if ${formula_text(node.test, 1)} then ${formula_text(node.yes)} else ${formula_text(node.no)}`;
    case "call":
      return `${node.name}(${node.args.map((one) => formula_text(one)).join(", ")})`;
  }
}

// ---- sections

function input_form(table: Members): JsonObject {
  const type = optional_text(table, "type") ?? "quantity";
  switch (type) {
    case "quantity":
      return {
        type,
        unit: unit_of(table.text("unit")),
        range: range_text(table.text("range")),
        uncertainty: uncertainty_text(table),
      };
    case "choice":
      return { type, choices: Object.keys(table.object_at("choices").object) };
    case "table":
      return { type, columns: by_name(table, "columns", input_form) };
    default:
      return { type };
  }
}

function parameter_form(table: Members): JsonObject {
  const range = optional_text(table, "range");
  const form: JsonObject = { unit: unit_of(table.text("unit")) };
  if (range !== undefined) form.range = range_text(range);
  if (table.has("factor")) {
    const at = optional_text(table, "at") ?? "";
    const on = optional_text(table, "on");
    return {
      ...form,
      factor: table.text("factor"),
      kind: optional_text(table, "kind") ?? "default",
      climb: texts(table, "climb"),
      years_back: table.has("years_back") ? table.count("years_back") : 0,
      prefer: optional_text(table, "prefer") === "year" ? "year" : "region",
      unconfirmed: texts(table, "accept").includes("unconfirmed"),
      region: at === "" ? (optional_text(table, "region") ?? "region") : at,
      fixed_region: at !== "",
      date: on === undefined ? (optional_text(table, "date") ?? "date") : show_day(read_day(on)),
      fixed_date: on !== undefined,
    };
  }
  if (table.has("from")) return { ...form, from: "programme" };
  return {
    ...form,
    value: number_of(table.text("value")),
    uncertainty: uncertainty_text(table),
    source: table.text("source"),
    clause: optional_text(table, "clause") ?? "",
  };
}

function curve_form(table: Members): JsonObject {
  return {
    x_unit: unit_of(table.text("x_unit")),
    y_unit: unit_of(table.text("y_unit")),
    points: table.list("points").map((point) => (point as string[]).map(number_of)),
    source: table.text("source"),
    clause: optional_text(table, "clause") ?? "",
  };
}

function output_form(table: Members): JsonObject {
  const asset = optional_text(table, "asset") ?? "";
  return {
    formula: formula_text(parse_formula(table.text("formula"))),
    unit: unit_of(table.text("unit")),
    asset,
    smallest: counted_text(asset === "" ? table.text("round") : smallest_units.get(asset)!),
    summed: table.has("summed") ? table.flag("summed") : asset !== "",
  };
}

function by_name(file: Members, section: string, form: (table: Members) => Json): JsonObject {
  return Object.fromEntries(
    named_tables(file, section).map(([name, table]) => [name, form(table)]),
  );
}

/** The members of a table of texts. */
function text_members(file: Members, section: string, form: (text: string) => Json): JsonObject {
  if (!file.has(section)) return {};
  const table = file.object_at(section);
  return Object.fromEntries(
    Object.keys(table.object).map((name) => [name, form(table.text(name))]),
  );
}

export function canonical_method(text: string, what: string): string {
  const file = parse_toml(text, what);
  const exclusivity = file.has("exclusivity") ? file.object_at("exclusivity") : undefined;
  const form: JsonObject = {
    id: file.text("id"),
    version: file.text("version"),
    actors: texts(file, "actors"),
    basis: tables(file, "basis").map((row) => ({
      source: row.text("source"),
      clause: optional_text(row, "clause") ?? "",
      seen: row.text("seen"),
    })),
    inputs: by_name(file, "inputs", input_form),
    parameters: by_name(file, "parameters", parameter_form),
    tables: by_name(file, "tables", curve_form),
    formulas: text_members(file, "formulas", (formula) => formula_text(parse_formula(formula))),
    outputs: by_name(file, "outputs", output_form),
    tiers: text_members(file, "tiers", number_of),
    limits: tables(file, "limits").map((row) => ({
      output: row.text("output"),
      most: counted_text(row.text("most")),
      per: row.text("per"),
    })),
    ...(exclusivity && {
      exclusivity: { group: exclusivity.text("group"), key: texts(exclusivity, "key") },
    }),
  };
  return canonical(form).normalize("NFC");
}

export function method_hash(text: string, what: string): Uint8Array {
  const form = to_utf8(canonical_method(text, what));
  return sha256(join(to_utf8("partake.method.v1"), Uint8Array.of(0), form));
}
