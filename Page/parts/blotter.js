// What the account has and what happened to it, one list at a time.

import { ask, get } from "../venue/api.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { grouped, money, signed, stepped, time } from "../venue/numbers.js";
import { act, actButton } from "./act.js";
import { attempt, h, Part, row, table } from "./element.js";
import "./positions.js";

const CAUSES = {
  realisedPnL: "realised profit or loss", settlement: "settled at mark", autoDeleverage: "auto-deleveraging",
  broughtForward: "brought forward",
};

const sideOf = ({ side }) => h("td." + (side === "buy" ? "bid" : "ask"), {}, side);
/** Why, leading to the liquidation that it was part of, where there is one. */
const cause = ({ cause: word, liquidation }) =>
  liquidation === null ? CAUSES[word] ?? word : h("a", { href: "#/liquidation/" + liquidation }, CAUSES[word] ?? word);

const price = (text, symbol) => (text === null ? "market" : stepped(text, desk.contracts.get(symbol)?.tick ?? "1"));

const LISTS = {
  Positions: null,
  "Open orders": async () => table("Open orders",
    ["Contract", "Side", "Type", "Price", "Trigger", "Size", "Filled", "Placed", ""],
    desk.openOrders.map((order) => row(
      order.symbol, sideOf(order),
      order.type + (order.reduceOnly ? ", reduce only" : "") + (order.postOnly ? ", post only" : ""),
      price(order.price, order.symbol), order.stop ? `${order.trigger} ${price(order.stop, order.symbol)}` : "",
      grouped(order.size), grouped(order.filled), time(order.created),
      actButton("Cancel", () => ask("DELETE", own("/orders/" + order.id)), "Cancelled."))),
    "No open order."),
  Fills: async () => table("Fills", ["Contract", "Side", "Price", "Size", "Value", "Fee", "Realised", "Why", "Time"],
    (await get(own("/fills?limit=100"))).rows.map((fill) => row(
      fill.symbol, sideOf(fill), price(fill.price, fill.symbol),
      grouped(fill.size), money(fill.value), money(fill.fee), signed(fill.realisedPnl),
      cause(fill), time(fill.time))), "Nothing traded yet."),
  Wallet: async () => table("Wallet history", ["Cause", "Amount", "Currency", "Contract", "Time"],
    (await get(own("/wallet-history?limit=200"))).rows.map((line) => row(
      cause(line), h("td." + (line.amount.startsWith("-") ? "ask" : "bid"), {}, signed(line.amount)), line.currency,
      line.symbol ?? line.other ?? "", time(line.time))), "No money has moved yet."),
  Liquidations: async () => table("Liquidations of this account", ["Number", "Contract", "Outcome", "Begun"],
    (await get(own("/liquidations?limit=50"))).liquidations.map((each) => row(
      h("a", { href: "#/liquidation/" + each.id }, String(each.id)), each.symbol, each.outcome ?? "under way",
      time(each.time))),
    "Never liquidated."),
};

class Blotter extends Part {
  #list = "Positions";
  #panel = null;

  begin() {
    const tabs = Object.keys(LISTS).map((name) => h("button", {
      type: "button", role: "tab", id: "tab-" + name.replace(" ", "-"), "aria-controls": "blotter-panel",
      onclick: () => this.#show(name),
    }, name));
    this.#panel = h("div", { id: "blotter-panel", role: "tabpanel", tabIndex: 0 });
    const cancelAll = actButton("Cancel all", () => ask("DELETE", own("/orders")), "All orders are cancelled.");
    const closeAll = h("button", { type: "button", onclick: () => this.#closeAll() }, "Close all");
    const list = h("div", { role: "tablist", "aria-label": "Lists of the account" }, tabs);
    this.append(h("div.tabs", {}, list, cancelAll, closeAll), this.#panel);
    this.on(this, "keydown", (event) => {
      const place = tabs.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (place < 0 || !step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
    this.on(desk, "standing", () => this.#list !== "Positions" && this.#show(this.#list));
    const enter = () => {
      this.hidden = !desk.account;
      this.#panel.replaceChildren();
      this.#show(this.#list);
    };
    this.on(desk, "session", enter);
    enter();
  }

  async #show(name) {
    const isNew = name !== this.#list || !this.#panel.firstChild;
    this.#list = name;
    for (const tab of this.querySelectorAll('[role="tab"]')) {
      tab.setAttribute("aria-selected", String(tab.textContent === name));
      tab.tabIndex = tab.textContent === name ? 0 : -1;
    }
    this.#panel.setAttribute("aria-labelledby", "tab-" + name.replace(" ", "-"));
    if (!desk.account) return this.#panel.replaceChildren();
    if (!LISTS[name]) {
      if (isNew) this.#panel.replaceChildren(document.createElement("bw-positions"));
      return;
    }
    const list = await attempt(LISTS[name]);
    if (list && this.#list === name) this.#panel.replaceChildren(list);
  }

  async #closeAll() {
    for (const position of desk.positions) {
      await act(() => ask("POST", ownPosition(position, "/close"), {}), `${position.name} is being closed at market.`);
    }
  }
}

customElements.define("bw-blotter", Blotter);
