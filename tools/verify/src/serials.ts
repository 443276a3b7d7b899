// Units of one class, by serial number: runs of numbers of one batch that nothing tells apart. What
// was issued is always held, pledged, kept as buffer, retired or cancelled.

export const unit_states = ["held", "pledged", "buffer", "retired", "cancelled"] as const;
export type Unit_state = (typeof unit_states)[number];

export interface Run {
  readonly first: number;
  readonly last: number;
  readonly state: Unit_state;
  readonly batch: number; // −1: the export does not say
  readonly vintage: number;
  readonly owner: number | undefined; // undefined: used up, or of somebody the export does not name
  readonly creditor: number | undefined | null; // null: the export does not name it
}

export function is_final(state: Unit_state): boolean {
  return state === "retired" || state === "cancelled";
}

export function is_legal_unit(from: Unit_state, to: Unit_state): boolean {
  if (from === "held") return true;
  if (from === "pledged") return to === "held";
  return from === "buffer" && (to === "held" || to === "cancelled");
}

/** The place of the last value that is not above `value`, or −1. */
function place_of(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function alike(a: Run, b: Run): boolean {
  return (
    a.last + 1 === b.first &&
    a.state === b.state &&
    a.batch === b.batch &&
    a.batch >= 0 &&
    a.owner === b.owner &&
    a.creditor === b.creditor
  );
}

export class Serials {
  issued = 0; // the highest number
  private batches = 0;
  private readonly starts: number[] = [];
  private readonly runs = new Map<number, Run>();
  private readonly owned = new Map<string, number[]>(); // the first numbers, ascending

  issue(first: number, count: number, vintage: number, state: Unit_state, owner?: number): void {
    const batch = this.batches++;
    const last = first + count - 1;
    this.issued = last;
    this.put({ first, last, state, batch, vintage, owner, creditor: undefined });
  }

  /** The run that all of these numbers lie in; undefined if there is no such. */
  within(first: number, last: number): Run | undefined {
    const at = place_of(this.starts, first);
    const run = at < 0 ? undefined : this.runs.get(this.starts[at]!)!;
    return run && last <= run.last ? run : undefined;
  }

  /** Numbers that `within` found, or of which nothing is known. */
  change(first: number, last: number, state: Unit_state, owner?: number, creditor?: number | null): void {
    this.cut(first);
    this.cut(last + 1);
    const before = this.runs.get(first);
    const { batch, vintage } =
      before && before.last === last ? before : { batch: -1, vintage: 0 };
    // More than one only where the export does not hold all that happened to them.
    for (let at = place_of(this.starts, last); at >= 0 && this.starts[at]! >= first; at--)
      this.drop(this.runs.get(this.starts[at]!)!);
    if (last > this.issued) this.issued = last;
    this.put({
      first,
      last,
      state,
      batch,
      vintage,
      owner: is_final(state) ? undefined : owner,
      creditor: state === "pledged" ? creditor : undefined,
    });
    this.join(last + 1);
    this.join(first);
  }

  /** The lowest numbers of an owner, run by run; fewer than `count` if there are no more. */
  lowest(
    owner: number,
    state: Unit_state,
    count: number,
    vintage: number, // 0: any
    creditor?: number,
  ): Run[] {
    const found: Run[] = [];
    for (const first of this.owned.get(`${owner} ${state}`) ?? []) {
      if (count <= 0) break;
      const run = this.runs.get(first)!;
      if (vintage !== 0 && run.batch >= 0 && run.vintage !== vintage) continue;
      if (creditor !== undefined && run.creditor !== null && run.creditor !== creditor) continue;
      const last = Math.min(run.last, first + count - 1);
      count -= last - first + 1;
      found.push({ ...run, last });
    }
    return found;
  }

  /** All numbers from 1 to the last one stand in exactly one run, with an owner unless used up. */
  is_whole(): boolean {
    let next = 1;
    for (const first of this.starts) {
      const run = this.runs.get(first)!;
      if (first !== next || run.last < first) return false;
      next = run.last + 1;
    }
    return next === this.issued + 1;
  }

  private put(run: Run): void {
    const at = place_of(this.starts, run.first);
    this.starts.splice(at + 1, 0, run.first);
    this.runs.set(run.first, run);
    if (run.owner === undefined) return;
    const key = `${run.owner} ${run.state}`;
    const owned = this.owned.get(key);
    if (owned) owned.splice(place_of(owned, run.first) + 1, 0, run.first);
    else this.owned.set(key, [run.first]);
  }

  private drop(run: Run): void {
    this.starts.splice(place_of(this.starts, run.first), 1);
    this.runs.delete(run.first);
    if (run.owner === undefined) return;
    const key = `${run.owner} ${run.state}`;
    const owned = this.owned.get(key)!;
    owned.splice(place_of(owned, run.first), 1);
    if (owned.length === 0) this.owned.delete(key);
  }

  private cut(at: number): void {
    const place = place_of(this.starts, at);
    const run = place < 0 ? undefined : this.runs.get(this.starts[place]!)!;
    if (!run || run.first === at || run.last < at) return;
    this.drop(run);
    this.put({ ...run, last: at - 1 });
    this.put({ ...run, first: at });
  }

  private join(at: number): void {
    const right = this.runs.get(at);
    const place = place_of(this.starts, at - 1);
    const left = place < 0 ? undefined : this.runs.get(this.starts[place]!)!;
    if (!left || !right || !alike(left, right)) return;
    this.drop(left);
    this.drop(right);
    this.put({ ...left, last: right.last });
  }
}
