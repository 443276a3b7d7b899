// Bytes, hashes and exact numbers, against other programs and against laws.
import assert from "node:assert/strict";
import test from "node:test";
import { sha256 as noble } from "@noble/hashes/sha2.js";
import { read_account, show_account } from "../src/account_number.js";
import { from_base64, from_hex, Reader, to_base64, to_hex, varint } from "../src/bytes.js";
import { civil_of, day_of, read_day, read_days, show_day, years_before } from "../src/civil.js";
import {
  compare,
  exact,
  over,
  ratio,
  read_decimal,
  round_double,
  round_even,
  to_double,
} from "../src/decimal.js";
import { sha256 } from "../src/sha256.js";
import { Malformed } from "../src/trouble.js";
import { window_end } from "../src/windows.js";
import { Zone } from "../src/zone.js";
import { random } from "./life.js";

test("sha256: as @noble/hashes has it, for every size around its blocks", () => {
  const next = random(1);
  for (let size = 0; size < 400; size++) {
    const bytes = Uint8Array.from({ length: size }, () => Math.floor(next() * 256));
    assert.deepEqual(sha256(bytes), Uint8Array.from(noble(bytes)));
  }
});

test("varint: shortest form only, to 64 bits", () => {
  for (const value of [0, 1, 127, 128, 300, 16384, 2 ** 32, 2 ** 49 - 1, 2 ** 53 - 1])
    assert.equal(new Reader(varint(value)).varint(), value);
  const read = (hex: string): unknown => new Reader(from_hex(hex, "test")).big_varint();
  assert.equal(read("ffffffffffffffffff01"), 2n ** 64n - 1n);
  assert.equal(read("80808080808080808001"), 2n ** 63n);
  for (const bad of [
    "8000",
    "808000",
    "ffffffffffffffffff02",
    "ffffffffffffffffffff01",
    "80",
    "",
  ])
    assert.throws(() => read(bad), Malformed, bad);
  const zigzag = (hex: string): unknown => new Reader(from_hex(hex, "test")).zigzag();
  assert.deepEqual(["00", "01", "02", "03"].map(zigzag), [0, -1, 1, -2]);
  assert.equal(zigzag("ffffffffffffffffff01"), -(2n ** 63n));
});

test("base64: one spelling only", () => {
  const next = random(2);
  for (let size = 0; size < 40; size++) {
    const bytes = Uint8Array.from({ length: size }, () => Math.floor(next() * 256));
    assert.equal(to_base64(bytes), Buffer.from(bytes).toString("base64"));
    assert.deepEqual(from_base64(to_base64(bytes), "test"), bytes);
  }
  for (const bad of ["A", "AA", "AB==", "AA==AA==", "AA=A", "A===", "AAA!"])
    assert.throws(() => from_base64(bad, "test"), Malformed, bad);
});

test("decimals: rounded once, as the language's own reader of numbers does it", () => {
  const next = random(3);
  for (let i = 0; i < 3000; i++) {
    const digits = String(Math.floor(next() * 1e15)) + String(Math.floor(next() * 1e15));
    const text = `${digits.slice(0, 1 + Math.floor(next() * 29))}e${Math.floor(next() * 80) - 40}`;
    assert.equal(to_double(exact(read_decimal(text))), Number(text), text);
  }
  for (const text of [
    "9007199254740993",
    "9007199254740995",
    "1e23",
    "0.1",
    "123456789012345678e-30",
  ])
    assert.equal(to_double(exact(read_decimal(text))), Number(text), text);
  assert.equal(to_double(exact(read_decimal(".5"))), 0.5);
  for (const bad of ["", ".", "1.", "+", "1e", "0x1", "1e401", "1".repeat(37), "١"])
    assert.throws(() => read_decimal(bad), Malformed, bad);
});

test("rounding: half to even, exactly", () => {
  assert.deepEqual(
    [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4999999, -0.2].map(round_double),
    [0, 2, 2, 0, -2, -2, 2, 0],
  );
  assert.deepEqual(
    [5n, 15n, -5n, -15n, 25n, 14n].map((n) => round_even(ratio(n, 10n))),
    [0n, 2n, 0n, -2n, 2n, 1n],
  );
  const next = random(4);
  for (let i = 0; i < 1000; i++) {
    const value = (next() - 0.5) * 2 ** Math.floor(next() * 60);
    const bits = over(ratio(BigInt(Math.round(value * 1024))), ratio(1024n));
    assert.equal(BigInt(round_double(Math.round(value * 1024) / 1024)), round_even(bits));
  }
  assert.equal(compare(ratio(1n, 3n), ratio(2n, 6n)), 0);
});

test("days: there and back, windows, and the 29th of February", () => {
  for (let day = -25567; day <= 84005; day += 17) {
    const { year, month, day: of_month } = civil_of(day);
    assert.equal(day_of(year, month, of_month), day);
    assert.equal(show_day(day), new Date(day * 86400e3).toISOString().slice(0, 10));
    assert.equal(new Date(window_end(day, "week") * 86400e3).getUTCDay(), 0);
    assert.ok(window_end(day, "week") - day < 7 && window_end(day, "week") >= day);
  }
  assert.equal(show_day(years_before(read_day("2024-02-29"), 1)), "2023-02-28");
  assert.equal(show_day(window_end(read_day("2024-02-05"), "month")), "2024-02-29");
  assert.equal(show_day(window_end(read_day("2024-02-05"), "year")), "2024-12-31");
  assert.deepEqual(read_days("2022"), {
    first: read_day("2022-01-01"),
    last: read_day("2022-12-31"),
  });
  assert.equal(read_days("2024..").last, Infinity);
  assert.throws(() => read_day("2023-02-29"), Malformed);
});

test("zones: the offset of the moment decides the local day", () => {
  const zone = new Zone("Test/Zone\n-100 3600\n86400 -3600\n");
  assert.equal(zone.local_day(0), 0);
  assert.equal(zone.local_day(86399e6), 1); // 00:59:59 of the next day
  assert.equal(zone.local_day(86400e6), 0); // an hour of the day before comes again
  assert.equal(zone.local_day(-1e10), -1);
  for (const bad of ["", "A\n", "A\n0 0\n0 1\n", "A\nx 1\n"])
    assert.throws(() => new Zone(bad), Malformed);
});

test("account numbers: every wrong digit and every swap of neighbours is found", () => {
  assert.equal(show_account(0), "0000000195");
  const good = show_account(1234566);
  assert.equal(read_account(good), 1234566);
  for (let i = 0; i < good.length; i++) {
    for (let digit = 0; digit < 10; digit++) {
      const text = good.slice(0, i) + String(digit) + good.slice(i + 1);
      if (text !== good) assert.throws(() => read_account(text), Malformed, text);
    }
    const swapped =
      good.slice(0, i) +
      good
        .slice(i, i + 2)
        .split("")
        .reverse()
        .join("") +
      good.slice(i + 2);
    if (swapped !== good) assert.throws(() => read_account(swapped), Malformed, swapped);
  }
  assert.equal(to_hex(Uint8Array.of(0, 255)), "00ff");
});
