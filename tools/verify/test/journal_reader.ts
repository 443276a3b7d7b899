// Reads the segments of a journal after docs/formats/journal.md: the tests' own reader.
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { equal } from "../src/bytes.js";
import { sha256 } from "../src/sha256.js";

export interface Block {
  readonly number: number;
  readonly entry: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
}

const magic = Uint8Array.of(0x50, 0x54, 0x4b, 0x42, 0x4c, 0x4b, 0, 1);

export function* read_journal(folder: string, check = true): Generator<Block> {
  let next = 0;
  for (const name of readdirSync(join(folder, "blocks")).sort()) {
    const path = join(folder, "blocks", name);
    const size = statSync(path).size;
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(4096);
      readSync(file, head, 0, 4096, 0);
      const lines = head.toString("latin1").split("\n");
      if (lines[0] !== "PTKSEG 1" || Number(lines[2]) !== next)
        throw new Error(`${path}: no segment`);
      for (let at = 4096; at < size; ) {
        const top = Buffer.alloc(64);
        readSync(file, top, 0, 64, at);
        if (top.readBigUInt64LE(0) === 0n) break; // zeros that later blocks overwrite
        if (!equal(top.subarray(0, 8), magic)) throw new Error(`${path}: no block at ${at}`);
        const number = Number(top.readBigUInt64LE(8));
        const entry_size = top.readUInt32LE(16);
        const records_size = top.readUInt32LE(20);
        const count = top.readUInt32LE(24);
        const body_size = entry_size + records_size + 4 * Math.ceil(count / 64);
        const body = Buffer.alloc(body_size);
        readSync(file, body, 0, body_size, at + 64);
        if (number !== next) throw new Error(`${path}: block ${number} for ${next}`);
        if (check) {
          const covered = Buffer.concat([top.subarray(0, 32), body]);
          if (!equal(sha256(covered), top.subarray(32, 64)))
            throw new Error(`${path}: checksum`);
        }
        yield {
          number,
          entry: body.subarray(0, entry_size),
          records: body.subarray(entry_size, entry_size + records_size),
          count,
        };
        next++;
        at += Math.ceil((64 + body_size) / 4096) * 4096;
      }
    } finally {
      closeSync(file);
    }
  }
}
