// A thread of hash_pool.ts.
import { parentPort } from "node:worker_threads";
import { type Batch } from "./hash_pool.js";
import { Inline_hasher } from "./hasher.js";

parentPort!.on("message", (batch: Batch) => {
  const hasher = new Inline_hasher();
  for (const task of batch.tasks) hasher.check(batch.bytes, task);
  parentPort!.postMessage(hasher.wrong);
});
