// What a scheme allows to be done with what accounts hold, read: docs/transactions.md, "What a
// scheme allows". Amounts are whole smallest units already.
import { Malformed } from "./trouble.js";
import { type Integer, normal } from "./bytes.js";
import { day_first, day_last, read_day } from "./civil.js";
import { exact, over, type Ratio, ratio, read_decimal } from "./decimal.js";
import { type Members } from "./json.js";
import { smallest_units } from "./method.js";
import { asset_names } from "./assets.js";
import { optional_text, tables, texts } from "./toml.js";
import { in_unit, multiplied, plain, type Quantity, read_quantity, type Unit } from "./unit.js";

export interface Flow {
  readonly id: string;
  readonly asset: number;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly held_by: string | undefined;
}

export interface Hold_rule {
  readonly id: string;
  readonly asset: number;
  readonly of: readonly string[];
  readonly days: number;
  readonly approvers: readonly string[];
  readonly approvals: number;
}

export interface Share {
  readonly party: string;
  readonly part: Ratio;
  readonly named: boolean;
}

export interface Split_rule {
  readonly id: string;
  readonly asset: number;
  readonly from: string;
  readonly shares: readonly Share[];
  /** smallest units of the asset for one of what is measured */
  readonly price: Ratio | undefined;
  readonly settles: number;
  readonly of: string;
  readonly most: Integer | undefined;
  readonly at_least: Integer;
  readonly first: number;
  readonly last: number;
}

export interface Unit_class {
  readonly id: string;
  readonly buffer: Ratio;
  readonly pool: number | undefined;
  readonly each: Integer; // of the pooled asset
  readonly price: Ratio | undefined; // in fen
}

export interface Reward {
  readonly id: string;
  readonly asset: number;
  readonly cost: Integer;
  readonly stock: number; // 0: no end
  readonly per_account: number;
  readonly funded: boolean;
}

export interface Conversion {
  readonly id: string;
  readonly from: number;
  readonly each: Integer;
  readonly to: number;
  readonly gives: Integer;
}

export interface Dealings {
  readonly flows: readonly Flow[];
  readonly holds: readonly Hold_rule[];
  readonly splits: readonly Split_rule[];
  readonly units: readonly Unit_class[];
  readonly rewards: readonly Reward[];
  readonly conversions: readonly Conversion[];
  readonly findings: readonly { readonly id: string }[];
  readonly point_years: number | undefined;
}

const amount_max = 9223372036854775807n;

/** The smallest unit of an asset; points and credits are counted without one. */
export function smallest_unit(asset: number): Unit {
  const text = smallest_units.get(asset_names[asset]!);
  return text === undefined ? plain : read_quantity(text).unit;
}

/** As a whole number of smallest units; undefined if it is none, below zero, or too large. */
export function whole_in(quantity: Quantity, asset: number): Integer | undefined {
  const value = in_unit(quantity, smallest_unit(asset));
  const good = value.bottom === 1n && value.top >= 0n && value.top <= amount_max;
  return good ? normal(value.top) : undefined;
}

function asset_at(row: Members, key: string): number {
  const asset = asset_names.indexOf(row.text(key) as (typeof asset_names)[number]);
  if (asset < 0) throw new Malformed("programme.asset", { what: row.what, key });
  return asset;
}

function amount_at(row: Members, key: string, asset: number): Integer {
  const amount = whole_in(read_quantity(row.text(key)), asset);
  if (amount === undefined || amount === 0)
    throw new Malformed("programme.amount", { what: row.what, key });
  return amount;
}

function number_at(row: Members, key: string, least: number): number {
  return row.has(key) ? row.count(key) : least;
}

/** "45 %", "4/5". */
function read_part(text: string): Ratio {
  const slash = text.indexOf("/");
  if (slash < 0) return in_unit(read_quantity(text), plain);
  const top = exact(read_decimal(text.slice(0, slash).trim()));
  const bottom = exact(read_decimal(text.slice(slash + 1).trim()));
  if (bottom.top === 0n) throw new Malformed("decimal.form", { text });
  return over(top, bottom);
}

function read_split(row: Members): Split_rule {
  const asset = asset_at(row, "asset");
  const priced = row.has("price");
  const settles = priced ? asset_at(row, "settles") : -1;
  const price = priced
    ? in_unit(
        read_quantity(row.text("price")),
        multiplied(smallest_unit(asset), smallest_unit(settles), -1),
      )
    : undefined;
  const first = optional_text(row, "valid_from");
  const last = optional_text(row, "valid_to");
  return {
    id: row.text("id"),
    asset,
    from: row.text("from"),
    shares: tables(row, "shares").map((share) => ({
      party: share.text("party"),
      part: read_part(share.text("part")),
      named: share.has("named") && share.flag("named"),
    })),
    price,
    settles,
    of: priced ? row.text("of") : "",
    most: row.has("most") ? amount_at(row, "most", asset) : undefined,
    at_least: row.has("at_least") ? amount_at(row, "at_least", asset) : 0,
    first: first === undefined ? day_first : read_day(first),
    last: last === undefined ? day_last : read_day(last),
  };
}

function read_units(row: Members): Unit_class {
  const pool = row.has("pool") ? asset_at(row, "pool") : undefined;
  return {
    id: row.text("id"),
    buffer: row.has("buffer") ? read_part(row.text("buffer")) : ratio(0n),
    pool,
    each: pool === undefined ? 0 : amount_at(row, "unit", pool),
    price: row.has("price")
      ? in_unit(read_quantity(row.text("price")), read_quantity("1 fen").unit)
      : undefined,
  };
}

export function read_dealings(scheme: Members): Dealings {
  return {
    flows: tables(scheme, "flows").map((row) => ({
      id: row.text("id"),
      asset: asset_at(row, "asset"),
      from: texts(row, "from"),
      to: texts(row, "to"),
      held_by: optional_text(row, "held_by"),
    })),
    holds: tables(scheme, "holds").map((row) => ({
      id: row.text("id"),
      asset: asset_at(row, "asset"),
      of: texts(row, "of"),
      days: row.count("days"),
      approvers: texts(row, "approvers"),
      approvals: number_at(row, "approvals", 0),
    })),
    splits: tables(scheme, "splits").map(read_split),
    units: tables(scheme, "units").map(read_units),
    rewards: tables(scheme, "rewards").map((row) => {
      const asset = asset_at(row, "asset");
      return {
        id: row.text("id"),
        asset,
        cost: amount_at(row, "cost", asset),
        stock: number_at(row, "stock", 0),
        per_account: number_at(row, "per_account", 0),
        funded: row.has("funded") && row.flag("funded"),
      };
    }),
    conversions: tables(scheme, "conversions").map((row) => {
      const from = asset_at(row, "from");
      const to = asset_at(row, "to");
      return {
        id: row.text("id"),
        from,
        each: amount_at(row, "each", from),
        to,
        gives: amount_at(row, "gives", to),
      };
    }),
    findings: tables(scheme, "findings").map((row) => ({ id: row.text("id") })),
    point_years: scheme.has("point_years") ? scheme.count("point_years") : undefined,
  };
}
