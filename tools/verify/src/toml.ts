// TOML 1.0 files, read by smol-toml, with the limits of the house and typed members.
import { parse } from "smol-toml";
import { Malformed } from "./trouble.js";
import { type Json, Members } from "./json.js";

export function parse_toml(text: string, what: string): Members {
  if (text.length > 1024 * 1024) throw new Malformed("toml.limit", { what });
  try {
    return Members.of(parse(text, { maxDepth: 64 }) as unknown as Json, what);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed("toml.form", {
      what,
      why: String(error).split("\n")[0]!.slice(0, 200),
    });
  }
}

export function tables(members: Members, key: string): Members[] {
  if (!members.has(key)) return [];
  return members.list(key).map((row, i) => Members.of(row, `${members.what}.${key}[${i}]`));
}

/** The members of a table, in the order in which they are written. */
export function named_tables(members: Members, key: string): [string, Members][] {
  if (!members.has(key)) return [];
  const table = members.object_at(key);
  return Object.keys(table.object).map((name) => [name, table.object_at(name)]);
}

export function texts(members: Members, key: string): string[] {
  if (!members.has(key)) return [];
  return members.list(key).map((value) => {
    if (typeof value !== "string")
      throw new Malformed("json.member", { what: members.what, key });
    return value;
  });
}

export function optional_text(members: Members, key: string): string | undefined {
  return members.has(key) ? members.text(key) : undefined;
}
