// A receipt: proof, without the journal, that a record is in it.
import { Malformed, Untrue } from "./trouble.js";
import { equal, from_base64, from_hex, from_utf8, join, to_utf8, varint } from "./bytes.js";
import { Members, parse_json } from "./json.js";
import { leaf_hash, proves_inclusion } from "./merkle.js";
import { type Entry, read_entry } from "./entry.js";
import { type Checkpoint, open_checkpoint, type VerifierKey } from "./note.js";
import { sha256 } from "./sha256.js";

export interface Receipt {
  readonly record: number;
  readonly block: number;
  readonly open: Uint8Array;
  readonly hidden: Uint8Array | undefined;
  readonly entry: Entry;
  readonly checkpoint: Checkpoint;
}

function proof(members: Members, key: string): Uint8Array[] {
  const list = members.list(key);
  if (list.length > 64) throw new Malformed("receipt.proof_size", { key });
  return list.map((hash) => {
    if (typeof hash !== "string") throw new Malformed("json.member", { what: "receipt", key });
    return from_hex(hash, key, 32);
  });
}

/** Checks the five things that the format names, in its order; throws the first that fails. */
export function check_receipt(bytes: Uint8Array, key: VerifierKey): Receipt {
  if (bytes.length > 4 * 1024 * 1024) throw new Malformed("receipt.too_large");
  const members = Members.of(parse_json(from_utf8(bytes, "receipt"), "receipt"), "receipt");
  if (members.get("format") !== "partake receipt 1") throw new Malformed("receipt.format");
  members.only(
    "format",
    "record",
    "open",
    "commitment",
    "hidden",
    "in_block",
    "entry",
    "block",
    "in_log",
    "checkpoint",
  );
  const record = members.count("record");
  const block = members.count("block");
  const open = from_base64(members.text("open"), "open");
  if (open.length === 0) throw new Malformed("receipt.open_empty");
  const commitment = members.has("commitment")
    ? from_hex(members.text("commitment"), "commitment", 32)
    : undefined;
  const hidden = members.has("hidden")
    ? from_base64(members.text("hidden"), "hidden")
    : undefined;
  const in_block = proof(members, "in_block");
  const in_log = proof(members, "in_log");
  const entry_bytes = to_utf8(members.text("entry"));

  const checkpoint = open_checkpoint(to_utf8(members.text("checkpoint")), key);
  const entry = read_entry(entry_bytes);
  if (record < entry.first || record >= entry.first + entry.records)
    throw new Untrue("receipt.not_in_block", { record, block });
  const leaf = sha256(
    join(Uint8Array.of(0), varint(open.length), open, commitment ?? new Uint8Array(0)),
  );
  if (!proves_inclusion(leaf, record - entry.first, entry.records, in_block, entry.root))
    throw new Untrue("receipt.block_proof", { record });
  if (
    !proves_inclusion(leaf_hash(entry_bytes), block, checkpoint.size, in_log, checkpoint.root)
  )
    throw new Untrue("receipt.log_proof", { block });
  if (hidden) {
    if (!commitment || !equal(sha256(join(Uint8Array.of(2), hidden)), commitment))
      throw new Untrue("receipt.hidden", { record });
  }
  return { record, block, open, hidden, entry, checkpoint };
}
