// What there is in the books beside balances: what is set aside, units, orders, questions, shared
// periods, roles, groups, ages of points. Transactions change it as their records say; what is not
// legal is named, and as much of it as can be is done, so that one wrong record does not make all
// that follow it wrong.
import { type Integer, normal, plus } from "./bytes.js";
import { read_day } from "./civil.js";
import { asset_names } from "./assets.js";
import { Holds } from "./holds.js";
import { Members } from "./json.js";
import { type Point_ages } from "./point_ages.js";
import {
  is_final,
  is_legal_unit,
  Serials,
  type Unit_state,
  unit_states,
} from "./serials.js";
import { Malformed, type Args } from "./trouble.js";

export const order_states = [
  "placed",
  "funded",
  "done",
  "failed",
  "replaced",
  "cancelled",
] as const;
export type Order_state = (typeof order_states)[number];

export interface Order {
  readonly programme: number;
  readonly reward: string;
  readonly account: number | undefined;
  readonly funded: boolean; // somebody pays before it is done
  readonly asset: number;
  readonly cost: Integer;
  state: Order_state;
}

export interface Question {
  readonly programme: number;
  readonly record: number;
  readonly account: number | undefined;
  readonly stream: number;
  readonly holds: readonly number[];
  state: "open" | "kept" | "taken_back";
}

export interface Period {
  closed: boolean;
  amount: Integer;
}

export interface Group {
  readonly programme: number;
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/** Of the transaction whose changes are made. */
export interface Making {
  readonly action: string;
  readonly programme: number;
  readonly legs: number;
  /** undefined: the export does not say */
  account(leg: number): number | undefined;
  report(code: string, args: Args): void;
}

export function is_legal_order(from: Order_state, to: Order_state, funded: boolean): boolean {
  switch (from) {
    case "placed":
      return to === "cancelled" || to === (funded ? "funded" : "done");
    case "funded":
      return to === "done" || to === "failed";
    case "done":
    case "replaced":
      return to === "failed";
    case "failed":
      return to === "replaced";
    case "cancelled":
      return false;
  }
}

export function read_amount(members: Members, key: string): Integer {
  const text = members.text(key);
  if (!/^(0|-?[1-9][0-9]{0,18})$/.test(text)) throw new Malformed("transaction.form", { key });
  return normal(BigInt(text));
}

export function one_of<T extends string>(all: readonly T[], members: Members, key: string): T {
  const found = all.find((one) => one === members.text(key));
  if (found === undefined) throw new Malformed("transaction.form", { key });
  return found;
}

const keys: { readonly [change: string]: readonly string[] } = {
  hold: ["hold", "rule", "leg", "payee", "asset", "amount", "until"],
  taken: ["hold", "amount"],
  issued: ["units", "first", "count", "vintage", "state", "leg"],
  units: ["units", "first", "last", "state", "leg", "creditor"],
  ordered: ["order", "reward", "leg", "funded", "asset", "cost"],
  order: ["order", "state"],
  split: ["split", "period", "shares"],
  closed: ["split", "period"],
  reversed: ["record"],
  question: ["question", "record", "leg", "stream", "finding", "missing"],
  settled: ["question", "record", "state", "rule"],
};

export class Holdings {
  readonly holds = new Holds();
  readonly orders: (Order | undefined)[] = [];
  readonly questions: (Question | undefined)[] = [];
  readonly question_about = new Map<number, Question>(); // the last one of each record
  readonly reversed = new Set<number>(); // records of transactions
  readonly groups: Group[] = [];
  readonly ages = new Map<number, Point_ages>();
  private readonly units = new Map<string, Serials>();
  private readonly periods = new Map<string, Period>();
  private readonly parties = new Map<string, number>();
  private readonly taken_orders = new Map<string, number>();

  /** `numbered`: the export holds every hold, order and question, so that numbers can be compared;
   * `complete`: it holds all transactions of its programmes. */
  constructor(
    readonly numbered: boolean,
    readonly complete: boolean,
  ) {}

  party(programme: number, name: string): number | undefined {
    return this.parties.get(`${programme} ${name}`);
  }

  set_party(programme: number, name: string, account: number): void {
    this.parties.set(`${programme} ${name}`, account);
  }

  is_party(programme: number, account: number): boolean {
    for (const [name, holder] of this.parties)
      if (holder === account && name.startsWith(`${programme} `)) return true;
    return false;
  }

  units_of(programme: number, name: string): Serials | undefined {
    return this.units.get(`${programme} ${name}`);
  }

  period(programme: number, split: string, period: string): Period | undefined {
    return this.periods.get(`${programme} ${split} ${period}`);
  }

  /** Orders of a reward that were not cancelled; of one account or of all. */
  ordered(programme: number, reward: string, account?: number): number {
    return this.taken_orders.get(`${programme} ${reward} ${account ?? "all"}`) ?? 0;
  }

  /** Classes whose numbers do not add up any more. */
  *broken_classes(): Generator<string> {
    for (const [name, units] of this.units) if (!units.is_whole()) yield name;
  }

  apply(changes: readonly Members[], making: Making): void {
    const placed: number[] = [];
    for (const change of changes) {
      const kind = change.text("change");
      const allowed = keys[kind];
      if (!allowed) throw new Malformed("transaction.form", { key: "change" });
      change.only("change", ...allowed);
      switch (kind) {
        case "hold":
          placed.push(change.count("hold"));
          this.place_hold(change, making);
          break;
        case "taken":
          this.take_hold(change, making);
          break;
        case "issued":
          this.issue(change, making);
          break;
        case "units":
          this.change_units(change, making);
          break;
        case "ordered":
          this.place_order(change, making);
          break;
        case "order":
          this.step_order(change, making);
          break;
        case "split":
          this.share(change, making);
          break;
        case "closed":
          this.close(change, making);
          break;
        case "reversed":
          this.reverse(change.count("record"), making);
          break;
        case "question":
          this.ask(change, placed, making);
          break;
        case "settled":
          this.settle(change, making);
          break;
      }
    }
  }

  private leg(change: Members, key: string, making: Making): number | undefined {
    const leg = change.count(key);
    if (leg >= making.legs) making.report("transaction.no_such_leg", { leg });
    return making.account(leg);
  }

  private number(what: string, found: number, expected: number, making: Making): void {
    if (this.numbered ? found !== expected : found < expected)
      making.report("transaction.number", { what, expected, found });
  }

  private place_hold(change: Members, making: Making): void {
    const number = change.count("hold");
    this.number("hold", number, this.holds.next, making);
    const left = read_amount(change, "amount");
    if (left <= 0 || this.holds.find(number)) {
      making.report("transaction.hold_not_left", { hold: number, amount: String(left), left: "0" });
      return;
    }
    const by =
      making.action === "split" ? "split" : making.action === "question" ? "question" : "rule";
    this.holds.place(number, {
      rule: change.text("rule"),
      by,
      programme: making.programme,
      account: this.leg(change, "leg", making),
      payee: change.has("payee") ? (this.leg(change, "payee", making) ?? null) : undefined,
      asset: asset_names.indexOf(one_of(asset_names, change, "asset")),
      until: read_day(change.text("until")),
      left,
    });
  }

  private take_hold(change: Members, making: Making): void {
    const number = change.count("hold");
    const amount = read_amount(change, "amount");
    const left = this.holds.find(number)?.left ?? 0;
    if (left === 0 && !this.complete) return;
    if (amount <= 0 || amount > left)
      making.report("transaction.hold_not_left", {
        hold: number,
        amount: String(amount),
        left: String(left),
      });
    if (left > 0 && amount > 0) this.holds.take(number, amount < left ? amount : left);
  }

  private serials(change: Members, making: Making): Serials {
    const key = `${making.programme} ${change.text("units")}`;
    let units = this.units.get(key);
    if (!units) {
      units = new Serials();
      this.units.set(key, units);
    }
    return units;
  }

  private issue(change: Members, making: Making): void {
    const units = this.serials(change, making);
    const [first, count] = [change.count("first"), change.count("count")];
    const state = one_of(unit_states, change, "state");
    const owner = this.leg(change, "leg", making);
    const next = units.issued + 1;
    const fits = this.complete ? first === next : first >= next;
    if (!fits || count < 1) {
      making.report("transaction.number", { what: "unit", expected: next, found: first });
      return;
    }
    if (state !== "held" && state !== "buffer")
      making.report("transaction.illegal_change", { what: `unit ${first}`, from: "", to: state });
    units.issue(first, count, change.count("vintage"), state, owner);
  }

  private change_units(change: Members, making: Making): void {
    const units = this.serials(change, making);
    const [first, last] = [change.count("first"), change.count("last")];
    const to: Unit_state = one_of(unit_states, change, "state");
    const owner = change.has("leg") ? this.leg(change, "leg", making) : undefined;
    const creditor = change.has("creditor")
      ? (this.leg(change, "creditor", making) ?? null)
      : undefined;
    const run = units.within(first, last);
    if (last < first || first < 1 || (!run && this.complete)) {
      making.report("transaction.no_such_units", { units: change.text("units"), first, last });
      return;
    }
    if (change.has("leg") === is_final(to) || change.has("creditor") !== (to === "pledged"))
      making.report("transaction.illegal_change", { what: `unit ${first}`, from: "owner", to });
    if (run && !is_legal_unit(run.state, to)) {
      making.report("transaction.illegal_change", {
        what: `unit ${first}`,
        from: run.state,
        to,
      });
      return;
    }
    units.change(first, last, to, owner, creditor);
  }

  private count_order(order: Order, by: number): void {
    const { programme, reward, account } = order;
    for (const whose of account === undefined ? ["all"] : ["all", account]) {
      const key = `${programme} ${reward} ${whose}`;
      this.taken_orders.set(key, (this.taken_orders.get(key) ?? 0) + by);
    }
  }

  private place_order(change: Members, making: Making): void {
    const number = change.count("order");
    this.number("order", number, this.orders.length, making);
    const order: Order = {
      programme: making.programme,
      reward: change.text("reward"),
      account: this.leg(change, "leg", making),
      funded: change.flag("funded"),
      asset: asset_names.indexOf(one_of(asset_names, change, "asset")),
      cost: read_amount(change, "cost"),
      state: "placed",
    };
    if (number < this.orders.length || number > 2 ** 31) return;
    this.orders[number] = order;
    this.count_order(order, 1);
  }

  private step_order(change: Members, making: Making): void {
    const number = change.count("order");
    const order = this.orders[number];
    const to = one_of(order_states, change, "state");
    if (!order && !this.complete) return;
    if (!order || !is_legal_order(order.state, to, order.funded)) {
      const from = order?.state ?? "";
      making.report("transaction.illegal_change", { what: `order ${number}`, from, to });
      return;
    }
    order.state = to;
    if (to === "cancelled") this.count_order(order, -1);
  }

  private period_in(change: Members, making: Making): Period {
    const key = `${making.programme} ${change.text("split")} ${change.text("period")}`;
    let period = this.periods.get(key);
    if (!period) {
      period = { closed: false, amount: 0 };
      this.periods.set(key, period);
    }
    return period;
  }

  private share(change: Members, making: Making): void {
    const period = this.period_in(change, making);
    if (period.closed)
      making.report("transaction.period_closed", { period: change.text("period") });
    for (const one of change.list("shares")) {
      const share = Members.of(one, "transaction");
      share.only("party", "amount");
      share.text("party");
      period.amount = plus(period.amount, read_amount(share, "amount"));
    }
  }

  private close(change: Members, making: Making): void {
    const period = this.period_in(change, making);
    if (period.closed)
      making.report("transaction.period_closed", { period: change.text("period") });
    period.closed = true;
  }

  private reverse(record: number, making: Making): void {
    if (this.reversed.has(record)) making.report("transaction.reversed_twice", { record });
    this.reversed.add(record);
  }

  private ask(change: Members, holds: readonly number[], making: Making): void {
    const number = change.count("question");
    this.number("question", number, this.questions.length, making);
    const record = change.count("record");
    if (this.question_about.get(record)?.state === "open")
      making.report("transaction.illegal_change", {
        what: `question ${number}`,
        from: "open",
        to: "open",
      });
    const question: Question = {
      programme: making.programme,
      record,
      account: this.leg(change, "leg", making),
      stream: change.count("stream"),
      holds,
      state: "open",
    };
    change.text("finding");
    change.list("missing");
    if (number < this.questions.length || number > 2 ** 31) return;
    this.questions[number] = question;
    this.question_about.set(record, question);
  }

  private settle(change: Members, making: Making): void {
    const number = change.count("question");
    const question = this.questions[number];
    const to = one_of(["kept", "taken_back"] as const, change, "state");
    if (!question && !this.complete) return;
    if (!question || question.state !== "open" || question.record !== change.count("record")) {
      const from = question?.state ?? "";
      making.report("transaction.illegal_change", { what: `question ${number}`, from, to });
      return;
    }
    question.state = to;
  }
}
