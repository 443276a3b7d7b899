// A rule: one type of events of one edition, with all that turns an event into amounts.
import { Malformed } from "./trouble.js";
import { asset_names } from "./assets.js";
import { floor_div, type Integer, minus, normal } from "./bytes.js";
import { bind, type Terms } from "./binding.js";
import { compile, type Program, Row } from "./compile.js";
import { ratio, type Ratio, round_double, ten_to, times, to_double } from "./decimal.js";
import { type Library } from "./library.js";
import { counted, type Input, type Method, type Range, smallest_units } from "./method.js";
import { type Event_type, type Programme, type Scheme, terms_for } from "./programme.js";
import { conversion, in_unit, read_quantity, read_unit } from "./unit.js";
import { type Zone } from "./zone.js";

export const amounts_max = 4;
export const values_max = 8;
const tier_names = ["A", "B", "C"];

export interface Field {
  readonly input: Input;
  readonly slot: number; // of a region: its place in the rule's regions
  readonly by: Ratio; // from the field's unit to the input's
  readonly steps: Map<number, readonly [number, number] | null>; // by power of ten; null: slowly
}

export interface Rule_cap {
  readonly name: string; // the same cap in every edition
  number: number; // among the programme's caps
  readonly per: string;
  readonly posting: number;
  readonly most: Integer;
}

export interface Refusal {
  readonly code: string;
}

function whole(value: Ratio): Integer {
  if (value.bottom !== 1n) throw new Malformed("programme.not_whole");
  return normal(value.top);
}

export class Rule {
  readonly fields: Field[] = [];
  readonly postings: number[] = []; // the asset of each amount, the points last
  readonly outputs: number[] = [];
  readonly actors: readonly string[];
  readonly worths: readonly number[]; // by tier; below 0: not accepted
  readonly point_for: number = 0;
  readonly caps: Rule_cap[] = [];
  readonly group: string | undefined;
  group_number = 0;
  readonly within_s: number = 0;
  readonly whole_day: boolean = false;
  readonly has_end: boolean;
  readonly type: string;
  private readonly program: Program;
  private readonly terms: Terms;
  private readonly row: Row;
  private readonly out: Float64Array;
  private readonly region_inputs: string[] = [];
  private readonly date_inputs: string[] = [];
  private readonly regions: Float64Array;
  private readonly parameter_slots: number[];
  private readonly bound = new Map<number, Float64Array | Refusal>();
  private last_key = -1;
  private last_bound: Float64Array | Refusal | undefined;
  private in_slots: Float64Array | undefined; // the values that the slots hold now

  constructor(
    event: Event_type,
    readonly method: Method,
    readonly scheme: Scheme,
    readonly zone: Zone,
    readonly from: number,
    readonly to: number,
    programme: Programme,
    readonly library: Library,
  ) {
    this.type = event.type;
    this.has_end = event.has_end;
    // A scheme's worths hold for every method, also for one that names none itself.
    this.program = compile(method, true);
    this.row = new Row(this.program.slots);
    this.out = new Float64Array(method.outputs.length);
    this.terms = terms_for(programme, method.id, library);
    this.parameter_slots = method.parameters.map((one) => this.program.slot_of.get(one.name)!);
    this.actors = method.actors.filter(
      (actor) => scheme.actors.length === 0 || scheme.actors.includes(actor),
    );
    this.worths = tier_names.map((tier) => {
      const worth = (scheme.tiers ?? method.tiers).get(tier);
      return worth ? to_double(worth) : scheme.tiers ? -1 : 1;
    });
    for (const input of method.inputs) {
      if (input.type === "region") this.region_inputs.push(input.name);
      if (input.type === "date") this.date_inputs.push(input.name);
    }
    this.regions = new Float64Array(this.region_inputs.length);
    this.plan_inputs(event);
    method.outputs.forEach((output, i) => {
      if (output.asset === undefined) return;
      this.postings.push(asset_names.indexOf(output.asset as (typeof asset_names)[number]));
      this.outputs.push(i);
    });
    if (this.outputs.length === 0)
      throw new Malformed("programme.no_asset", { type: this.type });
    this.plan_caps();
    if (scheme.point_for && this.postings[0] === 0) {
      const most = read_quantity(smallest_units.get("co2e")!);
      this.point_for = Number(whole(counted(scheme.point_for, most)));
      if (!Number.isSafeInteger(this.point_for) || this.point_for < 1)
        throw new Malformed("programme.point_for");
      this.postings.push(1);
    }
    if (this.postings.length > amounts_max) throw new Malformed("programme.too_many_amounts");
    const within = method.exclusivity && scheme.exclusive.get(method.exclusivity.group);
    if (method.exclusivity && within !== undefined) {
      const key = [...method.exclusivity.key].sort().join(" ");
      if (key !== "account date" && key !== "account end start")
        throw new Malformed("programme.exclusive_key", { type: this.type });
      this.group = method.exclusivity.group;
      this.whole_day = key === "account date";
      this.within_s = within;
    }
  }

  private plan_inputs(event: Event_type): void {
    for (const input of this.method.inputs) {
      if (input.type === "date") continue;
      const line = event.inputs.get(input.name);
      if (!line || input.type === "table")
        throw new Malformed("programme.input", { type: this.type, name: input.name });
      const unit_text = line.has("unit") ? line.text("unit") : undefined;
      const unit =
        input.type === "quantity" ? (unit_text ? read_unit(unit_text) : input.unit) : undefined;
      const by = input.type === "quantity" ? conversion(unit!, input.unit) : ratio(1n);
      const slot =
        input.type === "region"
          ? this.region_inputs.indexOf(input.name)
          : this.program.slot_of.get(input.name)!;
      if (line.has("field")) {
        this.fields.push({ input, slot, by, steps: new Map() });
        continue;
      }
      const constant = line.text("constant");
      if (input.type === "region") this.regions[slot] = this.library.regions.find(constant);
      else if (input.type === "choice") {
        const place = input.choices.indexOf(constant);
        if (place < 0)
          throw new Malformed("programme.input", { type: this.type, name: input.name });
        this.row.slots[slot] = place;
      } else {
        const value = read_quantity(constant, unit!);
        this.row.slots[slot] = to_double(in_unit(value, input.unit));
      }
    }
    if (this.fields.length > values_max) throw new Malformed("programme.too_many_fields");
  }

  private plan_caps(): void {
    this.outputs.forEach((index, posting) => {
      const output = this.method.outputs[index]!;
      const add = (name: string, most: Ratio, per: string): void => {
        if (!["day", "week", "month", "year"].includes(per))
          throw new Malformed("programme.window", { per });
        this.caps.push({ name: `${name} ${per}`, number: 0, per, posting, most: whole(most) });
      };
      for (const limit of this.method.limits)
        if (limit.output === output.name)
          add(
            `${this.method.id} ${limit.output}`,
            counted(limit.most, output.smallest),
            limit.per,
          );
      for (const cap of this.scheme.caps) {
        if (cap.asset !== output.asset) continue;
        if (cap.events.length > 0 && !cap.events.includes(this.type)) continue;
        const name = [cap.asset, ...cap.events].join(" ");
        add(name, counted(cap.most, output.smallest), cap.per);
      }
    });
  }

  /** Points: one for each full `point_for` that the balance passes on its way. */
  points(before: Integer, after: Integer): Integer {
    return minus(floor_div(after, this.point_for), floor_div(before, this.point_for));
  }

  /** A field's value into its slot: digits × 10^power in the field's unit. False: out of range. */
  set_quantity(field: Field, digits: Integer, power: number): boolean {
    let steps = field.steps.get(power);
    if (steps === undefined) {
      const by = Math.abs(power) <= 60 ? times(field.by, ten_to(power)) : undefined;
      const limit = 9007199254740992n;
      steps =
        by && by.top <= limit && by.bottom <= limit
          ? [Number(by.top), Number(by.bottom)]
          : null;
      if (field.steps.size < 1000) field.steps.set(power, steps);
    }
    let value: number;
    const product = steps ? Number(digits) * steps[0] : Infinity;
    // Both exact, so their quotient is the one correct rounding.
    if (typeof digits === "number" && Math.abs(product) <= 9007199254740992)
      value = product / steps![1];
    else {
      if (Math.abs(power) > 400) return false;
      value = to_double(times(times(ratio(BigInt(digits)), ten_to(power)), field.by));
    }
    this.row.slots[field.slot] = value;
    return this.in_range(field.input, value);
  }

  private in_range(input: Input, value: number): boolean {
    if (input.type !== "quantity") return true;
    const known = this.ranges.get(input.name) ?? this.range_of(input.name, input.range);
    return (
      (known.low_open ? value > known.low : value >= known.low) &&
      (known.high_open ? value < known.high : value <= known.high)
    );
  }

  private readonly ranges = new Map<
    string,
    { low: number; high: number; low_open: boolean; high_open: boolean }
  >();

  private range_of(name: string, range: Range) {
    const known = { ...range, low: to_double(range.low), high: to_double(range.high) };
    this.ranges.set(name, known);
    return known;
  }

  /** A choice or a region by its place. False: there is no such place. */
  set_place(field: Field, place: number): boolean {
    if (field.input.type === "region") {
      this.regions[field.slot] = place;
      return place >= 0 && place < this.library.regions.codes.length;
    }
    this.row.slots[field.slot] = place;
    return field.input.type === "choice" && place >= 0 && place < field.input.choices.length;
  }

  /**
   * What the method gives for the inputs that were set, into amounts (without points). The
   * refusal says why it gives nothing.
   */
  compute(
    tier: number,
    day: number,
    admitted_on: number,
    amounts: Integer[],
  ): Refusal | undefined {
    const bound = this.values_for(day, admitted_on);
    if (!(bound instanceof Float64Array)) return bound;
    const slots = this.row.slots;
    if (bound !== this.in_slots) {
      for (let i = 0; i < bound.length; i++) slots[this.parameter_slots[i]!] = bound[i]!;
      this.in_slots = bound;
    }
    this.program.run(this.row, this.worths[tier]!, this.out);
    for (let i = 0; i < this.out.length; i++) {
      const value = this.out[i]!;
      if (!Number.isFinite(value)) return { code: "method.not_finite" };
      if (Math.abs(value) > 9e18) return { code: "method.too_large" };
    }
    for (let i = 0; i < this.outputs.length; i++) {
      const amount = round_double(this.out[this.outputs[i]!]!);
      amounts[i] = Math.abs(amount) <= 9007199254740991 ? amount : normal(BigInt(amount));
    }
    return undefined;
  }

  private values_for(day: number, admitted_on: number): Float64Array | Refusal {
    // Day and day of admission fit into 18 bits each, a region into 16: exact in a number. With
    // several regions the rest is looked up each time.
    const region = this.regions.length > 0 ? this.regions[0]! : 0;
    const key = ((admitted_on + 100000) * 262144 + (day + 100000)) * 65536 + region;
    if (this.regions.length <= 1) {
      if (key === this.last_key) return this.last_bound!;
      const known = this.bound.get(key);
      if (known !== undefined) {
        this.last_key = key;
        this.last_bound = known;
        return known;
      }
    }
    const regions = new Map(this.region_inputs.map((name, i) => [name, this.regions[i]!]));
    const days = new Map(this.date_inputs.map((name) => [name, day]));
    let made: Float64Array | Refusal;
    try {
      made = bind(this.method, this.library, { regions, days }, this.terms, admitted_on);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      made = { code: error.code };
    }
    if (this.bound.size > 100000) this.bound.clear();
    this.bound.set(key, made);
    this.last_key = key;
    this.last_bound = made;
    return made;
  }
}
