// What if the mark moved: tried on a copy of the whole state, with what it would do to the fund.

import { ask } from "../venue/api.js";
import { desk } from "../venue/desk.js";
import { difference, sum } from "../venue/exact.js";
import { grouped, money, signed, stepped } from "../venue/numbers.js";
import { attempt, h, Part, row, table } from "./element.js";

/** Moves that are tried with one press, in per cent. */
const MOVES = [-20, -10, -5, 5, 10, 20];

class Shock extends Part {
  #price = h("input", { id: "shock", type: "text", inputMode: "decimal", autocomplete: "off" });
  #outcome = h("div", { "aria-live": "polite" });
  #label = h("label", { htmlFor: "shock" });

  begin() {
    const move = (percent) => h("button", { type: "button", onclick: () => {
      const { mark, tick } = desk.contract;
      this.#price.value = stepped(String((Number(mark) * (100 + percent) / 100).toFixed(8)), tick).replaceAll(",", "");
      this.#try();
    } }, `${percent < 0 ? "−" : "+"}${Math.abs(percent)} %`);
    this.append(h("h2", {}, "What if"),
      h("form", { onsubmit: (event) => { event.preventDefault(); this.#try(); } },
        h("div.field", {}, this.#label, this.#price),
        h("div.choices", {}, MOVES.map(move), h("button.main", { type: "submit" }, "Try it on a copy"))),
          this.#outcome);
    const name = () => {
      this.#label.textContent = `What if the mark of ${desk.symbol} went to`;
      this.#price.value = desk.contract?.mark ?? "";
      this.#outcome.replaceChildren();
    };
    this.on(desk, "symbol", name);
    name();
  }

  async #try() {
    const [symbol, contract, price] = [desk.symbol, desk.contract, this.#price.value.trim()];
    const told = await attempt(() => ask("POST", "/admin/what-if", { prices: { [symbol]: price } }));
    if (!told) return;
    const { currency, before } = await attempt(async () => ({
      currency: contract.settle, before: (await ask("GET", "/venue")).insurance[contract.settle] ?? "0",
    })) ?? {};
    if (!currency) return;
    const after = told.insurance[currency] ?? "0";
    const change = difference(after, before);
    const debt = told.venueDebt[currency] ?? "0";
    const size = sum("0", ...told.liquidations.map((each) => each.size.replace("-", "")));
    const figure = (name, value, kind) => h("div", {}, h("dt", {}, name),
      h("dd" + (kind ? "." + kind : ""), {}, value));
    this.#outcome.replaceChildren(
      h("dl.figures", {},
        figure("Liquidated", `${told.liquidations.length} positions, ${grouped(size)} in all`),
        figure("Fund before", money(before, currency)),
        figure("after", `${money(after, currency)} (${signed(change, currency)})`,
          change.startsWith("-") ? "bad" : "good"),
        figure("Debt of the venue", money(debt, currency), Number(debt) > 0 ? "bad" : "")),
      h("div.feed", {}, table(`What a mark of ${stepped(price, contract.tick)} would liquidate`,
        ["Account", "Position", "Size"],
        told.liquidations.map((each) => row(each.account, each.position, grouped(each.size))), "Nobody.")));
  }
}

customElements.define("bw-shock", Shock);
