// A transaction as it is decided: whose legs it has, what it posts and changes, and what of it the
// export does not tell.
import { type Integer, minus, negative, plus } from "./bytes.js";
import { Asked, Refused } from "./asked.js";
import { type Dealings } from "./dealings.js";
import { asset_names } from "./assets.js";
import { type Holdings } from "./holdings.js";
import { type Hold } from "./holds.js";
import { type JsonObject, type Members } from "./json.js";
import { type Past } from "./past.js";
import { type Rule } from "./rule.js";
import { show_day } from "./civil.js";

export interface Leg {
  readonly account: number;
  readonly amounts: [number, Integer][];
}

/** An event's entry, as far as a doubt about it needs it. */
export interface Entry {
  readonly account: number;
  readonly rule_number: number;
  readonly rule: Rule;
  readonly credited: readonly Integer[]; // the points last, as it was given them
  readonly counts: boolean; // not replaced and not taken back
}

/** The books, as a decision sees them: before the transaction. */
export interface View {
  readonly admitted_us: number;
  readonly today: number; // of the block, UTC
  readonly holdings: Holdings;
  readonly past: Past;
  /** why a decision may lack something; undefined: the export holds all that its programme has */
  readonly lacks: string | undefined;
  /** all of the account's records are there */
  knows(account: number): boolean;
  balance(asset: number, account: number): Integer;
  programme_of(account: number): number | undefined;
  is_open(account: number): boolean;
  may_spend(account: number, stream: number): boolean;
  source_of(stream: number): string;
  entry(record: number): Entry | undefined;
  accounts_of(programme: number): Iterable<number>;
}

/** The export does not hold what the outcome depends on. */
export class Not_told extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

export const legs_max = 4000;

export interface Request {
  readonly action: string;
  readonly programme: number;
  readonly stream: number;
  readonly time_us: number;
  readonly local_day: number;
  readonly late_days: number;
  readonly data: Members;
}

export class Deal {
  readonly legs: Leg[] = [];
  readonly changes: JsonObject[] = [];
  /** Why not everything could be decided. */
  readonly doubts = new Set<string>();
  readonly data: Asked;
  private readonly leg_of = new Map<number, number>();

  constructor(
    readonly view: View,
    readonly request: Request,
    readonly rules: Dealings,
  ) {
    this.data = new Asked(
      request.data,
      (name) => this.party(name),
      (account) => view.programme_of(account) !== undefined,
    );
  }

  get programme(): number {
    return this.request.programme;
  }

  get holdings(): Holdings {
    return this.view.holdings;
  }

  party(name: string): number | undefined {
    return this.holdings.party(this.programme, name);
  }

  rule<R extends { readonly id: string }>(rules: readonly R[], id: string): R {
    const rule = rules.find((one) => one.id === id);
    if (!rule) throw new Refused("unknown_rule");
    return rule;
  }

  /** The account's leg; a new one the first time. */
  leg(account: number): number {
    let leg = this.leg_of.get(account);
    if (leg === undefined) {
      leg = this.legs.length;
      this.leg_of.set(account, leg);
      this.legs.push({ account, amounts: [] });
    }
    return leg;
  }

  /** An amount of 0 makes a leg; one that becomes 0 by adding up stays. */
  post(account: number, asset: number, amount: Integer): void {
    const { amounts } = this.legs[this.leg(account)]!;
    if (amount === 0) return;
    const known = amounts.find((one) => one[0] === asset);
    if (known) known[1] = plus(known[1], amount);
    else amounts.push([asset, amount]);
  }

  /** Says that something could not be looked at, unless the account is known. */
  knows(account: number): boolean {
    if (this.view.knows(account)) return true;
    this.doubt();
    return false;
  }

  doubt(): void {
    this.doubts.add(this.view.lacks ?? "account");
  }

  /** The export holds all transactions of the programme. */
  is_complete(): boolean {
    return this.view.lacks === undefined;
  }

  not_told(): Not_told {
    return new Not_told(this.view.lacks ?? "account");
  }

  available(account: number, asset: number): Integer {
    if (!this.view.knows(account)) throw this.not_told();
    return this.free(account, asset);
  }

  private free(account: number, asset: number): Integer {
    return minus(this.view.balance(asset, account), this.holdings.holds.held(account, asset));
  }

  check_available(account: number, asset: number, amount: Integer): void {
    if (!this.knows(account) || amount <= this.free(account, asset)) return;
    throw new Refused("not_enough");
  }

  /** Of all that the account has, also what is set aside. */
  check_balance(account: number, asset: number, amount: Integer): void {
    if (!this.knows(account) || amount <= this.view.balance(asset, account)) return;
    throw new Refused("not_enough");
  }

  /** Of an account that has no role, its holder must have agreed. */
  check_consent(account: number): void {
    if (this.holdings.is_party(this.programme, account) || !this.knows(account)) return;
    if (!this.view.may_spend(account, this.request.stream)) throw new Refused("no_consent");
  }

  spend(account: number, asset: number, amount: Integer): void {
    this.check_available(account, asset, amount);
    this.check_consent(account);
    this.post(account, asset, negative(amount));
  }

  open_hold(number: number): Hold {
    const { view } = this;
    const hold = this.holdings.holds.find(number);
    if (!hold && !this.is_complete()) throw this.not_told();
    if (!hold || hold.programme !== this.programme || hold.account === undefined)
      throw new Refused("hold_not_open");
    if (hold.until < view.today) throw new Refused("hold_not_open");
    return hold;
  }

  take(number: number, hold: Hold, amount: Integer): void {
    if (amount > hold.left) throw new Refused("more_than_held");
    this.knows(hold.account!);
    this.changes.push({ change: "taken", hold: number, amount: String(amount) });
  }

  private held_here = 0;

  set_aside(
    rule: string,
    account: number,
    payee: number | undefined,
    asset: number,
    amount: Integer,
    until: number,
  ): void {
    const leg = this.leg(account);
    this.changes.push({
      change: "hold",
      hold: this.holdings.holds.next + this.held_here++,
      rule,
      leg,
      ...(payee === undefined ? {} : { payee: this.leg(payee) }),
      asset: asset_names[asset]!,
      amount: String(amount),
      until: show_day(until),
    });
  }

  /** Of all legs: open accounts of the programme. */
  check_legs(): void {
    if (this.legs.length > legs_max || this.changes.length > legs_max)
      throw new Refused("too_many_accounts");
    for (const { account } of this.legs) {
      if (this.view.programme_of(account) !== this.programme)
        throw new Refused("other_programme");
      if (this.knows(account) && !this.view.is_open(account))
        throw new Refused("account_not_open");
    }
  }
}
