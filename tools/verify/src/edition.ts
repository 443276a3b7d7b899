// Contents and editions: what a programme published, by the hashes under which it stands.
import { Malformed, Untrue } from "./trouble.js";
import { join, to_hex, to_utf8 } from "./bytes.js";
import { type Dealings } from "./dealings.js";
import { canonical, type JsonObject, Members } from "./json.js";
import { Library } from "./library.js";
import { method_hash } from "./meaning.js";
import { type Method, read_method } from "./method.js";
import { type Programme, read_programme } from "./programme.js";
import { Rule } from "./rule.js";
import { sha256 } from "./sha256.js";
import { Zone } from "./zone.js";

export interface Content {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

export interface Edition {
  readonly programme: Programme;
  readonly rules: readonly Rule[];
  readonly late_days: number;
  readonly zone: Zone;
  readonly dealings: Dealings;
  /** methods that stand under another hash than their meaning has */
  readonly wrong_hashes: readonly { method: string; expected: string; found: string }[];
}

function tagged_hash(tag: string, object: JsonObject): Uint8Array {
  return sha256(join(to_utf8(tag), Uint8Array.of(0), to_utf8(canonical(object))));
}

export function edition_hash(object: JsonObject): Uint8Array {
  return tagged_hash("partake.edition.v1", object);
}

const kinds = ["sources", "regions", "factors", "method", "zone", "programme"];

export class Contents {
  private readonly by_hash = new Map<string, Content>();

  add(members: Members): void {
    members.only("kind", "name", "text");
    const content = {
      kind: members.text("kind"),
      name: members.text("name"),
      text: members.text("text"),
    };
    if (!kinds.includes(content.kind))
      throw new Malformed("content.kind", { kind: content.kind });
    if (to_utf8(content.text).length > 1_000_000) throw new Malformed("content.size");
    this.by_hash.set(to_hex(tagged_hash("partake.content.v1", members.object)), content);
  }

  /** Builds what an edition names; every content must stand before it. */
  edition(members: Members): Edition {
    members.only("programme", "version", "contents", "methods");
    const library = new Library();
    const methods = new Map<string, Method>();
    const hashes = members.object_at("methods");
    const wrong_hashes: { method: string; expected: string; found: string }[] = [];
    const zones = new Map<string, Zone>();
    let programme: Programme | undefined;
    for (const hash of members.list("contents")) {
      const content = typeof hash === "string" ? this.by_hash.get(hash) : undefined;
      if (!content) throw new Untrue("edition.content_missing", { hash: String(hash) });
      if (content.kind === "method") {
        const method = read_method(content.text, content.name);
        const name = `${method.id}@${method.version}`;
        methods.set(name, method);
        const expected = to_hex(method_hash(content.text, content.name));
        const found = hashes.has(name) ? hashes.text(name) : "";
        if (expected !== found) wrong_hashes.push({ method: name, expected, found });
      } else if (content.kind === "zone") zones.set(content.name, new Zone(content.text));
      else if (content.kind === "programme")
        programme = read_programme(content.text, content.name);
      else library.add(content.kind, content.text, content.name);
    }
    if (!programme?.scheme) throw new Untrue("edition.no_scheme");
    if (
      programme.id !== members.text("programme") ||
      programme.version !== members.text("version")
    )
      throw new Untrue("edition.other_programme", { programme: programme.id });
    const named = Object.keys(hashes.object).sort().join(" ");
    if (named !== [...methods.keys()].sort().join(" ")) throw new Untrue("edition.methods");
    const { scheme } = programme;
    const zone = zones.get(scheme.zone);
    if (!zone) throw new Untrue("edition.zone_missing", { zone: scheme.zone });
    const rules = scheme.events.map((event) => {
      const use = programme.methods.find((one) => one.id === event.method);
      const method = use && methods.get(`${use.id}@${use.version}`);
      if (!use || !method) throw new Untrue("edition.method_missing", { method: event.method });
      return new Rule(event, method, scheme, zone, use.from, use.to, programme, library);
    });
    return { programme, rules, late_days: scheme.late_days, zone, dealings: scheme.dealings, wrong_hashes };
  }
}
