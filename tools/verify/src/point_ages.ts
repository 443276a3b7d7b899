// How old points are, where a scheme ends them: what of an account's balance was there at the end
// of each of the last years. What is spent is the oldest, so it lowers all of them.
import { type Integer, minus } from "./bytes.js";
import { Integers } from "./column.js";

export class Point_ages {
  private marks: Integers[] = []; // the newest first

  constructor(public year: number) {}

  /** Points end so many years after the year in which they were posted. */
  set_years(years: number): void {
    while (this.marks.length > years + 1) this.marks.pop();
    while (this.marks.length < years + 1) this.marks.push(new Integers(8));
  }

  end_year(accounts: Iterable<number>, balance: (account: number) => Integer): void {
    const mark = new Integers(8);
    for (const account of accounts) {
      const held = balance(account);
      if (held > 0) mark.set(account, held);
    }
    this.marks.pop();
    this.marks.unshift(mark);
    this.year++;
  }

  spend(account: number, amount: Integer): void {
    for (const mark of this.marks) {
      const before = mark.get(account);
      if (before === 0) continue;
      const left = minus(before, amount);
      mark.set(account, left > 0 ? left : 0);
    }
  }

  due(account: number, available: Integer): Integer {
    const mark = this.marks.at(-1)?.get(account) ?? 0;
    const most = available > 0 ? available : 0;
    return mark < most ? mark : most;
  }
}
