// Amounts that are set aside: they stay in the balance and can neither be spent nor set aside again.
import { type Integer, minus, plus } from "./bytes.js";

export interface Hold {
  readonly rule: string;
  readonly by: "rule" | "split" | "question";
  readonly programme: number;
  readonly account: number | undefined; // undefined: the export does not say whose
  /** undefined: nobody in particular; null: somebody whom the export does not name */
  readonly payee: number | undefined | null;
  readonly asset: number;
  readonly until: number;
  left: Integer;
}

export class Holds {
  next = 0;
  private readonly open = new Map<number, Hold>();
  private readonly sums = new Map<string, Integer>();
  private readonly ending = new Map<number, number[]>(); // by the last day
  private today = -Infinity;

  place(number: number, hold: Hold): void {
    this.next = number + 1;
    this.open.set(number, hold);
    this.add(hold, hold.left);
    const ending = this.ending.get(hold.until);
    if (ending) ending.push(number);
    else this.ending.set(hold.until, [number]);
  }

  find(number: number): Hold | undefined {
    return this.open.get(number);
  }

  /** At most what is left. */
  take(number: number, amount: Integer): void {
    const hold = this.open.get(number)!;
    this.add(hold, minus(0, amount));
    hold.left = minus(hold.left, amount);
    if (hold.left === 0) this.open.delete(number);
  }

  held(account: number, asset: number): Integer {
    return this.sums.get(`${account} ${asset}`) ?? 0;
  }

  /** A hold ends after its last day. */
  end_before(today: number): void {
    if (today <= this.today) return;
    this.today = today;
    for (const [until, numbers] of this.ending) {
      if (until >= today) continue;
      for (const number of numbers) {
        const hold = this.open.get(number);
        if (hold) this.take(number, hold.left);
      }
      this.ending.delete(until);
    }
  }

  private add(hold: Hold, amount: Integer): void {
    if (hold.account === undefined) return;
    const key = `${hold.account} ${hold.asset}`;
    const sum = plus(this.sums.get(key) ?? 0, amount);
    if (sum === 0) this.sums.delete(key);
    else this.sums.set(key, sum);
  }
}
