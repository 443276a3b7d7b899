// Formulas to closures over an array of binary64, in exactly the order of operations that the
// method language lays down. Units are settled here; at run time there are only numbers.
import { Malformed } from "./trouble.js";
import { exact, ratio, type Ratio, to_double } from "./decimal.js";
import { type Node } from "./formula.js";
import { type Method, type Output } from "./method.js";
import { conversion, dimension_name, multiplied, plain, type Unit } from "./unit.js";

/** The numbers of one act: inputs, choices and parameters by slot, and the rows of its tables. */
export class Row {
  readonly slots: Float64Array;
  readonly tables: Float64Array[][] = []; // by table, by column
  readonly rows: number[] = [];
  at = 0; // the row of the table that a sum is at

  constructor(slots: number) {
    this.slots = new Float64Array(slots);
  }
}

type Run = (row: Row) => number;
type Test = (row: Row) => boolean;

interface Value {
  readonly run: Run;
  readonly unit: Unit;
  readonly by_row: boolean; // it reads a table's column outside of a sum
}

export interface Program {
  readonly slots: number;
  readonly slot_of: ReadonlyMap<string, number>; // inputs and parameters
  readonly table_of: ReadonlyMap<string, number>;
  /** Computes every output, unrounded, in its smallest unit, times the tier's worth. */
  run(row: Row, worth: number, out: Float64Array): void;
}

export function scaled(run: Run, by: Ratio): Run {
  const top = to_double(ratio(by.top));
  const bottom = to_double(ratio(by.bottom));
  if (bottom === 1) return top === 1 ? run : (row) => run(row) * top;
  if (top === 1) return (row) => run(row) / bottom;
  return (row) => (run(row) * top) / bottom;
}

class Compiler {
  readonly slot_of = new Map<string, number>();
  readonly table_of = new Map<string, number>();
  readonly steps: { readonly slot: number; readonly run: Run }[] = [];
  slots = 0;
  private readonly formula_values = new Map<string, Value>();
  private readonly open = new Set<string>();
  private table = -1; // the table of the sum that is being read

  constructor(
    private readonly method: Method,
    private readonly tiers: boolean,
  ) {
    for (const input of method.inputs) {
      if (input.type === "table") this.table_of.set(input.name, this.table_of.size);
      else if (input.type === "quantity" || input.type === "choice")
        this.slot_of.set(input.name, this.slots++);
    }
    for (const parameter of method.parameters) this.slot_of.set(parameter.name, this.slots++);
  }

  output(output: Output): Run {
    const value = this.number(output.formula);
    const to_unit = conversion(value.unit, output.smallest.unit);
    const by = ratio(
      to_unit.top * output.smallest.value.bottom,
      to_unit.bottom * output.smallest.value.top,
    );
    return scaled(value.run, by);
  }

  private wrong(code: string, name: string): Malformed {
    return new Malformed(code, { method: this.method.id, name });
  }

  private converted(value: Value, unit: Unit): Run {
    return scaled(value.run, conversion(value.unit, unit));
  }

  private number(node: Node): Value {
    switch (node.kind) {
      case "number": {
        const constant = to_double(exact(node.value));
        return { run: () => constant, unit: node.unit, by_row: false };
      }
      case "name":
        return this.named(node.name);
      case "column":
        return this.column(node.table, node.column);
      case "negate": {
        const { run, unit, by_row } = this.number(node.of);
        return { run: (row) => -run(row), unit, by_row };
      }
      case "binary":
        return this.binary(node.op, this.number(node.left), this.number(node.right));
      case "power":
        return this.power(this.number(node.base), node.exponent);
      case "if": {
        const test = this.condition(node.test);
        const yes = this.number(node.yes);
        const no = this.number(node.no);
        const otherwise = this.converted(no, yes.unit);
        const then = yes.run;
        return {
          run: (row) => (test.test(row) ? then(row) : otherwise(row)),
          unit: yes.unit,
          by_row: test.by_row || yes.by_row || no.by_row,
        };
      }
      case "call":
        return this.call(node.name, node.args);
      default:
        throw this.wrong("formula.condition_as_number", this.method.id);
    }
  }

  private binary(op: string, left: Value, right: Value): Value {
    const by_row = left.by_row || right.by_row;
    const a = left.run;
    if (op === "*") {
      const b = right.run;
      return { run: (row) => a(row) * b(row), unit: multiplied(left.unit, right.unit), by_row };
    }
    if (op === "/") {
      const b = right.run;
      return {
        run: (row) => a(row) / b(row),
        unit: multiplied(left.unit, right.unit, -1),
        by_row,
      };
    }
    const b = this.converted(right, left.unit);
    const run: Run = op === "+" ? (row) => a(row) + b(row) : (row) => a(row) - b(row);
    return { run, unit: left.unit, by_row };
  }

  private power(base: Value, exponent: number): Value {
    const n = Math.abs(exponent);
    let unit = base.unit;
    for (let i = 1; i < n; i++) unit = multiplied(unit, base.unit);
    const a = base.run;
    const whole: Run = (row) => {
      const x = a(row);
      let product = x;
      for (let i = 1; i < n; i++) product *= x;
      return product;
    };
    if (exponent > 0) return { run: whole, unit, by_row: base.by_row };
    return {
      run: (row) => 1 / whole(row),
      unit: multiplied(plain, unit, -1),
      by_row: base.by_row,
    };
  }

  private condition(node: Node): { test: Test; by_row: boolean } {
    switch (node.kind) {
      case "compare": {
        const left = this.number(node.left);
        const right = this.number(node.right);
        const a = left.run;
        const b = this.converted(right, left.unit);
        const by_row = left.by_row || right.by_row;
        const tests: { [op: string]: Test } = {
          "<": (row) => a(row) < b(row),
          "<=": (row) => a(row) <= b(row),
          ">": (row) => a(row) > b(row),
          ">=": (row) => a(row) >= b(row),
          "==": (row) => a(row) === b(row),
          "!=": (row) => a(row) !== b(row),
        };
        return { test: tests[node.op]!, by_row };
      }
      case "choice": {
        const input = this.method.inputs.find((one) => one.name === node.name);
        const place = input?.type === "choice" ? input.choices.indexOf(node.choice) : -1;
        const slot = this.slot_of.get(node.name);
        if (slot === undefined || place < 0)
          throw this.wrong("formula.unknown_choice", node.choice);
        const is = !node.not;
        return { test: (row) => (row.slots[slot] === place) === is, by_row: false };
      }
      case "logical": {
        const left = this.condition(node.left);
        const right = this.condition(node.right);
        const a = left.test;
        const b = right.test;
        const test: Test =
          node.op === "and" ? (row) => a(row) && b(row) : (row) => a(row) || b(row);
        return { test, by_row: left.by_row || right.by_row };
      }
      case "not": {
        const { test, by_row } = this.condition(node.of);
        return { test: (row) => !test(row), by_row };
      }
      default:
        throw this.wrong("formula.number_as_condition", this.method.id);
    }
  }

  private named(name: string): Value {
    const slot = this.slot_of.get(name);
    if (slot !== undefined) {
      const input = this.method.inputs.find((one) => one.name === name);
      if (input && input.type !== "quantity") throw this.wrong("formula.unknown_name", name);
      const unit = input
        ? input.unit
        : this.method.parameters.find((one) => one.name === name)!.unit;
      return { run: (row) => row.slots[slot]!, unit, by_row: false };
    }
    const known = this.formula_values.get(name);
    if (known) return known;
    const formula = this.method.formulas.get(name);
    if (!formula || this.open.has(name)) throw this.wrong("formula.unknown_name", name);
    this.open.add(name);
    const value = this.number(formula);
    this.open.delete(name);
    // What does not depend on a table's row is computed once an act.
    let result = value;
    if (!value.by_row) {
      const place = this.slots++;
      this.steps.push({ slot: place, run: value.run });
      result = { run: (row) => row.slots[place]!, unit: value.unit, by_row: false };
    }
    this.formula_values.set(name, result);
    return result;
  }

  private column(table: string, column: string): Value {
    const place = this.table_of.get(table);
    const input = this.method.inputs.find((one) => one.name === table);
    const at =
      input?.type === "table" ? input.columns.findIndex((one) => one.name === column) : -1;
    if (place === undefined || at < 0 || (this.table >= 0 && this.table !== place))
      throw this.wrong("formula.unknown_name", `${table}.${column}`);
    const unit = input?.type === "table" ? input.columns[at]!.unit : plain;
    return { run: (row) => row.tables[place]![at]![row.at]!, unit, by_row: true };
  }

  private call(name: string, args: readonly Node[]): Value {
    if (name === "sum" || name === "count" || name === "interpolate")
      return this.over(name, args);
    const values = args.map((arg) => this.number(arg));
    const by_row = values.some((value) => value.by_row);
    const first = values[0]!;
    const need = (n: number): void => {
      if (values.length !== n) throw this.wrong("formula.arguments", name);
    };
    const a = first.run;
    switch (name) {
      case "min":
      case "max": {
        if (values.length < 2) throw this.wrong("formula.arguments", name);
        let run = a;
        for (const value of values.slice(1)) {
          const left = run;
          const right = this.converted(value, first.unit);
          run =
            name === "min"
              ? (row) => smaller(left(row), right(row))
              : (row) => larger(left(row), right(row));
        }
        return { run, unit: first.unit, by_row };
      }
      case "clamp": {
        need(3);
        const low = this.converted(values[1]!, first.unit);
        const high = this.converted(values[2]!, first.unit);
        const run: Run = (row) => smaller(larger(a(row), low(row)), high(row));
        return { run, unit: first.unit, by_row };
      }
      case "abs":
        need(1);
        return { run: (row) => Math.abs(a(row)), unit: first.unit, by_row };
      case "sqrt":
        need(1);
        return { run: (row) => Math.sqrt(a(row)), unit: this.root(first.unit), by_row };
      case "co2":
        need(1);
        return this.exchanged(first, "kgC", "kgCO2", ratio(44n, 12n));
      case "co2e":
        need(1);
        return this.exchanged(first, "kgCO2", "kgCO2e", ratio(1n));
      case "exp":
      case "ln":
      case "pow":
        throw this.wrong("formula.transcendental", name);
      default:
        throw this.wrong("formula.unknown_function", name);
    }
  }

  private exchanged(value: Value, from: string, to: string, by: Ratio): Value {
    if (value.unit.dimension[from] !== 1) throw this.wrong("formula.substance", from);
    const dimension: Record<string, number> = { ...value.unit.dimension };
    delete dimension[from];
    dimension[to] = (dimension[to] ?? 0) + 1;
    return {
      run: scaled(value.run, by),
      unit: { scale: value.unit.scale, dimension },
      by_row: value.by_row,
    };
  }

  private root(unit: Unit): Unit {
    const dimension: Record<string, number> = {};
    for (const [base, n] of Object.entries(unit.dimension)) {
      if (n % 2 !== 0) throw this.wrong("formula.root", dimension_name(unit));
      dimension[base] = n / 2;
    }
    const scale = ratio(square_root(unit.scale.top), square_root(unit.scale.bottom));
    if (scale.top * scale.top !== unit.scale.top || scale.bottom ** 2n !== unit.scale.bottom)
      throw this.wrong("formula.root", dimension_name(unit));
    return { scale, dimension };
  }

  private over(name: string, args: readonly Node[]): Value {
    const first = args[0]!;
    if (first.kind !== "name") throw this.wrong("formula.arguments", name);
    if (name === "interpolate") return this.interpolated(first.name, args);
    const place = this.table_of.get(first.name);
    if (place === undefined || args.length !== (name === "sum" ? 2 : 1))
      throw this.wrong("formula.arguments", name);
    if (name === "count") return { run: (row) => row.rows[place]!, unit: plain, by_row: false };
    if (this.table >= 0) throw this.wrong("formula.arguments", name);
    this.table = place;
    const value = this.number(args[1]!);
    this.table = -1;
    const each = value.run;
    const run: Run = (row) => {
      let sum = 0;
      const rows = row.rows[place]!;
      for (row.at = 0; row.at < rows; row.at++) sum += each(row);
      return sum;
    };
    return { run, unit: value.unit, by_row: false };
  }

  private interpolated(name: string, args: readonly Node[]): Value {
    const curve = this.method.curves.get(name);
    if (!curve || args.length !== 2) throw this.wrong("formula.arguments", "interpolate");
    const given = this.number(args[1]!);
    const at = this.converted(given, curve.x_unit);
    const x = curve.points.map((point) => to_double(point[0]));
    const y = curve.points.map((point) => to_double(point[1]));
    const run: Run = (row) => {
      const value = at(row);
      let i = 0;
      while (i + 2 < x.length && x[i + 1]! <= value) i++;
      return y[i]! + ((value - x[i]!) * (y[i + 1]! - y[i]!)) / (x[i + 1]! - x[i]!);
    };
    return { run, unit: curve.y_unit, by_row: given.by_row };
  }

  program(): Program {
    const runs = this.method.outputs.map((output) => ({
      run: this.output(output),
      worth: this.tiers && output.asset !== undefined,
    }));
    const steps = this.steps;
    return {
      slots: this.slots,
      slot_of: this.slot_of,
      table_of: this.table_of,
      run(row, worth, out) {
        for (let i = 0; i < steps.length; i++) row.slots[steps[i]!.slot] = steps[i]!.run(row);
        for (let i = 0; i < runs.length; i++) {
          const value = runs[i]!.run(row);
          out[i] = runs[i]!.worth ? value * worth : value;
        }
      },
    };
  }
}

const smaller = (a: number, b: number): number => (b < a ? b : a);
const larger = (a: number, b: number): number => (a < b ? b : a);

function square_root(value: bigint): bigint {
  if (value < 2n) return value;
  let x = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (x + value / x) / 2n;
    if (next >= x) return x;
    x = next;
  }
}

/** `tiers`: whether the outputs with an asset are worth what the tier is worth. */
export function compile(method: Method, tiers = method.tiers.size > 0): Program {
  return new Compiler(method, tiers).program();
}
