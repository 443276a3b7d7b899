// Transactions that turn what an account has into something else (orders, conversions, points that
// end), and those about entries that are doubted.
import { type Integer, minus, negative, normal, plus } from "./bytes.js";
import { Refused } from "./asked.js";
import { asset_names, points_asset } from "./assets.js";
import { day_last } from "./civil.js";
import { type Deal, type Entry, legs_max } from "./deal.js";
import { is_legal_order, order_states } from "./holdings.js";

export function order(deal: Deal): void {
  const id = deal.data.text("reward");
  const account = deal.data.account("account");
  const reward = deal.rule(deal.rules.rewards, id);
  const taken = (whose?: number): number => deal.holdings.ordered(deal.programme, id, whose);
  if (reward.stock > 0) {
    if (!deal.is_complete()) deal.doubt();
    if (taken() >= reward.stock) throw new Refused("out_of_stock");
  }
  if (reward.per_account > 0 && taken(account) >= reward.per_account)
    throw new Refused("enough_for_one");
  deal.spend(account, reward.asset, reward.cost);
  deal.changes.push({
    change: "ordered",
    order: deal.holdings.orders.length,
    reward: id,
    leg: deal.leg(account),
    funded: reward.funded,
    asset: asset_names[reward.asset]!,
    cost: String(reward.cost),
  });
}

export function step(deal: Deal): void {
  const number = deal.data.whole("order");
  const to = order_states.find((state) => state === deal.data.text("state"));
  const placed = deal.holdings.orders[number];
  if (!placed && !deal.is_complete()) throw deal.not_told();
  if (!placed || placed.programme !== deal.programme) throw new Refused("unknown_order");
  if (!to || !is_legal_order(placed.state, to, placed.funded))
    throw new Refused("illegal_change");
  if (to === "funded") deal.data.text("funder");
  if (to === "done" || to === "replaced") deal.data.text("evidence");
  if (to === "failed" || to === "cancelled") deal.data.text("reason");
  if (placed.account !== undefined) {
    deal.leg(placed.account);
    if (to === "cancelled") deal.post(placed.account, placed.asset, placed.cost);
  }
  deal.changes.push({ change: "order", order: number, state: to });
}

function accounts_in(deal: Deal, group: string): number[] {
  const accounts: number[] = [];
  for (const one of deal.holdings.groups) {
    if (one.programme !== deal.programme || one.name !== group) continue;
    for (let account = one.first; account < one.first + one.count; account++)
      if (deal.view.is_open(account)) accounts.push(account);
  }
  return accounts;
}

export function convert(deal: Deal): void {
  const { from, each, to, gives } = deal.rule(
    deal.rules.conversions,
    deal.data.text("conversion"),
  );
  const accounts = deal.data.has("group")
    ? accounts_in(deal, deal.data.text("group"))
    : [deal.data.account("account")];
  for (const account of accounts) {
    const available = deal.available(account, from);
    if (available < each) continue;
    const times = BigInt(available) / BigInt(each);
    deal.spend(account, from, normal(times * BigInt(each)));
    deal.post(account, to, normal(times * BigInt(gives)));
  }
  if (deal.legs.length === 0) throw new Refused("nothing_to_do");
}

export function expire(deal: Deal): void {
  if (deal.view.lacks === "since") throw deal.not_told();
  const ages = deal.holdings.ages.get(deal.programme);
  if (!ages || deal.rules.point_years === undefined) throw new Refused("points_do_not_end");
  for (const account of deal.view.accounts_of(deal.programme)) {
    if (deal.legs.length >= legs_max) break;
    if (!deal.view.knows(account)) throw deal.not_told();
    if (!deal.view.is_open(account)) continue;
    const due = ages.due(account, deal.available(account, points_asset));
    if (due > 0) deal.post(account, points_asset, negative(due));
  }
  if (deal.legs.length === 0) throw new Refused("nothing_to_do");
}

/** An event's entry that counts. */
function entry_of(deal: Deal, record: number): Entry {
  const entry = deal.view.entry(record);
  if (!entry && deal.view.lacks === "since") throw deal.not_told();
  if (!entry || deal.view.programme_of(entry.account) !== deal.programme)
    throw new Refused("not_questionable");
  if (!entry.counts) throw new Refused("reversed_before");
  return entry;
}

export function question(deal: Deal): void {
  const record = deal.data.whole("record");
  const finding = deal.data.text("finding");
  deal.data.text("reason");
  deal.rule(deal.rules.findings, finding);
  const entry = entry_of(deal, record);
  if (deal.holdings.question_about.get(record)?.state === "open")
    throw new Refused("question_open");
  const sums = new Map<number, Integer>();
  entry.rule.postings.forEach((asset, i) =>
    sums.set(asset, plus(sums.get(asset) ?? 0, entry.credited[i]!)),
  );
  const leg = deal.leg(entry.account);
  const missing: { asset: string; amount: string }[] = [];
  // In the order of the assets' numbers, each once.
  for (const asset of [...sums.keys()].sort((a, b) => a - b)) {
    const credited = sums.get(asset)!;
    if (credited <= 0) continue;
    const available = deal.available(entry.account, asset);
    const free = available > 0 ? available : 0;
    const amount = credited < free ? credited : free;
    if (amount < credited)
      missing.push({ asset: asset_names[asset]!, amount: String(minus(credited, amount)) });
    if (amount !== 0)
      deal.set_aside(finding, entry.account, undefined, asset, amount, day_last);
  }
  deal.changes.push({
    change: "question",
    question: deal.holdings.questions.length,
    record,
    leg,
    stream: deal.request.stream,
    finding,
    missing,
  });
}

export function settle(deal: Deal): void {
  const number = deal.data.whole("question");
  const decision = deal.data.text("decision");
  deal.data.text("reason");
  const asked = deal.holdings.questions[number];
  if (!asked && !deal.is_complete()) throw deal.not_told();
  if (!asked || asked.state !== "open" || asked.account === undefined)
    throw new Refused("question_not_open");
  if (asked.programme !== deal.programme) throw new Refused("question_not_open");
  if (decision !== "keep" && decision !== "take_back") throw new Refused("illegal_change");
  const { view } = deal;
  if (view.source_of(deal.request.stream) === view.source_of(asked.stream))
    throw new Refused("settles_own");
  const { amounts } = deal.legs[deal.leg(asked.account)]!;
  const taken = decision === "take_back" ? entry_of(deal, asked.record) : undefined;
  if (taken) {
    const { rule, credited } = taken;
    rule.outputs.forEach((_, i) => amounts.push([rule.postings[i]!, negative(credited[i]!)]));
    if (rule.point_for > 0) {
      const before = view.balance(0, asked.account);
      amounts.push([points_asset, rule.points(before, minus(before, credited[0]!))]);
    }
  }
  for (const hold of asked.holds) {
    const left = deal.holdings.holds.find(hold)?.left;
    if (left !== undefined)
      deal.changes.push({ change: "taken", hold, amount: String(left) });
  }
  deal.changes.push({
    change: "settled",
    question: number,
    record: asked.record,
    state: taken ? "taken_back" : "kept",
    ...(taken ? { rule: taken.rule_number } : {}),
  });
}
