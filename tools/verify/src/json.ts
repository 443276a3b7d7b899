// JSON: reading with a limit, and the canonical form of RFC 8785.
import { Malformed } from "./trouble.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

function nesting(text: string): number {
  let depth = 0;
  let most = 0;
  let in_text = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (in_text) {
      if (c === "\\") i++;
      else if (c === '"') in_text = false;
    } else if (c === '"') in_text = true;
    else if (c === "{" || c === "[") most = Math.max(most, ++depth);
    else if (c === "}" || c === "]") depth--;
  }
  return most;
}

export function parse_json(text: string, what: string): Json {
  if (text.length > 16 * 1024 * 1024 || nesting(text) > 64)
    throw new Malformed("json.limit", { what });
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Malformed("json.form", { what });
  }
}

export function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  // RFC 8785 sorts by UTF-16 units, as the comparison of this language does.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
}

/** A text that must be its own canonical form: so it has no second reading, and no doubled key. */
export function parse_canonical(text: string, what: string): JsonObject {
  const value = parse_json(text, what);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Malformed("json.no_object", { what });
  if (canonical(value) !== text) throw new Malformed("json.not_canonical", { what });
  return value;
}

/** Members by kind; what is missing or of another kind is refused with its name. */
export class Members {
  constructor(
    readonly object: JsonObject,
    readonly what: string,
  ) {}

  static of(value: Json | undefined, what: string): Members {
    if (
      value === null ||
      value === undefined ||
      typeof value !== "object" ||
      Array.isArray(value)
    )
      throw new Malformed("json.no_object", { what });
    return new Members(value, what);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  get(key: string): Json | undefined {
    return this.has(key) ? this.object[key] : undefined;
  }

  text(key: string): string {
    const value = this.get(key);
    if (typeof value !== "string") throw this.wrong(key);
    return value;
  }

  count(key: string): number {
    const value = this.get(key);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
      throw this.wrong(key);
    return value;
  }

  flag(key: string): boolean {
    const value = this.get(key);
    if (typeof value !== "boolean") throw this.wrong(key);
    return value;
  }

  list(key: string): Json[] {
    const value = this.get(key);
    if (!Array.isArray(value)) throw this.wrong(key);
    return value;
  }

  object_at(key: string): Members {
    return Members.of(this.get(key), `${this.what}.${key}`);
  }

  /** No member but these: a misspelt one would otherwise say nothing. */
  only(...keys: string[]): void {
    for (const key of Object.keys(this.object))
      if (!keys.includes(key))
        throw new Malformed("json.unknown_key", { what: this.what, key });
  }

  private wrong(key: string): Malformed {
    return new Malformed("json.member", { what: this.what, key });
  }
}
