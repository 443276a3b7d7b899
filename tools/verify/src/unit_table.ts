// The units that are read, as data: an exact ratio to the base units, and names. Written from
// docs/units.md and general metrology, not from the table of the other program.
import { type Ratio, ratio } from "./decimal.js";

export type Dimension = { readonly [base: string]: number };

export interface Unit_row {
  readonly names: readonly string[];
  readonly scale: Ratio;
  readonly dimension: Dimension;
  readonly prefixes: boolean;
  /** how it is written in canonical forms */
  readonly canonical: string;
}

const rows: Unit_row[] = [];

function unit(
  names: string,
  scale: Ratio | number,
  dimension: Dimension,
  prefixes = false,
  canonical = names.split(" ")[0]!,
): void {
  rows.push({
    canonical,
    names: names.split(" "),
    scale: typeof scale === "number" ? ratio(BigInt(scale)) : scale,
    dimension,
    prefixes,
  });
}

unit("m 米", 1, { m: 1 }, true);
unit("g 克", ratio(1n, 1000n), { kg: 1 }, true);
unit("s 秒", 1, { s: 1 }, true);
unit("A 安 安培", 1, { A: 1 }, true);
unit("K 开 开尔文", 1, { K: 1 }, true);
unit("mol 摩 摩尔", 1, { mol: 1 }, true);
unit("cd 坎 坎德拉", 1, { cd: 1 }, true);
unit("J 焦 焦耳", 1, { kg: 1, m: 2, s: -2 }, true);
unit("W 瓦 瓦特", 1, { kg: 1, m: 2, s: -3 }, true);
unit("Wh 瓦时 瓦小时", 3600, { kg: 1, m: 2, s: -2 }, true);
unit("N 牛 牛顿", 1, { kg: 1, m: 1, s: -2 }, true);
unit("Pa 帕 帕斯卡", 1, { kg: 1, m: -1, s: -2 }, true);
unit("V 伏 伏特", 1, { kg: 1, m: 2, s: -3, A: -1 }, true);
unit("C 库 库仑", 1, { A: 1, s: 1 }, true);
unit("Hz 赫 赫兹", 1, { s: -1 }, true);
unit("L l 升 公升", ratio(1n, 1000n), { m: 3 }, true);
unit("t 吨 公吨", 1000, { kg: 1 }, true);
unit("jin 斤 市斤", ratio(1n, 2n), { kg: 1 });
unit("公斤", 1, { kg: 1 }, false, "kg");
unit("公里", 1000, { m: 1 }, false, "km");
unit("公分", ratio(1n, 100n), { m: 1 }, false, "cm");
unit("cal 卡 卡路里", ratio(41868n, 10000n), { kg: 1, m: 2, s: -2 }, true);
unit("ha har hm2 公顷", 10000, { m: 2 });
unit("mu 亩", ratio(2000n, 3n), { m: 2 });
unit("度", 3600000, { kg: 1, m: 2, s: -2 }, false, "kWh");
unit("min 分钟", 60, { s: 1 });
unit("h hr 小时 时", 3600, { s: 1 });
unit("d day 天 日", 86400, { s: 1 });
unit("wk week 周 星期", 604800, { s: 1 });
unit("mo month 月 个月", 2628000, { s: 1 });
unit("a yr year 年", 31536000, { s: 1 });
unit("1", 1, {});
unit("% percent", ratio(1n, 100n), {});
unit("‰ permille", ratio(1n, 1000n), {});
unit("ppm", ratio(1n, 1000000n), {});
unit("pp 百分点 个百分点", 1, { pp: 1 });
unit("person passenger persons {person} 人 名", 1, { person: 1 });
unit("trip trips {trip} 趟 出行", 1, { trip: 1 });
unit("vehicle vehicles {vehicle} 辆 车", 1, { vehicle: 1 });
unit("step steps {step} 步", 1, { step: 1 });
unit("tree trees {tree} 棵 株 棵树", 1, { tree: 1 });
unit("household households {household} 户 家庭", 1, { household: 1 });
unit("item items {item} 件 个 只", 1, { item: 1 });
unit("use uses {use} 次", 1, { use: 1 });
unit("station stations {station} 座", 1, { station: 1 });
unit("point points {point} 积分", 1, { point: 1 });
unit("pkm 人公里 人千米", 1000, { m: 1, person: 1 });
unit("vkm 车公里 车千米", 1000, { m: 1, vehicle: 1 });
unit("ptrip person-trip 人次", 1, { person: 1, trip: 1 });
unit("vtrip vehicle-trip 车次 辆次", 1, { trip: 1, vehicle: 1 });
unit("tkm 吨公里 吨千米", 1000000, { kg: 1, m: 1 });
unit("yuan CNY RMB 元 人民币元", 1, { yuan: 1 });
unit("jiao 角", ratio(1n, 10n), { yuan: 1 });
unit("fen 分", ratio(1n, 100n), { yuan: 1 });
unit("USD 美元", 1, { USD: 1 });
unit("cent 美分", ratio(1n, 100n), { USD: 1 });
unit("EUR 欧元", 1, { EUR: 1 });
unit("GBP 英镑", 1, { GBP: 1 });
unit("AUD 澳元", 1, { AUD: 1 });

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
  ["艾", 18],
  ["拍", 15],
  ["太", 12],
  ["吉", 9],
  ["兆", 6],
  ["千", 3],
  ["百", 2],
  ["十", 1],
  ["分", -1],
  ["厘", -2],
  ["毫", -3],
  ["微", -6],
  ["纳", -9],
  ["皮", -12],
  ["飞", -15],
];

export const prefix_powers: ReadonlyMap<string, number> = new Map(powers);

/** Multiples before a unit, after a number or in their own right, as powers of ten; the longest
 * names first. */
export const multiples: readonly (readonly [string, number])[] = [
  ["万亿", 12],
  ["千亿", 11],
  ["百亿", 10],
  ["十亿", 9],
  ["千万", 7],
  ["百万", 6],
  ["十万", 5],
  ["亿", 8],
  ["万", 4],
  ["千", 3],
  ["百", 2],
];

/** The Latin prefix of a power of ten, as canonical forms write it. */
export function latin_prefix(power: number): string {
  return powers.find(([name, n]) => n === power && name !== "µ" && name !== "μ")![0];
}

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
