// What transactions posted that can be reversed later: transfers, splits and conversions.
import { type Integer } from "./bytes.js";
import { floats, halves, Integers, words } from "./column.js";
import { type Members } from "./json.js";

export interface Row {
  readonly account: number | undefined; // undefined: its posting cannot be read
  readonly asset: number | undefined; // undefined: a leg without amounts
  readonly amount: Integer;
}

export class Past {
  private readonly records = floats(8);
  private readonly programmes = halves(8);
  private readonly starts = floats(8);
  private readonly row_accounts = words(8); // account + 1; 0: not readable
  private readonly row_assets = halves(8); // asset + 1; 0: none
  private readonly row_amounts = new Integers(8);
  private readonly changes = new Map<number, readonly Members[]>(); // of those that have some
  private count = 0;
  private rows = 0;

  /** In the order of the records; its rows follow. */
  begin(record: number, programme: number, changes: readonly Members[]): void {
    this.records.set(this.count, record);
    this.programmes.set(this.count, programme);
    this.starts.set(this.count++, this.rows);
    if (changes.length > 0) this.changes.set(record, changes);
  }

  add(account: number | undefined, amounts: readonly (readonly [number, Integer])[]): void {
    const put = (asset: number, amount: Integer): void => {
      this.row_accounts.set(this.rows, account === undefined ? 0 : account + 1);
      this.row_assets.set(this.rows, asset);
      this.row_amounts.set(this.rows++, amount);
    };
    if (amounts.length === 0) put(0, 0);
    for (const [asset, amount] of amounts) put(asset + 1, amount);
  }

  find(
    record: number,
  ): { programme: number; rows: Row[]; changes: readonly Members[] } | undefined {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.records.get(middle) < record) low = middle + 1;
      else high = middle;
    }
    if (low >= this.count || this.records.get(low) !== record) return undefined;
    const end = low + 1 < this.count ? this.starts.get(low + 1) : this.rows;
    const rows: Row[] = [];
    for (let at = this.starts.get(low); at < end; at++) {
      const account = this.row_accounts.get(at);
      const asset = this.row_assets.get(at);
      rows.push({
        account: account === 0 ? undefined : account - 1,
        asset: asset === 0 ? undefined : asset - 1,
        amount: this.row_amounts.get(at),
      });
    }
    return {
      programme: this.programmes.get(low),
      rows,
      changes: this.changes.get(record) ?? [],
    };
  }
}
