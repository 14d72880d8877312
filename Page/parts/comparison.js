// What something would change, as figures: how a position stands now, and how it would stand.

import { desk } from "../venue/desk.js";
import { grouped, money, stepped } from "../venue/numbers.js";
import { effectiveLeverage, times } from "../venue/risk.js";
import { h, row } from "./element.js";

/** The figures that margin is judged by, of a position and its wallet; `null` where there is none. */
export function figures(position, wallet, symbol) {
  const contract = desk.contracts.get(symbol);
  const price = (text) => (text === null ? "none" : stepped(text, contract.tick));
  if (!position || Number(position.size) === 0) return null;
  return {
    Size: grouped(position.size), Entry: price(position.entryPrice), Liquidation: price(position.liquidationPrice),
    Bankruptcy: price(position.bankruptcyPrice), Margin: money(position.margin, contract.settle),
    "Maintenance margin": money(position.maintenanceMargin, contract.settle),
    Buffer: position.buffer === null ? "–" : position.buffer + " %",
    "Effective leverage": times(effectiveLeverage(position, contract, wallet)),
  };
}

/**
 * A table of figures now and then; a refusal is a sentence in its place.
 * @param wanted the names of the figures that matter
 */
export function comparison(caption, symbol, answer, wanted) {
  if (answer.refusal) return h("p.refusal", { role: "status" }, answer.refusal.message);
  const settle = desk.contracts.get(symbol).settle;
  const wallet = desk.standing?.wallets?.[settle];
  const held = desk.positions.find((each) => each.symbol === symbol && each.side === (answer.side ?? each.side));
  const before = { ...figures(held, wallet, symbol), Available: money(wallet?.available, settle) };
  const after = { ...figures(answer.position, answer.wallet, symbol),
    Available: money(answer.wallet?.available, settle) };
  return h("table.comparison", {},
    h("caption.unseen", {}, caption),
    h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col" }, "Now"), h("th", { scope: "col" }, "Then"))),
    h("tbody", {}, [...wanted, "Available"].map((name) => row(h("th", { scope: "row" }, name), before[name] ?? "–",
      h(before[name] === after[name] ? "td" : "td.new", {}, after[name] ?? "–")))));
}
