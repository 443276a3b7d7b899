// Acts that were credited, by account, group and day of their start: what a later report of the
// same act is compared with. Chains in flat arrays, because there may be ten million of them.
import { type Integer } from "./bytes.js";
import { mix } from "./windows.js";

const day_s = 86400;
const act_max_s = 6 * 3600; // no act lasts longer: docs/events.md

export class Acts {
  private size = 0;
  private accounts = new Uint32Array(1024);
  private places = new Uint32Array(1024); // group (12 bits) and day since 1900 (17 bits)
  private seconds = new Uint32Array(1024); // of the day
  private lengths = new Uint16Array(1024);
  private tiers = new Uint8Array(1024); // 255: withdrawn
  private records = new Uint32Array(1024);
  private credited = new Float64Array(1024); // below 2^48, or it was refused
  private next = new Uint32Array(1024); // act + 1; 0: the last of its chain
  private heads = new Uint32Array(2048); // act + 1

  private head(account: number, place: number): number {
    const mask = this.heads.length - 1;
    let at = mix(account, place) & mask;
    for (;;) {
      const act = this.heads[at]!;
      if (act === 0) return at;
      if (this.accounts[act - 1] === account && this.places[act - 1] === place) return at;
      at = (at + 1) & mask;
    }
  }

  private place(group: number, day: number): number {
    return group * 131072 + (day + 25567);
  }

  /** Visits every act of the account and group whose time, widened, meets the given one. */
  overlapping(
    account: number,
    group: number,
    start_s: number,
    length_s: number,
    within_s: number,
    visit: (record: number, tier: number, credited: number) => void,
  ): void {
    const first = Math.floor((start_s - act_max_s - within_s) / day_s);
    const last = Math.floor((start_s + length_s + within_s) / day_s);
    for (let day = first; day <= last; day++) {
      let act = this.heads[this.head(account, this.place(group, day))]!;
      for (; act !== 0; act = this.next[act - 1]!) {
        const i = act - 1;
        if (this.tiers[i] === 255) continue;
        const start = day * day_s + this.seconds[i]!;
        if (
          start <= start_s + length_s + within_s &&
          start_s <= start + this.lengths[i]! + within_s
        )
          visit(this.records[i]!, this.tiers[i]!, this.credited[i]!);
      }
    }
  }

  add(
    account: number,
    group: number,
    start_s: number,
    length_s: number,
    tier: number,
    record: number,
    credited: Integer,
    today: number,
  ): void {
    if (this.size === this.accounts.length) this.grow(today);
    const day = Math.floor(start_s / day_s);
    const place = this.place(group, day);
    const at = this.head(account, place);
    const i = this.size++;
    this.accounts[i] = account;
    this.places[i] = place;
    this.seconds[i] = start_s - day * day_s;
    this.lengths[i] = length_s;
    this.tiers[i] = tier;
    this.records[i] = record;
    this.credited[i] = Number(credited);
    this.next[i] = this.heads[at]!;
    this.heads[at] = i + 1;
  }

  withdraw(account: number, group: number, start_s: number, record: number): void {
    const place = this.place(group, Math.floor(start_s / day_s));
    for (let act = this.heads[this.head(account, place)]!; act !== 0; act = this.next[act - 1]!)
      if (this.records[act - 1] === record) this.tiers[act - 1] = 255;
  }

  /** Acts of more than a good year ago are left behind: no event so late is accepted. */
  private grow(today: number): void {
    const old = {
      accounts: this.accounts,
      places: this.places,
      seconds: this.seconds,
      lengths: this.lengths,
      tiers: this.tiers,
      records: this.records,
      credited: this.credited,
    };
    const keep = (i: number): boolean =>
      old.tiers[i] !== 255 && (old.places[i]! % 131072) - 25567 >= today - 400;
    let kept = 0;
    for (let i = 0; i < this.size; i++) if (keep(i)) kept++;
    const count = this.size;
    const size = kept * 2 > count ? 2 * count : count;
    this.accounts = new Uint32Array(size);
    this.places = new Uint32Array(size);
    this.seconds = new Uint32Array(size);
    this.lengths = new Uint16Array(size);
    this.tiers = new Uint8Array(size);
    this.records = new Uint32Array(size);
    this.credited = new Float64Array(size);
    this.next = new Uint32Array(size);
    this.heads = new Uint32Array(2 * size);
    this.size = 0;
    for (let i = 0; i < count; i++) {
      if (!keep(i)) continue;
      const day = (old.places[i]! % 131072) - 25567;
      const group = Math.floor(old.places[i]! / 131072);
      const start = day * day_s + old.seconds[i]!;
      this.add(
        old.accounts[i]!,
        group,
        start,
        old.lengths[i]!,
        old.tiers[i]!,
        old.records[i]!,
        old.credited[i]!,
        today,
      );
    }
  }
}
