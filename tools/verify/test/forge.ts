// Exports that hold together and are not true: records changed, then every hash made anew and the
// checkpoint signed with a key of the tests. What finds them is the meaning alone.
import { ed25519 } from "@noble/curves/ed25519.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { join as joined, Reader, to_base64, to_hex, to_utf8, varint } from "../src/bytes.js";
import { Memory_source } from "../src/byte_source.js";
import { type Export_files } from "../src/export.js";
import { canonical, type JsonObject, parse_json } from "../src/json.js";
import { Frontier, leaf_hash, root_of } from "../src/merkle.js";
import { Record_view, record_leaf } from "../src/record.js";
import { sha256 } from "../src/sha256.js";

export const file_names = [
  "export.json",
  "checkpoint",
  "entries",
  "records",
  "accounts",
] as const;
export type Files = { [name in (typeof file_names)[number]]: Uint8Array };

export function load(folder: string): Files {
  return Object.fromEntries(
    file_names.map((name) => [name, Uint8Array.from(readFileSync(join(folder, name)))]),
  ) as Files;
}

export function sources(files: Files): Export_files {
  const source = (name: (typeof file_names)[number]) => new Memory_source(name, files[name]);
  return {
    manifest: source("export.json"),
    checkpoint: source("checkpoint"),
    entries: source("entries"),
    records: source("records"),
    accounts: source("accounts"),
  };
}

export interface Plain_record {
  open: Uint8Array;
  hidden: Uint8Array | undefined; // salt and body
}

function bytes_of({ open, hidden }: Plain_record): Uint8Array {
  const head = joined(Uint8Array.of(hidden ? 1 : 0), varint(open.length), open);
  return hidden ? joined(head, varint(hidden.length), hidden) : head;
}

/** All blocks of an export of everything, without erased records. */
export function blocks_of(files: Files): Plain_record[][] {
  const reader = new Reader(files.records);
  const blocks: Plain_record[][] = [];
  while (reader.left > 0) {
    reader.varint();
    const items = reader.varint();
    const block: Plain_record[] = [];
    for (let i = 0; i < items; i++) {
      const view = new Record_view();
      view.read(reader);
      const hidden = view.kind === 0 ? undefined : view.bytes.slice(view.hidden_at, view.end);
      block.push({ open: view.open().slice(), hidden });
    }
    blocks.push(block);
  }
  return blocks;
}

/** The export of other blocks; `facts` may change what an entry tells. */
export function forge(
  files: Files,
  blocks: Plain_record[][],
  facts: (entry: JsonObject, block: number) => void = () => {},
): Files {
  const secret = new Uint8Array(32).fill(7);
  const name = "example.org/forged";
  const key = joined(Uint8Array.of(1), ed25519.getPublicKey(secret));
  const hash = sha256(joined(to_utf8(`${name}\n`), key)).slice(0, 4);
  const entries: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const old = new Reader(files.entries);
  let first = 0;
  blocks.forEach((block, number) => {
    const text = Buffer.from(old.take(old.varint())).toString("utf8");
    const entry = parse_json(text, "entry") as JsonObject;
    const tree = new Frontier();
    const items = block.map(bytes_of);
    for (const item of items) {
      const view = new Record_view();
      view.read(new Reader(item));
      const leaf = new Uint8Array(32);
      record_leaf(view, leaf, 0);
      tree.add(leaf, 0);
    }
    Object.assign(entry, { first, records: block.length, root: to_hex(tree.root()) });
    facts(entry, number);
    first += block.length;
    const bytes = to_utf8(canonical(entry));
    entries.push(joined(varint(bytes.length), bytes));
    leaves.push(leaf_hash(bytes));
    records.push(joined(varint(number), varint(items.length), ...items));
  });
  const note = `${name}\n${blocks.length}\n${to_base64(root_of(leaves))}\n`;
  const signature = joined(hash, ed25519.sign(to_utf8(note), secret));
  const manifest = parse_json(
    Buffer.from(files["export.json"]).toString("utf8"),
    "export",
  ) as JsonObject;
  manifest.key = `${name}+${to_hex(hash)}+${to_base64(key)}`;
  manifest.given = first;
  return {
    "export.json": to_utf8(canonical(manifest)),
    checkpoint: to_utf8(`${note}\n— ${name} ${to_base64(signature)}\n`),
    entries: joined(...entries),
    records: joined(...records),
    accounts: files.accounts,
  };
}
