// Transactions of every action: what the real program did with them is decided again and agrees, in
// every selection; and each kind of falsehood in them is named, though every hash, chain, balance
// and total fits.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { read_account, show_account } from "../src/account_number.js";
import { asset_names } from "../src/assets.js";
import { join as joined, Reader, to_utf8, varint } from "../src/bytes.js";
import { check_export, type Verdict } from "../src/export.js";
import { canonical, type Json, type JsonObject, parse_json } from "../src/json.js";
import { ratio } from "../src/decimal.js";
import { shared } from "../src/shares.js";
import { blocks_of, type Files, forge, load, type Plain_record, sources } from "./forge.js";
import { deal_life } from "./dealing_life.js";
import { random } from "./life.js";
import { make_export, type Selection } from "./maker.js";
import { library, new_folder, partake, skip_without } from "./places.js";

const skip = skip_without(partake);

test("shares: exact, together the whole, the earlier first among equals", () => {
  const third = ratio(1n, 3n);
  assert.deepEqual(shared(100, [third, third, third]), [34, 33, 33]);
  assert.deepEqual(shared(2, [third, third, third]), [1, 1, 0]);
  // By hand: 5/8 and 3/8 of 1001 are 625.625 and 375.375.
  assert.deepEqual(shared(1001, [ratio(5n, 8n), ratio(3n, 8n)]), [626, 375]);
  const next = random(3);
  for (let i = 0; i < 300; i++) {
    const weights = Array.from({ length: 1 + Math.floor(next() * 6) }, () =>
      BigInt(1 + Math.floor(next() * 50)),
    );
    const sum = weights.reduce((a, b) => a + b, 0n);
    const amount = Math.floor(next() * 1e6);
    const parts = shared(
      amount,
      weights.map((weight) => ratio(weight, sum)),
    ).map(Number);
    assert.equal(
      parts.reduce((a, b) => a + b, 0),
      amount,
    );
    parts.forEach((part, at) => {
      const exact = (amount * Number(weights[at])) / Number(sum);
      assert.ok(Math.abs(part - exact) < 1 + 1e-6, `${part} for ${exact}`);
    });
  }
});

test("deals: a life, decided again in every selection", { skip }, async () => {
  const folder = new_folder();
  const { books, key } = deal_life(folder, 1, true);
  const selections: Selection[] = [
    {},
    { programme: "test.deals" },
    { programme: "test.other" },
    ...[0, 3, 6, 7, 8, 10, 12].map((account) => ({ account: show_account(account) })),
    { since: "2026-12-10" },
    { account: show_account(6), since: "2026-12-10" },
  ];
  for (const selection of selections) {
    const name = JSON.stringify(selection);
    make_export(books, join(folder, "export"), selection);
    const files = load(join(folder, "export"));
    const options = Object.entries(selection).flatMap(([key, value]) => [`--${key}`, value]);
    const real = join(folder, `real-${Object.values(selection).join("-")}`);
    execFileSync(partake, ["export", books, real, ...options], { timeout: 60000 });
    assert.deepEqual(load(real), files, name);
    const verdict = await check_export(sources(files), key);
    assert.deepEqual(verdict.differences, [], name);
    const left = Object.values(verdict.undecided).reduce((a, b) => a + b, 0);
    assert.equal(verdict.decided + left, verdict.transactions, name);
    if (!selection.account && !selection.since) {
      // Nothing is left but what an erasure took, and that is said.
      assert.deepEqual(Object.keys(verdict.undecided).join(), verdict.erased ? "erased" : "");
      assert.ok(verdict.decided > left);
    } else if (selection.since) assert.ok(left > 0, name);
  }
});

// ---- forging

interface Place {
  readonly block: number;
  readonly at: number;
}

interface Posting {
  readonly account: number;
  amounts: [number, bigint][];
}

function zigzag(value: bigint): Uint8Array {
  return varint(Number(value < 0n ? -2n * value - 1n : 2n * value));
}

class Forgery {
  readonly blocks: Plain_record[][];
  private readonly shifts: [number, number, bigint][] = [];

  constructor(readonly files: Files) {
    this.blocks = blocks_of(files);
  }

  *transactions(): Generator<Place> {
    for (let block = 0; block < this.blocks.length; block++)
      for (let at = 0; at < this.blocks[block]!.length; at++)
        if (this.blocks[block]![at]!.open[0] === 9) yield { block, at };
  }

  record({ block, at }: Place): Plain_record {
    return this.blocks[block]![at]!;
  }

  number({ block, at }: Place): number {
    return this.blocks.slice(0, block).reduce((sum, one) => sum + one.length, 0) + at;
  }

  open(place: Place): JsonObject {
    const text = Buffer.from(this.record(place).open.subarray(1)).toString("utf8");
    return parse_json(text, "open") as JsonObject;
  }

  hidden(place: Place): JsonObject {
    const text = Buffer.from(this.record(place).hidden!.subarray(16)).toString("utf8");
    return parse_json(text, "hidden") as JsonObject;
  }

  set_open(place: Place, open: JsonObject): void {
    this.record(place).open = joined(Uint8Array.of(9), to_utf8(canonical(open)));
  }

  leg(place: Place, leg: number): Posting {
    const record = this.record({ ...place, at: place.at + 1 + leg });
    const reader = new Reader(record.open, 1);
    const amounts: [number, bigint][] = [];
    while (reader.left > 0) amounts.push([reader.byte(), BigInt(reader.zigzag())]);
    return { account: new Reader(record.hidden!, 16).varint(), amounts };
  }

  /** Another amount; balances and totals go with it. */
  set_amount(place: Place, leg: number, entry: number, by: bigint): void {
    const posting = this.leg(place, leg);
    posting.amounts[entry]![1] += by;
    this.shifts.push([posting.account, posting.amounts[entry]![0], by]);
    this.record({ ...place, at: place.at + 1 + leg }).open = open_of(posting);
  }

  private last_record(account: number): number {
    let last = -1;
    let number = 0;
    for (const record of this.blocks.flat()) {
      const kind = record.open[0]!;
      const body = record.hidden?.subarray(16);
      if ((kind === 7 || kind === 10) && new Reader(body!).varint() === account) last = number;
      if (kind === 5 || kind === 6) {
        const json = parse_json(Buffer.from(body!).toString("utf8"), "x") as JsonObject;
        if (read_account(json.account as string) === account) last = number;
      }
      number++;
    }
    return last;
  }

  /** At the end of the last block, chained to the passbooks. */
  append(open: JsonObject, hidden: JsonObject, postings: readonly Posting[]): void {
    const salt = new Uint8Array(16).fill(3);
    const block = this.blocks.at(-1)!;
    const first = this.number({ block: this.blocks.length - 1, at: block.length });
    const previous = postings.map((one) => this.last_record(one.account));
    block.push({
      open: joined(Uint8Array.of(9), to_utf8(canonical({ ...open, legs: postings.length }))),
      hidden: joined(salt, to_utf8(canonical(hidden))),
    });
    postings.forEach((posting, i) => {
      const number = first + 1 + i;
      const back = previous[i]! < 0 ? 0 : number - previous[i]!;
      const body = joined(varint(posting.account), varint(back), varint(i + 1));
      const padded = new Uint8Array(Math.max(16, body.length));
      padded.set(body);
      block.push({ open: open_of(posting), hidden: joined(salt, padded) });
      for (const [asset, amount] of posting.amounts)
        this.shifts.push([posting.account, asset, amount]);
    });
  }

  /** Signed anew, with the balances and totals that follow. */
  finished(): Files {
    const files = forge(this.files, this.blocks);
    const lines = Buffer.from(files.accounts).toString("utf8").trim().split("\n");
    const all = lines.map((line) => parse_json(line, "line") as JsonObject);
    const manifest = parse_json(
      Buffer.from(files["export.json"]).toString("utf8"),
      "x",
    ) as JsonObject;
    const posted = (manifest.totals as JsonObject).posted as JsonObject;
    const add = (to: JsonObject, asset: string, amount: bigint): void => {
      const sum = BigInt((to[asset] as string | undefined) ?? "0") + amount;
      if (sum === 0n) delete to[asset];
      else to[asset] = String(sum);
    };
    for (const [account, asset, amount] of this.shifts) {
      add(all[account]!.balances as JsonObject, asset_names[asset]!, amount);
      add(posted, asset_names[asset]!, amount);
    }
    return {
      ...files,
      accounts: to_utf8(all.map((line) => `${canonical(line)}\n`).join("")),
      "export.json": to_utf8(canonical(manifest)),
    };
  }
}

function open_of({ amounts }: Posting): Uint8Array {
  return joined(
    Uint8Array.of(10),
    ...amounts.map(([asset, amount]) => joined(Uint8Array.of(asset), zigzag(amount))),
  );
}

let forged_from: Files | undefined;
function life_to_forge(): Files {
  if (forged_from) return forged_from;
  const folder = new_folder();
  const { books, accepted } = deal_life(folder, 5, false);
  assert.equal(accepted.size, 23, [...accepted.keys()].join(" "));
  make_export(books, join(folder, "export"));
  forged_from = load(join(folder, "export"));
  return forged_from;
}

function codes(verdict: Verdict): string[] {
  return verdict.differences.map(({ code, args }) =>
    code === "transaction.refused" ? `refused ${args.why}` : code,
  );
}

type Changes = JsonObject[];

/** The first transaction of the action that `change` takes; false: not this one. */
async function changed(
  action: string,
  change: (changes: Changes, forgery: Forgery, place: Place) => boolean,
): Promise<string[]> {
  const forgery = new Forgery(life_to_forge());
  for (const place of forgery.transactions()) {
    const open = forgery.open(place);
    if (open.action !== action || !change(open.changes as Changes, forgery, place)) continue;
    forgery.set_open(place, open);
    return codes(await check_export(sources(forgery.finished()), undefined));
  }
  throw new Error(`no ${action} to change`);
}

/** Another of this kind, after everything else. */
async function added(
  action: string,
  make: (
    data: JsonObject,
    changes: Changes,
    postings: Posting[],
    forgery: Forgery,
    place: Place,
  ) => boolean,
): Promise<string[]> {
  const forgery = new Forgery(life_to_forge());
  const all = [...forgery.transactions()];
  const last = forgery.hidden(all.at(-1)!);
  for (const place of all) {
    const open = forgery.open(place);
    if (open.action !== action || open.programme !== "test.deals") continue;
    const hidden: JsonObject = { ...forgery.hidden(place), id: "forged", time: last.time! };
    const postings = Array.from({ length: open.legs as number }, (_, i) =>
      forgery.leg(place, i),
    );
    const data = hidden.data as JsonObject;
    if (!make(data, open.changes as Changes, postings, forgery, place)) continue;
    forgery.append(open, hidden, postings);
    return codes(await check_export(sources(forgery.finished()), undefined));
  }
  throw new Error(`no ${action} to add`);
}

const plus = (value: Json | undefined, by: number): string => String(BigInt(value as string) + BigInt(by));

function has(found: string[], ...wanted: string[]): void {
  for (const code of wanted) assert.ok(found.includes(code), `${code} in ${found.join(", ")}`);
  // Balances, totals and chains were made to fit: nothing but the decision finds it.
  for (const code of found)
    assert.ok(/^(transaction\.|refused )/.test(code), `${code} in ${found.join(", ")}`);
}

test("deals, forged: the same records signed anew agree", { skip }, async () => {
  const forgery = new Forgery(life_to_forge());
  assert.deepEqual(codes(await check_export(sources(forgery.finished()), undefined)), []);
});

test("deals, forged: what was changed otherwise than it must be", { skip }, async () => {
  const named = "transaction.change";
  has(
    await changed("issue", (changes) => {
      const last = changes.at(-1)!;
      last.count = (last.count as number) + 1; // one more unit
      return true;
    }),
    named,
  );
  has(
    await changed("split", (changes, forgery, place) => {
      const { shares } = changes[0] as { shares: { amount: string }[] };
      if (shares.length < 2) return false;
      shares[0]!.amount = plus(shares[0]!.amount, 1); // a wrong share
      shares[1]!.amount = plus(shares[1]!.amount, -1);
      const legs = (forgery.open(place).legs as number) - 1;
      if (legs < 2 || forgery.leg(place, 0).amounts.length === 0) return false;
      if (forgery.leg(place, 1).amounts.length === 0) return false;
      forgery.set_amount(place, 0, 0, 1n);
      forgery.set_amount(place, 1, 0, -1n);
      return true;
    }),
    named,
    "transaction.leg",
  );
  has(
    await changed("transfer", (_, forgery, place) => {
      if (forgery.open(place).legs !== 2) return false;
      forgery.set_amount(place, 1, 0, 1n); // more arrives than was sent
      return true;
    }),
    "transaction.leg",
  );
  const text_change = (action: string, kind: string, key: string, by: number) =>
    changed(action, (changes) => {
      const change = changes.find((one) => one.change === kind);
      if (!change) return false;
      const value = change[key]!;
      change[key] = typeof value === "number" ? value + by : plus(value, by);
      return true;
    });
  has(await text_change("hold", "hold", "amount", 1), named);
  has(await text_change("release", "taken", "amount", -1), named);
  has(await text_change("question", "hold", "amount", -1), named);
  has(await text_change("retire", "units", "last", 1), named);
  has(await text_change("move", "units", "leg", -1), named);
  has(await text_change("pool", "issued", "count", 1), named);
  has(await text_change("sell", "units", "last", 1), named);
  has(await text_change("order", "ordered", "cost", -1), named);
  has(
    await changed("hold", (changes) => {
      changes[0]!.until = "2027-12-31"; // longer than the rule allows
      return true;
    }),
    named,
  );
  has(
    await changed("retire", (changes) => {
      changes[0]!.state = "cancelled";
      return true;
    }),
    named,
  );
  has(
    await changed("buffer", (changes) => {
      changes[0]!.state = "pledged";
      changes[0]!.creditor = 0;
      return true;
    }),
    named,
  );
  has(
    await changed("step", (changes) => {
      const before = changes[0]!.state;
      changes[0]!.state = before === "funded" ? "cancelled" : "funded";
      return true;
    }),
    named,
  );
  has(
    await changed("close", (changes) => {
      changes[0]!.period = "2031-01";
      return true;
    }),
    named,
  );
  for (const [action, leg, entry] of [
    ["convert", 0, 1],
    ["expire", 0, 0],
    ["order", 0, 0],
    ["pool", 0, 0],
    ["reverse", 0, 0],
  ] as const)
    has(
      await changed(action, (_, forgery, place) => {
        if (forgery.leg(place, leg).amounts.length <= entry) return false;
        forgery.set_amount(place, leg, entry, 1n);
        return true;
      }),
      "transaction.leg",
    );
  has(
    await changed("settle", (changes) => {
      const settled = changes.at(-1)!;
      if (settled.state !== "kept") return false;
      changes.splice(0, changes.length - 1); // what was set aside stays so
      return true;
    }),
    named,
  );
});

test("deals, forged: what the rules do not allow", { skip }, async () => {
  has(
    await added("transfer", (_, changes, postings) => {
      // A hold used twice.
      if (changes.length !== 1) return false;
      return postings.length === 2;
    }),
    "refused hold_not_open",
    "transaction.hold_not_left",
  );
  has(
    await added("retire", () => true), // the same units once more
    "transaction.illegal_change",
  );
  has(
    await added("sell", (data, changes) => {
      delete data.buyer;
      return changes.length === 1; // retired units sold
    }),
    "transaction.illegal_change",
  );
  has(
    await added("step", (data, changes, postings, forgery) => {
      // Done before anybody paid for it.
      const all = [...forgery.transactions()].map((place) => ({
        place,
        changes: forgery.open(place).changes as Changes,
      }));
      const stepped = new Set(
        all.flatMap((one) =>
          one.changes.filter((it) => it.change === "order").map((it) => it.order),
        ),
      );
      const waits = all.find(({ changes: [it] }) => it?.change === "ordered" && it.funded && !stepped.has(it.order!));
      if (!waits) return false;
      const order = waits.changes[0]!.order!;
      for (const key of Object.keys(data)) delete data[key];
      Object.assign(data, { order, state: "done", evidence: "x" });
      changes.splice(0, changes.length, { change: "order", order, state: "done" });
      postings.splice(0, postings.length, {
        account: forgery.leg(waits.place, 0).account,
        amounts: [],
      });
      return true;
    }),
    "refused illegal_change",
    "transaction.illegal_change",
  );
  has(
    await added("reverse", () => true), // a reversal twice
    "refused reversed_before",
    "transaction.reversed_twice",
  );
  has(
    await added("convert", (_data, _changes, postings) => {
      for (const posting of postings) posting.amounts[0]![1] -= 970000n;
      for (const posting of postings) posting.amounts[1]![1] += 20000n;
      return postings.length === 1;
    }),
    "transaction.beyond_balance",
  );
  has(
    await added("transfer", (data, changes, postings) => {
      // More points than there are.
      if (data.flow !== "gift" || changes.length > 0 || postings.length !== 2) return false;
      if (postings[0]!.account === 3) return false;
      data.amount = "900000";
      postings[0]!.amounts = [[1, -900000n]];
      postings[1]!.amounts = [[1, 900000n]];
      return true;
    }),
    "refused not_enough",
    "transaction.beyond_balance",
  );
  has(
    await added("transfer", (data, _changes, postings) => {
      // Whose consent was taken back.
      if (data.flow !== "gift" || postings.length !== 2) return false;
      data.from = show_account(3);
      data.to = show_account(0);
      data.amount = "1";
      postings[0] = { account: 3, amounts: [[1, -1n]] };
      postings[1] = { account: 0, amounts: [[1, 1n]] };
      return true;
    }),
    "refused no_consent",
  );
  has(
    await added("transfer", (data, _changes, postings) => {
      // Out of a party that the flow does not name.
      if (data.flow !== "donation" || postings.length !== 1) return false;
      data.to = show_account(0);
      postings[0] = { account: 0, amounts: postings[0]!.amounts };
      return true;
    }),
    "refused party_not_allowed",
  );
  has(
    await added("hold", (data, changes, _postings, forgery) => {
      // Approved by one, twice.
      if (data.rule !== "resolution") return false;
      const holds = [...forgery.transactions()].flatMap((place) =>
        (forgery.open(place).changes as Changes).filter((one) => one.change === "hold"),
      );
      changes[0]!.hold = holds.length;
      data.approvals = ["one", "one"];
      return true;
    }),
    "refused approvals_missing",
  );
  has(
    await added("order", (_data, changes) => {
      changes[0]!.order = 0; // a number that is taken
      return true;
    }),
    "transaction.number",
  );
  has(await added("issue", () => true), "transaction.number", "transaction.change");
  has(await added("settle", (data) => data.decision === "keep"), "refused question_not_open");
  has(await added("close", () => true), "refused period_closed");
  has(await added("expire", () => true), "refused nothing_to_do");
  has(
    await added("pledge", (_data, changes) => {
      changes[0]!.state = "buffer";
      return changes.length === 1;
    }),
    "transaction.change",
  );
  has(
    await added("close", (data, changes) => {
      data.period = "2031-02";
      changes[0]!.period = "2031-02"; // in which nothing was shared
      return true;
    }),
    "refused nothing_to_do",
  );
  has(
    await added("move", (data) => {
      data.wish = "x";
      return true;
    }),
    "refused unknown_field",
  );
});

/** Changes one thing somewhere in it. */
function mutated(value: Json, next: () => number): Json {
  const whole = (below: number): number => Math.floor(next() * below);
  if (Array.isArray(value)) {
    const at = whole(value.length);
    if (value.length === 0) return [0];
    if (next() < 0.2) return value.filter((_, i) => i !== at);
    if (next() < 0.2) return [...value, value[at]!];
    return value.map((one, i) => (i === at ? mutated(one, next) : one));
  }
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value);
    const key = keys[whole(keys.length)];
    if (key === undefined) return { x: 1 };
    const { [key]: one, ...rest } = value;
    if (next() < 0.15) return rest;
    return next() < 0.1 ? { ...value, x: 1 } : { ...rest, [key]: mutated(one!, next) };
  }
  if (typeof value === "number") return [value + 1, value - 1, -value - 1, 2 ** 53][whole(4)]!;
  if (typeof value === "string")
    return [`${value}0`, value.slice(1), "9".repeat(30), value === "1" ? "2" : "1"][whole(4)]!;
  return value === true ? false : 0;
}

test("deals, forged: any change of what stands open is found", { skip }, async () => {
  const files = life_to_forge();
  const next = random(7);
  for (let i = 0; i < 60; i++) {
    const forgery = new Forgery(files);
    const all = [...forgery.transactions()];
    const place = all[Math.floor(next() * all.length)]!;
    const before = forgery.open(place);
    const after = mutated(before, next) as JsonObject;
    if (canonical(after) === canonical(before)) continue;
    forgery.set_open(place, after);
    const found = codes(await check_export(sources(forgery.finished()), undefined));
    assert.notDeepEqual(found, [], `${canonical(before)} to ${canonical(after)}`);
  }
});

test("deals, forged: what was asked for is read whatever it is", { skip }, async () => {
  const files = life_to_forge();
  const next = random(8);
  for (let i = 0; i < 60; i++) {
    const forgery = new Forgery(files);
    const all = [...forgery.transactions()];
    const place = all[Math.floor(next() * all.length)]!;
    const record = forgery.record(place);
    const hidden = forgery.hidden(place);
    // A reference may be any text; all that is asked here is an answer.
    record.hidden = joined(
      record.hidden!.slice(0, 16),
      to_utf8(canonical(mutated(hidden, next))),
    );
    await check_export(sources(forgery.finished()), undefined);
  }
});

/** What the real program does otherwise than docs/transactions.md says; each is to be mended there. */
function small_books(): {
  publish: (day: string, edition: number, more: string) => void;
  ask: (day: string, action: string, data: object) => string;
  export_codes: (day: string) => Promise<string[]>;
} {
  const folder = new_folder();
  const at = join(folder, "books");
  const tokens = join(folder, "tokens");
  const id = "test.small";
  const run = (day: string, ...args: string[]): string =>
    execFileSync(partake, ["--library", library, "--as-of", day, "--lang", "en", ...args], {
      encoding: "utf8",
      timeout: 60000,
    });
  let count = 0;
  const publish = (day: string, edition: number, more: string): void => {
    const place = join(folder, `programme-${edition}`);
    mkdirSync(place);
    writeFileSync(
      join(place, "programme.toml"),
      `format = 1
id = "${id}"
version = "${edition}.0.0"
title = { en = "Small", zh = "小" }
description = { en = "For tests", zh = "测试用" }
[scheme]
zone = "Asia/Shanghai"
late_days = 30
${more}
[[scheme.flows]]
id = "gift"
asset = "points"
from = ["outside"]
to = ["any"]
`,
    );
    if (edition === 1) run(day, "init", at, "--origin", "example.org/small");
    run(day, "publish", at, place);
    if (edition > 1) return;
    const may = ["transfer", "expire"].flatMap((action) => ["--may", action]);
    run(day, "source", "add", at, "office", "--programme", id, "--tokens", tokens, ...may);
    run(day, "account", "open", at, "--programme", id, "--count", "1");
  };
  const ask = (day: string, action: string, data: object): string => {
    const line = {
      specversion: "1.0",
      source: "office",
      id: String(count++),
      type: `partake.${action}`,
      time: `${day}T01:00:00Z`,
      data,
    };
    const file = join(folder, "line.ndjson");
    writeFileSync(file, `${JSON.stringify(line)}\n`);
    const args = ["--json", "transact", at, file, "--tokens", tokens];
    const answers = spawnSync(
      partake,
      ["--library", library, "--as-of", day, "--lang", "en", ...args],
      { encoding: "utf8", timeout: 60000 },
    );
    return (JSON.parse(answers.stdout) as { outcome: string }[])[0]!.outcome;
  };
  const export_codes = async (day: string): Promise<string[]> => {
    run(day, "journal", "checkpoint", at);
    make_export(at, join(folder, "export"));
    return codes(await check_export(sources(load(join(folder, "export"))), undefined));
  };
  return { publish, ask, export_codes };
}

const gift = (amount: string): object => ({ flow: "gift", to: show_account(0), amount });

test(
  "deals: points do not end under an edition without point_years",
  { skip },
  async () => {
    const { publish, ask, export_codes } = small_books();
    publish("2026-12-01", 1, "point_years = 0");
    assert.equal(ask("2026-12-02", "transfer", gift("100")), "accepted");
    publish("2027-01-05", 2, "");
    assert.equal(ask("2027-01-06", "expire", {}), "rejected");
    assert.deepEqual(await export_codes("2027-01-06"), []);
  },
);

test(
  "deals: years go on while an edition has no point_years",
  { skip },
  async () => {
    const { publish, ask, export_codes } = small_books();
    publish("2026-12-01", 1, "point_years = 1");
    publish("2026-12-05", 2, "");
    assert.equal(ask("2027-02-01", "transfer", gift("100")), "accepted");
    publish("2028-02-01", 3, "point_years = 1");
    assert.equal(ask("2028-02-02", "expire", {}), "rejected");
    assert.deepEqual(await export_codes("2028-02-02"), []);
  },
);

test(
  "deals: commas stand between groups of three digits",
  { skip },
  async () => {
    const { publish, ask, export_codes } = small_books();
    publish("2026-12-01", 1, "");
    assert.equal(ask("2026-12-02", "transfer", gift("1,234,567")), "accepted");
    assert.equal(ask("2026-12-02", "transfer", gift("1234,567")), "rejected");
    assert.deepEqual(await export_codes("2026-12-02"), []);
  },
);
