// Roots of blocks on other threads, for the command line. Each gets a copy of some blocks' bytes;
// what the main thread reads once is checked and understood from the same reading.
import { Worker } from "node:worker_threads";
import { type Block_task } from "./block.js";
import { type Hasher } from "./hasher.js";

const batch_bytes = 2 * 1024 * 1024;
const waiting_max = 3; // batches of each thread: bounds the memory

export interface Batch {
  readonly bytes: Uint8Array;
  readonly tasks: readonly Block_task[];
}

interface Thread {
  readonly worker: Worker;
  waiting: number;
}

export class Hash_pool implements Hasher {
  readonly wrong: number[] = [];
  private readonly threads: Thread[] = [];
  private batch: Uint8Array | undefined;
  private used = 0;
  private tasks: Block_task[] = [];
  private wake: (() => void) | undefined;
  private failed: Error | undefined;

  constructor(count: number) {
    for (let i = 0; i < count; i++) {
      const worker = new Worker(new URL("./hash_worker.js", import.meta.url));
      const thread: Thread = { worker, waiting: 0 };
      worker.on("message", (wrong: number[]) => {
        this.wrong.push(...wrong);
        thread.waiting--;
        this.wake?.();
      });
      worker.on("error", (error) => {
        this.failed = error;
        this.wake?.();
      });
      this.threads.push(thread);
    }
  }

  check(bytes: Uint8Array, task: Block_task): Promise<void> | undefined {
    const size = task.to - task.from;
    let sent: Promise<void> | undefined;
    if (this.batch && this.used + size > this.batch.length) sent = this.send();
    if (!this.batch) {
      this.batch = new Uint8Array(Math.max(batch_bytes, size));
      this.used = 0;
    }
    this.batch.set(bytes.subarray(task.from, task.to), this.used);
    this.tasks.push({
      ...task,
      from: this.used,
      to: this.used + size,
      root: task.root.slice(),
    });
    this.used += size;
    return sent;
  }

  async finish(): Promise<void> {
    if (this.batch) await this.send();
    while (!this.failed && this.threads.some((thread) => thread.waiting > 0))
      await this.woken();
    if (this.failed) throw this.failed;
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.worker.terminate()));
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  private async send(): Promise<void> {
    const batch: Batch = { bytes: this.batch!, tasks: this.tasks };
    this.batch = undefined;
    this.tasks = [];
    const thread = this.threads.reduce((a, b) => (b.waiting < a.waiting ? b : a));
    thread.waiting++;
    thread.worker.postMessage(batch, [batch.bytes.buffer as ArrayBuffer]);
    while (!this.failed && this.threads.every((one) => one.waiting > waiting_max))
      await this.woken();
    if (this.failed) throw this.failed;
  }
}
