// Bytes: spellings, and a reader that never reads beyond its end.
import { Malformed } from "./trouble.js";

export type Integer = number | bigint; // a bigint only where a number would not be exact

const hex_digits = "0123456789abcdef";

export function to_hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hex_digits[byte >> 4]! + hex_digits[byte & 15]!;
  return text;
}

/** Lower case only, as all our formats write it. */
export function from_hex(text: string, what: string, size?: number): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text) || (size !== undefined && text.length !== 2 * size))
    throw new Malformed("bytes.hex", { what });
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function to_base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += base64_digits[word >> 18]! + base64_digits[(word >> 12) & 63]!;
    text += left > 1 ? base64_digits[(word >> 6) & 63]! : "=";
    text += left > 2 ? base64_digits[word & 63]! : "=";
  }
  return text;
}

/** Padded, and the one spelling only: otherwise two texts would stand for the same bytes. */
export function from_base64(text: string, what: string): Uint8Array {
  const bare = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const digit of bare) {
    const value = base64_digits.indexOf(digit);
    if (value < 0) throw new Malformed("bytes.base64", { what });
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 255;
    }
  }
  if (to_base64(bytes) !== text) throw new Malformed("bytes.base64", { what });
  return bytes;
}

const utf8 = new TextEncoder();
const strict_utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function to_utf8(text: string): Uint8Array {
  return utf8.encode(text);
}

export function from_utf8(bytes: Uint8Array, what: string): string {
  try {
    return strict_utf8.decode(bytes);
  } catch {
    throw new Malformed("bytes.utf8", { what });
  }
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  while (value >= 128) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Uint8Array.from(bytes);
}

/**
 * Reads from `at` to `end`. Numbers come as `number` while they are exact; the hot path never
 * touches a bigint.
 */
export class Reader {
  at: number;
  end: number;

  constructor(
    public bytes: Uint8Array,
    at = 0,
    end = bytes.length,
    readonly what = "bytes",
  ) {
    this.at = at;
    this.end = end;
  }

  reset(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw new Malformed("bytes.cut_short", { what: this.what });
    return this.bytes[this.at++]!;
  }

  take(size: number): Uint8Array {
    if (size > this.end - this.at) throw new Malformed("bytes.cut_short", { what: this.what });
    const part = this.bytes.subarray(this.at, this.at + size);
    this.at += size;
    return part;
  }

  /** Below 2^53; more is refused. */
  varint(): number {
    const first = this.byte();
    if (first < 128) return first;
    const value = this.long_varint(first);
    if (typeof value === "bigint")
      throw new Malformed("bytes.varint_size", { what: this.what });
    return value;
  }

  /** Below 2^64. */
  big_varint(): Integer {
    const first = this.byte();
    return first < 128 ? first : this.long_varint(first);
  }

  /** 0, 1, 2, 3 … stand for 0, −1, 1, −2 …; 64 bits. */
  zigzag(): Integer {
    const value = this.big_varint();
    if (typeof value === "number") {
      const half = Math.floor(value / 2);
      return value % 2 === 0 ? half : -half - 1;
    }
    return normal(value % 2n === 0n ? value / 2n : -(value / 2n) - 1n);
  }

  /** Zigzag whose value must be exact as a number. */
  small_zigzag(): number {
    const value = this.zigzag();
    if (typeof value === "bigint")
      throw new Malformed("bytes.varint_size", { what: this.what });
    return value;
  }

  /** Microseconds since 1970: a count of seconds or, with the lowest bit, of microseconds. */
  time(): number {
    const value = this.varint();
    const zigzag = Math.floor(value / 2);
    const half = Math.floor(zigzag / 2);
    const count = zigzag % 2 === 0 ? half : -half - 1;
    if (value % 2 === 0) {
      const time = count * 1e6;
      if (!Number.isSafeInteger(time)) throw new Malformed("event.time");
      return time;
    }
    if (count % 1e6 === 0) throw new Malformed("event.time"); // has a shorter spelling
    return count;
  }

  done(): void {
    if (this.at !== this.end) throw new Malformed("bytes.left_over", { what: this.what });
  }

  private long_varint(first: number): Integer {
    let value = first - 128;
    let scale = 128;
    for (let i = 1; i < 7; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale; // below 2^49: exact
      scale *= 128;
      if (byte < 128) {
        if (byte === 0) throw new Malformed("bytes.varint_spelling", { what: this.what });
        return value;
      }
    }
    let big = BigInt(value);
    for (let i = 7; ; i++) {
      const byte = this.byte();
      if (i === 9 && byte > 1) throw new Malformed("bytes.varint_size", { what: this.what });
      big += BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        if (byte === 0) throw new Malformed("bytes.varint_spelling", { what: this.what });
        return normal(big);
      }
    }
  }
}

/** The house form of an integer: a number wherever that is exact. */
export function normal(value: bigint): Integer {
  return value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : value;
}

export function plus(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= 9007199254740991 && sum >= -9007199254740991) return sum;
  }
  return normal(BigInt(a) + BigInt(b));
}

export function minus(a: Integer, b: Integer): Integer {
  return plus(a, typeof b === "number" ? (b === 0 ? 0 : -b) : normal(-b));
}

export function negative(a: Integer): Integer {
  return a === 0 ? 0 : typeof a === "number" ? -a : normal(-a);
}

/** Rounded down, below zero too. */
export function floor_div(value: Integer, by: number): Integer {
  if (typeof value === "number") return Math.floor(value / by);
  const whole = value / BigInt(by);
  return normal(value < 0n && whole * BigInt(by) !== value ? whole - 1n : whole);
}
