// Candles of trades or marks, with the account's own prices drawn on them: entry, liquidation, bankruptcy; and forced
// orders as markers.

import { get } from "../venue/api.js";
import { desk, stream } from "../venue/desk.js";
import { placesOf } from "../venue/numbers.js";
import { h, Part } from "./element.js";

const LENGTHS = ["1m", "5m", "15m", "1h"];

/** A colour of the page by its name, spelled so that a canvas knows it. */
function colour(name) {
  const probe = document.body.appendChild(h("i", { hidden: true }));
  probe.style.color = `var(${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const seconds = (moment) => Math.floor(Date.parse(moment) / 1_000);
/** The chart counts in UTC; shifted so that its clock is the reader's. */
const local = (moment) => seconds(moment) - new Date(moment).getTimezoneOffset() * 60;

class PriceChart extends Part {
  #chart = null;
  #candles = null;
  #mark = null;
  #lines = [];
  #ends = [];
  #markers = [];
  #length = "1m";
  #last = null;

  begin() {
    const place = h("div.canvas", { role: "img", "aria-label": "Chart of prices" });
    const lengths = LENGTHS.map((length) => h("button", {
      type: "button", "aria-pressed": String(length === this.#length), onclick: () => {
        this.#length = length;
        for (const button of lengths) button.setAttribute("aria-pressed", String(button.textContent === length));
        this.#follow();
      },
    }, length));
    this.append(h("div.choices", { role: "group", "aria-label": "Length of a candle" }, lengths), place);
    this.#chart = LightweightCharts.createChart(place, { autoSize: true, timeScale: { timeVisible: true, secondsVisible: false } });
    this.#candles = this.#chart.addCandlestickSeries({ autoscaleInfoProvider: (usual) => this.#scale(usual()) });
    this.#mark = this.#chart.addLineSeries({ lineWidth: 1, priceLineVisible: false, title: "mark" });
    this.#paint();
    this.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#paint());
    this.on(document, "theme", () => this.#paint());
    this.on(desk, "symbol", () => this.#follow());
    this.on(desk, "standing", () => this.#drawLines());
    this.until(() => this.#ends.splice(0).forEach((end) => end()));
    this.until(() => this.#chart.remove());
    this.#follow();
  }

  #paint() {
    const [ink, quiet, line, good, bad] = ["--ink", "--quiet", "--line", "--good", "--bad"].map(colour);
    this.#chart.applyOptions({
      layout: { background: { color: "transparent" }, textColor: ink, fontSize: 12 },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      rightPriceScale: { borderColor: line }, timeScale: { borderColor: line },
    });
    this.#candles.applyOptions({ upColor: good, downColor: bad, wickUpColor: good, wickDownColor: bad, borderVisible: false });
    this.#mark.applyOptions({ color: quiet });
  }

  async #follow() {
    for (const end of this.#ends.splice(0)) end();
    const [symbol, contract, length] = [desk.symbol, desk.contract, this.#length];
    if (!contract) return;
    const format = { type: "price", precision: placesOf(contract.tick), minMove: Number(contract.tick) };
    this.#candles.applyOptions({ priceFormat: format });
    this.#mark.applyOptions({ priceFormat: format });
    const [trades, marks, forced] = await Promise.all([
      get(`/contracts/${symbol}/candles?source=trades&interval=${length}&limit=500`),
      get(`/contracts/${symbol}/candles?source=marks&interval=${length}&limit=500`),
      get(`/contracts/${symbol}/liquidations?limit=200`),
    ]);
    if (symbol !== desk.symbol || length !== this.#length) return;
    const oldestFirst = (candles) => [...candles].sort((a, b) => seconds(a.start) - seconds(b.start));
    const drawn = oldestFirst(trades.candles).map((each) => this.#candle(each));
    this.#candles.setData(drawn);
    this.#last = drawn.at(-1) ?? null;
    this.#mark.setData(oldestFirst(marks.candles).map((each) => ({ time: local(each.start), value: Number(each.close) })));
    this.#markers = forced.orders.filter((order) => Number(order.size) > 0).map((order) => this.#marker(order));
    this.#drawMarkers();
    this.#drawLines();
    this.#ends.push(
      stream.listen("trades:" + symbol, (trade) => this.#trade(trade)),
      stream.listen("marks:" + symbol, (data, { isSnapshot, time }) => {
        if (data.mark) this.#mark.update({ time: this.#start(isSnapshot ? new Date().toISOString() : time), value: Number(data.mark) });
      }),
      stream.listen("liquidations:" + symbol, (order) => {
        this.#markers.push(this.#marker(order));
        this.#drawMarkers();
      }));
  }

  #candle(candle) {
    return { time: local(candle.start), open: Number(candle.open), high: Number(candle.high), low: Number(candle.low), close: Number(candle.close) };
  }

  /** The start of the candle that a moment falls in. */
  #start(moment) {
    const width = { "1m": 60, "5m": 300, "15m": 900, "1h": 3_600 }[this.#length];
    return Math.floor(local(moment) / width) * width;
  }

  #trade(trade) {
    const [start, price] = [this.#start(trade.time), Number(trade.price)];
    if (this.#last && start < this.#last.time) return;
    if (this.#last?.time !== start) this.#last = { time: start, open: price, high: price, low: price, close: price };
    else {
      this.#last = {
        ...this.#last, close: price, high: Math.max(this.#last.high, price), low: Math.min(this.#last.low, price),
      };
    }
    this.#candles.update(this.#last);
  }

  #marker(order) {
    const isSale = order.side === "sell";
    return {
      time: this.#start(order.time), position: isSale ? "aboveBar" : "belowBar", color: colour("--warn"),
      shape: isSale ? "arrowDown" : "arrowUp",
    };
  }

  /** One arrow for all sales of a candle and one for all purchases, with how many there were. */
  #drawMarkers() {
    this.#markers = this.#markers.sort((a, b) => a.time - b.time).slice(-2_000);
    const arrows = new Map();
    for (const marker of this.#markers) {
      const key = marker.time + marker.shape;
      arrows.set(key, { ...marker, count: (arrows.get(key)?.count ?? 0) + 1 });
    }
    this.#candles.setMarkers([...arrows.values()].map((arrow) => ({ ...arrow, text: arrow.count + " liq." })));
  }

  /** Candles and, where it is near enough for them to stay readable, the liquidation price. */
  #scale(usual) {
    if (!usual?.priceRange) return usual;
    let { minValue, maxValue } = usual.priceRange;
    for (const { symbol, liquidationPrice } of desk.positions) {
      const price = Number(liquidationPrice);
      if (symbol !== desk.symbol || !price || Math.abs(price - (minValue + maxValue) / 2) > 0.05 * maxValue) continue;
      [minValue, maxValue] = [Math.min(minValue, price), Math.max(maxValue, price)];
    }
    return { ...usual, priceRange: { minValue, maxValue } };
  }

  /** Entry, liquidation and bankruptcy price of the positions in this contract. */
  #drawLines() {
    for (const line of this.#lines.splice(0)) this.#candles.removePriceLine(line);
    for (const position of desk.positions.filter(({ symbol }) => symbol === desk.symbol)) {
      const side = position.side === "net" ? "" : " " + position.side;
      for (const [title, price, name, style] of [
        ["entry", position.entryPrice, "--accent", 0], ["liquidation", position.liquidationPrice, "--warn", 2],
        ["bankruptcy", position.bankruptcyPrice, "--bad", 2],
      ]) {
        if (!price) continue;
        this.#lines.push(this.#candles.createPriceLine({
          price: Number(price), color: colour(name), lineStyle: style, lineWidth: 1, title: title + side,
        }));
      }
    }
  }
}

customElements.define("bw-price-chart", PriceChart);
