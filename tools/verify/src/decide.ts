// What must come of a transaction: decided from what was asked for, the scheme in force and the
// books before it, as docs/transactions.md says.
import { Refused } from "./asked.js";
import { type Dealings } from "./dealings.js";
import { Deal, Not_told, type Request, type View } from "./deal.js";
import * as amounts from "./decide_amounts.js";
import * as points from "./decide_points.js";
import * as units from "./decide_units.js";
import { Malformed } from "./trouble.js";

const actions: { readonly [action: string]: (deal: Deal) => void } = {
  transfer: amounts.transfer,
  hold: amounts.hold,
  release: amounts.release,
  split: amounts.split,
  close: amounts.close,
  reverse: amounts.reverse,
  issue: units.issue,
  pool: units.pool,
  move: units.move,
  pledge: units.pledge,
  unpledge: units.unpledge,
  call: units.call,
  retire: units.retire,
  sell: units.sell,
  cancel: units.cancel,
  buffer: units.buffer,
  unbuffer: units.unbuffer,
  order: points.order,
  step: points.step,
  convert: points.convert,
  expire: points.expire,
  question: points.question,
  settle: points.settle,
};

export type Decided =
  | { readonly kind: "made"; readonly deal: Deal }
  | { readonly kind: "refused"; readonly code: string; readonly doubts: ReadonlySet<string> }
  | { readonly kind: "not_told"; readonly why: string };

const day_us = 86400e6;
const hour_us = 3600e6;

export function decide(view: View, request: Request, rules: Dealings): Decided {
  const deal = new Deal(view, request, rules);
  try {
    const run = Object.hasOwn(actions, request.action) ? actions[request.action] : undefined;
    if (!run) throw new Refused("unknown_action");
    if (request.time_us < view.admitted_us - request.late_days * day_us)
      throw new Refused("too_late");
    if (request.time_us > view.admitted_us + hour_us) throw new Refused("in_future");
    run(deal);
    deal.data.finish();
    deal.check_legs();
    return { kind: "made", deal };
  } catch (error) {
    if (error instanceof Refused)
      return { kind: "refused", code: error.code, doubts: deal.doubts };
    if (error instanceof Not_told) return { kind: "not_told", why: error.why };
    if (error instanceof Malformed) return { kind: "refused", code: error.code, doubts: deal.doubts };
    throw error;
  }
}
