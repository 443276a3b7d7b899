// Account numbers as people write them: place + 1, and two check digits (ISO 7064 MOD 97-10).
import { Malformed } from "./trouble.js";

export function show_account(place: number): string {
  const number = place + 1;
  const check = 98 - ((number * 100) % 97);
  return String(number).padStart(8, "0") + String(check).padStart(2, "0");
}

export function read_account(text: string): number {
  const place = Number(text.slice(0, -2)) - 1;
  if (!/^[0-9]{10,15}$/.test(text) || place < 0 || show_account(place) !== text)
    throw new Malformed("account.number", { text: text.slice(0, 40) });
  return place;
}
