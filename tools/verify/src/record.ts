// A record of the journal: an open and perhaps a hidden part, and its leaf.
import { Malformed } from "./trouble.js";
import { Reader } from "./bytes.js";
import { sha256_into } from "./sha256.js";

const part_max = 1024 * 1024;

/** Where the parts of a record stand in its bytes. One object is used for many records. */
export class Record_view {
  bytes: Uint8Array = new Uint8Array(0);
  kind = 0; // 0 no hidden part, 1 hidden part, 2 hidden part erased
  at = 0;
  open_size_at = 0; // of the varint before the open part; the leaf covers it
  open_at = 0;
  open_end = 0;
  hidden_at = 0; // salt and body; when erased, the commitment and FF
  end = 0;

  get erased(): boolean {
    return this.kind === 2;
  }

  open(): Uint8Array {
    return this.bytes.subarray(this.open_at, this.open_end);
  }

  /** Leaves the reader behind the record. */
  read(reader: Reader): void {
    this.bytes = reader.bytes;
    this.at = reader.at;
    this.kind = reader.byte();
    if (this.kind > 2) throw new Malformed("record.kind", { kind: this.kind });
    this.open_size_at = reader.at;
    const open = reader.varint();
    if (open < 1 || open > part_max) throw new Malformed("record.size");
    this.open_at = reader.at;
    reader.take(open);
    this.open_end = reader.at;
    this.hidden_at = reader.at;
    if (this.kind !== 0) {
      const hidden = reader.varint();
      if (hidden < 32 || open + hidden > part_max) throw new Malformed("record.size");
      this.hidden_at = reader.at;
      reader.take(hidden);
    }
    this.end = reader.at;
    if (this.kind === 2) {
      for (let i = this.hidden_at + 32; i < this.end; i++)
        if (this.bytes[i] !== 0xff) throw new Malformed("record.erased_form");
    }
  }
}

let scratch = new Uint8Array(4096);

/** leaf = H(00 ‖ varint(size) ‖ open ‖ commitment), commitment = H(02 ‖ hidden). */
export function record_leaf(record: Record_view, out: Uint8Array, at: number): void {
  const bytes = record.bytes;
  const open = record.open_end - record.open_size_at;
  const hidden = record.end - record.hidden_at;
  const most = Math.max(open + 33, hidden + 1);
  if (scratch.length < most) scratch = new Uint8Array(2 * most);
  const message = scratch;
  if (record.kind === 1) {
    message[0] = 2;
    for (let i = 0; i < hidden; i++) message[1 + i] = bytes[record.hidden_at + i]!;
    sha256_into(message, 0, hidden + 1, out, at);
  } else if (record.kind === 2) {
    for (let i = 0; i < 32; i++) out[at + i] = bytes[record.hidden_at + i]!;
  }
  message[0] = 0;
  for (let i = 0; i < open; i++) message[1 + i] = bytes[record.open_size_at + i]!;
  let size = open + 1;
  if (record.kind !== 0) {
    for (let i = 0; i < 32; i++) message[size + i] = out[at + i]!;
    size += 32;
  }
  sha256_into(message, 0, size, out, at);
}
