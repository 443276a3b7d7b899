// Transactions with amounts: transfer, hold, release, split, close, reverse.
import { type Integer, minus, negative, normal } from "./bytes.js";
import { Refused } from "./asked.js";
import { day_last } from "./civil.js";
import { type Deal } from "./deal.js";
import { type Flow, type Hold_rule, type Split_rule } from "./dealings.js";
import { ratio, round_even, times } from "./decimal.js";
import { Members } from "./json.js";
import { read_amount } from "./holdings.js";
import { shared } from "./shares.js";

/** One side of a flow: an account, or nobody of these books. */
function side(deal: Deal, field: string, parties: readonly string[]): number | undefined {
  const given = deal.data.optional_text(field);
  const name = given === "" && parties.length === 1 ? parties[0]! : given;
  if (name === "" || name === "any") throw new Refused("field_missing");
  if (name === "outside" && parties.includes("outside")) return undefined;
  const account = deal.data.account_named(name);
  if (parties.includes("any") || parties.some((party) => deal.party(party) === account))
    return account;
  throw new Refused("party_not_allowed");
}

function take_from_hold(
  deal: Deal,
  flow: Flow,
  from: number,
  to: number | undefined,
  amount: Integer,
): void {
  const number = deal.data.whole("hold");
  const hold = deal.open_hold(number);
  if (hold.payee === null && !deal.is_complete()) throw deal.not_told();
  const fits =
    hold.by === "rule" &&
    hold.rule === flow.held_by &&
    hold.account === from &&
    hold.asset === flow.asset &&
    (hold.payee === undefined || hold.payee === to);
  if (!fits) throw new Refused("other_hold");
  if (hold.payee === undefined && to !== undefined) {
    const rule = deal.rule(deal.rules.holds, flow.held_by!);
    if (rule.approvers.some((party) => deal.party(party) === to))
      throw new Refused("approves_own");
  }
  deal.take(number, hold, amount);
  deal.check_balance(from, hold.asset, amount);
  deal.post(from, hold.asset, negative(amount));
}

export function transfer(deal: Deal): void {
  const flow = deal.rule(deal.rules.flows, deal.data.text("flow"));
  const amount = deal.data.amount("amount", flow.asset);
  deal.data.optional_text("reference");
  const from = side(deal, "from", flow.from);
  const to = side(deal, "to", flow.to);
  if (from === to) throw new Refused("same_account");
  if (flow.held_by !== undefined) {
    if (from === undefined) throw new Refused("field_missing");
    take_from_hold(deal, flow, from, to, amount);
  } else if (from !== undefined) deal.spend(from, flow.asset, amount);
  if (to !== undefined) deal.post(to, flow.asset, amount);
}

function check_approvals(
  deal: Deal,
  rule: Hold_rule,
  payee: number | undefined,
  given: readonly string[],
): void {
  const agreed = new Set<number>();
  for (const party of given) {
    const account = deal.party(party);
    if (!rule.approvers.includes(party) || account === undefined)
      throw new Refused("not_an_approver");
    if (payee !== undefined && account === payee) throw new Refused("approves_own");
    agreed.add(account);
  }
  if (agreed.size < rule.approvals) throw new Refused("approvals_missing");
}

export function hold(deal: Deal): void {
  const rule = deal.rule(deal.rules.holds, deal.data.text("rule"));
  const amount = deal.data.amount("amount", rule.asset);
  const account = side(deal, "account", rule.of);
  const payee = deal.data.optional_account("payee");
  const last = deal.view.today + rule.days;
  const until = deal.data.optional_day("until") ?? last;
  const approvals = deal.data.texts("approvals");
  deal.data.optional_text("reference");
  if (account === undefined) throw new Refused("field_missing");
  if (until < deal.view.today || until > last) throw new Refused("bad_until");
  if (payee === account) throw new Refused("same_account");
  check_approvals(deal, rule, payee, approvals);
  deal.check_available(account, rule.asset, amount);
  deal.check_consent(account);
  deal.set_aside(rule.id, account, payee, rule.asset, amount, until);
}

export function release(deal: Deal): void {
  const number = deal.data.whole("hold");
  const open = deal.open_hold(number);
  if (open.by !== "rule") throw new Refused("hold_not_by_rule");
  const given = deal.data.has("amount") ? deal.data.amount("amount", open.asset) : undefined;
  if (given === undefined && !deal.view.knows(open.account!)) throw deal.not_told();
  deal.data.optional_text("reference");
  deal.leg(open.account!);
  deal.take(number, open, given ?? open.left);
}

function period_of(text: string): string {
  if (!/^[0-9A-Za-z._-]{1,32}$/.test(text)) throw new Refused("bad_period");
  return text;
}

function check_period_open(deal: Deal, split: string, period: string): void {
  if (deal.holdings.period(deal.programme, split, period)?.closed)
    throw new Refused("period_closed");
  if (!deal.is_complete()) deal.doubt();
}

interface Amount {
  readonly rule: Split_rule;
  readonly amount: Integer;
  readonly quantity: Integer;
}

/** What is measured, at its price, is rounded half to even. */
function amount_asked(deal: Deal, rule: Split_rule): Amount {
  if (!rule.price)
    return { rule, amount: deal.data.amount("amount", rule.asset), quantity: 0 };
  const quantity = deal.data.amount("quantity", rule.settles);
  const amount = normal(round_even(times(rule.price, ratio(BigInt(quantity)))));
  if (amount === 0) throw new Refused("bad_amount");
  return { rule, amount, quantity };
}

/** The first form of the split whose conditions hold. */
function find_split(deal: Deal, id: string): Amount {
  const day = deal.request.local_day;
  const forms = deal.rules.splits.filter((rule) => rule.id === id);
  if (forms.length === 0) throw new Refused("unknown_rule");
  for (const rule of forms) {
    if (day < rule.first || day > rule.last) continue;
    const asked = amount_asked(deal, rule);
    if (asked.amount >= rule.at_least) return asked;
  }
  throw new Refused("no_split_fits");
}

/** What is more than the period may share is not shared. */
function within_period(deal: Deal, asked: Amount, period: string): Integer {
  const { rule, amount } = asked;
  if (rule.most === undefined) return amount;
  if (!deal.is_complete()) throw deal.not_told();
  const before = deal.holdings.period(deal.programme, rule.id, period)?.amount ?? 0;
  const left = minus(rule.most, before);
  if (left <= 0) throw new Refused("period_used_up");
  return amount < left ? amount : left;
}

export function split(deal: Deal): void {
  const id = deal.data.text("split");
  const period = period_of(deal.data.text("period"));
  const given = deal.data.accounts("accounts");
  deal.data.optional_text("reference");
  const asked = find_split(deal, id);
  const { rule } = asked;
  check_period_open(deal, id, period);
  const amount = within_period(deal, asked, period);
  if (rule.from !== "outside") {
    const from = deal.party(rule.from);
    if (from === undefined) throw new Refused("unknown_party");
    deal.spend(from, rule.asset, amount);
  }
  for (const name of given.keys())
    if (!rule.shares.some((share) => share.party === name && share.named))
      throw new Refused("party_not_allowed");
  const amounts = shared(
    amount,
    rule.shares.map((share) => share.part),
  );
  const shares = rule.shares.map((share, i) => {
    const account = share.named ? given.get(share.party) : deal.party(share.party);
    if (account === undefined)
      throw new Refused(share.named ? "party_not_named" : "unknown_party");
    deal.post(account, rule.asset, amounts[i]!);
    return { party: share.party, amount: String(amounts[i]) };
  });
  deal.changes.push({ change: "split", split: id, period, shares });
  if (!rule.price) return;
  const settled = deal.party(rule.of);
  if (settled === undefined) throw new Refused("unknown_party");
  deal.check_available(settled, rule.settles, asked.quantity);
  deal.set_aside(id, settled, undefined, rule.settles, asked.quantity, day_last);
}

export function close(deal: Deal): void {
  const rule = deal.rule(deal.rules.splits, deal.data.text("split"));
  const period = period_of(deal.data.text("period"));
  check_period_open(deal, rule.id, period);
  if (deal.is_complete() && !deal.holdings.period(deal.programme, rule.id, period))
    throw new Refused("nothing_to_do");
  deal.changes.push({ change: "closed", split: rule.id, period });
}

export function reverse(deal: Deal): void {
  const record = deal.data.whole("record");
  deal.data.text("reason");
  if (deal.holdings.reversed.has(record)) throw new Refused("reversed_before");
  if (!deal.is_complete()) throw deal.not_told();
  const earlier = deal.view.past.find(record);
  if (!earlier || earlier.programme !== deal.programme) throw new Refused("not_reversible");
  deal.changes.push({ change: "reversed", record });
  for (const row of earlier.rows) {
    if (row.account === undefined) throw new Refused("erased");
    if (row.asset === undefined) deal.leg(row.account);
    else deal.post(row.account, row.asset, negative(row.amount));
  }
  for (const change of earlier.changes) {
    if (change.text("change") === "split") {
      const id = change.text("split");
      const into = period_of(
        deal.data.has("period") ? deal.data.text("period") : change.text("period"),
      );
      check_period_open(deal, id, into);
      const shares = change.list("shares").map((one) => {
        const share = Members.of(one, "transaction");
        const back = negative(read_amount(share, "amount"));
        return { party: share.text("party"), amount: String(back) };
      });
      deal.changes.push({ change: "split", split: id, period: into, shares });
    } else if (change.text("change") === "hold") {
      const number = change.count("hold");
      const settled = deal.holdings.holds.find(number);
      if (settled)
        deal.changes.push({ change: "taken", hold: number, amount: String(settled.left) });
    }
  }
}
