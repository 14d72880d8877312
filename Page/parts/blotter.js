// What the account has and what happened to it, one list at a time.

import { ask, get } from "../venue/api.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { grouped, money, signed, stepped, time } from "../venue/numbers.js";
import { act, actButton } from "./act.js";
import { attempt, h, Part, row, sure, table } from "./element.js";
import "./positions.js";
import { tabList } from "./tabs.js";

const CAUSES = {
  realisedPnL: "realised profit or loss", settlement: "settled at mark", autoDeleverage: "auto-deleveraging",
  broughtForward: "brought forward",
};

/** How long news waits for more of it, in milliseconds. */
const COMPANY = 400;

const sideOf = ({ side }) => h("td." + (side === "buy" ? "bid" : "ask"), {}, side);
/** Why, leading to the liquidation that it was part of, where there is one. */
const cause = ({ cause: word, liquidation }) =>
  liquidation === null ? CAUSES[word] ?? word : h("a", { href: "#/liquidation/" + liquidation }, CAUSES[word] ?? word);

const price = (text, symbol) => (text === null ? "market" : stepped(text, desk.contracts.get(symbol)?.tick ?? "1"));

const settle = (symbol) => desk.contracts.get(symbol)?.settle;

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
      grouped(fill.size), money(fill.value, settle(fill.symbol)), money(fill.fee, settle(fill.symbol)),
        signed(fill.realisedPnl, settle(fill.symbol)),
      cause(fill), time(fill.time))), "Nothing traded yet."),
  Wallet: async () => table("Wallet history", ["Cause", "Amount", "Currency", "Contract", "Time"],
    (await get(own("/wallet-history?limit=200"))).rows.map((line) => row(
      cause(line), h("td." + (line.amount.startsWith("-") ? "ask" : "bid"), {}, signed(line.amount, line.currency)),
        line.currency,
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
  #tabs = null;

  begin() {
    this.#panel = h("div", { id: "blotter-panel", role: "tabpanel", tabIndex: 0 });
    const cancelAll = actButton("Cancel all", () => ask("DELETE", own("/orders")), "All orders are cancelled.");
    const closeAll = h("button", { type: "button", onclick: () => this.#closeAll() }, "Close all");
    this.#tabs = tabList("Lists of the account", Object.keys(LISTS), this.#panel, (name) => this.#show(name));
    this.append(h("div.tabs", {}, this.#tabs.element, h("span.gap"), cancelAll, closeAll), this.#panel);
    // Orders come with every standing; the rest is asked for when something has happened to the account.
    let known = "";
    this.on(desk, "standing", () => {
      const open = JSON.stringify(desk.openOrders);
      if (this.#list === "Open orders" && open !== known) this.#show(this.#list);
      known = open;
    });
    let timer = null;
    this.on(desk, "update", () => {
      if (["Positions", "Open orders"].includes(this.#list)) return;
      timer ??= setTimeout(() => {
        timer = null;
        if (this.isConnected) this.#show(this.#list);
      }, COMPANY);
    });
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
    this.#tabs.show(name);
    if (!desk.account) return this.#panel.replaceChildren();
    if (!LISTS[name]) {
      if (isNew) this.#panel.replaceChildren(document.createElement("bw-positions"));
      return;
    }
    const list = await attempt(LISTS[name]);
    if (list && this.#list === name) this.#panel.replaceChildren(list);
  }

  async #closeAll() {
    const held = desk.positions.map(({ name }) => name).join(", ");
    if (!held || !(await sure(`Close ${held} at market?`, "Close all of them"))) return;
    for (const position of desk.positions) {
      await act(() => ask("POST", ownPosition(position, "/close"), {}), `${position.name} is being closed at market.`);
    }
  }
}

customElements.define("bw-blotter", Blotter);
