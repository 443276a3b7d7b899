// What a transaction asked for, read as docs/transactions.md says. What is missing or of another
// form would have been refused.
import { Malformed } from "./trouble.js";
import { type Integer, to_utf8 } from "./bytes.js";
import { read_account } from "./account_number.js";
import { read_day } from "./civil.js";
import { whole_in } from "./dealings.js";
import { Members } from "./json.js";
import { read_quantity } from "./unit.js";

/** The rules refuse it; the code is one of docs/transactions.md. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const text_bytes_max = 500;
const whole_max = 2 ** 53;

export class Asked {
  private readonly read = new Set<string>();

  constructor(
    private readonly data: Members,
    private readonly party: (name: string) => number | undefined,
    private readonly is_account: (account: number) => boolean,
  ) {}

  has(key: string): boolean {
    this.read.add(key);
    return this.data.has(key);
  }

  text(key: string): string {
    const value = this.value(key);
    if (typeof value !== "string" || value === "") throw new Refused("wrong_type");
    if (to_utf8(value).length > text_bytes_max) throw new Refused("text_too_long");
    return value;
  }

  optional_text(key: string): string {
    return this.has(key) ? this.text(key) : "";
  }

  texts(key: string): string[] {
    if (!this.has(key)) return [];
    const list = this.data.get(key);
    if (!Array.isArray(list) || list.length > 100) throw new Refused("wrong_type");
    return list.map((one) => {
      if (typeof one !== "string") throw new Refused("wrong_type");
      return one;
    });
  }

  whole(key: string): number {
    const value = this.value(key);
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || !/^[0-9]{1,40}$/.test(text) || Number(text) > whole_max)
      throw new Refused("bad_count");
    return Number(text);
  }

  count(key: string): number {
    const value = this.whole(key);
    if (value === 0) throw new Refused("bad_count");
    return value;
  }

  amount(key: string, asset: number): Integer {
    const text = this.text(key);
    let amount: Integer | undefined;
    try {
      amount = whole_in(read_quantity(text), asset);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
    if (amount === undefined || amount === 0) throw new Refused("bad_amount");
    return amount;
  }

  /** An account number, or else the name of a party. */
  account_named(name: string): number {
    if (!/^[0-9]+$/.test(name)) {
      const party = this.party(name);
      if (party === undefined) throw new Refused("unknown_party");
      return party;
    }
    let account: number;
    try {
      account = read_account(name);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw new Refused("account.malformed");
    }
    if (!this.is_account(account)) throw new Refused("account.unknown");
    return account;
  }

  account(key: string): number {
    return this.account_named(this.text(key));
  }

  optional_account(key: string): number | undefined {
    return this.has(key) ? this.account(key) : undefined;
  }

  optional_day(key: string): number | undefined {
    if (!this.has(key)) return undefined;
    try {
      return read_day(this.text(key));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw new Refused("bad_until");
    }
  }

  /** Accounts by the names of parties. */
  accounts(key: string): Map<string, number> {
    const accounts = new Map<string, number>();
    if (!this.has(key)) return accounts;
    const value = this.data.get(key);
    if (value === null || typeof value !== "object" || Array.isArray(value))
      throw new Refused("wrong_type");
    for (const [party, name] of Object.entries(value!)) {
      if (typeof name !== "string") throw new Refused("wrong_type");
      accounts.set(party, this.account_named(name));
    }
    return accounts;
  }

  finish(): void {
    for (const key of Object.keys(this.data.object))
      if (!this.read.has(key)) throw new Refused("unknown_field");
  }

  private value(key: string): unknown {
    if (!this.has(key)) throw new Refused("field_missing");
    return this.data.get(key);
  }
}
