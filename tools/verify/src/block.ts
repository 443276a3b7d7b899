// The items of a block in the file `records`: records as they stand, and roots of subtrees in
// place of those that are not given. They must cover the block exactly and have its root.
import { Malformed } from "./trouble.js";
import { equal, type Reader } from "./bytes.js";
import { Frontier } from "./merkle.js";
import { Record_view, record_leaf } from "./record.js";

export const block_bytes_max = 6 * 1024 * 1024; // 4 MiB of records, and hashes
const level_max = 14;

const view = new Record_view();
const frontier = new Frontier();
const leaf = new Uint8Array(32);

/** Reads over `items` items; how many leaves they stand for and how many are records. */
export function skim_block(reader: Reader, items: number): { leaves: number; given: number } {
  let leaves = 0;
  let given = 0;
  for (let i = 0; i < items; i++) {
    const first = reader.left > 0 ? reader.bytes[reader.at]! : 255;
    if (first <= 2) {
      view.read(reader);
      leaves++;
      given++;
    } else if (first >= 0x10 && first <= 0x10 + level_max) {
      reader.take(33);
      leaves += 2 ** (first - 0x10);
    } else {
      throw new Malformed("records.item", { byte: first });
    }
  }
  return { leaves, given };
}

/** The root of the tree over the items; the reader has been over them once, so they are whole. */
export function block_root(reader: Reader, items: number): Uint8Array {
  frontier.clear();
  for (let i = 0; i < items; i++) {
    const first = reader.bytes[reader.at]!;
    if (first <= 2) {
      view.read(reader);
      record_leaf(view, leaf, 0);
      frontier.add(leaf, 0);
    } else {
      frontier.add(reader.bytes, reader.at + 1, first - 0x10);
      reader.at += 33;
    }
  }
  return frontier.root();
}

export interface Block_task {
  readonly block: number;
  readonly items: number;
  readonly from: number; // in the bytes that come with it
  readonly to: number;
  readonly root: Uint8Array;
}

export function root_holds(reader: Reader, task: Block_task): boolean {
  return equal(block_root(reader, task.items), task.root);
}
