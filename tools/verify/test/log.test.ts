// The tree, notes, records and receipts: against vectors from outside and the journal's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { from_hex, Reader, to_hex, to_utf8, varint } from "../src/bytes.js";
import { read_entry } from "../src/entry.js";
import { Frontier, leaf_hash, proves_inclusion, root_of } from "../src/merkle.js";
import { open_checkpoint, open_note, read_verifier_key } from "../src/note.js";
import { Record_view, record_leaf } from "../src/record.js";
import { Malformed, Untrue } from "../src/trouble.js";
import { root, shared, skip_without } from "./places.js";

const hex = (text: string): Uint8Array => from_hex(text, "test");
const json = (path: string): any => JSON.parse(readFileSync(path, "utf8"));

const rfc = join(shared, "merkle/rfc6962.json");
test(
  "tree: roots and inclusion proofs of the eight leaves of RFC 6962",
  { skip: skip_without(rfc) },
  () => {
    const { leaves, leaf_hashes, roots, inclusion } = json(rfc).rfc6962;
    const hashes = leaves.map((leaf: string) => leaf_hash(hex(leaf)));
    assert.deepEqual(hashes.map(to_hex), leaf_hashes);
    for (let size = 0; size <= 8; size++)
      assert.equal(to_hex(root_of(hashes.slice(0, size))), roots[size]);
    for (const { index, size, proof } of inclusion) {
      const path = proof.map(hex);
      const top = hex(roots[size]);
      assert.ok(proves_inclusion(hashes[index], index, size, path, top));
      for (let other = 0; other < size; other++)
        if (other !== index)
          assert.ok(!proves_inclusion(hashes[index], other, size, path, top));
      assert.ok(!proves_inclusion(hashes[index], index, size, [...path, top], top));
      if (path.length > 0)
        assert.ok(!proves_inclusion(hashes[index], index, size, path.slice(1), top));
    }
  },
);

const tiles = join(shared, "merkle/tiles-70000.json");
test(
  "tree: roots of 70,000 leaves, by leaves and by subtrees",
  { skip: skip_without(tiles) },
  () => {
    const { roots } = json(tiles);
    const frontier = new Frontier();
    const hashes: Uint8Array[] = [];
    for (let i = 0; i < 70000; i++) {
      hashes.push(leaf_hash(to_utf8(`entry-${i}`)));
      frontier.add(hashes[i]!, 0);
      if (roots[i + 1] !== undefined) assert.equal(to_hex(frontier.root()), roots[i + 1]);
    }
    const coarse = new Frontier();
    for (let at = 0; at < 65536; at += 16384)
      coarse.add(root_of(hashes.slice(at, at + 16384)), 0, 14);
    for (let at = 65536; at < 70000; at++) coarse.add(hashes[at]!, 0);
    assert.equal(to_hex(coarse.root()), roots[70000]);
    assert.throws(() => coarse.add(hashes[0]!, 0, 14), Malformed); // at no multiple of its size
  },
);

const note = join(shared, "merkle/note.json");
test(
  "notes: the known example verifies, and no changed bit of it does",
  { skip: skip_without(note) },
  () => {
    const { verifier, note: text } = json(note);
    const key = read_verifier_key(verifier);
    const bytes = to_utf8(text);
    assert.ok(open_note(bytes, key).startsWith("If you think"));
    for (let i = 0; i < 8 * bytes.length; i++) {
      const changed = bytes.slice();
      changed[i >> 3]! ^= 1 << (i & 7);
      assert.throws(
        () => open_note(changed, key),
        (error) => error instanceof Untrue || error instanceof Malformed,
        `bit ${i}`,
      );
    }
    for (let i = 0; i < verifier.length; i++) {
      const other =
        verifier.slice(0, i) + (verifier[i] === "A" ? "B" : "A") + verifier.slice(i + 1);
      assert.throws(() => read_verifier_key(other), Malformed);
    }
  },
);

test("journal: the vectors of its format", () => {
  const { records, block, verifier, checkpoint } = json(
    join(root, "docs/formats/journal.vectors.json"),
  );
  const frontier = new Frontier();
  for (const { open, hidden, leaf } of records) {
    const body = hex(hidden);
    const parts = [Uint8Array.of(hidden === "" ? 0 : 1), varint(open.length / 2), hex(open)];
    if (hidden !== "") parts.push(varint(body.length), body);
    const view = new Record_view();
    view.read(new Reader(Buffer.concat(parts)));
    const out = new Uint8Array(32);
    record_leaf(view, out, 0);
    assert.equal(to_hex(out), leaf);
    frontier.add(out, 0);
  }
  assert.equal(to_hex(frontier.root()), block.root);
  const entry = read_entry(to_utf8(block.entry));
  assert.equal(to_hex(entry.root), block.root);
  const signed = open_checkpoint(to_utf8(checkpoint), read_verifier_key(verifier));
  assert.equal(signed.size, 1);
  assert.equal(to_hex(root_of([leaf_hash(to_utf8(block.entry))])), to_hex(signed.root));
});

test("records: sizes, kinds and what erasing leaves are checked", () => {
  const read = (text: string): void => new Record_view().read(new Reader(hex(text)));
  const commitment = "11".repeat(32);
  read(`000141`);
  read(`02014121${commitment}ff`);
  for (const bad of [
    "03",
    "0000",
    "0001",
    "01014100",
    `010141${"1f"}${"00".repeat(31)}`,
    `02014121${commitment}fe`,
    "00ffffff7f41",
  ])
    assert.throws(() => read(bad), Malformed, bad);
});

test("entries: canonical JSON only", () => {
  const good = `{"admitted":1,"first":0,"format":1,"records":1,"root":"${"00".repeat(32)}"}`;
  read_entry(to_utf8(good));
  for (const bad of [
    good.replace("1,", "1 ,"),
    good.replace('"admitted":1', '"admitted":1e0'),
    good.replace("{", '{"admitted":1,'),
    `${good}\n`,
    good.replace(":1,", ":1.5,"),
    "[]",
    "{}",
    "",
  ])
    assert.throws(() => read_entry(to_utf8(bad)), Malformed, bad);
});
