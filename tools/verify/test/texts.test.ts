// Every code that the sources name has its text in both languages.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { known_codes, say } from "../src/texts.js";
import { root } from "./places.js";

test("texts: every code has one in both languages, with the same places", () => {
  const folder = join(root, "tools/verify/src");
  const known = new Set(known_codes);
  for (const name of readdirSync(folder)) {
    const source = readFileSync(join(folder, name), "utf8");
    const calls =
      /(?:new (?:Malformed|Untrue)|this\.(?:wrong|differ|report_of)|making\.report|report|say)\(\s*(?:language,\s*|request\.language,\s*|transaction,\s*)?"([a-z_]+\.[a-z_]+)"|code: "([a-z_]+\.[a-z_]+)"/g;
    for (const match of source.matchAll(calls))
      assert.ok(known.has((match[1] ?? match[2])!), `${name}: ${match[1] ?? match[2]}`);
  }
  const places = (text: string): string => (text.match(/\{[a-z_]+\}/g) ?? []).sort().join(" ");
  for (const code of known_codes) {
    assert.equal(places(say("en", code)), places(say("zh", code)), code);
    assert.notEqual(say("en", code), say("zh", code), code);
  }
});
