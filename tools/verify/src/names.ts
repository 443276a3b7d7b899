// The names of events that were taken in, of each stream: the same name twice is the same event
// counted twice.
import { type Integer } from "./bytes.js";
import { mix } from "./windows.js";

/** Numbers of a counting source, as bits in small pages. */
export class Numbers {
  private readonly pages = new Map<Integer, Uint32Array>();

  /** False if it was there. */
  take(n: Integer): boolean {
    let page_number: Integer;
    let bit: number;
    if (typeof n === "number") {
      page_number = Math.floor(n / 1024);
      bit = n % 1024;
    } else {
      page_number = n / 1024n;
      bit = Number(n % 1024n);
    }
    let page = this.pages.get(page_number);
    if (!page) {
      page = new Uint32Array(32);
      this.pages.set(page_number, page);
    }
    const mask = 1 << (bit & 31);
    if ((page[bit >> 5]! & mask) !== 0) return false;
    page[bit >> 5]! |= mask;
    return true;
  }
}

/**
 * Ids by 96 bits of a mixing of their bytes: two different ids that meet there are not to be
 * expected in any books. Who forges them accuses only himself.
 */
export class Ids {
  private hashes = new Uint32Array(3 * 1024); // all zeros: free
  private days = new Int32Array(1024);
  private count = 0;

  /** The day under which it was taken before; undefined if it is new. Then it is taken now. */
  take(
    stream: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    day: number,
    today: number,
  ) {
    let a = stream + 1;
    let b = to - from;
    let c = 0x51ed270b;
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x85ebca6b);
      c = Math.imul((c << 7) ^ (c >>> 25) ^ byte, 0xc2b2ae35);
    }
    a = mix(a, c);
    b = mix(b, a);
    c = (mix(c, b) | 1) >>> 0; // never free
    const at = this.slot(a, b, c);
    if (this.hashes[3 * at + 2] !== 0) {
      const before = this.days[at]!;
      this.days[at] = day;
      return before;
    }
    this.put(at, a, b, c, day);
    if (this.count * 5 > this.days.length * 3) this.grow(today);
    return undefined;
  }

  private put(at: number, a: number, b: number, c: number, day: number): void {
    this.hashes[3 * at] = a;
    this.hashes[3 * at + 1] = b;
    this.hashes[3 * at + 2] = c;
    this.days[at] = day;
    this.count++;
  }

  private slot(a: number, b: number, c: number): number {
    const { hashes } = this;
    const mask = this.days.length - 1;
    let at = a & mask;
    while (hashes[3 * at + 2] !== 0) {
      if (hashes[3 * at] === a && hashes[3 * at + 1] === b && hashes[3 * at + 2] === c)
        return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  private grow(today: number): void {
    const { hashes, days } = this;
    const keep = (i: number): boolean => hashes[3 * i + 2] !== 0 && days[i]! >= today - 400;
    let kept = 0;
    for (let i = 0; i < days.length; i++) if (keep(i)) kept++;
    const size = kept * 3 > days.length ? 2 * days.length : days.length;
    this.hashes = new Uint32Array(3 * size);
    this.days = new Int32Array(size);
    this.count = 0;
    for (let i = 0; i < days.length; i++) {
      if (!keep(i)) continue;
      const [a, b, c] = [hashes[3 * i]!, hashes[3 * i + 1]!, hashes[3 * i + 2]!];
      this.put(this.slot(a, b, c), a, b, c, days[i]!);
    }
  }
}
