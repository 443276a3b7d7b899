// An export, checked: docs/formats/export.md, "To check it", from the signature to the balances.
import { Malformed, Untrue, type Args, type Difference } from "./trouble.js";
import { equal, from_utf8, type Integer, Reader, to_hex } from "./bytes.js";
import { read_account, show_account } from "./account_number.js";
import { block_bytes_max, skim_block } from "./block.js";
import { Books } from "./books.js";
import { type Byte_source, read_whole, Window_reader } from "./byte_source.js";
import { read_day } from "./civil.js";
import { type Entry, read_entry } from "./entry.js";
import { type Hasher, Inline_hasher } from "./hasher.js";
import { canonical, type JsonObject, Members, parse_canonical } from "./json.js";
import { Frontier, leaf_hash } from "./merkle.js";
import { type Checkpoint, open_checkpoint, read_verifier_key } from "./note.js";
import { Record_view } from "./record.js";
import { asset_names } from "./assets.js";

export interface Export_files {
  readonly manifest: Byte_source;
  readonly checkpoint: Byte_source;
  readonly entries: Byte_source;
  readonly records: Byte_source;
  readonly accounts: Byte_source;
}

export interface Manifest {
  readonly key: string;
  readonly blocks: number;
  readonly programme: string | undefined;
  readonly account: number | undefined;
  readonly since: number | undefined; // day
  readonly given: number;
  readonly totals: Members;
}

export interface Verdict {
  readonly manifest: Manifest;
  readonly checkpoint: Checkpoint | undefined;
  readonly differences: readonly Difference[];
  readonly more: number; // differences beyond those that are listed
  readonly records: number; // of the journal
  readonly given: number;
  readonly events: number;
  readonly recomputed: number;
  readonly transactions: number;
  readonly decided: number; // of the transactions
  readonly undecided: { readonly [why: string]: number };
  readonly erased: number;
  readonly accounts: number;
  readonly editions: number;
  readonly posted: JsonObject;
}

const differences_max = 100;
const hour_us = 3600e6;

function without_newline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

function read_manifest(bytes: Uint8Array): Manifest {
  const text = without_newline(from_utf8(bytes, "export.json"));
  const members = new Members(parse_canonical(text, "export.json"), "export.json");
  if (members.get("format") !== "partake export 1") throw new Malformed("export.format");
  members.only("format", "key", "blocks", "selection", "given", "totals");
  const selection = members.object_at("selection");
  selection.only("programme", "account", "since");
  const totals = members.object_at("totals");
  totals.only("events", "posted");
  return {
    key: members.text("key"),
    blocks: members.count("blocks"),
    programme: selection.has("programme") ? selection.text("programme") : undefined,
    account: selection.has("account") ? read_account(selection.text("account")) : undefined,
    since: selection.has("since") ? read_day(selection.text("since")) : undefined,
    given: members.count("given"),
    totals,
  };
}

/** Amounts of assets that are not zero, as the formats write them: the asset's name and a text. */
export function amounts_json(amounts: readonly Integer[]): JsonObject {
  const object: JsonObject = {};
  amounts.forEach((amount, i) => {
    if (amount !== 0) object[asset_names[i]!] = String(amount);
  });
  return object;
}

class Export_check {
  readonly differences: Difference[] = [];
  more = 0;
  records_before = 0;
  private readonly books: Books;
  private readonly whole: boolean;
  private published_events = 0;
  private published: JsonObject = {};
  private last_hour = NaN;

  constructor(
    private readonly files: Export_files,
    readonly manifest: Manifest,
    private readonly checkpoint: Checkpoint | undefined,
    private readonly hasher: Hasher,
  ) {
    const { programme, account, since } = manifest;
    this.whole = programme === undefined && account === undefined && since === undefined;
    this.books = new Books({
      full: since === undefined,
      whole: this.whole,
      programme,
      account,
      report: (difference) => this.add(difference),
    });
  }

  add(difference: Difference): void {
    if (this.differences.length < differences_max) this.differences.push(difference);
    else this.more++;
  }

  private differ(code: string, args: Args = {}): void {
    this.add({ code, args });
  }

  /** Entries and records side by side: neither is ever held whole. */
  async read_log(): Promise<void> {
    const entries = new Window_reader(this.files.entries, 1024 * 1024);
    const records = new Window_reader(this.files.records);
    const entry_reader = new Reader(entries.bytes, 0, 0, "entries");
    const record_reader = new Reader(records.bytes, 0, 0, "records");
    const log = new Frontier();
    let admitted = -Infinity;
    let next = await this.next_block(records, record_reader);
    for (let block = 0; block < this.manifest.blocks; block++) {
      await entries.ensure(1100);
      entry_reader.reset(entries.bytes, entries.at, entries.end);
      const bytes = entry_reader.take(entry_reader.varint());
      entries.at = entry_reader.at;
      log.add(leaf_hash(bytes), 0);
      const entry = read_entry(bytes);
      if (entry.first !== this.records_before)
        throw new Untrue("entry.first", {
          block,
          expected: this.records_before,
          found: entry.first,
        });
      if (entry.admitted < admitted) this.differ("entry.admitted", { block });
      admitted = entry.admitted;
      this.check_facts(entry, block);
      if (next?.block === block) {
        await this.block(records, record_reader, next, entry);
        next = await this.next_block(records, record_reader);
        if (next && next.block <= block)
          throw new Malformed("records.order", { block: next.block });
      } else if (this.whole) this.differ("records.block_missing", { block });
      this.records_before += entry.records;
    }
    if (!entries.finished) throw new Malformed("bytes.left_over", { what: "entries" });
    if (next) throw new Untrue("records.no_such_block", { block: next.block });
    if (this.checkpoint) {
      if (this.checkpoint.size !== this.manifest.blocks)
        this.differ("checkpoint.size", {
          expected: this.manifest.blocks,
          found: this.checkpoint.size,
        });
      else if (!equal(log.root(), this.checkpoint.root))
        this.differ("checkpoint.root", {
          expected: to_hex(this.checkpoint.root),
          found: to_hex(log.root()),
        });
    }
    await this.hasher.finish();
    for (const block of this.hasher.wrong.sort((a, b) => a - b))
      this.differ("block.root", { block });
  }

  private async next_block(
    window: Window_reader,
    reader: Reader,
  ): Promise<{ block: number; items: number } | undefined> {
    await window.ensure(block_bytes_max);
    if (window.finished) return undefined;
    reader.reset(window.bytes, window.at, window.end);
    const block = reader.varint();
    const items = reader.varint();
    window.at = reader.at;
    return { block, items };
  }

  private async block(
    window: Window_reader,
    reader: Reader,
    { block, items }: { block: number; items: number },
    entry: Entry,
  ): Promise<void> {
    const from = window.at;
    if (items > entry.records) throw new Untrue("block.cover", { block });
    const { leaves, given } = skim_block(reader, items);
    if (leaves !== entry.records) throw new Untrue("block.cover", { block });
    if (given === 0) throw new Malformed("records.empty_block", { block });
    if (this.whole && given !== items) this.differ("records.not_given", { block });
    const to = reader.at;
    const waiting = this.hasher.check(window.bytes, {
      block,
      items,
      from,
      to,
      root: entry.root,
    });
    this.apply(window.bytes, from, to, items, entry);
    if (waiting) await waiting;
    window.at = to;
  }

  private readonly view = new Record_view();
  private readonly apply_reader = new Reader(new Uint8Array(0), 0, 0, "records");

  private apply(
    bytes: Uint8Array,
    from: number,
    to: number,
    items: number,
    entry: Entry,
  ): void {
    const reader = this.apply_reader;
    reader.reset(bytes, from, to);
    let number = entry.first;
    for (let i = 0; i < items; i++) {
      const first = bytes[reader.at]!;
      if (first > 2) {
        reader.at += 33;
        number += 2 ** (first - 0x10);
        continue;
      }
      this.view.read(reader);
      try {
        this.books.apply(number, this.view, entry.admitted);
      } catch (error) {
        if (!(error instanceof Untrue) && !(error instanceof Malformed)) throw error;
        this.add({ code: error.code, args: error.args, record: number });
      }
      number++;
    }
  }

  /** What the writer tells of a block: editions before it, and totals that move by the hour. */
  private check_facts(entry: Entry, block: number): void {
    const editions = entry.rest.object_at("editions");
    const found = `${editions.count("count")} ${editions.text("hash")}`;
    const expected = `${this.books.editions} ${to_hex(this.books.chain)}`;
    if (found !== expected) this.differ("entry.editions", { block, expected, found });
    if (!this.whole) return;
    const hour = Math.floor(entry.admitted / hour_us);
    const { events } = this.books.counts;
    if (hour !== this.last_hour && events - this.published_events >= 10) {
      this.published_events = events;
      this.published = amounts_json(this.books.credited_by_events);
    }
    this.last_hour = hour;
    const totals = canonical({ events: this.published_events, ...this.published });
    const stated = canonical(entry.rest.object_at("totals").object);
    if (totals !== stated)
      this.differ("entry.totals", { block, expected: totals, found: stated });
  }

  check_totals(): void {
    const { given, events } = this.books.counts;
    const { manifest } = this;
    if (given !== manifest.given)
      this.differ("export.given", { expected: given, found: manifest.given });
    const expected = canonical({ events, posted: amounts_json(this.books.posted) });
    const found = canonical(manifest.totals.object);
    if (expected !== found) this.differ("export.totals", { expected, found });
    this.books.finish();
  }

  /** A line for each account of the selection; with `since` the amounts cannot be known. */
  async check_accounts(): Promise<void> {
    const window = new Window_reader(this.files.accounts, 1024 * 1024);
    const compared = this.manifest.since === undefined;
    let last = -1;
    const accounts = this.books.selected();
    const line = async (): Promise<string | undefined> => {
      await window.ensure(65536);
      if (window.finished) return undefined;
      const end = window.bytes.indexOf(10, window.at);
      if (end < 0 || end >= window.end || end - window.at > 65536)
        throw new Malformed("accounts.line");
      const text = from_utf8(window.bytes.subarray(window.at, end), "accounts");
      window.at = end + 1;
      return text;
    };
    for (let text = await line(); text !== undefined; text = await line()) {
      const account = accounts.next();
      if (account.done) {
        this.differ("accounts.too_many");
        return;
      }
      if (account.value <= last) throw new Malformed("accounts.order");
      last = account.value;
      if (compared) {
        const balances = amounts_json(asset_names.map((_, i) => this.books.balance(i, last)));
        const expected = canonical({ account: show_account(last), balances });
        if (text !== expected) this.differ("accounts.balance", { expected, found: text });
      } else {
        const members = new Members(parse_canonical(text, "accounts"), "accounts");
        if (members.text("account") !== show_account(last))
          this.differ("accounts.other", {
            expected: show_account(last),
            found: members.text("account"),
          });
      }
    }
    if (!accounts.next().done) this.differ("accounts.too_few");
  }

  verdict(): Verdict {
    const { counts } = this.books;
    return {
      manifest: this.manifest,
      checkpoint: this.checkpoint,
      differences: this.differences,
      more: this.more,
      records: this.records_before,
      given: counts.given,
      events: counts.events,
      recomputed: counts.recomputed,
      transactions: counts.transactions,
      decided: counts.decided,
      undecided: Object.fromEntries(this.books.undecided),
      erased: counts.erased,
      accounts: counts.accounts,
      editions: this.books.editions,
      posted: amounts_json(this.books.posted),
    };
  }
}

/**
 * Checks everything that the export allows to check. `key` is the log's key from elsewhere;
 * without it the export's own is taken, which proves nothing about who signed.
 */
export async function check_export(
  files: Export_files,
  key: string | undefined,
  hasher: Hasher = new Inline_hasher(),
): Promise<Verdict> {
  const manifest = read_manifest(await read_whole(files.manifest, 65536));
  const verifier = read_verifier_key(manifest.key);
  const early: Difference[] = [];
  if (key !== undefined && key !== manifest.key)
    early.push({ code: "export.key", args: { expected: key, found: manifest.key } });
  let checkpoint: Checkpoint | undefined;
  try {
    const trusted = key === undefined ? verifier : read_verifier_key(key);
    checkpoint = open_checkpoint(await read_whole(files.checkpoint, 65536), trusted);
  } catch (error) {
    if (!(error instanceof Untrue)) throw error;
    early.push({ code: error.code, args: error.args });
  }
  const check = new Export_check(files, manifest, checkpoint, hasher);
  for (const difference of early) check.add(difference);
  try {
    await check.read_log();
    check.check_totals();
    await check.check_accounts();
  } catch (error) {
    // An untruth that leaves nothing to go on with; what was found before it stands.
    if (!(error instanceof Untrue)) throw error;
    check.add({ code: error.code, args: error.args });
  }
  return check.verdict();
}
