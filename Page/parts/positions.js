// The account's positions: the stage of the waterfall each is at, what it is backed by, and what can be done about it.

import { ask } from "../venue/api.js";
import { standing } from "../venue/buffer.js";
import { desk, ownPosition } from "../venue/desk.js";
import { grouped, money, signed, stepped } from "../venue/numbers.js";
import { act, actButton } from "./act.js";
import { h, Part, row, table } from "./element.js";

const STAGES = {
  healthy: "healthy", preLiquidation: "pre-liquidation", partial: "partial liquidation",
  liquiditySupport: "liquidity support", insuranceFund: "insurance fund", autoDeleverage: "auto-deleverage",
};

/** How much of a position's buffer is left, as words and a bar. */
export function gauge(buffer) {
  const kind = standing(buffer);
  if (kind === null) return "–";
  const left = Math.max(0, Math.min(100, Number(buffer)));
  return h("span.gauge." + (kind === "begun" ? "bad" : kind), { title: "Liquidation begins when nothing is left." },
    h("meter", { min: 0, max: 100, value: left, "aria-label": `${buffer} % of the buffer left` }), ` ${buffer} %`);
}

/** Five lights: how near the front of the queue of deleveraging a position is. */
function lights(position) {
  const rank = position.adlRank ?? 0;
  const words = position.adlPlace === null || position.adlPlace === undefined
    ? "not in the queue" : `place ${position.adlPlace} in the queue, ${grouped(position.adlAhead)} ahead`;
  return h("span.lights", { role: "img", "aria-label": `${rank} of 5 lights: ${words}`, title: words },
    [1, 2, 3, 4, 5].map((light) => h(light <= rank ? "i.lit" : "i")));
}

/** Two figures that belong together, one below the other. */
const both = (first, second) => h("span.both", {}, h("span", {}, first), h("span.quiet", {}, second));

class Positions extends Part {
  begin() {
    const draw = this.soon(() => this.#draw());
    this.on(desk, ["standing", "session"], draw);
    draw();
  }

  #draw() {
    // What is being typed is not taken away.
    if (this.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
    this.replaceChildren(table("Positions", [
      "Contract", "Size", both("Entry", "settled"), "Mark", both("Liquidation", "bankruptcy"), both("Margin", "mode"),
      both("Unrealised", "realised"), both("Buffer", "stage"), "ADL", "",
    ], desk.positions.map((each) => this.#row(each)), "No open position."));
  }

  #row(position) {
    const { symbol, side } = position;
    const contract = desk.contracts.get(symbol);
    const price = (text) => (text === null ? "none" : stepped(text, contract.tick));
    const amount = h("input", {
      type: "text", inputMode: "decimal", size: 7, placeholder: "amount",
      "aria-label": "Amount of margin, negative to take back",
    });
    const move = async (event) => {
      event.preventDefault();
      await act(() => ask("POST", ownPosition(position, "/margin"), { amount: amount.value.trim() }), (answer) =>
        `Margin is ${money(answer.position?.margin)} now, liquidation at ${price(answer.position?.liquidationPrice ?? null)}.`);
      amount.value = "";
      amount.blur();
    };
    const isLong = !position.size.startsWith("-");
    return row(
      h("th", { scope: "row" },
        h("button.link", { type: "button", onclick: () => desk.choose(symbol) }, symbol), side === "net" ? "" : " " + side),
      h("td." + (isLong ? "bid" : "ask"), {}, grouped(position.size), h("span.quiet", {}, isLong ? " long" : " short")),
      both(price(position.entryPrice), price(position.settledPrice)), price(position.markPrice),
      both(price(position.liquidationPrice), price(position.bankruptcyPrice)),
      both(money(position.margin), `${position.mode} ${grouped(position.leverage)}x`),
      both(signed(position.unrealisedPnl), signed(position.realisedPnl)),
      both(gauge(position.buffer), STAGES[position.state] ?? position.state), lights(position),
      h("td.actions", {},
        position.mode === "isolated" && h("form", { onsubmit: move }, amount, h("button", { type: "submit" }, "Move margin")),
        actButton("Close", () => ask("POST", ownPosition(position, "/close"), {}), `${symbol} is being closed at market.`)));
  }
}

customElements.define("bw-positions", Positions);
