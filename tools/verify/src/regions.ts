// The region graph: dated edges that look-ups climb.
import { Malformed } from "./trouble.js";
import { type Days, always, read_days } from "./civil.js";
import { type Members } from "./json.js";
import { optional_text, tables } from "./toml.js";

export type Edge_type = "administrative" | "grid" | "scheme";
export const edge_types: readonly string[] = ["administrative", "grid", "scheme"];

interface Edge {
  readonly to: number;
  readonly type: string;
  readonly valid: Days;
}

export class Regions {
  readonly codes: string[] = []; // in the order in which they are read: events name them by it
  private readonly by_code = new Map<string, number>();
  private readonly edges: Edge[][] = [];

  add(file: Members): void {
    for (const row of tables(file, "regions")) {
      const code = row.text("code");
      if (this.by_code.has(code)) throw new Malformed("region.twice", { code });
      this.by_code.set(code, this.codes.length);
      this.codes.push(code);
      this.edges.push([]);
    }
    for (const row of tables(file, "edges")) {
      const type = row.text("type");
      if (!edge_types.includes(type)) throw new Malformed("region.edge_type", { type });
      const valid = optional_text(row, "valid");
      this.edges[this.find(row.text("from"))]!.push({
        to: this.find(row.text("to")),
        type,
        valid: valid === undefined ? always : read_days(valid),
      });
    }
  }

  find(code: string): number {
    const index = this.by_code.get(code);
    if (index === undefined) throw new Malformed("region.unknown", { code });
    return index;
  }

  /** The region itself, then what it leads to: breadth first, types in the order given. */
  climb(from: number, types: readonly string[], day: number): number[] {
    const found = [from];
    const seen = new Set(found);
    for (let i = 0; i < found.length; i++) {
      for (const type of types) {
        for (const edge of this.edges[found[i]!]!) {
          if (edge.type !== type || day < edge.valid.first || day > edge.valid.last) continue;
          if (seen.has(edge.to)) continue;
          seen.add(edge.to);
          found.push(edge.to);
        }
      }
    }
    return found;
  }
}
