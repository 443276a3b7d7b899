// The books, added up from the records: who may be credited, what is right for each event, and
// what accounts hold. It says what differs and goes on.
import { Malformed, Untrue, type Args, type Difference } from "./trouble.js";
import {
  from_utf8,
  type Integer,
  join,
  minus,
  negative,
  normal,
  plus,
  Reader,
  to_hex,
  to_utf8,
} from "./bytes.js";
import { read_account, show_account } from "./account_number.js";
import { Acts } from "./acts.js";
import { asset_names, points_asset } from "./assets.js";
import { floats, halves, Integers, words } from "./column.js";
import { civil_of, read_day } from "./civil.js";
import { decide, type Decided } from "./decide.js";
import { type Entry as Event_entry, type View } from "./deal.js";
import { Contents, type Edition, edition_hash } from "./edition.js";
import { Event_view, type Rules } from "./event.js";
import { Holdings } from "./holdings.js";
import { canonical, type JsonObject, Members, parse_canonical } from "./json.js";
import { Ids, Numbers } from "./names.js";
import { Past } from "./past.js";
import { Point_ages } from "./point_ages.js";
import { type Record_view } from "./record.js";
import { type Rule } from "./rule.js";
import { sha256 } from "./sha256.js";
import { window_end, Windows } from "./windows.js";

interface Programme_state {
  readonly id: string;
  readonly number: number;
  edition: Edition | undefined;
  first_rule: number; // of the edition in force
  readonly caps: Map<string, number>;
  readonly groups: Map<string, number>;
  erased: Integer[]; // amounts of events whose hidden part is gone, by asset
  released: Integer[]; // what erasures say that accounts held
}

interface Stream {
  readonly source: Source;
  readonly tier: number;
  readonly numbered: boolean;
  readonly programme: number;
  readonly numbers: Numbers;
}

/** A transaction whose postings are being read. */
interface Transaction {
  readonly record: number;
  readonly action: string;
  readonly programme: number;
  readonly legs: number;
  readonly changes: readonly Members[];
  readonly takes_back: number | undefined; // the event's record, by a decision
  readonly reversible: boolean;
  decided: Decided | undefined; // undefined: what was asked for cannot be read
  erased: boolean; // it, or one of its postings
  next_leg: number;
  readonly given: Map<number, Given_leg>; // by their numbers
}

interface Given_leg {
  readonly account: number;
  readonly amounts: readonly (readonly [number, Integer])[];
  readonly free: readonly Integer[] | undefined; // of each asset, before
}

interface Source {
  readonly name: string;
  stream: number;
  epoch: number;
  revoked: boolean;
  may: readonly string[] | undefined; // actions; then it reports no events
}

interface Opening {
  readonly first: number;
  readonly count: number;
  readonly programme: number;
  readonly actor: string;
  readonly consents: ReadonlyMap<string, number>; // source: last day
}

export interface Options {
  /** no `since`: everything of each selected account is there from the first block on */
  readonly full: boolean;
  /** no selection at all */
  readonly whole: boolean;
  readonly programme: string | undefined;
  readonly account: number | undefined;
  readonly report: (difference: Difference) => void;
}

const day_us = 86400e6;
const hour_us = 3600e6;
const first_event_day = 7305; // 1990-01-01
const last_event_day = 65742; // 2149-12-31
export const accounts_max = 2 ** 32 - 2;
const tiers = "ABC";

export class Books implements Rules {
  readonly counts = {
    given: 0,
    events: 0,
    recomputed: 0,
    accounts: 0,
    erased: 0,
    transactions: 0,
    decided: 0,
  };
  /** Transactions that could not be decided again, or not wholly, by the reason. */
  readonly undecided = new Map<string, number>();
  readonly posted: Integer[] = asset_names.map(() => 0); // by events and transactions
  readonly credited_by_events: Integer[] = asset_names.map(() => 0);
  editions = 0;
  chain = new Uint8Array(32);
  private readonly contents = new Contents();
  private readonly programmes: Programme_state[] = [];
  private readonly rules: Rule[] = [];
  private readonly rule_programmes: number[] = [];
  private readonly sources = new Map<string, Source>();
  private readonly streams: Stream[] = [];
  private readonly openings: Opening[] = [];
  private last_opening: Opening | undefined;
  private readonly last_records = floats(8); // of an account's passbook, + 1
  private readonly frozen = new Set<number>();
  private readonly erased_accounts = new Set<number>();
  private readonly consents = new Map<number, Map<string, number>>();
  private readonly balances = asset_names.map(() => new Integers(8));
  private readonly caps = new Windows();
  private readonly acts = new Acts();
  private readonly ids = new Ids();
  // Of every event that was read: what a correction may name later.
  private readonly event_records = words();
  private readonly event_accounts = words();
  private readonly event_rules = halves();
  private readonly event_streams = words();
  private readonly event_times = floats();
  private readonly event_amounts = new Integers();
  private readonly event_amounts_at = floats();
  private readonly event_points = halves(); // + 1; 0: none, or too many for it
  private readonly many_points = new Map<number, Integer>();
  private kept_events = 0;
  private kept_amounts = 0;
  private readonly replaced = new Set<number>();
  private erased_records = 0;
  private erasure_records = 0;
  private readonly event = new Event_view();
  private readonly computed: Integer[] = [0, 0, 0, 0];
  private readonly credited: Integer[] = [0, 0, 0, 0];
  private transaction: Transaction | undefined;
  private readonly holdings: Holdings;
  private readonly past = new Past();
  private readonly view: View;
  private number = 0;
  private admitted_us = 0;
  private today = 0;

  constructor(private readonly options: Options) {
    const complete = options.full && options.account === undefined;
    this.holdings = new Holdings(options.whole, complete);
    this.view = this.make_view(complete ? undefined : options.full ? "account" : "since");
  }

  rule(number: number): Rule | undefined {
    return this.rules[number];
  }

  /** The id of the programme that a rule is of. */
  rule_programme(number: number): string | undefined {
    return this.programmes[this.rule_programmes[number] ?? -1]?.id;
  }

  is_numbered(stream: number): boolean | undefined {
    return this.streams[stream]?.numbered;
  }

  private differ(code: string, args: Args = {}): void {
    this.options.report({ code, args, record: this.number });
  }

  /** One record, in the order of the journal. */
  apply(number: number, record: Record_view, admitted_us: number): void {
    this.number = number;
    if (admitted_us !== this.admitted_us) {
      this.admitted_us = admitted_us;
      this.today = Math.floor(admitted_us / day_us);
      // Between blocks; a transaction ends with its block.
      this.end_transaction();
      this.holdings.holds.end_before(this.today);
      this.pass_years();
    }
    this.counts.given++;
    const kind = record.bytes[record.open_at]!;
    const hidden = (kind >= 5 && kind <= 7) || kind === 9 || kind === 10;
    if (kind < 1 || (kind <= 11 && hidden !== (record.kind !== 0)))
      throw new Malformed("record.meaning", { kind });
    if (kind !== 10) this.end_transaction();
    if (record.erased) {
      // An erasure counts the record of a transaction with its account's posting, also if it was
      // erased before with another's.
      this.erased_records += kind === 9 ? 0 : kind === 10 ? 2 : 1;
      this.counts.erased++;
      if (this.options.account !== undefined && kind !== 9) this.differ("selection.erased");
    }
    switch (kind) {
      case 1:
        return this.contents.add(this.open_json(record, "content"));
      case 2:
        return this.apply_edition(this.open_json(record, "edition"));
      case 3:
        return this.apply_accounts(this.open_json(record, "accounts"));
      case 4:
        return this.apply_source(this.open_json(record, "source"));
      case 5:
      case 6:
        if (record.open_end - record.open_at !== 1)
          throw new Malformed("record.meaning", { kind });
        if (record.erased) return;
        return kind === 5 ? this.apply_consent(record) : this.apply_state(record);
      case 7:
        return this.apply_event(record);
      case 8:
        return this.apply_erasure(this.open_json(record, "erasure"));
      case 9:
        return this.apply_transaction(record);
      case 10:
        return this.apply_posting(record);
      case 11:
        return this.apply_party(this.open_json(record, "party"));
      default:
        // A kind that this program does not know is never passed over in silence.
        this.differ("record.unknown_kind", { kind });
    }
  }

  /** What can only be said once all records are read. */
  finish(): void {
    this.end_transaction();
    for (const name of this.view.lacks === undefined ? this.holdings.broken_classes() : [])
      this.options.report({ code: "transaction.units_missing", args: { units: name } });
    if (!this.options.whole) return;
    this.number = -1;
    for (const one of this.programmes)
      asset_names.forEach((asset, i) => {
        if (one.erased[i] !== one.released[i])
          this.options.report({
            code: "erasure.amounts",
            args: {
              programme: one.id,
              asset,
              expected: String(one.erased[i]),
              found: String(one.released[i]),
            },
          });
      });
    if (this.erased_records !== this.erasure_records)
      this.options.report({
        code: "erasure.records",
        args: { expected: this.erased_records, found: this.erasure_records },
      });
  }

  balance(asset: number, account: number): Integer {
    return this.balances[asset]!.get(account);
  }

  is_erased(account: number): boolean {
    return this.erased_accounts.has(account);
  }

  /** Accounts of the selection, in the order of their numbers. */
  *selected(): Generator<number> {
    for (const opening of this.openings) {
      const id = this.programmes[opening.programme]!.id;
      if (this.options.programme !== undefined && this.options.programme !== id) continue;
      for (let i = 0; i < opening.count; i++) {
        const account = opening.first + i;
        if (this.options.account === undefined || this.options.account === account)
          yield account;
      }
    }
  }

  // ---- what is open

  private open_json(record: Record_view, what: string): Members {
    const bytes = record.bytes.subarray(record.open_at + 1, record.open_end);
    return new Members(parse_canonical(from_utf8(bytes, what), what), what);
  }

  private programme(id: string): Programme_state {
    let found = this.programmes.find((one) => one.id === id);
    if (!found) {
      found = {
        id,
        number: this.programmes.length,
        edition: undefined,
        first_rule: 0,
        caps: new Map(),
        groups: new Map(),
        erased: asset_names.map(() => 0),
        released: asset_names.map(() => 0),
      };
      this.programmes.push(found);
    }
    return found;
  }

  private known_programme(id: string): Programme_state {
    const found = this.programmes.find((one) => one.id === id);
    if (!found) throw new Untrue("programme.unknown", { programme: id });
    return found;
  }

  private apply_edition(members: Members): void {
    const edition = this.contents.edition(members);
    for (const wrong of edition.wrong_hashes) this.differ("edition.method_hash", wrong);
    const programme = this.programme(edition.programme.id);
    programme.edition = edition;
    programme.first_rule = this.rules.length;
    const number_in = (map: Map<string, number>, name: string): number => {
      const number = map.get(name) ?? map.size;
      if (number > 4094) throw new Malformed("programme.too_many_caps");
      map.set(name, number);
      return number;
    };
    for (const rule of edition.rules) {
      for (const cap of rule.caps) cap.number = number_in(programme.caps, cap.name);
      if (rule.group !== undefined) rule.group_number = number_in(programme.groups, rule.group);
      this.rules.push(rule);
      this.rule_programmes.push(programme.number);
    }
    this.pass_years();
    if (this.rules.length > 65535) throw new Malformed("programme.too_many_rules");
    this.chain = sha256(
      join(this.chain, edition_hash(members.object)),
    ) as Uint8Array<ArrayBuffer>;
    this.editions++;
  }

  private apply_accounts(members: Members): void {
    members.only("programme", "actor", "count", "consents", "group");
    const group = members.has("group") ? members.text("group") : undefined;
    const count = members.count("count");
    const first = this.counts.accounts;
    if (count < 1 || first + count > accounts_max) throw new Malformed("account.count");
    const consents = new Map<string, number>();
    for (const one of members.list("consents")) {
      const consent = Members.of(one, "consent");
      consents.set(this.consent_key(consent), read_day(consent.text("until")));
    }
    const programme = this.known_programme(members.text("programme")).number;
    this.openings.push({ first, count, programme, actor: members.text("actor"), consents });
    if (group !== undefined) this.holdings.groups.push({ programme, name: group, first, count });
    this.counts.accounts += count;
  }

  /** The source's name for its credits; with a blank before it, for what it may spend. */
  private consent_key(consent: Members): string {
    consent.only("source", "purpose", "until");
    const purpose = consent.text("purpose");
    if (purpose !== "credit" && purpose !== "spend") throw new Malformed("consent.purpose");
    return (purpose === "spend" ? " " : "") + consent.text("source");
  }

  private apply_source(members: Members): void {
    members.only("source", "programme", "tier", "numbered", "epoch", "key", "revoked", "may");
    const name = members.text("source");
    const epoch = members.count("epoch");
    let source = this.sources.get(name);
    if (!source) {
      source = { name, stream: -1, epoch: -1, revoked: false, may: undefined };
      this.sources.set(name, source);
    }
    const tier = tiers.indexOf(members.text("tier"));
    if (tier < 0 || members.text("tier").length !== 1) throw new Malformed("source.tier");
    const programme = this.known_programme(members.text("programme")).number;
    const numbered = members.flag("numbered");
    if (source.stream < 0 || source.epoch !== epoch) {
      source.stream = this.streams.length;
      source.epoch = epoch;
      this.streams.push({ source, tier, numbered, programme, numbers: new Numbers() });
    } else {
      const stream = this.streams[source.stream]!;
      if (
        stream.tier !== tier ||
        stream.numbered !== numbered ||
        stream.programme !== programme
      )
        this.differ("source.changed", { source: name });
    }
    source.revoked = members.flag("revoked");
    source.may = members.has("may") ? members.list("may").map(String) : undefined;
  }

  private apply_erasure(members: Members): void {
    members.only("account", "programme", "records", "balances", "why", "last");
    const account = read_account(members.text("account"));
    const programme = this.known_programme(members.text("programme"));
    this.opening(account);
    if (this.erased_accounts.has(account)) this.differ("erasure.twice");
    this.erased_accounts.add(account);
    this.erasure_records += members.count("records");
    const balances = members.object_at("balances");
    for (const asset of Object.keys(balances.object)) {
      const i = asset_names.indexOf(asset as (typeof asset_names)[number]);
      const text = balances.text(asset);
      if (i < 0 || !/^-?[1-9][0-9]{0,18}$/.test(text)) throw new Malformed("erasure.balances");
      programme.released[i] = plus(programme.released[i]!, normal(BigInt(text)));
    }
    if (this.options.full && this.last_records.get(account) !== 0)
      this.differ("erasure.still_readable", { account: show_account(account) });
  }

  // ---- what belongs to an account

  private opening(account: number): Opening {
    const last = this.last_opening;
    if (last && account >= last.first && account < last.first + last.count) return last;
    let low = 0;
    let high = this.openings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.openings[middle]!.first <= account) low = middle + 1;
      else high = middle;
    }
    const found = this.openings[low - 1];
    if (!found || account >= found.first + found.count)
      throw new Untrue("account.unknown", { account: show_account(account) });
    this.last_opening = found;
    return found;
  }

  /** The selection holds what it says, and the passbook's chain leads from record to record. */
  private in_passbook(account: number, previous: number | undefined): Opening {
    const opening = this.opening(account);
    const { options } = this;
    const other = options.account !== undefined && options.account !== account;
    if (other) this.differ("selection.account", { account: show_account(account) });
    if (
      options.programme !== undefined &&
      options.programme !== this.programmes[opening.programme]!.id
    )
      this.differ("selection.programme", { account: show_account(account) });
    if (options.full) {
      const last = this.last_records.get(account) - 1; // −1: none
      if ((previous ?? -1) !== last)
        this.differ("passbook.previous", {
          account: show_account(account),
          expected: last,
          found: previous ?? -1,
        });
      if (this.erased_accounts.has(account))
        this.differ("account.erased", { account: show_account(account) });
      this.last_records.set(account, this.number + 1);
    }
    return opening;
  }

  private hidden_json(record: Record_view, what: string): Members {
    const bytes = record.bytes.subarray(record.hidden_at + 16, record.end);
    return new Members(parse_canonical(from_utf8(bytes, what), what), what);
  }

  private apply_consent(record: Record_view): void {
    const members = this.hidden_json(record, "consent");
    members.only("account", "consent", "granted", "previous");
    const account = read_account(members.text("account"));
    this.in_passbook(account, members.has("previous") ? members.count("previous") : undefined);
    const consent = members.object_at("consent");
    let own = this.consents.get(account);
    if (!own) {
      own = new Map();
      this.consents.set(account, own);
    }
    const until = members.flag("granted") ? read_day(consent.text("until")) : -Infinity;
    own.set(this.consent_key(consent), until);
  }

  private apply_state(record: Record_view): void {
    const members = this.hidden_json(record, "account state");
    members.only("account", "frozen", "previous");
    const account = read_account(members.text("account"));
    this.in_passbook(account, members.has("previous") ? members.count("previous") : undefined);
    if (members.flag("frozen")) this.frozen.add(account);
    else this.frozen.delete(account);
  }

  // ---- transactions

  private apply_party(members: Members): void {
    members.only("programme", "party", "account");
    const account = read_account(members.text("account"));
    const opening = this.opening(account);
    const programme = this.known_programme(members.text("programme")).number;
    if (programme !== opening.programme) this.differ("transaction.other_programme");
    this.holdings.set_party(programme, members.text("party"), account);
  }

  /** Points of a year that is over grow older. */
  private pass_years(): void {
    if (!this.options.full) return;
    for (const { number, edition } of this.programmes) {
      const years = edition?.dealings.point_years;
      let ages = this.holdings.ages.get(number);
      if (!edition || (years === undefined && !ages)) continue;
      const { year } = civil_of(edition.zone.local_day(this.admitted_us));
      if (!ages) {
        ages = new Point_ages(year);
        this.holdings.ages.set(number, ages);
      }
      if (years !== undefined) ages.set_years(years);
      while (ages.year < year)
        ages.end_year(this.accounts_of(number), (account) =>
          this.balances[points_asset]!.get(account),
        );
    }
  }

  private *accounts_of(programme: number): Generator<number> {
    for (const { programme: its, first, count } of this.openings)
      if (its === programme)
        for (let account = first; account < first + count; account++) yield account;
  }

  private make_view(lacks: string | undefined): View {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const books = this;
    const { options } = this;
    return {
      get admitted_us() {
        return books.admitted_us;
      },
      get today() {
        return books.today;
      },
      holdings: this.holdings,
      past: this.past,
      lacks,
      knows: (account) =>
        options.full && (options.account === undefined || options.account === account),
      balance: (asset, account) => books.balances[asset]!.get(account),
      programme_of: (account) =>
        account < books.counts.accounts ? books.opening(account).programme : undefined,
      is_open: (account) => !books.frozen.has(account) && !books.erased_accounts.has(account),
      may_spend: (account, stream) => {
        const name = ` ${books.streams[stream]!.source.name}`;
        const until =
          books.consents.get(account)?.get(name) ?? books.opening(account).consents.get(name);
        return until !== undefined && books.today <= until;
      },
      source_of: (stream) => books.streams[stream]?.source.name ?? "",
      entry: (record) => books.entry(record),
      accounts_of: (programme) => books.accounts_of(programme),
    };
  }

  private entry(record: number): Event_entry | undefined {
    const at = this.find_event(record);
    const number = at < 0 ? 0 : this.event_rules.get(at);
    if (number === 0) return undefined;
    const rule = this.rules[number - 1]!;
    const credited = rule.outputs.map((_, i) =>
      this.event_amounts.get(this.event_amounts_at.get(at) + i),
    );
    if (rule.point_for > 0)
      credited.push(this.many_points.get(at) ?? this.event_points.get(at) - 1);
    return {
      account: this.event_accounts.get(at),
      rule_number: number - 1,
      rule,
      credited,
      counts: !this.replaced.has(record),
    };
  }

  private apply_transaction(record: Record_view): void {
    const open = this.open_json(record, "transaction");
    open.only("action", "programme", "legs", "changes");
    const programme = this.known_programme(open.text("programme")).number;
    const changes = open.list("changes").map((one) => Members.of(one, "transaction"));
    const action = open.text("action");
    const transaction: Transaction = {
      record: this.number,
      action,
      programme,
      legs: open.count("legs"),
      changes,
      takes_back: taken_back(changes),
      reversible: ["transfer", "split", "convert"].includes(action),
      decided: undefined,
      erased: record.erased,
      next_leg: 0,
      given: new Map(),
    };
    this.transaction = transaction;
    this.counts.transactions++;
    if (!record.erased) this.decide_transaction(transaction, record);
    // Only now: what was decided is decided from the books before.
    if (transaction.takes_back !== undefined) this.replaced.add(transaction.takes_back);
    if (transaction.reversible && this.view.lacks === undefined)
      this.past.begin(this.number, programme, changes);
    this.end_legs(transaction);
  }

  private decide_transaction(transaction: Transaction, record: Record_view): void {
    const hidden = this.hidden_json(record, "transaction");
    hidden.only("stream", "id", "time", "data");
    const number = hidden.count("stream");
    const stream = this.streams[number];
    if (!stream) throw new Untrue("event.unknown_stream", { stream: number });
    const { source } = stream;
    const { action, programme } = transaction;
    if (stream.programme !== programme) this.differ("transaction.other_programme");
    if (source.revoked) this.differ("event.source_revoked", { source: source.name });
    if (!source.may?.includes(action))
      this.differ("transaction.not_allowed", { source: source.name, action });
    const edition = this.programmes[programme]!.edition!;
    const time_us = hidden.count("time");
    if (this.options.full) {
      const name = to_utf8(hidden.text("id"));
      const day = Math.floor(time_us / day_us);
      const before = this.ids.take(number, name, 0, name.length, day, this.today);
      if (before !== undefined && before >= this.today - edition.late_days)
        this.differ("event.twice", { name: hidden.text("id"), source: source.name });
    }
    const request = {
      action,
      programme,
      stream: number,
      time_us,
      local_day: edition.zone.local_day(time_us),
      late_days: edition.late_days,
      data: hidden.object_at("data"),
    };
    transaction.decided = decide(this.view, request, edition.dealings);
  }

  private apply_posting(record: Record_view): void {
    const { transaction } = this;
    const leg = transaction ? this.number - transaction.record - 1 : -1;
    // Of a selected account only its own postings are given; else all of a transaction's.
    const some = this.options.account !== undefined;
    if (!transaction || (some ? leg < transaction.next_leg : leg !== transaction.next_leg))
      throw new Untrue("transaction.stray_posting");
    if (leg >= transaction.legs) throw new Untrue("transaction.stray_posting");
    transaction.next_leg = leg + 1;
    const amounts: Integer[] = asset_names.map(() => 0);
    const list: [number, Integer][] = [];
    const reader = new Reader(record.bytes, record.open_at + 1, record.open_end, "posting");
    while (reader.left > 0) {
      const asset = reader.byte();
      if (asset >= asset_names.length) throw new Malformed("posting.form");
      const amount = reader.zigzag();
      list.push([asset, amount]);
      amounts[asset] = plus(amounts[asset]!, amount);
    }
    const erased = this.programmes[transaction.programme]!.erased;
    amounts.forEach((amount, i) => {
      this.posted[i] = plus(this.posted[i]!, amount);
      // What a decision takes back counts in the totals of events, as withdrawals do.
      if (transaction.takes_back !== undefined)
        this.credited_by_events[i] = plus(this.credited_by_events[i]!, amount);
      if (record.erased) erased[i] = plus(erased[i]!, amount);
    });
    const { reversible } = transaction;
    const keep = reversible && this.view.lacks === undefined;
    if (record.erased) {
      transaction.erased = true;
      if (keep) this.past.add(undefined, list);
      this.end_legs(transaction);
      return;
    }
    reader.reset(record.bytes, record.hidden_at + 16, record.end);
    const account = reader.varint();
    const previous = reader.varint();
    const back = reader.varint();
    const timed = reader.left > 0 && reader.bytes[reader.at] !== 0;
    const act_us = timed ? reader.time() : undefined;
    const padded = reader.left > 0;
    while (reader.left > 0) if (reader.byte() !== 0) throw new Malformed("posting.form");
    const body = record.end - record.hidden_at - 16;
    if (padded ? body !== 16 : body < 16) throw new Malformed("posting.form");
    if (this.number - back !== transaction.record) this.differ("transaction.stray_posting");
    const opening = this.in_passbook(
      account,
      previous === 0 ? undefined : this.number - previous,
    );
    if (opening.programme !== transaction.programme) this.differ("transaction.other_programme");
    if (transaction.takes_back !== undefined && this.options.full)
      this.take_back(transaction.takes_back, account, act_us, list);
    const free = this.view.knows(account) ? this.free(account) : undefined;
    transaction.given.set(leg, { account, amounts: list, free });
    if (keep) this.past.add(account, list);
    amounts.forEach((amount, i) => {
      if (amount !== 0) this.balances[i]!.add(account, amount);
    });
    const points = amounts[points_asset]!;
    if (points < 0 && transaction.takes_back === undefined)
      this.holdings.ages.get(transaction.programme)?.spend(account, negative(points));
    this.end_legs(transaction);
  }

  /** What an account has and is not set aside. */
  private free(account: number): Integer[] {
    return asset_names.map((_, asset) =>
      minus(this.balances[asset]!.get(account), this.holdings.holds.held(account, asset)),
    );
  }

  /** What a decision takes back is the opposite of the event; its room and its act are free again. */
  private take_back(
    earlier: number,
    account: number,
    act_us: number | undefined,
    list: readonly [number, Integer][],
  ): void {
    const at = this.find_event(earlier);
    const number = at < 0 ? 0 : this.event_rules.get(at);
    if (number === 0 || this.event_accounts.get(at) !== account)
      throw new Untrue("event.nothing_to_replace", { earlier });
    const rule = this.rules[number - 1]!;
    const time_us = this.event_times.get(at);
    if (act_us !== time_us) this.differ("event.taken_time", { earlier });
    const expected: Integer[] = rule.outputs.map((_, i) =>
      negative(this.event_amounts.get(this.event_amounts_at.get(at) + i)),
    );
    if (rule.point_for > 0) {
      const before = this.balances[0]!.get(account);
      expected.push(rule.points(before, plus(before, expected[0]!)));
    }
    expected.forEach((amount, i) => {
      const asset = rule.postings[i]!;
      if (list[i]?.[0] !== asset || list[i]![1] !== amount)
        this.differ("event.taken_amount", {
          earlier,
          asset: asset_names[asset]!,
          expected: String(amount),
          found: String(list[i]?.[1]),
        });
    });
    const day = rule.zone.local_day(time_us);
    this.use_caps(account, rule, day, expected);
    if (rule.group !== undefined)
      this.acts.withdraw(account, rule.group_number, this.start_s(rule, time_us, day), earlier);
  }

  private end_legs(transaction: Transaction): void {
    if (transaction.next_leg < transaction.legs) return;
    this.transaction = undefined;
    this.finish_transaction(transaction);
  }

  /** Called before any record that is no posting: then every leg must have come. */
  private end_transaction(): void {
    const { transaction } = this;
    if (!transaction) return;
    this.transaction = undefined;
    const wanted = this.options.account === undefined ? transaction.legs : 1;
    if (transaction.next_leg < wanted)
      this.report_of(transaction, "transaction.legs", {
        expected: transaction.legs,
        found: transaction.next_leg,
      });
    this.finish_transaction(transaction);
  }

  private report_of(transaction: Transaction, code: string, args: Args): void {
    this.options.report({ code, args, record: transaction.record });
  }

  /** All of it was read: it is compared with what was decided, and its changes are made. */
  private finish_transaction(transaction: Transaction): void {
    const report = (code: string, args: Args): void => this.report_of(transaction, code, args);
    try {
      this.compare(transaction);
      this.holdings.apply(transaction.changes, {
        action: transaction.action,
        programme: transaction.programme,
        legs: transaction.legs,
        account: (leg) => transaction.given.get(leg)?.account ?? decided_leg(transaction, leg),
        report,
      });
    } catch (error) {
      if (!(error instanceof Untrue) && !(error instanceof Malformed)) throw error;
      report(error.code, error.args);
    }
    // Balances may fall below zero by what takes back, and by nothing else.
    if (transaction.action === "reverse" || transaction.action === "settle") return;
    for (const { account, free } of transaction.given.values()) {
      if (!free) continue;
      this.free(account).forEach((left, asset) => {
        if (left < 0 && left < free[asset]!)
          report("transaction.beyond_balance", {
            account: show_account(account),
            asset: asset_names[asset]!,
            missing: String(negative(left)),
          });
      });
    }
  }

  private undecide(why: string): void {
    this.undecided.set(why, (this.undecided.get(why) ?? 0) + 1);
  }

  private compare(transaction: Transaction): void {
    const { decided, action } = transaction;
    if (!decided || transaction.erased) {
      this.undecide("erased");
      return;
    }
    if (decided.kind === "not_told") {
      this.undecide(decided.why);
      return;
    }
    if (decided.kind === "refused") {
      this.counts.decided++;
      this.report_of(transaction, "transaction.refused", { action, why: decided.code });
      return;
    }
    const { deal } = decided;
    if (deal.doubts.size > 0) this.undecide([...deal.doubts][0]!);
    else this.counts.decided++;
    this.compare_changes(transaction, deal.changes);
    if (deal.legs.length !== transaction.legs)
      this.report_of(transaction, "transaction.leg_count", {
        expected: deal.legs.length,
        found: transaction.legs,
      });
    const written = (account: number, amounts: readonly (readonly [number, Integer])[]) =>
      [
        show_account(account),
        ...amounts.map(([asset, amount]) => `${asset_names[asset]!} ${amount}`),
      ].join(", ");
    for (const [number, { account, amounts }] of transaction.given) {
      const leg = deal.legs[number];
      const found = written(account, amounts);
      const expected = leg ? written(leg.account, leg.amounts) : "-";
      if (expected !== found)
        this.report_of(transaction, "transaction.leg", { leg: number, expected, found });
    }
  }

  private compare_changes(transaction: Transaction, expected: readonly JsonObject[]): void {
    const count = Math.max(expected.length, transaction.changes.length);
    for (let at = 0; at < count; at++) {
      let wanted = expected[at];
      const stands = transaction.changes[at]?.object;
      if (wanted && stands && wanted.change === stands.change) {
        // Numbers go over all programmes, and first numbers of units over all accounts; where the
        // export does not hold them all, `Holdings` asks only that they grow.
        const key = { hold: "hold", ordered: "order", question: "question" }[
          String(wanted.change)
        ];
        if (key !== undefined && !this.options.whole)
          wanted = { ...wanted, [key]: stands[key] ?? null };
        if (wanted.change === "issued" && this.view.lacks !== undefined)
          wanted = { ...wanted, first: stands.first ?? null };
      }
      const show = (change: JsonObject | undefined) => (change ? canonical(change) : "-");
      if (show(wanted) !== show(stands))
        this.report_of(transaction, "transaction.change", {
          at,
          expected: show(wanted),
          found: show(stands).slice(0, 1000),
        });
    }
  }

  // ---- events

  private apply_event(record: Record_view): void {
    const { event } = this;
    event.read(record, this);
    this.counts.events++;
    this.add_posted(event);
    if (!event.readable) {
      this.erase_event(event);
      return;
    }
    const opening = this.in_passbook(
      event.account,
      event.previous === 0 ? undefined : this.number - event.previous,
    );
    const stream = this.streams[event.stream]!;
    if (this.options.full) this.check_allowed(event, opening, stream);
    if (event.rule && event.rule_number < this.programmes[stream.programme]!.first_rule)
      this.differ("event.old_rule", { rule: event.rule_number });
    if (event.rule && this.rule_programmes[event.rule_number] !== stream.programme)
      this.differ("event.other_programme");
    if (event.takes_back && this.options.full) this.check_taken(event);
    if (event.rule) this.check_credit(event, event.rule, stream);
    if (this.options.full) this.post(event, stream);
    this.counts.recomputed++;
  }

  private add_posted(event: Event_view): void {
    const add = (asset: number, amount: Integer): void => {
      this.posted[asset] = plus(this.posted[asset]!, amount);
      this.credited_by_events[asset] = plus(this.credited_by_events[asset]!, amount);
    };
    if (event.rule)
      for (let i = 0; i < event.rule.postings.length; i++)
        add(event.rule.postings[i]!, event.credited[i]!);
    if (event.taken_rule && event.takes_back)
      for (let i = 0; i < event.taken_rule.postings.length; i++)
        add(event.taken_rule.postings[i]!, event.taken[i]!);
  }

  private erase_event(event: Event_view): void {
    const number = event.rule ? event.rule_number : event.taken_rule_number;
    const programme = this.programmes[this.rule_programmes[number]!]!;
    event.rule?.postings.forEach((asset, i) => {
      programme.erased[asset] = plus(programme.erased[asset]!, event.credited[i]!);
    });
    if (event.takes_back)
      event.taken_rule!.postings.forEach((asset, i) => {
        programme.erased[asset] = plus(programme.erased[asset]!, event.taken[i]!);
      });
  }

  /** docs/events.md, "Checks and codes", as far as the record can tell. */
  private check_allowed(event: Event_view, opening: Opening, stream: Stream): void {
    const { account } = event;
    const name = (): Args => ({ account: show_account(account) });
    if (stream.source.stream !== event.stream) this.differ("event.old_epoch");
    if (stream.source.revoked)
      this.differ("event.source_revoked", { source: stream.source.name });
    if (stream.source.may)
      this.differ("event.source_instructs", { source: stream.source.name });
    if (opening.programme !== stream.programme) this.differ("event.other_programme");
    if (this.frozen.has(account)) this.differ("event.account_frozen", name());
    const own = this.consents.size > 0 ? this.consents.get(account) : undefined;
    const until = own?.get(stream.source.name) ?? opening.consents.get(stream.source.name);
    if (until === undefined || this.today > until) this.differ("event.no_consent", name());
    const edition = this.programmes[stream.programme]!.edition!;
    const day = Math.floor(event.time_us / day_us);
    if (event.time_us < this.admitted_us - edition.late_days * day_us)
      this.differ("event.too_late");
    if (day < first_event_day || day > last_event_day) throw new Untrue("event.too_late");
    if (event.time_us > this.admitted_us + hour_us) this.differ("event.in_future");
    if (event.length_s > 6 * 3600) throw new Untrue("event.bad_length");
    if (stream.numbered) {
      if (!stream.numbers.take(event.sequence))
        this.differ("event.twice", {
          name: String(event.sequence),
          source: stream.source.name,
        });
    } else {
      const { bytes } = event;
      const before = this.ids.take(
        event.stream,
        bytes,
        event.id_from,
        event.id_to,
        day,
        this.today,
      );
      if (before !== undefined && before >= this.today - edition.late_days)
        this.differ("event.twice", {
          name: to_hex(bytes.subarray(event.id_from, event.id_to)),
          source: stream.source.name,
        });
    }
    const { rule } = event;
    if (rule && !rule.actors.includes(opening.actor))
      this.differ("event.actor_not_accepted", { actor: opening.actor });
  }

  private find_event(record: number): number {
    let low = 0;
    let high = this.kept_events;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.event_records.get(middle) < record) low = middle + 1;
      else high = middle;
    }
    return low < this.kept_events && this.event_records.get(low) === record ? low : -1;
  }

  private check_taken(event: Event_view): void {
    const earlier = this.number - event.earlier;
    const at = this.find_event(earlier);
    if (
      at < 0 ||
      this.event_accounts.get(at) !== event.account ||
      this.event_streams.get(at) !== event.stream ||
      this.event_rules.get(at) === 0 // a withdrawal
    )
      throw new Untrue("event.nothing_to_replace", { earlier });
    if (this.replaced.has(earlier)) this.differ("event.replaced_before", { earlier });
    this.replaced.add(earlier);
    if (this.event_rules.get(at) - 1 !== event.taken_rule_number)
      throw new Untrue("event.taken_rule", { earlier });
    if (this.event_times.get(at) !== event.earlier_time_us)
      this.differ("event.taken_time", { earlier });
    const rule = event.taken_rule!;
    for (let i = 0; i < rule.outputs.length; i++) {
      const expected = negative(this.event_amounts.get(this.event_amounts_at.get(at) + i));
      if (event.taken[i] !== expected)
        this.differ("event.taken_amount", {
          earlier,
          asset: asset_names[rule.postings[i]!]!,
          expected: String(expected),
          found: String(event.taken[i]),
        });
    }
    if (rule.point_for > 0) {
      const before = this.balances[0]!.get(event.account);
      const expected = rule.points(before, plus(before, event.taken[0]!));
      const found = event.taken[rule.outputs.length]!;
      if (found !== expected)
        this.differ("event.points", { expected: String(expected), found: String(found) });
    }
  }

  private check_credit(event: Event_view, rule: Rule, stream: Stream): void {
    const { computed, credited } = this;
    const day = rule.zone.local_day(event.time_us);
    if (day < rule.from || day > rule.to) this.differ("event.method_not_valid");
    if (rule.worths[stream.tier]! < 0) throw new Untrue("event.tier_not_accepted");
    for (let i = 0; i < rule.fields.length; i++) {
      const field = rule.fields[i]!;
      const digits = event.digits[i]!;
      const good =
        field.input.type === "quantity"
          ? rule.set_quantity(field, digits, event.powers[i]!)
          : rule.set_place(field, Number(digits));
      if (!good) this.differ("method.out_of_range", { input: field.input.name });
    }
    const refusal = rule.compute(stream.tier, day, this.today, computed);
    if (refusal) throw new Untrue(refusal.code, { type: rule.type });
    const outputs = rule.outputs.length;
    for (let i = 0; i < outputs; i++) {
      credited[i] = computed[i]!;
      const stands = event.limited ? event.computed[i]! : event.credited[i]!;
      if (stands !== computed[i])
        this.differ("event.amount", {
          asset: asset_names[rule.postings[i]!]!,
          expected: String(computed[i]),
          found: String(stands),
        });
    }
    if (!this.options.full) {
      for (let i = 0; i < outputs; i++)
        if (event.limited && event.credited[i]! > event.computed[i]! && event.credited[i]! > 0)
          this.differ("event.more_than_computed", { asset: asset_names[rule.postings[i]!]! });
      return;
    }
    const limits = this.limit(event, rule, stream.tier, day);
    if (limits !== event.limits)
      this.differ("event.limits", { expected: limits, found: event.limits });
    if (rule.point_for > 0) {
      const before = plus(
        this.balances[0]!.get(event.account),
        event.takes_back && event.taken_rule!.postings[0] === 0 ? event.taken[0]! : 0,
      );
      credited[outputs] = rule.points(before, plus(before, credited[0]!));
    }
    for (let i = 0; i < rule.postings.length; i++)
      if (credited[i] !== event.credited[i])
        this.differ("event.credited", {
          asset: asset_names[rule.postings[i]!]!,
          expected: String(credited[i]),
          found: String(event.credited[i]),
        });
  }

  private start_s(rule: Rule, time_us: number, day: number): number {
    return rule.whole_day ? day * 86400 : Math.floor(time_us / 1e6);
  }

  /** Cuts this.credited down; 1 by a cap, 2 because the same act was credited. */
  private limit(event: Event_view, rule: Rule, tier: number, day: number): number {
    const { credited, computed } = this;
    let limits = 0;
    const earlier = event.takes_back ? this.number - event.earlier : -1;
    if (rule.group !== undefined) {
      let same = false;
      let better = true;
      let before: Integer = 0;
      const length = rule.whole_day ? 0 : event.length_s;
      this.acts.overlapping(
        event.account,
        rule.group_number,
        this.start_s(rule, event.time_us, day),
        length,
        rule.within_s,
        (record, other_tier, amount) => {
          if (record === earlier) return; // what it replaces does not stand in its way
          same = true;
          better = better && tier < other_tier;
          before = plus(before, amount);
        },
      );
      for (let i = 0; same && i < rule.outputs.length; i++) {
        const most = computed[i]! > 0 ? computed[i]! : 0;
        const left = better && i === 0 ? minus(computed[0]!, before) : 0;
        credited[i] = left < 0 ? 0 : left > most ? most : left;
        if (credited[i]! < computed[i]!) limits |= 2;
      }
    }
    for (const cap of rule.caps) {
      const window = window_end(day, cap.per);
      let used = this.caps.get(event.account, cap.number, window);
      const replaced = event.takes_back ? event.taken_rule : undefined;
      for (const other of replaced?.caps ?? []) {
        const earlier_day = replaced!.zone.local_day(event.earlier_time_us);
        if (other.number === cap.number && window_end(earlier_day, other.per) === window)
          used = plus(used, event.taken[other.posting]!);
      }
      const room = minus(cap.most, used);
      const left = room > 0 ? room : 0;
      if (credited[cap.posting]! <= left) continue;
      credited[cap.posting] = left;
      limits |= 1;
    }
    return limits;
  }

  /** As the record says it, so that one wrong event does not make all that follow it wrong. */
  private post(event: Event_view, stream: Stream): void {
    const { account } = event;
    if (event.takes_back) {
      const rule = event.taken_rule!;
      const day = rule.zone.local_day(event.earlier_time_us);
      this.use_caps(account, rule, day, event.taken);
      if (rule.group !== undefined)
        this.acts.withdraw(
          account,
          rule.group_number,
          this.start_s(rule, event.earlier_time_us, day),
          this.number - event.earlier,
        );
      rule.postings.forEach((asset, i) => this.balances[asset]!.add(account, event.taken[i]!));
    }
    const { rule } = event;
    if (rule) {
      const day = rule.zone.local_day(event.time_us);
      this.use_caps(account, rule, day, event.credited);
      if (rule.group !== undefined)
        this.acts.add(
          account,
          rule.group_number,
          this.start_s(rule, event.time_us, day),
          rule.whole_day ? 0 : event.length_s,
          stream.tier,
          this.number,
          event.credited[0]!,
          this.today,
        );
      for (let i = 0; i < rule.postings.length; i++)
        this.balances[rule.postings[i]!]!.add(account, event.credited[i]!);
    }
    const at = this.kept_events++;
    this.event_records.set(at, this.number);
    this.event_accounts.set(at, account);
    this.event_rules.set(at, rule ? event.rule_number + 1 : 0);
    this.event_streams.set(at, event.stream);
    this.event_times.set(at, event.time_us);
    this.event_amounts_at.set(at, this.kept_amounts);
    for (let i = 0; rule && i < rule.outputs.length; i++)
      this.event_amounts.set(this.kept_amounts++, event.credited[i]!);
    if (rule && rule.point_for > 0) {
      const points = event.credited[rule.outputs.length]!;
      if (points >= 0 && points < 65535) this.event_points.set(at, Number(points) + 1);
      else this.many_points.set(at, points);
    }
  }

  private use_caps(
    account: number,
    rule: Rule,
    day: number,
    amounts: readonly Integer[],
  ): void {
    for (const cap of rule.caps)
      this.caps.use(
        account,
        cap.number,
        window_end(day, cap.per),
        amounts[cap.posting]!,
        this.today,
      );
  }
}

/** Whose a posting is that is not given: as it was decided from what was asked for. */
function decided_leg({ decided, erased }: Transaction, leg: number): number | undefined {
  if (erased || decided?.kind !== "made") return undefined;
  return decided.deal.legs[leg]?.account;
}

/** The record of the event that a decision takes back. */
function taken_back(changes: readonly Members[]): number | undefined {
  for (const change of changes)
    if (change.text("change") === "settled" && change.text("state") === "taken_back")
      return change.count("record");
  return undefined;
}
