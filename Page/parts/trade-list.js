// The latest trades of the contract that is looked at.

import { get } from "../venue/api.js";
import { desk, stream } from "../venue/desk.js";
import { stepped, time } from "../venue/numbers.js";
import { h, Part, row, table } from "./element.js";

const KEPT = 30;

class TradeList extends Part {
  #trades = [];
  #end = null;

  begin() {
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
    this.on(desk, "symbol", follow);
    this.until(() => this.#end?.());
    follow();
  }

  #draw() {
    const contract = desk.contract;
    this.replaceChildren(table("Latest trades", ["Price", "Size", "Time"], this.#trades.map((trade) => row(
      h("td." + (trade.side === "buy" ? "bid" : "ask"), {}, stepped(trade.price, contract.tick), h("span.quiet", {}, " " + trade.side)),
      stepped(trade.size, contract.lot), time(trade.time))), "No trade yet."));
  }
}

customElements.define("bw-trade-list", TradeList);
