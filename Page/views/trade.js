// The trading view: chart, book, trades, order entry, and what the account has.

import { desk } from "../venue/desk.js";
import { h, Part } from "../parts/element.js";
import "../parts/blotter.js";
import "../parts/order-book.js";
import "../parts/order-form.js";
import "../parts/price-chart.js";
import "../parts/trade-list.js";

class TradeView extends Part {
  begin() {
    const tour = document.querySelector("bw-tour");
    const hint = h("div.hint", {},
      h("p", {}, "Sign in to trade. Whoever is short of margin here is really liquidated, by the rules of ", desk.venue.rulebook, "."),
      Object.keys(desk.venue.faucet ?? {}).length > 0
        && h("button.main", { type: "button", onclick: () => tour.start() }, "Show me a liquidation"));
    const show = () => { hint.hidden = Boolean(desk.session); };
    this.append(
      h("h1.unseen", {}, "Trade"),
      h("div.trade", {},
        h("section.chart", { "aria-label": "Chart" }, document.createElement("bw-price-chart")),
        h("section.book", { "aria-label": "Order book" }, document.createElement("bw-order-book")),
        h("section.entry", { "aria-label": "Order entry" }, hint, document.createElement("bw-order-form")),
        h("section.trades", { "aria-label": "Trades" }, document.createElement("bw-trade-list")),
        h("section.blotter", { "aria-label": "Account" }, document.createElement("bw-blotter"))));
    this.on(desk, "session", show);
    show();
  }
}

customElements.define("bw-trade-view", TradeView);
