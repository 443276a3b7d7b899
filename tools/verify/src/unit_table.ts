// The units that are read, as data: an exact ratio to the base units, and names. Written from
// docs/units.md and general metrology, not from the table of the other program.
import { type Ratio, ratio } from "./decimal.js";

export type Dimension = { readonly [base: string]: number };

export interface Unit_row {
  readonly names: readonly string[];
  readonly scale: Ratio;
  readonly dimension: Dimension;
  readonly prefixes: boolean;
}

const rows: Unit_row[] = [];

function unit(
  names: string,
  scale: Ratio | number,
  dimension: Dimension,
  prefixes = false,
): void {
  rows.push({
    names: names.split(" "),
    scale: typeof scale === "number" ? ratio(BigInt(scale)) : scale,
    dimension,
    prefixes,
  });
}

unit("m 米", 1, { m: 1 }, true);
unit("g 克", ratio(1n, 1000n), { kg: 1 }, true);
unit("s 秒", 1, { s: 1 }, true);
unit("A 安", 1, { A: 1 }, true);
unit("K 开", 1, { K: 1 }, true);
unit("mol 摩", 1, { mol: 1 }, true);
unit("cd 坎", 1, { cd: 1 }, true);
unit("J 焦 焦耳", 1, { kg: 1, m: 2, s: -2 }, true);
unit("W 瓦", 1, { kg: 1, m: 2, s: -3 }, true);
unit("Wh 瓦时", 3600, { kg: 1, m: 2, s: -2 }, true);
unit("N 牛", 1, { kg: 1, m: 1, s: -2 }, true);
unit("Pa 帕", 1, { kg: 1, m: -1, s: -2 }, true);
unit("V 伏", 1, { kg: 1, m: 2, s: -3, A: -1 }, true);
unit("C 库", 1, { A: 1, s: 1 }, true);
unit("Hz 赫", 1, { s: -1 }, true);
unit("L l 升", ratio(1n, 1000n), { m: 3 }, true);
unit("t 吨", 1000, { kg: 1 }, true);
unit("jin 斤", ratio(1n, 2n), { kg: 1 });
unit("公斤", 1, { kg: 1 });
unit("公里", 1000, { m: 1 });
unit("cal 卡", ratio(41868n, 10000n), { kg: 1, m: 2, s: -2 }, true);
unit("ha har 公顷", 10000, { m: 2 });
unit("mu 亩", ratio(2000n, 3n), { m: 2 });
unit("平方米", 1, { m: 2 });
unit("平方公里", 1000000, { m: 2 });
unit("立方米 方", 1, { m: 3 });
unit("度", 3600000, { kg: 1, m: 2, s: -2 });
unit("min 分钟", 60, { s: 1 });
unit("h 小时", 3600, { s: 1 });
unit("d 天 日", 86400, { s: 1 });
unit("wk 周", 604800, { s: 1 });
unit("mo 月", 2628000, { s: 1 });
unit("a 年", 31536000, { s: 1 });
unit("1", 1, {});
unit("%", ratio(1n, 100n), {});
unit("‰", ratio(1n, 1000n), {});
unit("ppm", ratio(1n, 1000000n), {});
unit("pp 百分点 个百分点", 1, { pp: 1 });
unit("person 人", 1, { person: 1 });
unit("trip 趟", 1, { trip: 1 });
unit("vehicle 辆", 1, { vehicle: 1 });
unit("step 步", 1, { step: 1 });
unit("tree 棵 株", 1, { tree: 1 });
unit("household 户", 1, { household: 1 });
unit("item 件", 1, { item: 1 });
unit("use 次", 1, { use: 1 });
unit("station 座", 1, { station: 1 });
unit("point 积分", 1, { point: 1 });
unit("pkm 人公里", 1000, { m: 1, person: 1 });
unit("vkm 车公里", 1000, { m: 1, vehicle: 1 });
unit("ptrip 人次", 1, { person: 1, trip: 1 });
unit("vtrip 车次 辆次", 1, { trip: 1, vehicle: 1 });
unit("tkm 吨公里", 1000000, { kg: 1, m: 1 });
unit("yuan CNY 元", 1, { yuan: 1 });
unit("jiao 角", ratio(1n, 10n), { yuan: 1 });
unit("fen 分", ratio(1n, 100n), { yuan: 1 });
unit("USD 美元", 1, { USD: 1 });
unit("cent 美分", ratio(1n, 100n), { USD: 1 });

export const unit_rows: readonly Unit_row[] = rows;

const powers: readonly (readonly [string, number])[] = [
  ["Y", 24],
  ["Z", 21],
  ["E", 18],
  ["P", 15],
  ["T", 12],
  ["G", 9],
  ["M", 6],
  ["k", 3],
  ["h", 2],
  ["da", 1],
  ["d", -1],
  ["c", -2],
  ["m", -3],
  ["u", -6],
  ["µ", -6],
  ["μ", -6],
  ["n", -9],
  ["p", -12],
  ["f", -15],
  ["a", -18],
  ["z", -21],
  ["y", -24],
  ["太", 12],
  ["吉", 9],
  ["兆", 6],
  ["千", 3],
  ["百", 2],
  ["分", -1],
  ["厘", -2],
  ["毫", -3],
  ["微", -6],
  ["纳", -9],
];

export const prefix_powers: ReadonlyMap<string, number> = new Map(powers);

/** 百 千 万 亿: multiples before a unit, after a number or in their own right. */
export const multiples: ReadonlyMap<string, bigint> = new Map([
  ["百", 100n],
  ["千", 1000n],
  ["万", 10000n],
  ["亿", 100000000n],
]);

/** Substances by their Chinese names; in Latin letters any name after g or t is one. */
export const substances: ReadonlyMap<string, string> = new Map([
  ["二氧化碳当量", "CO2e"],
  ["二氧化碳", "CO2"],
  ["甲烷", "CH4"],
  ["标准煤(等价值)", "ce_supply"],
  ["标准煤", "ce"],
  ["碳", "C"],
  ["氮", "N"],
  ["磷", "P"],
]);

/** Other spellings of substances, and the usual one. */
export const spellings: readonly (readonly [string, string])[] = [
  ["CO2-eq", "CO2e"],
  ["CO2eq", "CO2e"],
  ["CO2当量", "二氧化碳当量"],
  ["标准煤(当量值)", "标准煤"],
  ["标准煤(等价)", "标准煤(等价值)"],
  ["标煤", "标准煤"],
];
