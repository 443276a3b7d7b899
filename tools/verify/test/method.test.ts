// The method language: every worked example of the library, units against the real program, and
// formulas that must be refused.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { compile, Row } from "../src/compile.js";
import { exact, read_decimal, compare } from "../src/decimal.js";
import { run_examples } from "../src/example.js";
import { parse_formula } from "../src/formula.js";
import { read_library } from "../src/library_folder.js";
import { canonical_method, shortest, unit_text } from "../src/meaning.js";
import { read_method } from "../src/method.js";
import { Malformed } from "../src/trouble.js";
import { in_unit, read_quantity, read_terms, read_unit } from "../src/unit.js";
import { library, new_folder, partake, skip_without } from "./places.js";

const methods = readdirSync(join(library, "methods"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".toml"))
  .sort();

test("methods: every worked example of the library comes out", () => {
  const facts = read_library(library);
  let examples = 0;
  for (const name of methods) {
    const method = read_method(readFileSync(join(library, "methods", name), "utf8"), name);
    for (const { title, differences } of run_examples(method, facts, 20783, "en")) {
      assert.deepEqual(differences, [], `${name}: ${title}`);
      examples++;
    }
  }
  assert.ok(examples >= 83);
});

test(
  "methods: canonical forms are those of the real program, in whatever spelling",
  { skip: skip_without(partake) },
  () => {
    const folder = new_folder();
    const shown = (file: string): string =>
      execFileSync(partake, ["--library", library, "method", "show", file, "--canonical"], {
        encoding: "utf8",
      }).replace(/\n$/, "");
    for (const name of methods) {
      const file = join(library, "methods", name);
      const text = readFileSync(file, "utf8");
      const form = shown(file);
      assert.equal(canonical_method(text, name), form, name);
      // The same method, written otherwise: other spellings of units and numbers.
      const other = text
        .replace(/unit = "[^"]*"/g, (unit) => unit.replace("kWh", "度").replace("kgCO2e", "千克CO2e"))
        .replace(/range = "\[([0-9]+), /g, 'range = "[ $1.00 ,  ')
        .replace(/most = "(?=[0-9])/g, 'most = "+');
      writeFileSync(join(folder, "method.toml"), other);
      assert.equal(canonical_method(other, name), form, name);
      assert.equal(shown(join(folder, "method.toml")), form, name);
    }
  },
);

test("numbers and units: canonical spellings", () => {
  const numbers = { "0.5500": "0.55", "1200": "1200", "0": "0", "-0.10": "-0.1" };
  for (const [text, canonical] of Object.entries(numbers))
    assert.equal(shortest(read_decimal(text)), canonical);
  assert.equal(shortest(read_decimal("1e19")), "1e+19");
  assert.equal(shortest(read_decimal("5e-31")), "5e-31");
  const units = {
    "千克二氧化碳/千瓦时": "kgCO2/kWh",
    "kg/m2/a": "kg/(m2·a)",
    "L/100 km": "L/(100·km)",
    "1/平方公里": "1/km2",
    "万千瓦时": "10^4·kWh",
    "kgCO2^2": "kgCO2^2",
    "人次 m-1": "ptrip/m",
  };
  for (const [text, canonical] of Object.entries(units))
    assert.equal(unit_text(read_terms(text)), canonical);
});

test("examples: a wrong figure is found, and one that agrees against its word", () => {
  const facts = read_library(library);
  const text = readFileSync(join(library, "methods/transport/metro_trip.toml"), "utf8");
  const codes = (changed: string): string[] =>
    run_examples(read_method(changed, "test"), facts, 20783, "zh").flatMap((one) =>
      one.differences.map((difference) => difference.code),
    );
  assert.deepEqual(codes(text), []);
  assert.deepEqual(codes(text.replace('"274 gCO2e"', '"275 gCO2e"')), ["example.differs"]);
  const against = text.replace('expect = { co2e = "274 gCO2e" }', "$&\ndiffers = true");
  assert.deepEqual(codes(against), ["example.agrees"]);
});

const quantities = [
  ["3.9亿公里", "km"],
  ["1 cal", "J"],
  ["1 mu", "m2"],
  ["58.4万亩", "ha"],
  ["1 a", "h"],
  ["1 mo", "d"],
  ["1 wk", "min"],
  ["1 tce", "kgce"],
  ["76.4万千瓦时", "MJ"],
  ["1 kW.h", "J"],
  ["5 kgCO2/kWh", "tCO2/GJ"],
  ["1 t/(ha a)", "kg/m2/d"],
  ["2 m³", "L"],
  ["3 km2", "ha"],
  ["1 %", "ppm"],
  ["7 jiao", "fen"],
  ["1 tkm", "kg.m"],
  ["12 pkm", "m person"],
  ["4 vtrip", "trip.vehicle"],
  ["1 Gg", "kg"],
  ["1 jin", "g"],
  ["9 s-1", "Hz"],
  ["1 cent", "USD"],
  ["6 千克二氧化碳/千瓦时", "gCO2/MJ"],
  ["1 dam", "m"],
  ["1 har", "mu"],
  ["3 ㎡", "m2"],
  ["1 MtCO2e", "kgCO2e"],
  ["2 Pa", "kg/(m.s2)"],
  ["8 V", "J/C"],
  ["1 ‰", "%"],
  ["4 吨标准煤", "kgce"],
  ["1 kcal", "Wh"],
  ["2.5 m^3/h", "L/s"],
] as const;

test("units: the ratios of the real program", { skip: skip_without(partake) }, () => {
  for (const [from, to] of quantities) {
    const answer = JSON.parse(
      execFileSync(partake, ["unit", "convert", from, to, "--json"], { encoding: "utf8" }),
    ) as { value: string; exact: boolean };
    const ours = in_unit(read_quantity(from), read_unit(to));
    if (answer.exact)
      assert.equal(compare(ours, exact(read_decimal(answer.value))), 0, `${from} ${to}`);
    else {
      const off = Number(ours.top) / Number(ours.bottom) / Number(answer.value) - 1;
      assert.ok(Math.abs(off) < 1e-12, `${from} ${to}`);
    }
  }
});

test("units: what does not mix is refused", () => {
  for (const [from, to] of [
    ["1 kgCO2", "kgCO2e"],
    ["1 tce", "kgce_supply"],
    ["1 %", "pp"],
    ["1 kg", "m"],
  ])
    assert.throws(
      () => in_unit(read_quantity(from!), read_unit(to!)),
      Malformed,
      `${from} ${to}`,
    );
  for (const bad of ["", "kg/", "(kg", "kg)", "xyz", "m99", "kg//m", "/m", "()"])
    assert.throws(() => read_unit(bad), Malformed, bad);
});

function value_of(formula: string, x: number): number {
  const method = read_method(
    [
      "format = 1",
      'id = "test"',
      'version = "1.0.0"',
      "actors = []",
      '[inputs.x]\nunit = "km"\nrange = "[0, 100]"',
      '[inputs.how]\ntype = "choice"\nchoices = { one = {}, two = {} }',
      '[tables.curve]\nx_unit = "m"\ny_unit = "1"\npoints = [["0", "1"], ["1000", "2"], ["3000", "8"]]',
      `[outputs.y]\nformula = "${formula}"\nunit = "1"\nround = "1 [1]"`,
    ].join("\n"),
    "test",
  );
  const program = compile(method);
  const row = new Row(program.slots);
  row.slots[0] = x;
  row.slots[1] = 1;
  const out = new Float64Array(1);
  program.run(row, 1, out);
  return out[0]!;
}

test("formulas: order of operations, units on the way, choices, tables", () => {
  for (const [formula, expected] of [
    ["x / 1 [m]", 2000],
    ["x / 1 [km] - 1 - 1", 0],
    ["-2 ^ 2", -4],
    ["2 ^ -2", 0.25],
    ["(x + 500 [m]) / 1 [km]", 2.5],
    ["min(x, 1 [km], 3 [m]) / 1 [m]", 3],
    ["clamp(x, 0 [m], 1500 [m]) / 1 [km]", 1.5],
    ["if x >= 2000 [m] then 1 else 2", 1],
    ["if how == 'one' then 1 else 2", 2],
    ["if not (x > 1 [km] and how == 'two') then 1 else 2", 2],
    ["if (x + 1 [km]) > 2 [km] or 1 > 2 then 1 else 2", 1],
    ["if ((x) < 1 [m]) then 1 else 2", 2],
    ["interpolate(curve, x)", 5],
    ["interpolate(curve, 0 [m])", 1],
    ["interpolate(curve, 3 [km])", 8],
    ["sqrt(x * x) / 1 [km]", 2],
    ["abs(1 - 3)", 2],
    ["0.1 + 0.2", 0.1 + 0.2],
    ["1e3", 1000],
    ["co2(1 [kgC]) / 1 [kgCO2]", 11 / 3],
    ["x^3 / 1 [km3]", 8],
  ] as const)
    assert.equal(value_of(formula, 2), expected, formula);
});

test("formulas: what is none is refused, also when it is deep", () => {
  for (const bad of [
    "",
    "1 +",
    "(1",
    "1)",
    "x",
    "x + 1",
    "y",
    "exp(1)",
    "ln(1)",
    "pow(1, 2)",
    "nothing(1)",
    "sum(x, 1)",
    "if x then 1 else 2",
    "1 < 2",
    "how",
    "x ^ 17",
    "x ^ 0",
    "x ^ 1.5",
    "1 [nothing]",
    "min(1)",
    "co2(x)",
    "if how == 'three' then 1 else 2",
    "sqrt(x) / 1 [km]",
    "1 $ 2",
    "curve.x",
    `${"(".repeat(200)}1${")".repeat(200)}`,
    "-".repeat(5000),
    `if ${"(".repeat(60)}1 < 2${")".repeat(60)} and then 1 else 2`,
    `${"not ".repeat(100)}1 < 2`,
  ])
    assert.throws(() => value_of(bad, 1), Malformed, bad.slice(0, 60));
  assert.equal(parse_formula("1").kind, "number");
});
