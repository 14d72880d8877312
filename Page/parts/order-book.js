// The order book of the contract that is looked at, with the account's own orders marked. Its rows stay and change in
// place: what is under the pointer is still there when it is clicked.

import { desk, stream } from "../venue/desk.js";
import { stepped } from "../venue/numbers.js";
import { h, Part } from "./element.js";

const DEPTH = 10;

/** One level: a price, its size, and how much lies between it and the middle. */
class Level {
  #price = h("td.price");
  #size = h("td");
  #sum = h("td.quiet");
  price = null;

  constructor(kind, choose) {
    this.element = h("tr." + kind, { onclick: () => this.price && choose(this.price) }, this.#price, this.#size,
      this.#sum);
  }

  show(level, sum, share, isOwn, contract) {
    this.price = level?.[0] ?? null;
    const own = isOwn ? " •" : "";
    const texts = level ? [stepped(level[0], contract.tick) + own, stepped(level[1], contract.lot),
      stepped(sum, contract.lot)]
      : ["\u00a0", "", ""];
    [this.#price, this.#size, this.#sum].forEach((cell, place) => {
      if (cell.textContent !== texts[place]) cell.textContent = texts[place];
    });
    this.element.classList.toggle("own", isOwn);
    this.#price.title = isOwn ? "An order of yours is here." : "";
    this.element.style.setProperty("--fill", share.toFixed(1) + "%");
  }
}

class OrderBook extends Part {
  #bids = new Map();
  #asks = new Map();
  #number = null;
  #end = null;
  #levels = { ask: [], bid: [] };
  #spread = h("td");
  #caption = h("caption.unseen");

  begin() {
    const choose = (price) => this.dispatchEvent(new CustomEvent("price", { detail: price, bubbles: true }));
    for (const kind of ["ask", "bid"]) this.#levels[kind] = Array.from({ length: DEPTH },
      () => new Level(kind, choose));
    const rows = (kind) => this.#levels[kind].map(({ element }) => element);
    this.append(h("table", {}, this.#caption,
      h("thead", {}, h("tr", {}, ["Price", "Size", "Sum"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows("ask").reverse()),
      h("tbody.middle", {}, h("tr", {}, h("td", { colSpan: 2 }, "Spread"), this.#spread)),
      h("tbody", {}, rows("bid"))));
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
    if (!contract) return;
    this.#caption.textContent = "Order book of " + desk.symbol;
    const best = (side, sign) => [...side].sort((a, b) => sign * (Number(a[0]) - Number(b[0]))).slice(0, DEPTH);
    const [asks, bids] = [best(this.#asks, 1), best(this.#bids, -1)];
    const own = new Set(desk.openOrders.filter((order) => order.symbol === desk.symbol).map((order) => order.price));
    const total = (levels) => levels.reduce((sum, level) => sum + Number(level[1]), 0);
    const most = Math.max(total(asks), total(bids)) || 1;
    for (const [kind, levels] of [["ask", asks], ["bid", bids]]) {
      let sum = 0;
      this.#levels[kind].forEach((line, place) => {
        const level = levels[place];
        sum += Number(level?.[1] ?? 0);
        line.show(level, String(Number(sum.toFixed(8))), level ? (sum / most) * 100 : 0,
          level ? own.has(level[0]) : false, contract);
      });
    }
    const spread = asks.length && bids.length ? Number(asks[0][0]) - Number(bids[0][0]) : null;
    this.#spread.textContent = spread === null ? "–" : stepped(spread.toFixed(8), contract.tick);
  }
}

customElements.define("bw-order-book", OrderBook);
