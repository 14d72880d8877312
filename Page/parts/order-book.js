// The order book of the contract that is looked at, with the account's own orders marked.

import { desk, stream } from "../venue/desk.js";
import { stepped } from "../venue/numbers.js";
import { h, Part } from "./element.js";

const DEPTH = 12;

class OrderBook extends Part {
  #bids = new Map();
  #asks = new Map();
  #number = null;
  #end = null;

  begin() {
    const draw = this.soon(() => this.#draw());
    const follow = () => {
      this.#end?.();
      this.#number = null;
      this.#bids.clear();
      this.#asks.clear();
      draw();
      if (!desk.symbol) return;
      this.#end = stream.listen("book:" + desk.symbol, (change, { isSnapshot }) => {
        if (isSnapshot) {
          this.#bids = new Map(change.bids);
          this.#asks = new Map(change.asks);
        } else {
          // What came before the snapshot is in it already.
          if (this.#number === null || change.number <= this.#number) return;
          this.#apply(this.#bids, change.bids);
          this.#apply(this.#asks, change.asks);
        }
        this.#number = change.number;
        draw();
      });
    };
    this.on(desk, "symbol", follow);
    this.on(desk, "standing", draw);
    this.until(() => this.#end?.());
    follow();
  }

  #apply(side, levels) {
    for (const [price, size] of levels) {
      if (Number(size) === 0) side.delete(price);
      else side.set(price, size);
    }
  }

  #draw() {
    const contract = desk.contract;
    if (!contract) return this.replaceChildren();
    const best = (side, sign) => [...side].sort((a, b) => sign * (Number(a[0]) - Number(b[0]))).slice(0, DEPTH);
    const [asks, bids] = [best(this.#asks, 1), best(this.#bids, -1)];
    const widest = Math.max(...[...asks, ...bids].map((level) => Number(level[1])), 0);
    const own = new Set(desk.openOrders.filter((order) => order.symbol === desk.symbol).map((order) => order.price));
    const line = (kind) => ([price, size]) => {
      const isOwn = own.has(price);
      const element = h("tr." + kind + (isOwn ? ".own" : ""), { onclick: () => this.dispatchEvent(new CustomEvent("price", { detail: price, bubbles: true })) },
        h("td.price", {}, stepped(price, contract.tick), isOwn && h("span.quiet", {}, " own order")),
        h("td", {}, stepped(size, contract.lot), h("meter", { min: 0, max: widest, value: Number(size), "aria-hidden": "true" })));
      return element;
    };
    const spread = asks.length && bids.length ? Number(asks[0][0]) - Number(bids[0][0]) : null;
    this.replaceChildren(
      h("table", {},
        h("caption.quiet", {}, "Order book of " + desk.symbol),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Price"), h("th", { scope: "col" }, "Size"))),
        h("tbody", {}, asks.reverse().map(line("ask"))),
        h("tbody.middle", {}, h("tr", {}, h("td", {}, "Spread"), h("td", {}, spread === null ? "–" : stepped(String(spread.toFixed(8)), contract.tick)))),
        h("tbody", {}, bids.map(line("bid")))));
  }
}

customElements.define("bw-order-book", OrderBook);
