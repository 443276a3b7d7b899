// What accounts count, in the order in which postings number them; the names are those of accounts
// and totals.
export const asset_names = [
  "co2e",
  "points",
  "water",
  "electricity",
  "time",
  "money",
  "credits",
] as const;

export const points_asset = 1;
export const money_asset = 5;
