// A programme's text: its methods, values, substitutions, and the scheme by which it credits.
import { Malformed } from "./trouble.js";
import { type Substitution, type Terms } from "./binding.js";
import { read_day } from "./civil.js";
import { type Dealings, read_dealings } from "./dealings.js";
import { exact, type Ratio, read_decimal } from "./decimal.js";
import { type Members } from "./json.js";
import { type Library } from "./library.js";
import { read_tiers } from "./method.js";
import { optional_text, parse_toml, tables, texts } from "./toml.js";
import { type Quantity, read_quantity, read_unit } from "./unit.js";

export interface Use {
  readonly id: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
}

export interface Event_type {
  readonly type: string;
  readonly method: string;
  readonly has_end: boolean;
  readonly inputs: ReadonlyMap<string, Members>;
}

export interface Cap {
  readonly asset: string;
  readonly most: Quantity;
  readonly per: string;
  readonly events: readonly string[];
}

export interface Scheme {
  readonly zone: string;
  readonly late_days: number;
  readonly actors: readonly string[];
  readonly tiers: ReadonlyMap<string, Ratio> | undefined;
  readonly point_for: Quantity | undefined;
  readonly events: readonly Event_type[];
  readonly caps: readonly Cap[];
  readonly exclusive: ReadonlyMap<string, number>; // group: seconds within
  readonly dealings: Dealings;
}

export interface Programme {
  readonly id: string;
  readonly version: string;
  readonly methods: readonly Use[];
  readonly file: Members;
  readonly scheme: Scheme | undefined;
}

function read_scheme(table: Members): Scheme {
  const late_days = table.count("late_days");
  if (late_days > 366) throw new Malformed("programme.range", { key: "late_days" });
  const point_for = optional_text(table, "point_for");
  const exclusive = new Map<string, number>();
  for (const row of tables(table, "exclusive")) {
    const within = row.has("within_minutes") ? row.count("within_minutes") : 0;
    if (within > 1440) throw new Malformed("programme.range", { key: "within_minutes" });
    exclusive.set(row.text("group"), within * 60);
  }
  return {
    zone: table.text("zone"),
    late_days,
    actors: texts(table, "actors"),
    tiers: table.has("tiers") ? read_tiers(table.object_at("tiers")) : undefined,
    point_for: point_for === undefined ? undefined : read_quantity(point_for),
    events: tables(table, "events").map((row) => {
      const inputs = row.has("inputs") ? row.object_at("inputs") : undefined;
      return {
        type: row.text("type"),
        method: row.text("method"),
        has_end: row.has("end"),
        inputs: new Map(
          Object.keys(inputs?.object ?? {}).map((name) => [name, inputs!.object_at(name)]),
        ),
      };
    }),
    caps: tables(table, "caps").map((row) => ({
      asset: row.text("asset"),
      most: read_quantity(row.text("most")),
      per: row.text("per"),
      events: texts(row, "events"),
    })),
    exclusive,
    dealings: read_dealings(table),
  };
}

export function read_programme(text: string, what: string): Programme {
  const file = parse_toml(text, what);
  return {
    id: file.text("id"),
    version: file.text("version"),
    methods: tables(file, "methods").map((row) => {
      const from = optional_text(row, "from");
      const to = optional_text(row, "to");
      return {
        id: row.text("id"),
        version: row.text("version"),
        from: from === undefined ? -Infinity : read_day(from),
        to: to === undefined ? Infinity : read_day(to),
      };
    }),
    file,
    scheme: file.has("scheme") ? read_scheme(file.object_at("scheme")) : undefined,
  };
}

/** What the programme says for one of its methods. */
export function terms_for(programme: Programme, method: string, library: Library): Terms {
  const values = new Map<string, { value: Quantity; visible_from: number }>();
  for (const row of tables(programme.file, "parameters")) {
    if (row.text("method") !== method) continue;
    const value = exact(read_decimal(row.text("value")));
    values.set(row.text("name"), {
      value: { value, unit: read_unit(row.text("unit")), step: value },
      visible_from: library.source_day(row.text("source")),
    });
  }
  const substitutions: Substitution[] = tables(programme.file, "substitutions").map((row) => ({
    factor: row.text("factor"),
    kind: optional_text(row, "kind") ?? "default",
    evidence_region: library.regions.find(row.text("evidence_region")),
    region: library.regions.find(row.text("region")),
    day: read_day(row.text("date")),
  }));
  return { values, substitutions };
}
