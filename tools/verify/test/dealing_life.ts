// Books with a life of transactions, made by the real program: every action, at random, most of
// them asked for wrongly now and then; events that give points, a year that ends, a second edition,
// a second programme, an erased account.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { show_account } from "../src/account_number.js";
import { random } from "./life.js";
import { library, partake } from "./places.js";

const pair = (text: string): string => `{ en = "${text}", zh = "${text}" }`;

function programme_text(id: string, edition: number): string {
  return `
format = 1
id = "${id}"
version = "${edition}.0.0"
title = ${pair("Deals")}
description = ${pair("For tests")}
[[methods]]
id = "transport.metro_trip"
version = "1.0.0"
[scheme]
zone = "Asia/Shanghai"
late_days = 30
point_for = "1 gCO2e"
point_years = ${edition === 1 ? 1 : 0}
[[scheme.events]]
type = "trip.metro"
method = "transport.metro_trip"
end = "end"
inputs.trips = { field = "trips" }
inputs.region = { constant = "CN-HB-420100" }
[[scheme.findings]]
id = "timer"
detector = "repetition"
events = ["trip.metro"]
time_of_day = true
more_than = 3
days = 14
[[scheme.flows]]
id = "donation"
asset = "money"
from = ["outside"]
to = ["trust", "investor"]
[[scheme.flows]]
id = "payment"
asset = "money"
from = ["trust"]
to = ["any"]
held_by = "resolution"
[[scheme.flows]]
id = "gift"
asset = "points"
from = ["any"]
to = ["any"]
[[scheme.flows]]
id = "meter"
asset = "electricity"
from = ["outside"]
to = ["site"]
[[scheme.flows]]
id = "out"
asset = "money"
from = ["any"]
to = ["outside"]
[[scheme.holds]]
id = "resolution"
asset = "money"
of = ["trust"]
days = 9
approvers = ["one", "two", "three"]
approvals = 2
[[scheme.holds]]
id = "save"
asset = "points"
of = ["any"]
days = 20
[[scheme.splits]]
id = "saving"
asset = "money"
from = "outside"
price = "0.7137 yuan/kWh"
settles = "electricity"
of = "site"
most = "900 yuan"
[[scheme.splits.shares]]
party = "investor"
part = "1/3"
[[scheme.splits.shares]]
party = "host"
part = "1/3"
named = true
[[scheme.splits.shares]]
party = "trust"
part = "1/3"
[[scheme.splits]]
id = "visit"
asset = "money"
from = "trust"
at_least = "50 yuan"
[[scheme.splits.shares]]
party = "investor"
part = "62.5 %"
[[scheme.splits.shares]]
party = "trust"
part = "37.5 %"
[[scheme.splits]]
id = "visit"
asset = "money"
from = "trust"
valid_from = "2026-12-01"
[[scheme.splits.shares]]
party = "trust"
part = "1"
[[scheme.units]]
id = "forest"
title = ${pair("Forest")}
unit = "1 tCO2e"
verified = true
buffer = "17.5 %"
price = "18.53 yuan"
[[scheme.units]]
id = "small"
title = ${pair("Small")}
unit = "700 gCO2e"
pool = "co2e"
[[scheme.rewards]]
id = "tree"
title = ${pair("Tree")}
asset = "points"
cost = "${edition === 1 ? 179 : 211}"
stock = 9
per_account = 3
funded = true
[[scheme.rewards]]
id = "bag"
title = ${pair("Bag")}
asset = "points"
cost = "31"
[[scheme.conversions]]
id = "course"
from = "points"
each = "97"
to = "credits"
gives = "2"
[[scheme.conversions]]
id = "money"
from = "credits"
each = "5"
to = "money"
gives = "1.5 yuan"
`;
}

export interface Dealing_life {
  readonly books: string;
  readonly key: string;
  /** how often each action was accepted */
  readonly accepted: ReadonlyMap<string, number>;
}

const id = "test.deals";
const people = 6; // accounts 0 to 5; 6 to 11 are enterprises
const parties: readonly (readonly [string, number])[] = [
  ["trust", 6],
  ["investor", 7],
  ["site", 8],
  ["one", 9],
  ["two", 10],
  ["three", 6],
];

export function deal_life(folder: string, seed: number, erase: boolean): Dealing_life {
  const [rounds, each] = [9, 60];
  const next = random(seed);
  const whole = (below: number): number => Math.floor(next() * below);
  const one_of = <T>(list: readonly T[]): T => list[whole(list.length)]!; // undefined: empty
  const books = join(folder, "books");
  const tokens = join(folder, "tokens");
  const run = (day: string, ...args: string[]): string =>
    execFileSync(partake, ["--library", library, "--as-of", day, "--lang", "en", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60000,
    });
  const publish = (day: string, programme: string, edition: number): void => {
    const at = join(folder, `${programme}-${edition}`);
    mkdirSync(at);
    writeFileSync(join(at, "programme.toml"), programme_text(programme, edition));
    run(day, "publish", books, at);
  };
  const day_of = (n: number): string =>
    new Date(Date.UTC(2026, 10, n)).toISOString().slice(0, 10);
  const start = day_of(19);
  run(start, "init", books, "--origin", "example.org/deals");
  const may =
    "transfer hold release split close reverse issue pool move pledge unpledge call retire sell " +
    "cancel buffer unbuffer order step convert expire question";
  const sources = (programme: string, tail: string): void => {
    const add = (name: string, ...rest: string[]): string =>
      run(start, "source", "add", books, name, "--programme", programme, "--tokens", tokens, ...rest);
    add(`gates${tail}`, "--numbered");
    add(`office${tail}`, ...may.split(" ").flatMap((action) => ["--may", action]));
    add(`board${tail}`, "--may", "settle");
  };
  const open = (programme: string, actor: string, count: number, ...rest: string[]): string =>
    run(
      start,
      ...["account", "open", books, "--programme", programme, "--actor", actor],
      ...["--count", String(count), ...rest],
    );
  publish(start, id, 1);
  publish(start, "test.other", 1);
  sources(id, "");
  sources("test.other", "2");
  open(id, "person", people, "--group", "class", "--consent", "gates", "--spend", "office");
  open(id, "enterprise", 6, "--spend", "office");
  open("test.other", "person", 2, "--consent", "gates2", "--spend", "office2");
  open(id, "person", 1, "--consent", "gates", "--spend", "office"); // to be erased
  for (const [party, account] of parties)
    run(start, "party", "set", books, party, show_account(account), "--programme", id);

  const accepted = new Map<string, number>();
  const reversible: number[] = [];
  const events: number[] = [];
  const pledges: { units: string; account: string; creditor: string }[] = [];
  let open_holds: { hold: number; rule: string; left: string; payee?: string }[] = [];
  let [sequence, name, orders, questions] = [1, 1, 0, 0];
  const send = (day: string, command: string, lines: object[]): { record?: number }[] => {
    const file = join(folder, "lines.ndjson");
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    try {
      return JSON.parse(run(day, "--json", command, books, file, "--tokens", tokens)) as object[];
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      if (status === 1 && command === "transact") return JSON.parse(stdout) as object[];
      if (status === 1 && command === "import") return [];
      throw new Error(`${command}: ${status} ${stdout} ${stderr}`);
    }
  };
  const trip = (source: string, account: number, day: number): object => {
    const hour = 6 + whole(14);
    const iso = (minute: number): string =>
      `${day_of(day)}T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00+08:00`;
    return {
      specversion: "1.0",
      source,
      id: "x",
      sequence: String(sequence++),
      type: "trip.metro",
      subject: show_account(account),
      time: iso(whole(30)),
      data: { trips: 1 + whole(3), end: iso(30 + whole(29)) },
    };
  };
  const account = (): string => show_account(whole(12));
  const person = (): string => show_account(whole(people));
  const company = (): string => show_account(6 + whole(6));
  const yuan = (most: number): string => `${whole(most)}.${10 + whole(90)} yuan`;
  const units = (): string => one_of(["forest", "forest", "small"]);
  const vintage = (): object => (next() < 0.3 ? { vintage: 2024 + whole(2) } : {});
  const period = (): string => one_of(["2026-11", "2026-12", "2027-01"]);
  const some = (): object => ({ units: units(), account: company(), count: 1 + whole(9) });
  const pledged = (): object =>
    pledges.length > 0 ? one_of(pledges) : { ...some(), creditor: company() };
  const data: { [action: string]: () => object } = {
    transfer: () =>
      one_of([
        () => ({ flow: "donation", to: "trust", amount: yuan(5000), reference: "x" }),
        () => ({ flow: "donation", to: "investor", amount: "1,000.5 元" }),
        () => {
          const hold = one_of(open_holds.filter((one) => one.rule === "resolution"));
          if (!hold) return { flow: "payment", amount: "1 yuan", to: person(), hold: whole(9) };
          const to = hold.payee ?? one_of([person(), company()]);
          const all = `${hold.left.slice(0, -2)}.${hold.left.slice(-2)} yuan`;
          return { flow: "payment", amount: one_of([all, all, "1.05 yuan"]), to, hold: hold.hold };
        },
        () => ({ flow: "gift", from: person(), to: whole(5) === 0 ? show_account(14) : account(), amount: String(1 + whole(200)) }),
        () => ({ flow: "meter", amount: `${whole(900)}.5 kWh` }),
        () => ({ flow: "out", from: account(), amount: yuan(30) }),
      ])(),
    hold: () =>
      one_of([
        () => ({
          rule: "resolution",
          amount: yuan(300),
          approvals: one_of([["one", "two"], ["two", "three"], ["one"], ["one", "one", "two"]]),
          ...(next() < 0.5 ? { payee: one_of(["investor", person()]) } : {}),
        }),
        () => ({ rule: "save", account: person(), amount: String(1 + whole(90)) }),
      ])(),
    release: () => ({
      hold: one_of(open_holds)?.hold ?? 0,
      ...(next() < 0.5 ? { amount: one_of(["1.25 yuan", "3"]) } : {}),
    }),
    split: () =>
      one_of([
        () => ({
          split: "saving",
          period: period(),
          quantity: `${1 + whole(400)} kWh`,
          accounts: { host: account() },
        }),
        () => ({ split: "visit", period: period(), amount: yuan(120) }),
      ])(),
    close: () => ({ split: one_of(["saving", "visit"]), period: period() }),
    reverse: () => ({
      record: reversible.length > 0 ? one_of(reversible) : 3,
      reason: "x",
      ...(next() < 0.3 ? { period: "2027-02" } : {}),
    }),
    issue: () => ({
      units: one_of(["forest", "forest", "forest", "small"]),
      account: company(),
      count: 1 + whole(50),
      vintage: 2024 + whole(2),
      reference: "x",
    }),
    pool: () => ({ units: "small", account: person(), vintage: 2026 }),
    move: () => ({ ...some(), to: account(), ...vintage() }),
    pledge: () => ({ ...some(), creditor: company(), ...vintage() }),
    unpledge: () => ({ ...pledged(), count: 1 + whole(3) }),
    call: () => ({ ...pledged(), count: 1 + whole(3), reason: "x" }),
    retire: () => ({ ...some(), ...vintage(), beneficiary: "y", reason: "x" }),
    sell: () => ({
      units: "forest",
      account: company(),
      paid: yuan(150),
      ...(next() < 0.5 ? { buyer: account() } : {}),
      beneficiary: "y",
      reason: "x",
    }),
    cancel: () => ({
      ...some(),
      reason: "x",
      ...(next() < 0.5 ? { state: one_of(["held", "buffer"]) } : {}),
    }),
    buffer: () => ({ ...some(), reason: "x" }),
    unbuffer: () => ({ ...some(), count: 1 + whole(3), reason: "x" }),
    order: () => ({ reward: one_of(["tree", "bag"]), account: person() }),
    step: () => {
      const state = one_of(["funded", "done", "failed", "replaced", "cancelled"]);
      const why = { funded: "funder", done: "evidence", replaced: "evidence" }[state] ?? "reason";
      return { order: whole(orders + 1), state, [why]: "z" };
    },
    convert: () =>
      one_of([
        () => ({ conversion: "course", account: person() }),
        () => ({ conversion: "course", group: "class" }),
        () => ({ conversion: "money", account: person() }),
      ])(),
    expire: () => ({}),
    question: () => ({
      record: events.length > 0 ? one_of(events) : 1,
      finding: "timer",
      reason: "x",
    }),
    settle: () => ({
      question: whole(questions + 1),
      decision: one_of(["keep", "take_back"]),
      reason: "x",
    }),
  };
  const actions = Object.keys(data);
  for (let round = 0; round < rounds; round++) {
    const today = 20 + 6 * round;
    const day = day_of(today);
    const trips: object[] = [];
    for (let i = 0; i < 14; i++) trips.push(trip("gates", whole(people), today - whole(2)));
    trips.push(trip("gates", 14, today));
    send(day, "import", trips);
    send(day, "import", [trip("gates2", 12 + whole(2), today)]);
    for (let i = 0; i < people; i++) {
      const passbook = JSON.parse(
        run(day, "--json", "passbook", books, show_account(i)),
      ) as { record: number }[];
      for (const entry of passbook) if (!events.includes(entry.record)) events.push(entry.record);
    }
    const shown = JSON.parse(run(day, "--json", "holdings", books)) as { holds: never[] };
    open_holds = shown.holds;
    const lines: { action: string; line: object }[] = [];
    const ask = (source: string, action: string, what: object): void => {
      const line = {
        specversion: "1.0",
        source,
        id: `n-${name++}`,
        type: `partake.${action}`,
        time: `${day}T0${whole(8)}:00:00+08:00`,
        data: what,
      };
      lines.push({ action, line });
    };
    for (let i = 0; i < each; i++) {
      const action = i < actions.length ? actions[i]! : one_of(actions);
      ask(action === "settle" ? "board" : "office", action, data[action]!());
    }
    ask("office2", "hold", {
      rule: "save",
      account: show_account(12),
      amount: "2",
    });
    const answers = send(
      day,
      "transact",
      lines.map((one) => one.line),
    );
    lines.forEach(({ action, line }, i) => {
      const { record, outcome } = answers[i] as { record?: number; outcome: string };
      if (outcome !== "accepted") return;
      accepted.set(action, (accepted.get(action) ?? 0) + 1);
      if (action === "pledge") {
        const asked = (line as { data: (typeof pledges)[number] }).data;
        pledges.push({ units: asked.units, account: asked.account, creditor: asked.creditor });
      }
      if (["transfer", "split", "convert"].includes(action)) reversible.push(record!);
      if (action === "order") orders++;
      if (action === "question") questions++;
    });
    if (round === 2) run(day, "account", "freeze", books, show_account(11));
    if (round === 3) run(day, "account", "freeze", "--undo", books, show_account(11));
    if (round === 3) publish(day, id, 2);
    if (round === 4)
      run(
        day,
        ...["consent", "withdraw", books, show_account(3)],
        ...["--source", "office", "--purpose", "spend"],
      );
    if (round === 5)
      run(day, "party", "set", books, "investor", show_account(10), "--programme", id);
    if (erase && round === rounds - 2)
      run(day, "erase", books, show_account(14), "--why", "a test");
  }
  run(day_of(21 + 6 * rounds), "journal", "checkpoint", books);
  const key = readFileSync(join(books, "books"), "utf8").split("\n")[1]!;
  return { books, key, accepted };
}
