// Exports of books that the real program made: true ones agree, whatever their selection; one bit
// changed anywhere is found; and so is what is false though every hash fits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { show_account } from "../src/account_number.js";
import { equal, from_hex as unhex, to_hex, to_utf8 } from "../src/bytes.js";
import { check_export, type Verdict } from "../src/export.js";
import { main } from "../src/main.js";
import { Hash_pool } from "../src/hash_pool.js";
import { check_receipt } from "../src/receipt.js";
import { read_verifier_key } from "../src/note.js";
import { Malformed, Untrue } from "../src/trouble.js";
import { blocks_of, file_names, type Files, forge, load, sources } from "./forge.js";
import { live, random } from "./life.js";
import { make_export, type Selection } from "./maker.js";
import { new_folder, partake, root, skip_without } from "./places.js";

const skip = skip_without(partake);
const from_hex = (text: string): Uint8Array => unhex(text, "test");

function codes(verdict: Verdict): string[] {
  return [...new Set(verdict.differences.map((difference) => difference.code))].sort();
}

async function codes_of(files: Files, key?: string): Promise<string[]> {
  try {
    return codes(await check_export(sources(files), key));
  } catch (error) {
    if (error instanceof Malformed || error instanceof Untrue) return [error.code];
    throw error;
  }
}

/** What the real program exports. */
function real_export(books: string, folder: string, selection: Selection): Files {
  rmSync(folder, { recursive: true, force: true });
  const options = Object.entries(selection).flatMap(([name, value]) => [`--${name}`, value]);
  execFileSync(partake, ["export", books, folder, ...options], { timeout: 60000 });
  return load(folder);
}

let played: { books: string; files: Files; key: string } | undefined;

/** The sample books of the repository, exported once for all tests. */
function play(): { books: string; files: Files; key: string } {
  if (played) return played;
  const folder = new_folder();
  const books = join(folder, "books");
  execFileSync(join(root, "examples/carbon-inclusion/play.sh"), [books], {
    env: { ...process.env, PARTAKE: partake, LANG: "C.UTF-8" },
    stdio: "ignore",
    timeout: 120000,
  });
  make_export(books, join(folder, "export"));
  const key = readFileSync(join(books, "books"), "utf8").split("\n")[1]!;
  played = { books, files: load(join(folder, "export")), key };
  return played;
}

test("receipt: one that the real program made; no changed bit of it is taken", { skip }, () => {
  const { books, key } = play();
  const bytes = readFileSync(join(books, "receipt.json"));
  const verifier = read_verifier_key(key);
  const receipt = check_receipt(bytes, verifier);
  assert.ok(receipt.hidden);
  const text = bytes.toString("utf8");
  const next = random(5);
  for (let i = 0; i < 300; i++) {
    const changed = Uint8Array.from(bytes);
    const bit = Math.floor(next() * 8 * changed.length);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      // What still passes must say the same: a blank between members became another blank.
      const other = check_receipt(changed, verifier);
      assert.deepEqual(other, receipt);
      assert.ok(/\s/.test(text[bit >> 3]!), `bit ${bit}`);
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof Untrue)) throw error;
    }
  }
});

test(
  "export: the sample books agree, here and on threads, and from the command line",
  { skip },
  async () => {
    const { files, key, books } = play();
    assert.deepEqual(await codes_of(files, key), []);
    const pool = new Hash_pool(2);
    try {
      assert.deepEqual(codes(await check_export(sources(files), key, pool)), []);
    } finally {
      await pool.close();
    }
    assert.deepEqual(await codes_of(files, "other+00000000+AAAA").catch(() => ["x"]), [
      "note.key",
    ]);
    const folder = join(books, "../export");
    assert.equal(await main(["export", folder, "--key", key, "--lang", "zh"]), 0);
    assert.equal(await main(["export", folder, "--json"]), 0);
    assert.equal(await main(["receipt", join(books, "receipt.json"), "--key", key]), 0);
    assert.equal(await main(["export", join(folder, "nothing")]), 2);
    assert.equal(await main(["nonsense"]), 2);
    writeFileSync(join(folder, "accounts"), "");
    assert.equal(await main(["export", folder, "--lang", "en"]), 1);
  },
);

test("export: balances are those that the real program shows", { skip }, () => {
  const { books, files } = play();
  const lines = Buffer.from(files.accounts).toString("utf8").trim().split("\n");
  assert.equal(lines.length, 5);
  for (const line of lines) {
    const { account, balances } = JSON.parse(line) as {
      account: string;
      balances: { co2e?: string; points?: string };
    };
    const book = execFileSync(partake, ["--json", "passbook", books, account], {
      encoding: "utf8",
    });
    const shown = JSON.stringify(JSON.parse(book));
    // Whatever the form of that answer: the newest entry's balance is in it.
    if (balances.points)
      assert.ok(shown.includes(balances.points), `${account} ${shown.slice(0, 300)}`);
  }
});

test("export: one flipped bit anywhere is found", { skip }, async () => {
  const { files } = play();
  const next = random(6);
  for (const name of file_names) {
    for (let i = 0; i < (name === "records" ? 120 : 40); i++) {
      const bytes = files[name].slice();
      const bit = Math.floor(next() * 8 * bytes.length);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      assert.notDeepEqual(
        await codes_of({ ...files, [name]: bytes }),
        [],
        `${name}, bit ${bit}`,
      );
    }
  }
});

test("export: cut short, drawn out or other bytes: an error, and soon", { skip }, async () => {
  const { files } = play();
  const next = random(7);
  for (const name of file_names) {
    const bytes = files[name];
    for (let i = 0; i < 12; i++) {
      const cut = bytes.slice(0, Math.floor(next() * bytes.length));
      assert.notDeepEqual(
        await codes_of({ ...files, [name]: cut }),
        [],
        `${name} to ${cut.length}`,
      );
    }
    assert.notDeepEqual(await codes_of({ ...files, [name]: new Uint8Array(0) }), [], name);
    const longer = Uint8Array.from([...bytes, 0x20]);
    assert.notDeepEqual(await codes_of({ ...files, [name]: longer }), [], name);
    const noise = Uint8Array.from({ length: 5000 }, () => Math.floor(next() * 256));
    assert.notDeepEqual(await codes_of({ ...files, [name]: noise }), [], name);
  }
});

/** The sample books changed by `change`, with every hash made anew. */
async function forged(
  change: (
    events: { block: number; at: number; open: string; hidden: string }[],
    blocks: ReturnType<typeof blocks_of>,
  ) => void,
): Promise<string[]> {
  const { files } = play();
  const blocks = blocks_of(files);
  const events = blocks.flatMap((block, number) =>
    block.flatMap((record, at) =>
      record.open[0] === 7
        ? [{ block: number, at, open: to_hex(record.open), hidden: to_hex(record.hidden!) }]
        : [],
    ),
  );
  change(events, blocks);
  return codes_of(forge(files, blocks));
}

test("forged: the same records signed anew agree", { skip }, async () => {
  assert.deepEqual(await forged(() => {}), []);
});

test(
  "forged: amounts, limits, points, names, times and chains that are not true",
  { skip },
  async () => {
    const set = (open: string | undefined, hidden?: string, at = 0) =>
      forged((events, blocks) => {
        const event = events[at]!;
        const record = blocks[event.block]![event.at]!;
        if (open !== undefined) record.open = from_hex(open);
        if (hidden !== undefined) record.hidden = from_hex(event.hidden.slice(0, 32) + hidden);
      });
    // 07 00 00 a0b921 04: accepted, rule 0, 274000 mg, 2 points.
    const has = async (found: Promise<string[]>, ...wanted: string[]): Promise<void> => {
      const all = await found;
      for (const code of wanted) assert.ok(all.includes(code), `${code} in ${all.join(" ")}`);
    };
    await has(
      set("070000a2b92104"),
      "event.amount",
      "event.credited",
      "accounts.balance",
      "export.totals",
    );
    await has(set("070000a0b92106"), "event.credited", "accounts.balance");
    await has(set("070001a0b92104"), "event.amount");
    await has(set("070009a0b92104"), "event.unknown_rule");
    await has(set("0701000000" + "01" + "a0b921"), "event.limits", "event.credited");
    await has(set("070800a0b92104"), "event.flags");
    await has(set("070000a0b9210400"), "bytes.left_over");
    const body = "0000a096fddc1a019c0f020000000000";
    const event_is = async (hidden: string, ...wanted: string[]): Promise<void> =>
      has(set(undefined, hidden), ...wanted);
    await event_is(body.replace("019c0f", "029c0f"), "event.twice"); // the second event's number
    await event_is(body.replace("019c0f02", "019c0f04"), "event.amount"); // two trips
    await event_is(
      body.replace("019c0f0200", "019c0fcc0100").slice(0, 32),
      "method.out_of_range",
    );
    await event_is(body.replace(/^00/, "09"), "account.unknown");
    await event_is(body.replace(/^0000/, "0007"), "event.unknown_stream");
    await event_is(`${body.slice(0, 22)}020100000000`, "passbook.previous");
    await event_is(`${body}00`, "event.padding");
    await event_is("0000a096fddc10019c0f020000000000", "event.too_late");
    await event_is("0000a096fddc1b019c0f020000000000", "event.in_future");
  },
);

test(
  "forged: an event twice, one left out, consents and states that forbid",
  { skip },
  async () => {
    const all = async (
      change: Parameters<typeof forged>[0],
      ...wanted: string[]
    ): Promise<void> => {
      const found = await forged(change);
      for (const code of wanted)
        assert.ok(found.includes(code), `${code} in ${found.join(" ")}`);
    };
    await all(
      (events, blocks) => {
        const last = events.at(-1)!;
        blocks[last.block]!.push(structuredClone(blocks[last.block]![last.at]!));
      },
      "event.twice",
      "passbook.previous",
      "accounts.balance",
    );
    await all(
      (events, blocks) => {
        const last = events.at(-1)!;
        blocks[last.block]!.splice(last.at, 1);
      },
      "accounts.balance",
      "export.totals",
    );
    const before =
      (record: { kind: number; json: string; hidden?: boolean }) =>
      (events: { block: number }[], blocks: ReturnType<typeof blocks_of>): void => {
        const bytes = to_utf8(record.json);
        blocks[events[0]!.block]!.unshift(
          record.hidden
            ? {
                open: Uint8Array.of(record.kind),
                hidden: Uint8Array.from([...new Uint8Array(16), ...bytes]),
              }
            : { open: Uint8Array.from([record.kind, ...bytes]), hidden: undefined },
        );
      };
    const account = show_account(0);
    await all(
      before({ kind: 6, hidden: true, json: `{"account":"${account}","frozen":true}` }),
      "event.account_frozen",
    );
    await all(
      before({
        kind: 5,
        hidden: true,
        json: `{"account":"${account}","consent":{"purpose":"credit","source":"metro-gates","until":"2020-01-01"},"granted":true}`,
      }),
      "event.no_consent",
    );
    await all(
      before({
        kind: 4,
        json: `{"epoch":0,"key":"${"00".repeat(32)}","numbered":true,"programme":"example.carbon-inclusion","revoked":true,"source":"metro-gates","tier":"A"}`,
      }),
      "event.source_revoked",
    );
    await all(
      before({
        kind: 8,
        json: `{"account":"${account}","balances":{"co2e":"5"},"last":1,"programme":"example.carbon-inclusion","records":1,"why":"x"}`,
      }),
      "account.erased",
      "erasure.amounts",
      "erasure.records",
    );
    await all(before({ kind: 12, json: "{}" }), "record.unknown_kind");
    await all(
      before({ kind: 11, json: `{"account":"${account}","party":"x","programme":"other"}` }),
      "programme.unknown",
    );
    await all((_, blocks) => {
      const edition = blocks[0]!.find((record) => record.open[0] === 2)!;
      const text = Buffer.from(edition.open).toString("latin1").replace('"1.0.0"', '"1.0.1"');
      edition.open = Uint8Array.from(Buffer.from(text, "latin1"));
    }, "edition.other_programme");
    await all((_, blocks) => {
      // Another hash under a method's name: the edition's own hash is another, too.
      const edition = blocks[0]!.find((record) => record.open[0] === 2)!;
      const text = Buffer.from(edition.open).toString("latin1");
      const changed = text.replace(/(@1\.0\.0":")(.)/, (_, name, digit) =>
        name + (digit === "0" ? "1" : "0"),
      );
      edition.open = Uint8Array.from(Buffer.from(changed, "latin1"));
    }, "edition.method_hash", "entry.editions");
    await all((_, blocks) => {
      // The rules are changed, and published under their new hash: nothing of the events fits.
      const at = blocks[0]!.findIndex((record) =>
        Buffer.from(record.open).includes('per = \\"day\\"'),
      );
      const text = Buffer.from(blocks[0]![at]!.open)
        .toString("utf8")
        .replace("2 kgCO2e", "1 kgCO2e");
      blocks[0]![at]!.open = Uint8Array.from(Buffer.from(text, "utf8"));
    }, "edition.content_missing");
  },
);

for (const seed of [1, 2, 3]) {
  test(
    `a life (${seed}): events, corrections, editions, an erasure; in every selection`,
    { skip },
    async () => {
      const folder = new_folder();
      const { folder: books, key } = live(folder, seed);
      const selections: Selection[] = [
        {},
        { programme: "test.life" },
        { account: show_account(0) },
        { account: show_account(2) },
        { since: "2026-10-20" },
        { programme: "test.life", since: "2026-10-26" },
        { account: show_account(5), since: "2026-10-20" },
        { since: "2027-01-01" },
      ];
      for (const selection of selections) {
        make_export(books, join(folder, "export"), selection);
        const files = load(join(folder, "export"));
        const real = real_export(books, join(folder, "real"), selection);
        for (const name of file_names)
          assert.ok(equal(real[name], files[name]), `${name} ${JSON.stringify(selection)}`);
        const verdict = await check_export(sources(files), key);
        assert.deepEqual(verdict.differences, [], JSON.stringify(selection));
        const next = random(seed + 10);
        for (let i = 0; i < 6; i++) {
          const records = files.records.slice();
          const bit = Math.floor(next() * 8 * records.length);
          records[bit >> 3]! ^= 1 << (bit & 7);
          assert.notDeepEqual(await codes_of({ ...files, records }), [], `bit ${bit}`);
        }
      }
    },
  );
}

// docs/programmes.md: with `tiers` in the scheme, those worths hold instead of the methods'.
test(
  "a life whose second edition says what tiers are worth",
  { skip },
  async () => {
    const folder = new_folder();
    const { folder: books, key } = live(folder, 4, true);
    make_export(books, join(folder, "export"));
    const verdict = await check_export(sources(load(join(folder, "export"))), key);
    assert.deepEqual(verdict.differences, []);
  },
);
