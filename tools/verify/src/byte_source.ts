// Where the bytes of a file come from, and a reader that holds only a window of them.
import { Malformed } from "./trouble.js";

export interface Byte_source {
  readonly name: string;
  readonly size: number;
  /** Fills `into` from `at` on; the count of bytes that were there. */
  read(at: number, into: Uint8Array): Promise<number>;
}

/** A file in memory: for tests, and for a browser. */
export class Memory_source implements Byte_source {
  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  async read(at: number, into: Uint8Array): Promise<number> {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }
}

export async function read_whole(source: Byte_source, limit: number): Promise<Uint8Array> {
  if (source.size > limit) throw new Malformed("file.too_large", { file: source.name, limit });
  const bytes = new Uint8Array(source.size);
  if ((await source.read(0, bytes)) !== bytes.length)
    throw new Malformed("bytes.cut_short", { what: source.name });
  return bytes;
}

/** bytes[at, end) is what has been read and not yet used. */
export class Window_reader {
  bytes: Uint8Array;
  at = 0;
  end = 0;
  private place = 0;

  constructor(
    readonly source: Byte_source,
    private readonly size = 16 * 1024 * 1024,
  ) {
    this.bytes = new Uint8Array(Math.max(64, Math.min(size, source.size)));
  }

  get finished(): boolean {
    return this.at === this.end && this.place >= this.source.size;
  }

  /** Makes `count` bytes available where the file still has them. */
  async ensure(count: number): Promise<void> {
    if (this.end - this.at >= count || this.place >= this.source.size) return;
    this.bytes.copyWithin(0, this.at, this.end);
    this.end -= this.at;
    this.at = 0;
    while (this.end < this.bytes.length && this.place < this.source.size) {
      const read = await this.source.read(this.place, this.bytes.subarray(this.end));
      if (read === 0) throw new Malformed("bytes.cut_short", { what: this.source.name });
      this.place += read;
      this.end += read;
    }
    if (this.end - this.at < count && this.place < this.source.size && count > this.size)
      throw new Malformed("bytes.cut_short", { what: this.source.name });
  }
}
