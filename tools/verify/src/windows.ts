// What accounts have used of their caps: an amount for each account, cap and window of time.
import { type Integer, plus } from "./bytes.js";
import { civil_of, day_of } from "./civil.js";

/** The last day of the window that a local day lies in; weeks end on Sunday. */
export function window_end(day: number, per: string): number {
  if (per === "day") return day;
  // 1970-01-01 was a Thursday: day 3 is the first Sunday.
  if (per === "week") return day + ((((3 - day) % 7) + 7) % 7);
  const { year, month } = civil_of(day);
  if (per === "year" || month === 12) return day_of(year, 12, 31);
  return day_of(year, month + 1, 1) - 1;
}

/** Spreads two words over a table; any fixed mixing will do. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ (b >>> 15), 0xc2b2ae35);
  h ^= h >>> 13;
  h = Math.imul(h, 0x27d4eb2f);
  return (h ^ (h >>> 16)) >>> 0;
}

export class Windows {
  private accounts = new Uint32Array(1024); // account + 1; 0: free
  private places = new Uint32Array(1024); // cap (12 bits) and last day since 1900 (17 bits)
  private used = new Float64Array(1024);
  private large = new Map<string, bigint>(); // beyond exact doubles
  private count = 0;

  private slot(account: number, place: number): number {
    const mask = this.accounts.length - 1;
    let at = mix(account, place) & mask;
    while (this.accounts[at] !== 0) {
      if (this.accounts[at] === account + 1 && this.places[at] === place) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  private place(cap: number, last_day: number): number {
    return cap * 131072 + (last_day + 25567);
  }

  get(account: number, cap: number, last_day: number): Integer {
    const place = this.place(cap, last_day);
    if (this.large.size > 0) {
      const large = this.large.get(`${account} ${place}`);
      if (large !== undefined) return large;
    }
    const at = this.slot(account, place);
    return this.accounts[at] === 0 ? 0 : this.used[at]!;
  }

  /** `today`: windows that ended a good year before it can be reached by no event any more. */
  use(account: number, cap: number, last_day: number, amount: Integer, today: number): void {
    if (amount === 0) return;
    const place = this.place(cap, last_day);
    const sum = plus(this.get(account, cap, last_day), amount);
    if (this.count * 5 > this.accounts.length * 3) this.grow(today);
    const at = this.slot(account, place);
    if (this.accounts[at] === 0) {
      this.accounts[at] = account + 1;
      this.places[at] = place;
      this.count++;
    }
    const key = this.large.size > 0 || typeof sum === "bigint" ? `${account} ${place}` : "";
    if (typeof sum === "bigint") this.large.set(key, sum);
    else {
      if (this.large.size > 0) this.large.delete(key);
      this.used[at] = sum;
    }
  }

  private grow(today: number): void {
    const { accounts, places, used } = this;
    const keep = (i: number): boolean =>
      accounts[i] !== 0 && (places[i]! % 131072) - 25567 >= today - 400;
    let kept = 0;
    for (let i = 0; i < accounts.length; i++) if (keep(i)) kept++;
    const size = kept * 3 > accounts.length ? 2 * accounts.length : accounts.length;
    this.accounts = new Uint32Array(size);
    this.places = new Uint32Array(size);
    this.used = new Float64Array(size);
    this.count = 0;
    for (let i = 0; i < accounts.length; i++) {
      if (!keep(i)) continue;
      const at = this.slot(accounts[i]! - 1, places[i]!);
      this.accounts[at] = accounts[i]!;
      this.places[at] = places[i]!;
      this.used[at] = used[i]!;
      this.count++;
    }
  }
}
