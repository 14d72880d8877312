// What a purchase and a sale would leave the account with, side by side above their buttons.

import { desk } from "../venue/desk.js";
import { difference } from "../venue/exact.js";
import { grouped, money, signed, stepped } from "../venue/numbers.js";
import { h } from "./element.js";
import { figures } from "./comparison.js";

const ROWS = [
  "Margin needed", "Fills at", "Fee", "Rests", "Size", "Entry", "Liquidation", "Bankruptcy", "Buffer",
    "Effective leverage",
];
/** What is shown before anything is typed, so that nothing jumps when it is. */
const ALWAYS = new Set(["Margin needed", "Size", "Entry", "Liquidation", "Bankruptcy", "Buffer", "Effective leverage"]);

/** One side's figures by name. */
function told(answer) {
  const contract = desk.contract;
  const { order } = answer;
  const available = desk.standing?.wallets?.[contract.settle]?.available ?? "0";
  return {
    "Margin needed": money(difference(available, answer.wallet?.available ?? "0"), contract.settle),
    "Fills at": order && Number(order.filled) > 0 ? stepped(order.averagePrice, contract.tick) : null,
    Fee: order && Number(order.fee) !== 0 ? money(order.fee, contract.settle) : null,
    Rests: order && Number(order.resting) > 0 ? grouped(order.resting) : null,
    Size: "flat",
    ...figures(answer.position, answer.wallet, desk.symbol),
  };
}

/** A table of both sides; `null` for what is not known yet. */
export function prospects(answers) {
  const [buy, sell] = (answers ?? [null, null]).map((answer) =>
    (answer === null || answer.refusal ? {} : told(answer)));
  const rows = ROWS.filter((name) => ALWAYS.has(name) || buy[name] || sell[name]);
  const refusals = (answers ?? []).map((answer) => answer?.refusal?.message ?? null);
  return h("table", {},
    h("caption.unseen", {}, "What the order would leave you with"),
    h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col" }, "After a buy"),
      h("th", { scope: "col" }, "After a sell"))),
    h("tbody", {}, rows.map((name, place) => h("tr", {}, h("th", { scope: "row" }, name),
      [buy, sell].map((side, number) => {
      if (!refusals[number]) return h("td", {}, side[name] ?? "–");
      return place === 0 && h("td.refusal", { rowSpan: rows.length }, refusals[number]);
    })))));
}
