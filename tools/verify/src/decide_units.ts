// Transactions with units that have serial numbers.
import { normal } from "./bytes.js";
import { Refused } from "./asked.js";
import { money_asset } from "./assets.js";
import { type Deal } from "./deal.js";
import { type Unit_class } from "./dealings.js";
import { minus_ratio, over, ratio } from "./decimal.js";
import { type Run, type Unit_state } from "./serials.js";
import { shared } from "./shares.js";

const units_max = 2 ** 53;

function class_of(deal: Deal): Unit_class {
  return deal.rule(deal.rules.units, deal.data.text("units"));
}

/** The year of the outcome; 0: any. */
function vintage_of(deal: Deal, required: boolean): number {
  if (!required && !deal.data.has("vintage")) return 0;
  const year = deal.data.whole("vintage");
  if (year < 1990 || year > 2199) throw new Refused("bad_count");
  return year;
}

function issued(deal: Deal, units: string): number {
  return deal.holdings.units_of(deal.programme, units)?.issued ?? 0;
}

function add_batch(
  deal: Deal,
  units: string,
  first: number,
  count: number,
  vintage: number,
  state: Unit_state,
  account: number,
): void {
  const leg = deal.leg(account);
  deal.changes.push({ change: "issued", units, first, count, vintage, state, leg });
}

export function issue(deal: Deal): void {
  const units = class_of(deal);
  const account = deal.data.account("account");
  const count = deal.data.count("count");
  const vintage = vintage_of(deal, true);
  deal.data.text("reference");
  if (units.pool !== undefined) throw new Refused("only_pooled");
  const before = issued(deal, units.id);
  if (count > units_max - before) throw new Refused("too_many_units");
  const rest = minus_ratio(ratio(1n), units.buffer);
  const kept = units.buffer.top === 0n ? 0 : Number(shared(count, [rest, units.buffer])[1]);
  const first = before + 1;
  if (count > kept)
    add_batch(deal, units.id, first, count - kept, vintage, "held", account);
  if (kept > 0)
    add_batch(deal, units.id, first + count - kept, kept, vintage, "buffer", account);
}

export function pool(deal: Deal): void {
  const units = class_of(deal);
  const account = deal.data.account("account");
  const vintage = vintage_of(deal, true);
  if (units.pool === undefined) throw new Refused("not_pooled");
  const count = BigInt(deal.available(account, units.pool)) / BigInt(units.each);
  if (count < 1n) throw new Refused("not_enough");
  const before = issued(deal, units.id);
  if (count > BigInt(units_max - before)) throw new Refused("too_many_units");
  deal.spend(account, units.pool, normal(count * BigInt(units.each)));
  add_batch(deal, units.id, before + 1, Number(count), vintage, "held", account);
}

interface Selection {
  readonly units: string;
  readonly account: number;
  readonly count: number;
  readonly vintage: number;
}

function selection_of(deal: Deal): Selection {
  return {
    units: class_of(deal).id,
    account: deal.data.account("account"),
    count: deal.data.count("count"),
    vintage: vintage_of(deal, false),
  };
}

/** The lowest numbers that are there. */
function select(
  deal: Deal,
  { units, account, count, vintage }: Selection,
  from: Unit_state,
  creditor?: number,
): Run[] {
  if (!deal.view.knows(account)) throw deal.not_told();
  const runs =
    deal.holdings
      .units_of(deal.programme, units)
      ?.lowest(account, from, count, vintage, creditor) ?? [];
  // Of units that came from elsewhere the export does not say which batch they are of.
  if (runs.some((run) => run.batch < 0 || run.creditor === null)) throw deal.not_told();
  const found = runs.reduce((sum, run) => sum + run.last - run.first + 1, 0);
  if (found < count) throw new Refused("not_enough_units");
  return runs;
}

function change(
  deal: Deal,
  selection: Selection,
  from: Unit_state,
  to: Unit_state,
  owner?: number,
  creditor?: number,
  pledged_to?: number,
): void {
  const runs = select(deal, selection, from, pledged_to);
  deal.leg(selection.account);
  const leg = owner === undefined ? undefined : deal.leg(owner);
  const other = creditor === undefined ? undefined : deal.leg(creditor);
  for (const { first, last } of runs)
    deal.changes.push({
      change: "units",
      units: selection.units,
      first,
      last,
      state: to,
      ...(leg === undefined ? {} : { leg }),
      ...(other === undefined ? {} : { creditor: other }),
    });
}

export function move(deal: Deal): void {
  const selection = selection_of(deal);
  const to = deal.data.account("to");
  deal.data.optional_text("reference");
  if (to === selection.account) throw new Refused("same_account");
  deal.check_consent(selection.account);
  change(deal, selection, "held", "held", to);
}

export function pledge(deal: Deal): void {
  const selection = selection_of(deal);
  const creditor = deal.data.account("creditor");
  deal.data.optional_text("reference");
  if (creditor === selection.account) throw new Refused("same_account");
  deal.check_consent(selection.account);
  change(deal, selection, "held", "pledged", selection.account, creditor);
}

export function unpledge(deal: Deal): void {
  const selection = selection_of(deal);
  const creditor = deal.data.account("creditor");
  deal.data.optional_text("reference");
  deal.check_consent(creditor);
  deal.leg(creditor);
  change(deal, selection, "pledged", "held", selection.account, undefined, creditor);
}

export function call(deal: Deal): void {
  const selection = selection_of(deal);
  const creditor = deal.data.account("creditor");
  deal.data.text("reason");
  change(deal, selection, "pledged", "held", creditor, undefined, creditor);
}

function read_purpose(deal: Deal): void {
  deal.data.text("beneficiary");
  deal.data.text("reason");
}

export function retire(deal: Deal): void {
  const selection = selection_of(deal);
  read_purpose(deal);
  deal.check_consent(selection.account);
  change(deal, selection, "held", "retired");
}

export function sell(deal: Deal): void {
  const units = class_of(deal);
  const account = deal.data.account("account");
  const paid = deal.data.amount("paid", money_asset);
  const buyer = deal.data.optional_account("buyer");
  const vintage = vintage_of(deal, false);
  read_purpose(deal);
  if (!units.price || units.price.top <= 0n) throw new Refused("no_price");
  const exact = over(ratio(BigInt(paid)), units.price);
  const count = exact.top / exact.bottom;
  if (count < 1n || count > BigInt(units_max)) throw new Refused("buys_nothing");
  deal.check_consent(account);
  if (buyer !== undefined) deal.leg(buyer);
  deal.post(account, money_asset, paid);
  const selection = { units: units.id, account, count: Number(count), vintage };
  change(deal, selection, "held", "retired");
}

export function cancel(deal: Deal): void {
  const state = deal.data.optional_text("state") || "held";
  if (state !== "held" && state !== "buffer") throw new Refused("illegal_change");
  const selection = selection_of(deal);
  deal.data.text("reason");
  deal.check_consent(selection.account);
  change(deal, selection, state, "cancelled");
}

export function buffer(deal: Deal): void {
  const selection = selection_of(deal);
  deal.data.text("reason");
  deal.check_consent(selection.account);
  change(deal, selection, "held", "buffer", selection.account);
}

export function unbuffer(deal: Deal): void {
  const selection = selection_of(deal);
  deal.data.text("reason");
  change(deal, selection, "buffer", "held", selection.account);
}
