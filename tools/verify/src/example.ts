// The worked examples of a method: recomputed, and compared with the digits that are written.
import { Malformed, type Difference } from "./trouble.js";
import { bind, inside, type Terms } from "./binding.js";
import { read_day } from "./civil.js";
import { compile, Row } from "./compile.js";
import {
  compare,
  over,
  ratio,
  type Ratio,
  round_double,
  round_even,
  show,
  times,
  to_double,
} from "./decimal.js";
import { type Json, Members } from "./json.js";
import { type Library } from "./library.js";
import { type Measure, type Method } from "./method.js";
import { in_unit, type Quantity, read_quantity } from "./unit.js";

export interface Example_result {
  readonly title: string;
  readonly differences: readonly Difference[];
}

function reading(measure: Measure, text: Json | undefined): number {
  if (typeof text !== "string") throw new Malformed("example.missing", { name: measure.name });
  const value = to_double(in_unit(read_quantity(text, measure.unit), measure.unit));
  if (!inside(value, measure.range))
    throw new Malformed("example.range", { name: measure.name });
  return value;
}

function absolute(value: Ratio): Ratio {
  return value.top < 0n ? ratio(-value.top, value.bottom) : value;
}

/** Is the outcome, rounded half to even to the digits of what is expected, equal to it? */
function agrees(outcome: Quantity, expected: Quantity, within: Quantity | undefined): boolean {
  const found = in_unit(outcome, expected.unit);
  if (within) {
    const off = absolute(
      ratio(
        found.top * expected.value.bottom - expected.value.top * found.bottom,
        found.bottom * expected.value.bottom,
      ),
    );
    const allowed = times(absolute(expected.value), times(within.value, within.unit.scale));
    return compare(off, allowed) <= 0;
  }
  const steps = round_even(over(found, expected.step));
  return compare(times(ratio(steps), expected.step), expected.value) === 0;
}

function run_one(
  method: Method,
  library: Library,
  example: Members,
  today: number,
): Difference[] {
  const program = compile(method);
  const row = new Row(program.slots);
  const set = example.object_at("set");
  const regions = new Map<string, number>();
  const days = new Map<string, number>();
  for (const input of method.inputs) {
    if (!set.has(input.name)) throw new Malformed("example.missing", { name: input.name });
    if (input.type === "region")
      regions.set(input.name, library.regions.find(set.text(input.name)));
    else if (input.type === "date") days.set(input.name, read_day(set.text(input.name)));
    else if (input.type === "choice") {
      const place = input.choices.indexOf(set.text(input.name));
      if (place < 0) throw new Malformed("example.missing", { name: input.name });
      row.slots[program.slot_of.get(input.name)!] = place;
    } else if (input.type === "quantity") {
      row.slots[program.slot_of.get(input.name)!] = reading(input, set.get(input.name));
    } else {
      const given = set.list(input.name).map((one) => Members.of(one, input.name));
      const table = program.table_of.get(input.name)!;
      row.rows[table] = given.length;
      row.tables[table] = input.columns.map((column) =>
        Float64Array.from(given, (one) => reading(column, one.get(column.name))),
      );
    }
  }
  const values: Map<string, { value: Quantity; visible_from: number }> = new Map();
  for (const parameter of method.parameters)
    if (parameter.kind === "programme" && set.has(parameter.name)) {
      const value = read_quantity(set.text(parameter.name), parameter.unit);
      values.set(parameter.name, { value, visible_from: -Infinity });
    }
  const terms: Terms = { values, substitutions: [] };
  const bound = bind(method, library, { regions, days }, terms, today);
  method.parameters.forEach((parameter, i) => {
    row.slots[program.slot_of.get(parameter.name)!] = bound[i]!;
  });
  const out = new Float64Array(method.outputs.length);
  const worth = method.tiers.get("A");
  program.run(row, worth ? to_double(worth) : 1, out);

  const expect = example.object_at("expect");
  const within = example.has("within") ? read_quantity(example.text("within")) : undefined;
  const should_differ = example.has("differs") && example.flag("differs");
  const differences: Difference[] = [];
  let all_agree = true;
  for (const name of Object.keys(expect.object)) {
    const at = method.outputs.findIndex((output) => output.name === name);
    if (at < 0) throw new Malformed("example.missing", { name });
    const output = method.outputs[at]!;
    if (!Number.isFinite(out[at]!)) throw new Malformed("method.not_finite", { name });
    const count = ratio(BigInt(round_double(out[at]!)));
    const outcome: Quantity = {
      value: times(count, output.smallest.value),
      unit: output.smallest.unit,
      step: output.smallest.value,
    };
    const expected = read_quantity(expect.text(name), output.unit);
    if (agrees(outcome, expected, within)) continue;
    all_agree = false;
    if (!should_differ)
      differences.push({
        code: "example.differs",
        args: {
          output: name,
          expected: expect.text(name),
          found: show(in_unit(outcome, expected.unit)),
        },
      });
  }
  if (should_differ && all_agree) differences.push({ code: "example.agrees", args: {} });
  return differences;
}

/** Runs every worked example as of a day; what cannot be computed is a difference too. */
export function run_examples(
  method: Method,
  library: Library,
  today: number,
  language: "en" | "zh",
): Example_result[] {
  return method.examples.map((example) => {
    const title = example.object_at("title").text(language);
    try {
      return { title, differences: run_one(method, library, example, today) };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { title, differences: [{ code: error.code, args: error.args }] };
    }
  });
}
