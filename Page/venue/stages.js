// What the steps of a liquidation are called, and what each means.

const STAGES = {
  started: ["Begun",
    "The margin left is no more than what must stay. From here on the venue decides, by its rulebook."],
  stepDown: ["Risk limit stepped down", "A smaller limit asks for less maintenance margin."],
  stepDownWithOrders: ["Risk limit stepped down",
    "A smaller limit asks for less maintenance margin; orders beyond it are cancelled."],
  cancelOrders: ["Orders cancelled",
    "Open orders of the position are cancelled, so that what they reserved stands behind it."],
  fillOrKill: ["Fill-or-kill order",
    "A part is offered to the book, all at once or not at all, to come back below the limit."],
  convertCollateral: ["Collateral converted", "Other currencies are sold for the one that is short."],
  partial: ["Partly closed", "A part is closed in the book: where what is left is healthy again, it ends there."],
  marketClose: ["Closed in the market", "The whole position is closed in the book, within a bound of its price."],
  remainderKept: ["Remainder kept", "What the book did not take stays with its owner."],
  paused: ["Paused", "Forced orders wait: a breaker is tripped, or a window is open."],
  saved: ["Saved", "The position is healthy again and goes back to its owner."],
  takeover: ["Taken over",
    "The liquidation engine takes the position at its bankruptcy price, where its margin is used up."],
  closeInMarket: ["Closed in the market", "The engine closes what it took over in the book."],
  insuranceFund: ["Insurance fund",
    "The engine closes what it took over with the insurance fund's money, worse than at the bankruptcy price."],
  fundExhausted: ["Fund exhausted", "The insurance fund can bear no more."],
  funding: ["Funding", "What the engine holds paid or received funding."],
  liquiditySupport: ["Liquidity support", "A provider takes a share over, with the margin that is left behind it."],
  liquiditySupportSkipped: ["Provider passed over", "A provider had no room left for a share."],
  absorbed: ["Absorbed", "What nobody else took is held by the insurance fund."],
  fundPaid: ["Fund paid", "The insurance fund paid for what the margin did not cover."],
  autoDeleverage: ["Auto-deleveraged",
    "A trader on the other side is closed against it: the most profitable and leveraged first."],
  autoDeleverageSkipped: ["Passed over", "A trader in the queue could not be closed against it."],
  closedAtMark: ["Closed at mark", "What is left is closed at the mark price."],
  clawback: ["Clawback", "Winners give back a share of their profit."],
  clawbackEnded: ["Clawback ended", "Winners have given back what was missing, or the period is over."],
  waiting: ["Waiting", "Nobody can bear it at this mark; it is tried again at the next."],
  open: ["Under way", "The engine still holds a part of the position."],
  closedInMarket: ["Closed in the market", "It was closed in the book at its bankruptcy price or better."],
  liquidation: ["Liquidated", "A position was closed by force, in the book or by the engine."],
  closed: ["Over", "Nothing of the position is left with the engine."],
};

/** A stage's name, in words. */
export const stageName = (stage) => STAGES[stage]?.[0] ?? stage;
/** What a stage means, as a sentence. */
export const stageMeaning = (stage) => STAGES[stage]?.[1] ?? "";

const KINDS = {
  started: "warn", saved: "good", closed: "quiet", waiting: "quiet", paused: "quiet", takeover: "bad",
    autoDeleverage: "bad",
  clawback: "bad", closedAtMark: "bad", fundExhausted: "bad",
};
const FUND = {
  broughtForward: "brought forward", paidIn: "paid in", lotTraded: "closing what was taken over",
    remainderKept: "margin kept",
  absorbed: "absorbed", autoDeleverage: "auto-deleveraging", clawback: "clawback",
};
/** Why the insurance fund gained or spent. */
export const fundCause = (cause) => FUND[cause] ?? cause;

/** The colour of the page that a stage is told in, by its name. */
export const stageKind = (stage) => KINDS[stage] ?? "accent";
