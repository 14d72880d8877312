// What the account has and what happened to it, one list at a time.

import { ask, get } from "../venue/api.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { grouped, money, signed, stepped, time } from "../venue/numbers.js";
import { attempt, h, Part, row, table } from "./element.js";
import "./positions.js";

const CAUSES = {
  realisedPnL: "realised profit or loss", fee: "fee", funding: "funding", settlement: "settled at mark",
  liquidation: "liquidation", deposit: "deposit", withdrawal: "withdrawal", transfer: "transfer", conversion: "conversion",
  autoDeleverage: "auto-deleveraging", clawback: "clawback", broughtForward: "brought forward",
};

const price = (text, symbol) => (text === null ? "market" : stepped(text, desk.contracts.get(symbol)?.tick ?? "1"));

const LISTS = {
  Positions: null,
  "Open orders": async () => table("Open orders",
    ["Contract", "Side", "Type", "Price", "Trigger", "Size", "Filled", "Placed", ""],
    desk.openOrders.map((order) => row(
      order.symbol, h("td." + (order.side === "buy" ? "bid" : "ask"), {}, order.side),
      order.type + (order.reduceOnly ? ", reduce only" : "") + (order.postOnly ? ", post only" : ""),
      price(order.price, order.symbol), order.stop ? `${order.trigger} ${price(order.stop, order.symbol)}` : "",
      grouped(order.size), grouped(order.filled), time(order.created),
      h("button", { type: "button", onclick: () => attempt(() => ask("DELETE", own("/orders/" + order.id)), "Cancelled.").then(() => desk.refresh()).catch(() => {}) }, "Cancel"))),
    "No open order."),
  Fills: async () => table("Fills", ["Contract", "Side", "Price", "Size", "Value", "Fee", "Realised", "Why", "Time"],
    (await get(own("/fills?limit=100"))).rows.map((fill) => row(
      fill.symbol, h("td." + (fill.side === "buy" ? "bid" : "ask"), {}, fill.side), price(fill.price, fill.symbol),
      grouped(fill.size), money(fill.value), money(fill.fee), signed(fill.realisedPnl),
      fill.liquidation ? h("a", { href: "#/liquidation/" + fill.liquidation }, fill.cause) : fill.cause + (fill.maker ? ", maker" : ""),
      time(fill.time))), "Nothing traded yet."),
  Wallet: async () => table("Wallet history", ["Cause", "Amount", "Currency", "Contract", "Time"],
    (await get(own("/wallet-history?limit=200"))).rows.map((line) => row(
      line.liquidation ? h("a", { href: "#/liquidation/" + line.liquidation }, CAUSES[line.cause] ?? line.cause) : CAUSES[line.cause] ?? line.cause,
      h("td." + (line.amount.startsWith("-") ? "ask" : "bid"), {}, signed(line.amount)), line.currency,
      line.symbol ?? line.other ?? "", time(line.time))), "No money has moved yet."),
  Liquidations: async () => table("Liquidations of this account", ["Number", "Contract", "Outcome", "Begun"],
    (await get(own("/liquidations?limit=50"))).liquidations.map((each) => row(
      h("a", { href: "#/liquidation/" + each.id }, String(each.id)), each.symbol, each.outcome ?? "under way", time(each.time))),
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
    const cancelAll = h("button.end", { type: "button", onclick: () => attempt(() => ask("DELETE", own("/orders")), "All orders are cancelled.").then(() => desk.refresh()).catch(() => {}) }, "Cancel all");
    const closeAll = h("button", { type: "button", onclick: () => this.#closeAll() }, "Close all");
    this.append(h("div.tabs", {}, h("div", { role: "tablist", "aria-label": "Lists of the account" }, tabs), cancelAll, closeAll), this.#panel);
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
      await attempt(() => ask("POST", ownPosition(position, "/close"), {}), `${position.name} is being closed at market.`);
    }
    await desk.refresh().catch(() => {});
  }
}

customElements.define("bw-blotter", Blotter);
