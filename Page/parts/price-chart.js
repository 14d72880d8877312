// Candles of trades and a line of marks, with the account's own prices drawn on them: entry, liquidation, bankruptcy;
// forced orders as markers, and how much would be liquidated where along the right edge.

import { get } from "../venue/api.js";
import { candles, grown, LENGTHS, start } from "../venue/candles.js";
import { desk, stream } from "../venue/desk.js";
import { placesOf } from "../venue/numbers.js";
import { h, Part } from "./element.js";
import { Heat } from "./heat.js";

/** How many candles make a picture: below it a shorter length is shown, as long as nobody has chosen one. */
const FEW = 24;
/** How old the heat gets, in milliseconds; how many markers and candles are kept. */
const [HEAT_AGE, MARKERS] = [5_000, 2_000];

/** Colours of the page by their names, spelled so that a canvas knows them. */
function colours(...names) {
  const probe = document.body.appendChild(h("i", { hidden: true }));
  const found = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

class PriceChart extends Part {
  #chart = null;
  #candles = null;
  #volume = null;
  #mark = null;
  #heat = new Heat();
  #lines = new Map();
  #ends = [];
  #markers = [];
  #length = localStorage.getItem("candles") ?? null;
  #shown = "1m";
  #last = null;
  #buttons = [];

  begin() {
    const place = h("div.canvas", { role: "img", "aria-label": "Chart of prices" });
    this.#buttons = Object.keys(LENGTHS).map((length) => h("button", { type: "button", onclick: () => {
      this.#length = length;
      localStorage.setItem("candles", length);
      this.#follow();
    } }, length));
    const heat = h("button", { type: "button", "aria-pressed": "true",
      title: "How much would be liquidated at which price",
      onclick: () => {
        this.#heat.isShown = !this.#heat.isShown;
        heat.setAttribute("aria-pressed", String(this.#heat.isShown));
        this.#drawHeat();
      } }, "Liquidation heat");
    this.append(h("div.choices", {}, h("div.choices", { role: "group", "aria-label": "Length of a candle" },
      this.#buttons),
      h("span.gap"), heat), place);
    this.#chart = LightweightCharts.createChart(place, {
      autoSize: true, timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 6, barSpacing: 7 },
      crosshair: { mode: 0 },
    });
    this.#volume = this.#chart.addHistogramSeries({
      priceScaleId: "", priceFormat: { type: "volume" }, priceLineVisible: false, lastValueVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.#candles = this.#chart.addCandlestickSeries({ autoscaleInfoProvider: (usual) => this.#scale(usual()) });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.18 } });
    this.#mark = this.#chart.addLineSeries({ lineWidth: 1, lineStyle: 2, priceLineVisible: false, title: "mark" });
    this.#candles.attachPrimitive(this.#heat);
    this.#paint();
    const lines = this.soon(() => this.#drawLines());
    this.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#paint());
    this.on(document, "theme", () => this.#paint());
    this.on(desk, "symbol", () => this.#follow());
    this.on(stream, "gap", () => this.#follow());
    this.on(desk, "standing", lines);
    const timer = setInterval(() => this.#drawHeat(), HEAT_AGE);
    this.until(() => clearInterval(timer));
    this.until(() => this.#ends.splice(0).forEach((end) => end()));
    this.until(() => {
      this.#lines.clear();
      this.#chart.remove();
    });
    this.#follow();
  }

  #colour = {};

  #paint() {
    const names = ["--ink", "--quiet", "--line", "--good", "--bad", "--warn", "--accent", "--grid"];
    const found = colours(...names);
    this.#colour = Object.fromEntries(names.map((name, place) => [name, found[place]]));
    const [ink, quiet, line, good, bad, , , grid] = found;
    this.#chart.applyOptions({
      layout: { background: { color: "transparent" }, textColor: ink, fontSize: 11, attributionLogo: false },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      rightPriceScale: { borderColor: line }, timeScale: { borderColor: line },
    });
    this.#candles.applyOptions({
      upColor: good, downColor: bad, wickUpColor: good, wickDownColor: bad, borderVisible: false,
    });
    this.#volume.applyOptions({ color: line });
    this.#mark.applyOptions({ color: quiet });
    for (const line of this.#lines.values()) this.#candles.removePriceLine(line.drawn);
    this.#lines.clear();
    this.#drawLines();
    this.#drawHeat();
  }

  async #follow() {
    for (const end of this.#ends.splice(0)) end();
    const [symbol, contract, chosen] = [desk.symbol, desk.contract, this.#length];
    if (!contract) return;
    const format = { type: "price", precision: placesOf(contract.tick), minMove: Number(contract.tick) };
    this.#candles.applyOptions({ priceFormat: format });
    this.#mark.applyOptions({ priceFormat: format });
    let length = chosen ?? "1m";
    let found, forced;
    try {
      [found, { orders: forced }] = await Promise.all([
        candles(symbol, length), get(`/contracts/${symbol}/liquidations?limit=200`)]);
      // A venue that has just begun has few minutes to show.
      if (!chosen && found.trades.length < FEW) found = await candles(symbol, length = "5s");
    } catch {
      return;
    }
    if (symbol !== desk.symbol || chosen !== this.#length || !this.isConnected) return;
    for (const end of this.#ends.splice(0)) end();
    this.#shown = length;
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(button.textContent === length));
    this.#chart.timeScale().applyOptions({ secondsVisible: LENGTHS[length] < 60 });
    this.#candles.setData(found.trades);
    this.#volume.setData(found.trades.map(({ time, volume }) => ({ time, value: volume })));
    this.#mark.setData(found.marks);
    this.#last = found.trades.at(-1) ?? null;
    this.#markers = forced.filter((order) => Number(order.size) > 0).map((order) => this.#marker(order));
    this.#drawMarkers();
    this.#drawLines();
    this.#drawHeat();
    const draw = this.soon(() => this.#drawLast());
    const markers = this.soon(() => this.#drawMarkers());
    this.#ends.push(
      stream.listen("trades:" + symbol, (trade) => {
        const candle = grown(this.#last, trade, length);
        if (!candle) return;
        if (candle.time !== this.#last?.time) this.#drawLast();
        this.#last = candle;
        draw();
      }),
      stream.listen("marks:" + symbol, (data, { isSnapshot, time }) => {
        if (!data.mark) return;
        const next = { time: start(isSnapshot ? new Date().toISOString() : time, length), value: Number(data.mark) };
        if (this.#now && next.time < this.#now.time) return;
        this.#now = next;
        draw();
      }),
      stream.listen("liquidations:" + symbol, (order) => {
        if (Number(order.size) === 0) return;
        this.#markers.push(this.#marker(order));
        markers();
      }));
    this.#now = found.marks.at(-1) ?? null;
  }

  #now = null;

  #drawLast() {
    if (this.#last) {
      this.#candles.update(this.#last);
      this.#volume.update({ time: this.#last.time, value: this.#last.volume });
    }
    if (this.#now) this.#mark.update(this.#now);
  }

  #marker(order) {
    const isSale = order.side === "sell";
    return {
      time: start(order.time, this.#shown), position: isSale ? "aboveBar" : "belowBar",
      shape: isSale ? "arrowDown" : "arrowUp",
    };
  }

  /** One arrow for all sales of a candle and one for all purchases, with how many there were. */
  #drawMarkers() {
    this.#markers = this.#markers.sort((a, b) => a.time - b.time).slice(-MARKERS);
    const arrows = new Map();
    for (const marker of this.#markers) {
      const key = marker.time + marker.shape;
      arrows.set(key, { ...marker, count: (arrows.get(key)?.count ?? 0) + 1 });
    }
    this.#candles.setMarkers([...arrows.values()].map(({ count, ...arrow }) => ({
      ...arrow, color: this.#colour["--warn"], size: 0.7, text: String(count),
    })));
  }

  async #drawHeat() {
    const symbol = desk.symbol;
    if (document.hidden || !symbol) return;
    const found = this.#heat.isShown ? await get(`/contracts/${symbol}/heatmap`).catch(() => null) : { buckets: [] };
    if (!found || symbol !== desk.symbol || !this.isConnected) return;
    this.#heat.show(found.buckets, [this.#colour["--bad"], this.#colour["--good"]]);
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

  /**
   * Entry, liquidation and bankruptcy price of the positions in this contract, and where its open orders wait; lines
   * stay and move.
   */
  #drawLines() {
    const wanted = new Map();
    const isDrawn = ({ symbol, type }) => symbol === desk.symbol && type !== "trailingStop";
    for (const order of desk.openOrders.filter(isDrawn)) {
      const price = Number(order.stop ?? order.price);
      const color = this.#colour[order.side === "buy" ? "--good" : "--bad"];
      if (price) wanted.set(order.id, { title: `${order.side} ${order.remaining}`, price, color, lineStyle: 1 });
    }
    for (const position of desk.positions.filter(({ symbol }) => symbol === desk.symbol)) {
      const side = position.side === "net" ? "" : " " + position.side;
      for (const [title, price, name, lineStyle] of [
        ["entry", position.entryPrice, "--accent", 0], ["liquidation", position.liquidationPrice, "--warn", 2],
        ["bankruptcy", position.bankruptcyPrice, "--bad", 2],
      ]) {
        if (!price) continue;
        wanted.set(title + side, { title: title + side, price: Number(price), color: this.#colour[name], lineStyle });
      }
    }
    for (const [key, { drawn }] of this.#lines) {
      if (wanted.has(key)) continue;
      this.#candles.removePriceLine(drawn);
      this.#lines.delete(key);
    }
    for (const [key, options] of wanted) {
      const line = this.#lines.get(key);
      if (!line) {
        this.#lines.set(key, { drawn: this.#candles.createPriceLine({ ...options, lineWidth: 1 }), ...options });
      } else if (line.price !== options.price || line.title !== options.title) {
        Object.assign(line, { price: options.price, title: options.title });
        line.drawn.applyOptions({ price: options.price, title: options.title });
      }
    }
  }
}

customElements.define("bw-price-chart", PriceChart);
