// Who checks the roots of blocks: here and at once, or (hash_pool.ts) other threads.
import { Reader } from "./bytes.js";
import { type Block_task, root_holds } from "./block.js";
import { Malformed } from "./trouble.js";

export interface Hasher {
  /** The bytes may be used again once the promise is done. */
  check(bytes: Uint8Array, task: Block_task): Promise<void> | undefined;
  finish(): Promise<void>;
  /** Also after an error; nothing is checked any more. */
  close(): Promise<void>;
  /** Blocks whose root is another. */
  readonly wrong: number[];
}

export class Inline_hasher implements Hasher {
  readonly wrong: number[] = [];
  private readonly reader = new Reader(new Uint8Array(0), 0, 0, "records");

  check(bytes: Uint8Array, task: Block_task): undefined {
    this.reader.reset(bytes, task.from, task.to);
    try {
      if (!root_holds(this.reader, task)) this.wrong.push(task.block);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.wrong.push(task.block);
    }
    return undefined;
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {}
}
