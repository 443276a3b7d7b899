// The record of an event, read: what was posted (open), and who, when and what (hidden).
import { Malformed, Untrue } from "./trouble.js";
import { type Integer, Reader } from "./bytes.js";
import { type Record_view } from "./record.js";
import { amounts_max, type Rule, values_max } from "./rule.js";

export interface Rules {
  rule(number: number): Rule | undefined;
  is_numbered(stream: number): boolean | undefined; // undefined: no such stream
}

/** One object for all events; the arrays hold as many as `rule` and `taken_rule` say. */
export class Event_view {
  limited = false;
  takes_back = false;
  withdrawal = false;
  rule_number = -1;
  rule: Rule | undefined;
  readonly credited: Integer[] = new Array<Integer>(amounts_max).fill(0);
  limits = 0;
  readonly computed: Integer[] = new Array<Integer>(amounts_max).fill(0);
  taken_rule_number = -1;
  taken_rule: Rule | undefined;
  readonly taken: Integer[] = new Array<Integer>(amounts_max).fill(0);

  readable = false; // the hidden part is there
  bytes: Uint8Array = new Uint8Array(0); // that an id stands in
  account = 0;
  stream = 0;
  time_us = 0;
  sequence: Integer = 0;
  id_from = 0;
  id_to = 0;
  length_s = 0;
  readonly digits: Integer[] = new Array<Integer>(values_max).fill(0);
  readonly powers: number[] = new Array<number>(values_max).fill(0);
  previous = 0;
  earlier = 0;
  earlier_time_us = 0;

  private readonly reader = new Reader(new Uint8Array(0), 0, 0, "event");

  read(record: Record_view, rules: Rules): void {
    const size = record.open_end - record.open_at + record.end - record.hidden_at;
    if (size > 1024 || record.kind === 0) throw new Malformed("event.form");
    this.read_open(record, rules);
    this.readable = record.kind === 1;
    this.bytes = record.bytes;
    if (this.readable) this.read_hidden(record, rules);
  }

  private read_open(record: Record_view, rules: Rules): void {
    const reader = this.reader;
    reader.reset(record.bytes, record.open_at + 1, record.open_end);
    const flags = reader.byte();
    this.limited = (flags & 1) !== 0;
    this.takes_back = (flags & 2) !== 0;
    this.withdrawal = (flags & 4) !== 0;
    if (flags > 7 || (this.withdrawal && (!this.takes_back || this.limited)))
      throw new Malformed("event.flags", { flags });
    this.rule = undefined;
    this.rule_number = -1;
    this.limits = 0;
    if (!this.withdrawal) {
      this.rule_number = reader.varint();
      this.rule = this.known(rules, this.rule_number);
      const amounts = this.rule.postings.length;
      for (let i = 0; i < amounts; i++) this.credited[i] = reader.zigzag();
      if (this.limited) {
        this.limits = reader.byte();
        if (this.limits < 1 || this.limits > 3) throw new Malformed("event.form");
        const outputs = this.rule.outputs.length;
        for (let i = 0; i < outputs; i++) this.computed[i] = reader.zigzag();
      }
    }
    this.taken_rule = undefined;
    if (this.takes_back) {
      this.taken_rule_number = reader.varint();
      this.taken_rule = this.known(rules, this.taken_rule_number);
      const amounts = this.taken_rule.postings.length;
      for (let i = 0; i < amounts; i++) this.taken[i] = reader.zigzag();
    }
    reader.done();
  }

  private known(rules: Rules, number: number): Rule {
    const rule = rules.rule(number);
    if (!rule) throw new Untrue("event.unknown_rule", { rule: number });
    return rule;
  }

  private read_hidden(record: Record_view, rules: Rules): void {
    const reader = this.reader;
    const body = record.hidden_at + 16;
    reader.reset(record.bytes, body, record.end);
    this.account = reader.varint();
    this.stream = reader.varint();
    const numbered = rules.is_numbered(this.stream);
    if (numbered === undefined)
      throw new Untrue("event.unknown_stream", { stream: this.stream });
    this.time_us = this.reader.time();
    if (numbered) {
      this.sequence = reader.big_varint();
      if (typeof this.sequence === "bigint" && this.sequence >= 1n << 62n)
        throw new Malformed("event.sequence");
    } else {
      this.id_from = reader.at; // with its size, so that no two spellings are the same bytes
      const size = reader.varint();
      if (size > 128) throw new Malformed("event.id");
      reader.take(size === 0 ? 16 : size);
      this.id_to = reader.at;
    }
    this.length_s = 0;
    if (this.rule) {
      if (this.rule.has_end) this.length_s = reader.varint();
      const fields = this.rule.fields;
      for (let i = 0; i < fields.length; i++) {
        this.digits[i] = reader.zigzag();
        if (fields[i]!.input.type === "quantity") this.powers[i] = reader.small_zigzag();
      }
    }
    this.previous = reader.varint();
    if (this.takes_back) {
      this.earlier = reader.varint();
      this.earlier_time_us = this.reader.time();
    }
    if (reader.left > 0) {
      if (record.end - body !== 16) throw new Malformed("event.padding");
      while (reader.left > 0) if (reader.byte() !== 0) throw new Malformed("event.padding");
    } else if (record.end - body < 16) throw new Malformed("event.padding");
  }
}
