// A time zone as a programme published it: its offsets, and the local day of an instant.
import { Malformed } from "./trouble.js";

export class Zone {
  private readonly from: Float64Array; // microseconds of UTC from which the offset holds
  private readonly offset: Float64Array; // in microseconds
  private at = 0; // most instants lie where the last one lay

  constructor(text: string) {
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    const changes = lines.slice(1).map((line) => {
      const match = /^(-?[0-9]{1,13}) (-?[0-9]{1,6})$/.exec(line);
      if (!match) throw new Malformed("zone.form", { zone: lines[0]!.slice(0, 80) });
      return [Number(match[1]), Number(match[2])] as const;
    });
    if (changes.length === 0 || changes.length > 20000)
      throw new Malformed("zone.form", { zone: (lines[0] ?? "").slice(0, 80) });
    for (let i = 1; i < changes.length; i++)
      if (changes[i]![0] <= changes[i - 1]![0])
        throw new Malformed("zone.form", { zone: lines[0]! });
    this.from = Float64Array.from(changes, (change) => change[0] * 1e6);
    this.offset = Float64Array.from(changes, (change) => change[1] * 1e6);
  }

  /** Days since 1970 of the civil day; before the first change its offset holds too. */
  local_day(time_us: number): number {
    let i = this.at;
    if (time_us < this.from[i]! || (i + 1 < this.from.length && time_us >= this.from[i + 1]!)) {
      let low = 0;
      let high = this.from.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this.from[middle]! <= time_us) low = middle;
        else high = middle;
      }
      this.at = i = low;
    }
    return Math.floor((time_us + this.offset[i]!) / 86400e6);
  }
}
