// C2SP signed notes and checkpoints, with Ed25519.
import { ed25519 } from "@noble/curves/ed25519.js";
import { Malformed, Untrue } from "./trouble.js";
import { equal, from_base64, from_utf8, join, to_utf8, to_hex } from "./bytes.js";
import { sha256 } from "./sha256.js";

export interface VerifierKey {
  readonly name: string;
  readonly hash: Uint8Array; // the first four bytes, as they stand before a signature
  readonly key: Uint8Array; // 32 bytes, Ed25519
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** NAME+HASH+KEY; the key is one byte of algorithm (1: Ed25519) and 32 of key. */
export function read_verifier_key(text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  if (!match || text.length > 400) throw new Malformed("note.key");
  const name = match[1]!;
  const bytes = from_base64(match[3]!, "key");
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Malformed("note.key");
  const hash = sha256(join(to_utf8(`${name}\n`), bytes)).slice(0, 4);
  if (to_hex(hash) !== match[2]) throw new Malformed("note.key_hash");
  return { name, hash, key: bytes.slice(1) };
}

/** The text of a note that is well signed under `key`, with its last newline. */
export function open_note(note: Uint8Array, key: VerifierKey): string {
  if (note.length > 65536) throw new Malformed("note.too_large");
  const all = from_utf8(note, "note");
  const cut = all.lastIndexOf("\n\n");
  if (cut < 0 || !all.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(all))
    throw new Malformed("note.form");
  const text = all.slice(0, cut + 1);
  const lines = all.slice(cut + 2, -1).split("\n");
  if (lines.length > 100) throw new Malformed("note.too_large");
  let good = false;
  for (const line of lines) {
    const match = /^— ([^+\s]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    if (!match) throw new Malformed("note.form");
    const bytes = from_base64(match[2]!, "signature");
    if (bytes.length < 5) throw new Malformed("note.form");
    // A line of somebody else says nothing about ours.
    if (match[1] !== key.name || !equal(bytes.subarray(0, 4), key.hash)) continue;
    if (bytes.length !== 68) throw new Untrue("note.signature");
    let holds = false;
    try {
      // RFC 8032 as it stands, without the looser rules for batches.
      holds = ed25519.verify(bytes.subarray(4), to_utf8(text), key.key, { zip215: false });
    } catch {
      holds = false;
    }
    if (!holds) throw new Untrue("note.signature");
    good = true;
  }
  if (!good) throw new Untrue("note.not_signed", { name: key.name });
  return text;
}

export function open_checkpoint(note: Uint8Array, key: VerifierKey): Checkpoint {
  const lines = open_note(note, key).slice(0, -1).split("\n");
  if (lines.length < 3) throw new Malformed("checkpoint.form");
  const size = Number(lines[1]);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(lines[1]!) || !Number.isSafeInteger(size))
    throw new Malformed("checkpoint.form");
  const root = from_base64(lines[2]!, "root");
  if (root.length !== 32) throw new Malformed("checkpoint.form");
  if (lines[0] !== key.name) throw new Untrue("checkpoint.origin", { origin: lines[0]! });
  return { origin: lines[0]!, size, root };
}
