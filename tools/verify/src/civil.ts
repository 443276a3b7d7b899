// Civil days as a count since 1970-01-01, and the intervals of days that factors are valid for.
import { Malformed } from "./trouble.js";

export const day_first = -25567; // 1900-01-01
export const day_last = 84005; // 2199-12-31

export function day_of(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const of_era = y - era * 400;
  const of_year = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146097 +
    of_era * 365 +
    Math.floor(of_era / 4) -
    Math.floor(of_era / 100) +
    of_year -
    719468
  );
}

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civil_of(days: number): Civil {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

function month_days(year: number, month: number): number {
  return (
    (month === 12 ? day_of(year + 1, 1, 1) : day_of(year, month + 1, 1)) -
    day_of(year, month, 1)
  );
}

export function read_day(text: string): number {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  const [year, month, day] = match ? match.slice(1).map(Number) : [0, 0, 0];
  if (!match || month! < 1 || month! > 12 || day! < 1 || day! > month_days(year!, month!))
    throw new Malformed("time.day", { text: text.slice(0, 40) });
  return day_of(year!, month!, day!);
}

export function show_day(day: number): string {
  const { year, month, day: of_month } = civil_of(day);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(of_month)}`;
}

/** The same day `years` earlier; of 29 February the 28th where that year has no such day. */
export function years_before(day: number, years: number): number {
  const civil = civil_of(day);
  const year = civil.year - years;
  return day_of(year, civil.month, Math.min(civil.day, month_days(year, civil.month)));
}

export interface Days {
  readonly first: number;
  readonly last: number;
}

export const always: Days = { first: -Infinity, last: Infinity };

/** "2022", "2024..", "2024-07-01..2025-06-30", "not stated"; an end may be a year or month too. */
export function read_days(text: string): Days {
  if (text === "not stated") return always;
  const cut = text.indexOf("..");
  if (cut < 0) return span(text);
  const from = text.slice(0, cut);
  const to = text.slice(cut + 2);
  return {
    first: from === "" ? -Infinity : span(from).first,
    last: to === "" ? Infinity : span(to).last,
  };
}

/** A day, a month or a year. */
export function span(text: string): Days {
  const match = /^([0-9]{4})(?:-([0-9]{2}))?$/.exec(text);
  if (!match) {
    const day = read_day(text);
    return { first: day, last: day };
  }
  const year = Number(match[1]);
  if (!match[2]) return { first: day_of(year, 1, 1), last: day_of(year, 12, 31) };
  const month = Number(match[2]);
  if (month < 1 || month > 12) throw new Malformed("time.day", { text });
  return { first: day_of(year, month, 1), last: day_of(year, month, month_days(year, month)) };
}
