// Books with a life, made by the real program: random events of many kinds, corrections and
// withdrawals, two editions, consents, a frozen account, an erased one.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { show_account } from "../src/account_number.js";
import { library, partake } from "./places.js";

/** SplitMix64's little sister: the same life for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
}

const pair = (text: string): string => `{ en = "${text}", zh = "${text}" }`;

/** `worths`: the second edition says itself what tiers are worth. */
export function programme_text(edition: number, worths: boolean): string {
  const uses = [
    "transport.metro_trip",
    "transport.walk",
    "transport.walk_steps",
    "energy.household_saving",
  ];
  return [
    "format = 1",
    `id = "test.life"`,
    `version = "${edition}.0.0"`,
    `title = ${pair("A life")}`,
    `description = ${pair("For tests")}`,
    ...uses.map((id) => `[[methods]]\nid = "${id}"\nversion = "1.0.0"\nfrom = "2026-10-10"`),
    "[scheme]",
    `zone = "${edition === 1 ? "Asia/Shanghai" : "America/New_York"}"`,
    `late_days = ${edition === 1 ? 20 : 12}`,
    `point_for = "${edition === 1 ? "100 gCO2e" : "70 gCO2e"}"`,
    edition === 2 && worths ? `tiers = { A = "1", B = "0.7", C = "0.3" }` : "",
    `[[scheme.events]]\ntype = "trip.metro"\nmethod = "transport.metro_trip"\nend = "end"`,
    `inputs.trips = { field = "trips" }\ninputs.region = { constant = "CN-HB-420100" }`,
    `[[scheme.events]]\ntype = "walk"\nmethod = "transport.walk"\nend = "end"`,
    `inputs.distance = { field = "metres", unit = "m" }\ninputs.region = { field = "region" }`,
    `[[scheme.events]]\ntype = "walk.steps"\nmethod = "transport.walk_steps"`,
    `inputs.steps = { field = "steps" }\ninputs.region = { constant = "CN-HB-420100" }`,
    `[[scheme.events]]\ntype = "home"\nmethod = "energy.household_saving"`,
    `inputs.energy = { field = "used", unit = "MJ" }\ninputs.days = { constant = "31" }`,
    `inputs.baseline_energy = { field = "before" }\ninputs.baseline_days = { constant = "1", unit = "mo" }`,
    `inputs.tariff_tier = { field = "tariff" }\ninputs.own_pv = { constant = "no" }`,
    `inputs.region = { field = "region" }`,
    `[[scheme.caps]]\nasset = "co2e"\nmost = "${edition === 1 ? 900 : 1100} gCO2e"\nper = "day"`,
    `events = ["trip.metro", "walk"]`,
    `[[scheme.caps]]\nasset = "co2e"\nmost = "2500 gCO2e"\nper = "week"\nevents = ["trip.metro", "walk"]`,
    `[[scheme.caps]]\nasset = "co2e"\nmost = "40 kgCO2e"\nper = "month"`,
    `[[scheme.caps]]\nasset = "electricity"\nmost = "90 kWh"\nper = "year"`,
    `[[scheme.exclusive]]\ngroup = "trip"\nwithin_minutes = ${edition === 1 ? 2 : 5}`,
    `[[scheme.exclusive]]\ngroup = "steps"`,
    "",
  ].join("\n");
}

const sources = [
  { name: "gates", tier: "A", numbered: true },
  { name: "watch", tier: "B", numbered: false },
  { name: "app", tier: "C", numbered: false },
];

export interface Life {
  readonly folder: string;
  readonly key: string;
  readonly accounts: number;
}

export function live(
  folder: string,
  seed: number,
  worths = false,
  rounds = 8,
  each = 120,
): Life {
  const next = random(seed);
  const whole = (below: number): number => Math.floor(next() * below);
  const books = join(folder, "books");
  const tokens = join(folder, "tokens");
  const run = (day: string, ...args: string[]): string => {
    try {
      return execFileSync(
        partake,
        ["--library", library, "--as-of", day, "--lang", "en", ...args],
        {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
          timeout: 60000,
        },
      );
    } catch (error) {
      const { status, stdout, stderr } = error as {
        status: number;
        stdout: string;
        stderr: string;
      };
      if (status === 1 && args[0] === "import") return stdout; // some were refused: as it should be
      throw new Error(`partake ${args.join(" ")}: ${status} ${stdout} ${stderr}`);
    }
  };
  const day_text = (n: number): string =>
    new Date(Date.UTC(2026, 9, n)).toISOString().slice(0, 10);
  for (const edition of [1, 2]) {
    mkdirSync(join(folder, `programme-${edition}`));
    writeFileSync(
      join(folder, `programme-${edition}`, "programme.toml"),
      programme_text(edition, worths),
    );
  }
  const start = day_text(12);
  run(start, "init", books, "--origin", "example.org/life");
  run(start, "publish", books, join(folder, "programme-1"));
  for (const { name, tier, numbered } of sources)
    run(
      start,
      "source",
      "add",
      books,
      name,
      "--programme",
      "test.life",
      "--tier",
      tier,
      "--tokens",
      tokens,
      ...(numbered ? ["--numbered"] : []),
    );
  const consents = sources.flatMap(({ name }) => ["--consent", name]);
  const open = (actor: string, count: number): string =>
    run(
      start,
      "account",
      "open",
      books,
      "--programme",
      "test.life",
      "--actor",
      actor,
      "--count",
      String(count),
      ...consents,
    );
  open("household", 3);
  open("person", 3);
  const taken: { source: number; id: string; account: number }[] = [];
  let sequence = 1;
  for (let round = 0; round < rounds; round++) {
    const today = 13 + 3 * round;
    const lines: string[] = [];
    for (let i = 0; i < each; i++) {
      const source = whole(sources.length);
      const { name, numbered } = sources[source]!;
      let account = whole(6);
      const micro = next() < 0.1 ? `.${String(whole(1000000)).padStart(6, "0")}` : "";
      const at =
        Date.UTC(2026, 9, today, 11) / 1000 - whole(next() < 0.7 ? 2 * 86400 : 15 * 86400);
      const iso = (s: number): string => new Date(s * 1000).toISOString().slice(0, 19);
      const type = ["trip.metro", "trip.metro", "walk", "walk.steps", "home"][whole(5)]!;
      const end = `${iso(at + 1 + whole(4000))}Z`;
      const region = ["CN-BJ", "CN-JJJ", "CN-TJ"][whole(3)]!;
      const data: { [type: string]: object } = {
        "trip.metro": { trips: 1 + whole(3), end },
        walk: { metres: `${100 + whole(9000)}${["", ".0", ".125"][whole(3)]!}`, region, end },
        "walk.steps": { steps: whole(20000) },
        home: {
          used: String(whole(1500)),
          before: `${whole(5000) / 10}`,
          region: ["CN-GD", "CN-BJ"][whole(2)],
          tariff: ["first", "second", "third"][whole(3)],
        },
      };
      const id = numbered
        ? String(sequence++)
        : next() < 0.5
          ? `n-${seed}-${round}-${i}`
          : `0b3a1c52-7f0e-4a51-9d4e-${String(round * 1000 + i).padStart(12, "0")}`;
      const event: { [key: string]: unknown } = {
        specversion: "1.0",
        source: name,
        type,
        subject: "",
        time: `${iso(at)}${micro}Z`,
        id: numbered ? "x" : id,
        ...(numbered ? { sequence: id } : {}),
        data: data[type],
      };
      const kin = taken.filter((one) => one.source === source);
      if (kin.length > 0 && next() < 0.15) {
        const other = kin[whole(kin.length)]!;
        account = other.account;
        event.replaces = other.id;
        if (next() < 0.4) event.type = "partake.withdrawal";
      }
      event.subject = show_account(account);
      taken.push({ source, id, account });
      lines.push(JSON.stringify(event));
    }
    const file = join(folder, "events.ndjson");
    writeFileSync(file, `${lines.join("\n")}\n`);
    run(day_text(today), "import", books, file, "--tokens", tokens);
    const day = day_text(today);
    if (round === 2) run(day, "account", "freeze", books, show_account(1));
    if (round === 3) run(day, "publish", books, join(folder, "programme-2"));
    if (round === 4) run(day, "account", "freeze", "--undo", books, show_account(1));
    if (round === 4)
      run(day, "consent", "withdraw", books, show_account(2), "--source", "watch");
    if (round === 5)
      run(day, "source", "rotate", books, "gates", "--new-epoch", "--tokens", tokens);
    if (round === 5) taken.splice(0);
    if (round === 6)
      run(
        day,
        "consent",
        "grant",
        books,
        show_account(2),
        "--source",
        "watch",
        "--until",
        "2026-12-01",
      );
    if (round === rounds - 1) run(day, "erase", books, show_account(4), "--why", "a test");
  }
  run(day_text(13 + 3 * rounds), "journal", "checkpoint", books);
  const key = execFileSync("sed", ["-n", "2p", join(books, "books")], {
    encoding: "utf8",
  }).trim();
  return { folder: books, key, accounts: 6 };
}
