// What can be wrong, in two kinds: input that cannot be read (exit code 2), and input that was
// read and is not true (exit code 1). Both carry the key of a text and its arguments, so that
// whoever shows them chooses the language.

export type Args = Record<string, string | number | bigint>;

/** The input breaks its format: nothing can be said about its truth. */
export class Malformed extends Error {
  constructor(
    readonly code: string,
    readonly args: Args = {},
  ) {
    super(`${code} ${JSON.stringify(args, (_, v) => (typeof v === "bigint" ? String(v) : v))}`);
  }
}

/** The input can be read, and says something that is not so. */
export class Untrue extends Error {
  constructor(
    readonly code: string,
    readonly args: Args = {},
  ) {
    super(`${code} ${JSON.stringify(args, (_, v) => (typeof v === "bigint" ? String(v) : v))}`);
  }
}

/** One thing that differs, and where. */
export interface Difference {
  readonly code: string;
  readonly args: Args;
  /** number of the record in the journal, where there is one */
  readonly record?: number;
}
