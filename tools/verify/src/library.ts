// Sources and factors, and the look-up of the one factor that fits.
import { Malformed } from "./trouble.js";
import { type Days, read_days, span, years_before } from "./civil.js";
import { exact, type Ratio, read_decimal } from "./decimal.js";
import { type Members } from "./json.js";
import { Regions } from "./regions.js";
import { optional_text, parse_toml, tables } from "./toml.js";
import { read_unit, type Unit } from "./unit.js";

export interface Factor {
  readonly id: string;
  readonly kind: string;
  readonly region: number;
  readonly valid: Days;
  readonly value: Ratio;
  readonly unit: Unit;
  readonly unconfirmed: boolean;
  readonly visible_from: number; // the day from which a look-up sees it
}

export interface Look_up {
  readonly factor: string;
  readonly kind: string;
  readonly climb: readonly string[];
  readonly years_back: number;
  readonly region_first: boolean;
  readonly accept_unconfirmed: boolean;
}

export class Library {
  readonly regions = new Regions();
  private readonly published = new Map<string, number>();
  private readonly factors = new Map<string, Factor[]>();

  /** The day from which a source can be seen: the last day of what it states. */
  source_day(id: string): number {
    const day = this.published.get(id);
    if (day === undefined) throw new Malformed("library.unknown_source", { id });
    return day;
  }

  add_sources(file: Members): void {
    for (const row of tables(file, "sources")) {
      const id = row.text("id");
      const published = row.text("published");
      if (this.published.has(id)) throw new Malformed("library.twice", { id });
      this.published.set(id, published === "not stated" ? -Infinity : span(published).last);
    }
  }

  add_factors(file: Members): void {
    for (const row of tables(file, "factors")) {
      const factor: Factor = {
        id: row.text("id"),
        kind: optional_text(row, "kind") ?? "default",
        region: this.regions.find(row.text("region")),
        valid: read_days(row.text("valid")),
        value: exact(read_decimal(row.text("value"))),
        unit: read_unit(row.text("unit")),
        unconfirmed: row.text("quality") === "unconfirmed",
        visible_from: this.source_day(row.text("source")),
      };
      const list = this.factors.get(factor.id);
      if (list) list.push(factor);
      else this.factors.set(factor.id, [factor]);
    }
  }

  /** One content of an edition, or one file of a library's folder, in their order. */
  add(kind: string, text: string, name: string): void {
    const file = parse_toml(text, name);
    if (kind === "sources") this.add_sources(file);
    else if (kind === "regions") this.regions.add(file);
    else if (kind === "factors") this.add_factors(file);
  }

  /**
   * The factor that fits, undefined if none does. Edges hold by the day of the act, also where a
   * factor of an earlier year is sought. Two that fit at one place are an error.
   */
  look_up(rule: Look_up, region: number, day: number, admitted_on: number): Factor | undefined {
    const places = this.regions.climb(region, rule.climb, day);
    const years = rule.years_back + 1;
    for (let i = 0; i < places.length * years; i++) {
      const place = rule.region_first ? Math.floor(i / years) : i % places.length;
      const back = rule.region_first ? i % years : Math.floor(i / places.length);
      const found = this.at(rule, places[place]!, years_before(day, back), admitted_on);
      if (found) return found;
    }
    return undefined;
  }

  private at(
    rule: Look_up,
    region: number,
    day: number,
    admitted_on: number,
  ): Factor | undefined {
    let found: Factor | undefined;
    for (const factor of this.factors.get(rule.factor) ?? []) {
      if (factor.region !== region || factor.kind !== rule.kind) continue;
      if (day < factor.valid.first || day > factor.valid.last) continue;
      if (factor.visible_from > admitted_on) continue;
      if (factor.unconfirmed && !rule.accept_unconfirmed) continue;
      if (found) throw new Malformed("factor.ambiguous", { factor: rule.factor });
      found = factor;
    }
    return found;
  }
}
