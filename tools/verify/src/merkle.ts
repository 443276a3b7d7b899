// The tree of RFC 6962: roots, inclusion proofs, and a frontier that takes whole subtrees.
import { Malformed } from "./trouble.js";
import { equal } from "./bytes.js";
import { sha256, sha256_into } from "./sha256.js";

const pair = new Uint8Array(65);
pair[0] = 1;

export function leaf_hash(data: Uint8Array): Uint8Array {
  const message = new Uint8Array(data.length + 1);
  message.set(data, 1);
  return sha256(message);
}

export function node_hash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/**
 * The growing right edge of a tree: one hash for each complete subtree, largest first. It takes
 * a leaf, or the root of a complete subtree at a multiple of its size, and keeps no more than
 * 32 bytes a level, in one buffer.
 */
export class Frontier {
  private readonly hashes = new Uint8Array(54 * 32);
  private readonly levels = new Uint8Array(54);
  private depth = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  clear(): void {
    this.depth = 0;
    this.count = 0;
  }

  /** The hash of a complete subtree of 2^level leaves: hashes[at, at + 32). */
  add(from: Uint8Array, at: number, level = 0): void {
    const width = 2 ** level;
    if (this.count % width !== 0) throw new Malformed("tree.subtree_position");
    const top = this.depth * 32;
    for (let i = 0; i < 32; i++) this.hashes[top + i] = from[at + i]!;
    this.levels[this.depth++] = level;
    this.count += width;
    while (this.depth > 1 && this.levels[this.depth - 1] === this.levels[this.depth - 2])
      this.fold();
  }

  root(): Uint8Array {
    if (this.count === 0) return sha256(new Uint8Array(0));
    const out = this.hashes.slice((this.depth - 1) * 32, this.depth * 32);
    for (let i = this.depth - 2; i >= 0; i--) {
      for (let j = 0; j < 32; j++) pair[1 + j] = this.hashes[i * 32 + j]!;
      pair.set(out, 33);
      sha256_into(pair, 0, 65, out, 0);
    }
    return out;
  }

  private fold(): void {
    const left = (this.depth - 2) * 32;
    for (let i = 0; i < 64; i++) pair[1 + i] = this.hashes[left + i]!;
    sha256_into(pair, 0, 65, this.hashes, left);
    this.depth--;
    this.levels[this.depth - 1]!++;
  }
}

export function root_of(leaves: Uint8Array[]): Uint8Array {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.add(leaf, 0);
  return frontier.root();
}

/** RFC 9162, 2.1.3.2: does `proof` lead from `leaf` at `index` of `size` to `root`? */
export function proves_inclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = node_hash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(hash, root);
}
