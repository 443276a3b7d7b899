#!/usr/bin/env node
// The command line: verify receipt | export | method. Exit code 0, 1 or 2.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { read_day } from "./civil.js";
import { run_examples } from "./example.js";
import { check_export } from "./export.js";
import { export_files } from "./file_source.js";
import { Hash_pool } from "./hash_pool.js";
import { Inline_hasher } from "./hasher.js";
import { read_library } from "./library_folder.js";
import { read_method } from "./method.js";
import { read_verifier_key } from "./note.js";
import { check_receipt } from "./receipt.js";
import { type Language, say } from "./texts.js";
import { type Difference, Malformed, Untrue } from "./trouble.js";

interface Request {
  readonly file: string;
  readonly key: string | undefined;
  readonly library: string | undefined;
  readonly as_of: string | undefined;
  readonly threads: number;
  readonly language: Language;
  readonly json: boolean;
}

interface Answer {
  readonly exit: number;
  readonly text: string;
  readonly json: object;
}

function described(language: Language, difference: Difference): string {
  const text = say(language, difference.code, difference.args);
  const { record } = difference;
  return record === undefined ? text : say(language, "say.record", { record, text });
}

function with_texts(language: Language, differences: readonly Difference[]): object[] {
  return differences.map((one) => ({ ...one, text: described(language, one) }));
}

function instant(us: number): string {
  return new Date(us / 1000).toISOString();
}

function run_receipt(request: Request): Answer {
  if (request.key === undefined) throw new Malformed("note.key");
  if (statSync(request.file).size > 4 * 1024 * 1024) throw new Malformed("receipt.too_large");
  const receipt = check_receipt(readFileSync(request.file), read_verifier_key(request.key));
  const facts = {
    record: receipt.record,
    origin: receipt.checkpoint.origin,
    blocks: receipt.checkpoint.size,
    admitted: instant(receipt.entry.admitted),
  };
  const text = say(request.language, "say.receipt", facts);
  return { exit: 0, text, json: { good: true, ...facts } };
}

async function run_export(request: Request): Promise<Answer> {
  const { language } = request;
  const threads = request.threads;
  const files = export_files(request.file); // first: threads outlive an error here
  const hasher = threads > 0 ? new Hash_pool(threads) : new Inline_hasher();
  const verdict = await check_export(files, request.key, hasher).finally(() => hasher.close());
  const { manifest, differences, more } = verdict;
  const lines: string[] = [];
  for (const difference of differences) lines.push(described(language, difference));
  if (more > 0) lines.push(say(language, "say.more", { more }));
  const facts = {
    blocks: manifest.blocks,
    records: verdict.records,
    given: verdict.given,
    events: verdict.events,
    recomputed: verdict.recomputed,
    erased: verdict.erased,
    editions: verdict.editions,
    accounts: verdict.accounts,
    transactions: verdict.transactions,
    decided: verdict.decided,
  };
  lines.push(say(language, "say.export", facts), say(language, "say.recomputed", facts));
  lines.push(say(language, "say.posted", { posted: JSON.stringify(verdict.posted) }));
  if (verdict.transactions > 0) lines.push(say(language, "say.transactions", facts));
  // What could not be looked at is never passed over in silence.
  for (const [why, count] of Object.entries(verdict.undecided))
    lines.push(say(language, `say.undecided_${why}`, { count }));
  if (manifest.since !== undefined) lines.push(say(language, "say.partial"));
  if (request.key === undefined)
    lines.push(say(language, "say.own_key", { key: manifest.key }));
  const count = differences.length + more;
  lines.push(
    count === 0 ? say(language, "say.agrees") : say(language, "say.differences", { count }),
  );
  return {
    exit: count === 0 ? 0 : 1,
    text: lines.join("\n"),
    json: {
      agrees: count === 0,
      ...facts,
      undecided: verdict.undecided,
      posted: verdict.posted,
      key: manifest.key,
      key_was_given: request.key !== undefined,
      differences: with_texts(language, differences),
      more,
    },
  };
}

function run_method(request: Request): Answer {
  if (request.library === undefined)
    throw new Malformed("json.member", { what: "verify method", key: "--library" });
  const { language } = request;
  const method = read_method(readFileSync(request.file, "utf8"), request.file);
  const today =
    request.as_of === undefined ? Math.floor(Date.now() / 86400e3) : read_day(request.as_of);
  const results = run_examples(method, read_library(request.library), today, language);
  const lines: string[] = [];
  let good = 0;
  for (const { title, differences } of results) {
    if (differences.length === 0) good++;
    lines.push(
      say(language, differences.length === 0 ? "say.example_good" : "say.example_bad", {
        title,
      }),
    );
    for (const difference of differences) lines.push(`  ${described(language, difference)}`);
  }
  const facts = { id: method.id, version: method.version, good, all: results.length };
  lines.push(say(language, "say.examples", facts));
  return {
    exit: good === results.length ? 0 : 1,
    text: lines.join("\n"),
    json: {
      ...facts,
      examples: results.map((one) => ({
        title: one.title,
        differences: with_texts(language, one.differences),
      })),
    },
  };
}

function locale(): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return (LC_ALL || LC_MESSAGES || LANG || "").startsWith("zh") ? "zh" : "en";
}

export async function main(argv: string[]): Promise<number> {
  let language = locale();
  let json = false;
  const print = (answer: Answer): number => {
    const big = (_: string, value: unknown): unknown =>
      typeof value === "bigint" ? String(value) : value;
    console.log(json ? JSON.stringify(answer.json, big, 2) : answer.text);
    return answer.exit;
  };
  const refuse = (exit: number, difference: Difference): Answer => {
    const text = described(language, difference);
    return { exit, text, json: { agrees: false, ...difference, text } };
  };
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        key: { type: "string" },
        library: { type: "string" },
        "as-of": { type: "string" },
        threads: { type: "string" },
        lang: { type: "string" },
        json: { type: "boolean" },
      },
    });
    if (values.lang === "en" || values.lang === "zh") language = values.lang;
    json = values.json ?? false;
    const [command, file, ...rest] = positionals;
    const threads = Number(values.threads ?? 1);
    const good_threads = Number.isInteger(threads) && threads >= 0 && threads <= 64;
    if (!command || !file || rest.length > 0 || !good_threads) {
      console.error(say(language, "say.usage"));
      return 2;
    }
    const request: Request = {
      file,
      language,
      json,
      threads,
      key: values.key,
      library: values.library,
      as_of: values["as-of"],
    };
    if (command === "receipt") return print(run_receipt(request));
    if (command === "export") return print(await run_export(request));
    if (command === "method") return print(run_method(request));
    console.error(say(language, "say.usage"));
    return 2;
  } catch (error) {
    if (error instanceof Untrue)
      return print(refuse(1, { code: error.code, args: error.args }));
    if (error instanceof Malformed)
      return print(refuse(2, { code: error.code, args: error.args }));
    const { code, path } = error as { code?: string; path?: string };
    if (path !== undefined)
      return print(refuse(2, { code: "file.missing", args: { file: path } }));
    if (code?.startsWith("ERR_PARSE_ARGS")) {
      console.error(say(language, "say.usage"));
      return 2;
    }
    throw error;
  }
}

// npm installs the command as a link to this file.
if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  process.exit(await main(process.argv.slice(2)));
