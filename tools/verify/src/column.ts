// Long columns of numbers in pages, so that they grow without being copied and cost nothing
// where nothing stands. Ten million events fit; objects for each of them would not.
import { type Integer, plus } from "./bytes.js";

type Typed = Float64Array | Uint32Array | Uint16Array | Uint8Array;

export class Column<T extends Typed> {
  private readonly pages = new Map<number, T>();
  private last_number = -1;
  private last_page: T | undefined;

  constructor(
    private readonly make: (size: number) => T,
    private readonly bits: number,
  ) {}

  private page(number: number): T | undefined {
    if (number !== this.last_number) {
      this.last_number = number;
      this.last_page = this.pages.get(number);
    }
    return this.last_page;
  }

  get(at: number): number {
    const size = 1 << this.bits;
    const number = Math.floor(at / size);
    const page = this.page(number);
    return page === undefined ? 0 : page[at - number * size]!;
  }

  set(at: number, value: number): void {
    const size = 1 << this.bits;
    const number = Math.floor(at / size);
    let page = this.page(number);
    if (page === undefined) {
      page = this.make(size);
      this.pages.set(number, page);
      this.last_page = page;
    }
    page[at - number * size] = value;
  }
}

export const floats = (bits = 16) => new Column((size) => new Float64Array(size), bits);
export const words = (bits = 16) => new Column((size) => new Uint32Array(size), bits);
export const halves = (bits = 16) => new Column((size) => new Uint16Array(size), bits);

/** Integers of any size: doubles, and a place beside for what they cannot hold exactly. */
export class Integers {
  private readonly small: Column<Float64Array>;
  private readonly large = new Map<number, bigint>();

  constructor(bits = 16) {
    this.small = floats(bits);
  }

  get(at: number): Integer {
    return this.large.size > 0
      ? (this.large.get(at) ?? this.small.get(at))
      : this.small.get(at);
  }

  set(at: number, value: Integer): void {
    if (typeof value === "bigint") {
      this.large.set(at, value);
      return;
    }
    if (this.large.size > 0) this.large.delete(at);
    this.small.set(at, value);
  }

  add(at: number, value: Integer): void {
    this.set(at, plus(this.get(at), value));
  }
}
