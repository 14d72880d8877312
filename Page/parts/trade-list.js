// The latest trades of the contract that is looked at. Rows are used again: a busy market makes no new ones.

import { get } from "../venue/api.js";
import { desk, stream } from "../venue/desk.js";
import { stepped, time } from "../venue/numbers.js";
import { h, Part } from "./element.js";

const KEPT = 40;

class TradeList extends Part {
  #trades = [];
  #end = null;
  #rows = [];

  begin() {
    this.#rows = Array.from({ length: KEPT }, () => {
      const cells = [h("td"), h("td"), h("td")];
      return { element: h("tr", { hidden: true }, cells), cells, id: null };
    });
    this.append(h("table", {}, h("caption.unseen", {}, "Latest trades"),
      h("thead", {}, h("tr", {}, ["Price", "Size", "Time"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, this.#rows.map(({ element }) => element))));
    const draw = this.soon(() => this.#draw());
    const follow = async () => {
      const symbol = desk.symbol;
      this.#end?.();
      this.#trades = [];
      if (!symbol) return;
      this.#end = stream.listen("trades:" + symbol, (trade) => {
        this.#trades = [trade, ...this.#trades].slice(0, KEPT);
        draw();
      });
      const { trades } = await get("/contracts/" + symbol + "/trades?limit=" + KEPT);
      if (symbol !== desk.symbol) return;
      const known = new Set(this.#trades.map((trade) => trade.id));
      this.#trades = [...this.#trades, ...trades.filter((trade) => !known.has(trade.id))].slice(0, KEPT);
      draw();
    };
    this.on(desk, "symbol", () => follow().catch(() => {}));
    this.on(stream, "gap", () => follow().catch(() => {}));
    this.until(() => this.#end?.());
    follow().catch(() => {});
  }

  #draw() {
    const contract = desk.contract;
    this.#rows.forEach((shown, place) => {
      const trade = this.#trades[place];
      shown.element.hidden = !trade;
      if (!trade || shown.id === trade.id) return;
      shown.id = trade.id;
      const [price, size, moment] = shown.cells;
      const isBuy = trade.side === "buy";
      price.className = isBuy ? "bid" : "ask";
      price.textContent = `${stepped(trade.price, contract.tick)} ${isBuy ? "▲" : "▼"}`;
      price.title = isBuy ? "A buyer took." : "A seller took.";
      size.textContent = stepped(trade.size, contract.lot);
      moment.replaceChildren(time(trade.time));
    });
  }
}

customElements.define("bw-trade-list", TradeList);
