// The trading view: chart, book, trades, order entry, and what the account has.

import { desk } from "../venue/desk.js";
import { h, Part } from "../parts/element.js";
import { tabs } from "../parts/tabs.js";
import "../parts/account-panel.js";
import "../parts/blotter.js";
import "../parts/order-book.js";
import "../parts/order-form.js";
import "../parts/price-chart.js";
import "../parts/ticker.js";
import "../parts/trade-list.js";

class TradeView extends Part {
  begin() {
    const tour = document.querySelector("bw-tour");
    const hint = h("div.hint", {},
      h("p", {}, "Sign in to trade. Whoever is short of margin here is really liquidated, by the rules of ",
        h("a", { href: "#/risk" }, desk.venue.rulebook), "."),
      Object.keys(desk.venue.faucet ?? {}).length > 0
        && h("button.main", { type: "button", onclick: () => tour.start() }, "Show me a liquidation"));
    const account = h("section.account", { "aria-label": "Account" }, document.createElement("bw-account"));
    const show = () => { hint.hidden = Boolean(desk.session); account.hidden = !desk.session; };
    this.append(
      h("h1.unseen", {}, "Trade"), document.createElement("bw-ticker"),
      h("div.trade", {},
        h("section.chart", { "aria-label": "Chart" }, document.createElement("bw-price-chart")),
        h("section.book", { "aria-label": "Market" }, tabs("Market", {
          Book: () => document.createElement("bw-order-book"), Trades: () => document.createElement("bw-trade-list"),
        })),
        h("div.side", {},
          h("section.entry", { "aria-label": "Order entry" }, hint, document.createElement("bw-order-form")), account),
        h("section.blotter", { "aria-label": "Lists of the account" }, document.createElement("bw-blotter"))));
    this.on(desk, "session", show);
    show();
  }
}

customElements.define("bw-trade-view", TradeView);
