// Makes an export of books after docs/formats/export.md, from the journal's files alone. Balances
// come from adding up the records; a test compares them with those of the real program.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { show_account, read_account } from "../src/account_number.js";
import { Books } from "../src/books.js";
import { Reader, varint } from "../src/bytes.js";
import { read_day } from "../src/civil.js";
import { read_entry } from "../src/entry.js";
import { amounts_json } from "../src/export.js";
import { canonical, type JsonObject } from "../src/json.js";
import { node_hash } from "../src/merkle.js";
import { Record_view, record_leaf } from "../src/record.js";
import { asset_names } from "../src/assets.js";
import { read_journal } from "./journal_reader.js";

export interface Selection {
  readonly programme?: string;
  readonly account?: string;
  readonly since?: string;
}

interface Given {
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  given: boolean;
}

/** A transaction is given with its programme; of a selected account only with its posting. */
function with_transactions(records: Given[], selection: Selection, late: boolean): void {
  records.forEach((one, at) => {
    const view = new Record_view();
    view.read(new Reader(one.bytes));
    if (view.bytes[view.open_at] !== 9 || one.given) return;
    const open = JSON.parse(Buffer.from(view.open().subarray(1)).toString("utf8")) as {
      programme: string;
      legs: number;
    };
    const legs = records.slice(at + 1, at + 1 + open.legs);
    const ours = selection.programme === undefined || selection.programme === open.programme;
    if (!ours) for (const leg of legs) leg.given = false; // an erased one does not say whose it is
    one.given =
      selection.account === undefined ? late && ours : legs.some((leg) => leg.given);
  });
}

function items_of(records: readonly Given[]): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 0; at < records.length; ) {
    if (records[at]!.given) {
      items.push(records[at++]!.bytes);
      continue;
    }
    let end = at;
    while (end < records.length && !records[end]!.given) end++;
    let level = 0;
    while (level < 14 && at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++;
    const width = 2 ** level;
    let hashes = records.slice(at, at + width).map((one) => one.leaf);
    while (hashes.length > 1)
      hashes = hashes
        .filter((_, i) => i % 2 === 0)
        .map((_, i) => node_hash(hashes[2 * i]!, hashes[2 * i + 1]!));
    items.push(Uint8Array.from([0x10 + level, ...hashes[0]!]));
    at += width;
  }
  return items;
}

export function make_export(
  books_folder: string,
  folder: string,
  selection: Selection = {},
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const key = readFileSync(join(books_folder, "books"), "utf8").split("\n")[1]!;
  const checkpoint = readFileSync(join(books_folder, "journal/log/checkpoint"));
  const size = Number(checkpoint.toString("utf8").split("\n")[1]);
  const since = selection.since === undefined ? -Infinity : read_day(selection.since) * 86400e6;
  const account = selection.account === undefined ? undefined : read_account(selection.account);
  const books = new Books({
    full: selection.since === undefined,
    whole: Object.keys(selection).length === 0,
    programme: selection.programme,
    account,
    report: (difference) => {
      throw new Error(JSON.stringify(difference));
    },
  });
  // Balances are those at the checkpoint, whatever is given.
  const all = new Books({
    full: true,
    whole: true,
    programme: undefined,
    account: undefined,
    report: (difference) => {
      throw new Error(JSON.stringify(difference));
    },
  });
  const openings: { first: number; count: number; programme: string }[] = [];
  let opened = 0;
  const wanted = (record: Record_view, admitted: number): boolean => {
    const kind = record.bytes[record.open_at]!;
    if (kind <= 4 || kind === 8 || kind === 11) return true;
    if (admitted < since) return false;
    if (kind === 9) return false; // below
    if (record.erased) {
      if (kind !== 7 || selection.programme === undefined) return account === undefined;
      // The open part tells the rule; of a withdrawal it is that of what is taken back.
      const reader = new Reader(record.bytes, record.open_at + 2, record.open_end);
      const ours = all.rule_programme(reader.varint()) === selection.programme;
      return ours && account === undefined;
    }
    let whose: number;
    if (kind === 7 || kind === 10)
      whose = new Reader(record.bytes, record.hidden_at + 16, record.end).varint();
    else {
      const json = Buffer.from(
        record.bytes.subarray(record.hidden_at + 16, record.end),
      ).toString("utf8");
      whose = read_account((JSON.parse(json) as { account: string }).account);
    }
    if (account !== undefined && account !== whose) return false;
    if (selection.programme === undefined) return true;
    const opening = openings.find((one) => whose >= one.first && whose < one.first + one.count);
    return opening?.programme === selection.programme;
  };
  const entries = openSync(join(folder, "entries"), "w");
  const records = openSync(join(folder, "records"), "w");
  let blocks = 0;
  for (const block of read_journal(join(books_folder, "journal"))) {
    if (blocks === size) break;
    writeSync(entries, varint(block.entry.length));
    writeSync(entries, block.entry);
    const entry = read_entry(block.entry);
    const reader = new Reader(block.records);
    const list: Given[] = [];
    for (let i = 0; i < block.count; i++) {
      const view = new Record_view();
      view.read(reader);
      const leaf = new Uint8Array(32);
      record_leaf(view, leaf, 0);
      if (view.bytes[view.open_at] === 3) {
        const text = Buffer.from(view.open().subarray(1)).toString("utf8");
        const { programme, count } = JSON.parse(text) as { programme: string; count: number };
        openings.push({ first: opened, count, programme });
        opened += count;
      }
      const given = wanted(view, entry.admitted);
      all.apply(entry.first + i, view, entry.admitted);
      list.push({ bytes: block.records.subarray(view.at, view.end), leaf, given });
    }
    with_transactions(list, selection, entry.admitted >= since);
    list.forEach((one, i) => {
      if (!one.given) return;
      const view = new Record_view();
      view.read(new Reader(one.bytes));
      books.apply(entry.first + i, view, entry.admitted);
    });
    if (list.some((one) => one.given)) {
      const items = items_of(list);
      writeSync(records, Buffer.concat([varint(blocks), varint(items.length), ...items]));
    }
    blocks++;
  }
  closeSync(entries);
  closeSync(records);
  const accounts = openSync(join(folder, "accounts"), "w");
  let lines: string[] = [];
  for (const one of books.selected()) {
    const balances = amounts_json(asset_names.map((_, i) => all.balance(i, one)));
    lines.push(`${canonical({ account: show_account(one), balances })}\n`);
    if (lines.length === 10000) {
      writeSync(accounts, lines.join(""));
      lines = [];
    }
  }
  writeSync(accounts, lines.join(""));
  closeSync(accounts);
  writeFileSync(join(folder, "checkpoint"), checkpoint);
  const manifest: JsonObject = {
    format: "partake export 1",
    key,
    blocks,
    selection: { ...selection } as JsonObject,
    given: books.counts.given,
    totals: { events: books.counts.events, posted: amounts_json(books.posted) },
  };
  writeFileSync(join(folder, "export.json"), canonical(manifest));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [books, folder, selection] = process.argv.slice(2);
  make_export(books!, folder!, JSON.parse(selection ?? "{}") as Selection);
}
