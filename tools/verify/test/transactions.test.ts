// Books with transactions: their postings are added up, and what does not add up is found.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { show_account } from "../src/account_number.js";
import { check_export } from "../src/export.js";
import { blocks_of, type Files, forge, load, sources } from "./forge.js";
import { make_export } from "./maker.js";
import { library, new_folder, partake, root, skip_without } from "./places.js";

const skip = skip_without(partake);
const programme = `
format = 1
id = "test.money"
version = "1.0.0"
title = { en = "Money", zh = "资金" }
description = { en = "For tests", zh = "测试用" }
[scheme]
zone = "Asia/Shanghai"
late_days = 30
[[scheme.flows]]
id = "donation"
asset = "money"
from = ["outside"]
to = ["trust"]
[[scheme.flows]]
id = "payment"
asset = "money"
from = ["trust"]
to = ["any"]
[[scheme.conversions]]
id = "course"
from = "money"
each = "5 yuan"
to = "credits"
gives = "2"
`;

function books(): { files: Files; one: Files; key: string; balances: string } {
  const folder = new_folder();
  const at = join(folder, "books");
  const tokens = join(folder, "tokens");
  const run = (...args: string[]): string =>
    execFileSync(
      partake,
      ["--library", library, "--as-of", "2026-11-05", "--lang", "en", ...args],
      {
        encoding: "utf8",
        timeout: 60000,
      },
    );
  mkdirSync(join(folder, "programme"));
  writeFileSync(join(folder, "programme/programme.toml"), programme);
  run("init", at, "--origin", "example.org/money");
  run("publish", at, join(folder, "programme"));
  const may = ["transfer", "convert", "reverse"].flatMap((action) => ["--may", action]);
  run("source", "add", at, "office", "--programme", "test.money", "--tokens", tokens, ...may);
  run("account", "open", at, "--programme", "test.money", "--count", "3", "--spend", "office");
  run("party", "set", at, "trust", show_account(0), "--programme", "test.money");
  const ask = (id: string, action: string, data: object): string =>
    JSON.stringify({
      specversion: "1.0",
      source: "office",
      id,
      type: `partake.${action}`,
      time: "2026-11-05T10:00:00+08:00",
      data,
    });
  const file = join(folder, "ask.ndjson");
  writeFileSync(
    file,
    [
      ask("1", "transfer", { flow: "donation", amount: "1000.00 yuan" }),
      ask("2", "transfer", { flow: "payment", to: show_account(1), amount: "123.45 yuan" }),
      ask("3", "transfer", { flow: "payment", to: show_account(2), amount: "20 yuan" }),
      ask("4", "convert", { conversion: "course", account: show_account(1) }),
      "",
    ].join("\n"),
  );
  run("transact", at, file, "--tokens", tokens);
  run("journal", "checkpoint", at);
  for (const [name, selection] of [
    ["one", { account: show_account(1) }],
    ["export", {}],
  ] as const) {
    make_export(at, join(folder, name), selection);
    const options = Object.entries(selection).flatMap(([key, value]) => [`--${key}`, value]);
    run("export", at, join(folder, `real-${name}`), ...options);
    assert.deepEqual(load(join(folder, `real-${name}`)), load(join(folder, name)));
  }
  const key = readFileSync(join(at, "books"), "utf8").split("\n")[1]!;
  const files = load(join(folder, "export"));
  const one = load(join(folder, "one"));
  return { files, one, key, balances: Buffer.from(files.accounts).toString("utf8") };
}

test("transactions: postings add up to the balances", { skip }, async () => {
  const { files, one, key, balances } = books();
  assert.deepEqual((await check_export(sources(one), key)).differences, []);
  const verdict = await check_export(sources(files), key);
  assert.deepEqual(verdict.differences, []);
  assert.equal(verdict.transactions, 4);
  assert.deepEqual(
    balances
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).balances),
    [{ money: "85655" }, { credits: "48", money: "345" }, { money: "2000" }],
  );
  const found = async (
    change: (blocks: ReturnType<typeof blocks_of>) => void,
  ): Promise<string> => {
    const blocks = blocks_of(files);
    change(blocks);
    const other = await check_export(sources(forge(files, blocks)), undefined);
    return other.differences.map((difference) => difference.code).join(" ");
  };
  const of_kind = (blocks: ReturnType<typeof blocks_of>, kind: number) =>
    blocks.flatMap((block) => block.filter((record) => record.open[0] === kind));
  assert.equal(await found(() => {}), "");
  const more = await found((blocks) => of_kind(blocks, 10)[1]!.open.set([5, 2], 1));
  assert.ok(more.includes("accounts.balance") && more.includes("export.totals"), more);
  const gone = await found((blocks) => {
    const block = blocks.find((one) => one.some((record) => record.open[0] === 10))!;
    block.splice(
      block.findIndex((record) => record.open[0] === 10),
      1,
    );
  });
  assert.ok(gone.includes("transaction.legs"), gone);
  const twice = await found((blocks) => {
    const block = blocks.find((one) => one.some((record) => record.open[0] === 9))!;
    const at = block.findIndex((record) => record.open[0] === 9);
    block.push(...structuredClone(block.slice(at, at + 2)));
  });
  assert.ok(twice.includes("event.twice") && twice.includes("accounts.balance"), twice);
});

/** Books in which an entry was taken back by decision, and its act reported anew. */
function decided(): { files: Files; one: Files; key: string } {
  const folder = new_folder();
  const at = join(folder, "books");
  const tokens = join(folder, "tokens");
  const run = (...args: string[]): string =>
    execFileSync(
      partake,
      ["--library", library, "--as-of", "2026-11-05", "--lang", "en", ...args],
      { encoding: "utf8", timeout: 60000 },
    );
  const example = readFileSync(
    join(root, "examples/carbon-inclusion/programme.toml"),
    "utf8",
  );
  mkdirSync(join(folder, "programme"));
  writeFileSync(
    join(folder, "programme/programme.toml"),
    `${example}
[[scheme.findings]]
id = "timer"
detector = "repetition"
events = ["trip.metro"]
time_of_day = true
more_than = 3
days = 14
`,
  );
  const id = "example.carbon-inclusion";
  run("init", at, "--origin", "example.org/decided");
  run("publish", at, join(folder, "programme"));
  const source = (name: string, ...rest: string[]): string =>
    run("source", "add", at, name, "--programme", id, "--tokens", tokens, ...rest);
  source("gates", "--numbered");
  source("office", "--may", "question");
  source("board", "--may", "settle");
  run("account", "open", at, "--programme", id, "--count", "2", "--consent", "gates");
  const send = (name: string, lines: object[]): string => {
    const file = join(folder, name);
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return file;
  };
  const trip = (sequence: number, hour: number, trips: number): object => ({
    specversion: "1.0",
    source: "gates",
    id: String(sequence),
    sequence: String(sequence),
    type: "trip.metro",
    subject: show_account(0),
    time: `2026-11-03T${hour}:00:00+08:00`,
    data: { trips, end: `2026-11-03T${hour}:30:00+08:00` },
  });
  const ask = (name: string, action: string, data: object): object => ({
    specversion: "1.0",
    source: name,
    id: action,
    type: `partake.${action}`,
    time: "2026-11-05T10:00:00+08:00",
    data,
  });
  run("import", at, send("first", [trip(1, 10, 9), trip(2, 12, 1)]), "--tokens", tokens);
  const passbook: { record: number }[] = JSON.parse(
    run("--json", "passbook", at, show_account(0)),
  );
  const record = Math.min(...passbook.map((entry) => entry.record));
  const asked = send("ask", [ask("office", "question", { record, finding: "timer", reason: "x" })]);
  run("transact", at, asked, "--tokens", tokens);
  const told = send("tell", [
    ask("board", "settle", { question: 0, decision: "take_back", reason: "x" }),
  ]);
  run("transact", at, told, "--tokens", tokens);
  // The same act again, for which there is room now, and one more.
  run("import", at, send("then", [trip(3, 10, 2), trip(4, 14, 1)]), "--tokens", tokens);
  run("journal", "checkpoint", at);
  for (const [name, selection] of [
    ["one", { account: show_account(0) }],
    ["export", {}],
  ] as const) {
    make_export(at, join(folder, name), selection);
  }
  return {
    files: load(join(folder, "export")),
    one: load(join(folder, "one")),
    key: readFileSync(join(at, "books"), "utf8").split("\n")[1]!,
  };
}

test("transactions: what a decision takes back gives room again", { skip }, async () => {
  const { files, one, key } = decided();
  assert.deepEqual((await check_export(sources(files), key)).differences, []);
  assert.deepEqual((await check_export(sources(one), key)).differences, []);
  // Somebody takes back less than was credited.
  const blocks = blocks_of(files);
  const postings = blocks.flatMap((block) => block.filter((record) => record.open[0] === 10));
  const leg = postings.at(-1)!;
  leg.open[2]! ^= 2;
  const other = await check_export(sources(forge(files, blocks)), undefined);
  const codes = other.differences.map((difference) => difference.code);
  assert.ok(codes.includes("event.taken_amount"), codes.join(" "));
});
