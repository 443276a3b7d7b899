// A block's entry in the log: canonical JSON that the tree of the log covers.
import { Malformed } from "./trouble.js";
import { from_hex, from_utf8 } from "./bytes.js";
import { Members, parse_canonical } from "./json.js";

export const block_records_max = 16384;

export interface Entry {
  readonly first: number;
  readonly records: number;
  readonly root: Uint8Array;
  readonly admitted: number; // microseconds of UTC since 1970
  readonly rest: Members; // what the writer tells of the block
}

export function read_entry(bytes: Uint8Array): Entry {
  if (bytes.length < 1 || bytes.length > 1024) throw new Malformed("entry.size");
  const members = new Members(parse_canonical(from_utf8(bytes, "entry"), "entry"), "entry");
  if (members.get("format") !== 1) throw new Malformed("entry.format");
  const records = members.count("records");
  if (records < 1 || records > block_records_max) throw new Malformed("entry.records");
  const admitted = members.get("admitted");
  if (typeof admitted !== "number" || !Number.isSafeInteger(admitted))
    throw new Malformed("json.member", { what: "entry", key: "admitted" });
  return {
    first: members.count("first"),
    records,
    root: from_hex(members.text("root"), "root", 32),
    admitted,
    rest: members,
  };
}
