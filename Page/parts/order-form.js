// Placing orders: every type, size by a slider, leverage by a slider whose far left is cross.

import { ask, get } from "../venue/api.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { grouped, money, percent, suggestion } from "../venue/numbers.js";
import { attempt, h, Part } from "./element.js";

const TYPES = [
  ["limit", "Limit"], ["market", "Market"], ["stop", "Stop"], ["stopLimit", "Stop limit"], ["takeProfit", "Take profit"],
  ["takeProfitLimit", "Take profit limit"], ["trailingStop", "Trailing stop"],
];
const hasLimit = (type) => ["limit", "stopLimit", "takeProfitLimit"].includes(type);
const waits = (type) => !["limit", "market"].includes(type);

class OrderForm extends Part {
  #fields = {};
  #facts = null;
  #leverage = null;

  begin() {
    const field = (name, label, input) => {
      this.#fields[name] = input;
      input.id = "order-" + name;
      return h("div.field", { "data-field": name }, h("label", { htmlFor: input.id }, label), input);
    };
    const decimal = () => h("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
    const choice = (values, onchange) => h("select", { onchange }, values.map((each) => h("option", { value: each }, each)));
    const type = h("select", { onchange: () => this.#shape() }, TYPES.map(([value, text]) => h("option", { value }, text)));
    const share = h("input", {
      type: "range", min: 0, max: 100, step: 1, value: 0, oninput: () => this.#sized(Number(share.value)),
    });
    const leverage = h("input", {
      type: "range", min: 0, step: 1, oninput: () => this.#nameLeverage(Number(leverage.value)),
      onchange: () => this.#setLeverage(Number(leverage.value)),
    });
    this.#leverage = h("output", { htmlFor: "order-leverage" });
    this.#facts = h("dl.facts");
    const side = (name, text) => h("button." + name, { type: "submit", value: name }, text);
    this.append(
      h("h2", {}, "Place an order"),
      h("form", { onsubmit: (event) => { event.preventDefault(); this.#place(event.submitter?.value ?? "buy"); } },
        field("position", "Side of the pair", choice(["long", "short"], () => this.#show())),
        h("div.field", {}, h("label", { htmlFor: "order-leverage" }, "Leverage ", this.#leverage), leverage),
        field("type", "Type", type),
        field("price", "Price", decimal()), field("stop", "Trigger price", decimal()),
        field("trigger", "Watches", choice(["mark", "last", "index"])),
        field("size", "Size", decimal()), field("share", "Share of what is available", share),
        field("tif", "Time in force", choice(["GTC", "IOC", "FOK"])),
        h("div.checks", {},
          h("label", {}, this.#fields.postOnly = h("input", { type: "checkbox" }), " post only"),
          h("label", {}, this.#fields.reduceOnly = h("input", { type: "checkbox" }), " reduce only")),
        this.#facts,
        h("div.sides", {}, side("buy", "Buy / long"), side("sell", "Sell / short"))));
    this.#fields.leverage = leverage;
    leverage.id = "order-leverage";
    this.on(desk, ["symbol", "standing", "session"], () => this.#show());
    this.on(document, "price", (event) => { this.#fields.price.value = event.detail; });
    this.#shape();
    this.#show();
  }

  /** Which position is meant. */
  get #key() {
    return { symbol: desk.symbol, side: desk.standing?.hedged ? this.#fields.position.value : "net" };
  }

  /** Shows the fields that the type of order needs, and no others. */
  #shape() {
    const type = this.#fields.type.value;
    const shown = { price: hasLimit(type), stop: waits(type), trigger: waits(type), tif: hasLimit(type) };
    for (const [name, isShown] of Object.entries(shown)) this.querySelector(`[data-field="${name}"]`).hidden = !isShown;
    this.querySelector('[data-field="stop"] label').textContent = type === "trailingStop" ? "Distance" : "Trigger price";
  }

  async #show() {
    this.hidden = !desk.account;
    const contract = desk.contract;
    if (!contract || !desk.account) return;
    const wallet = desk.standing?.wallets?.[contract.settle];
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
    this.#facts.replaceChildren(
      ...fact("Available", (money(wallet?.available) || "0.00") + " " + contract.settle),
      ...fact("Tick, lot", contract.tick + ", " + contract.lot),
      ...fact("Fee, maker and taker", percent(contract.makerFee) + ", " + percent(contract.takerFee)));
    this.querySelector('[data-field="position"]').hidden = !desk.standing?.hedged;
    const { symbol, side } = this.#key;
    const known = [desk.account, symbol, side].join();
    const open = desk.positions.find((position) => position.symbol === symbol && position.side === side);
    if (open) this.#standLeverage(open);
    else if (this.#known !== known) {
      this.#known = known;
      const found = await attempt(() => get(ownPosition(this.#key)));
      if (found) this.#standLeverage(found);
    }
  }

  #known = null;
  #settings = null;

  #standLeverage(settings) {
    this.#settings = settings;
    const slider = this.#fields.leverage;
    if (document.activeElement === slider) return;
    slider.max = Math.floor(Number(desk.contract.maxLeverage));
    slider.value = settings.mode === "cross" ? 0 : Math.round(Number(settings.leverage));
    this.#nameLeverage(Number(slider.value));
  }

  #nameLeverage(value) {
    this.#leverage.textContent = value === 0 ? "cross" : "isolated, " + value + "x";
  }

  async #setLeverage(value) {
    const body = value === 0
      ? { leverage: this.#settings?.leverage ?? "10", mode: "cross" } : { leverage: String(value), mode: "isolated" };
    await attempt(() => ask("PUT", ownPosition(this.#key, "/leverage"), body),
      value === 0 ? desk.symbol + " is margined cross." : `${desk.symbol} is isolated at ${value}x.`);
    await desk.refresh().catch(() => {});
  }

  /** A size worth a share of what is available at the leverage chosen; the venue judges it. */
  #sized(share) {
    const contract = desk.contract;
    const wallet = desk.standing?.wallets?.[contract.settle];
    const price = Number(this.#fields.price.value || contract.mark);
    const leverage = Number(this.#fields.leverage.value) || Number(this.#settings?.leverage ?? 1);
    const value = (Number(wallet?.available ?? 0) * leverage * share) / 100;
    const perUnit = contract.kind === "inverse" ? Number(contract.multiplier) / price : Number(contract.multiplier) * price;
    // A little less: fees and the spread come on top.
    this.#fields.size.value = suggestion((value / perUnit) * 0.97, contract.lot);
  }

  async #place(side) {
    const { type, price, stop, trigger, size, tif, postOnly, reduceOnly } = this.#fields;
    const body = { symbol: desk.symbol, side, type: type.value, size: size.value.trim() };
    if (hasLimit(type.value)) Object.assign(body, { price: price.value.trim(), tif: tif.value });
    if (waits(type.value)) Object.assign(body, { stop: stop.value.trim(), trigger: trigger.value });
    if (desk.standing?.hedged) body.position = this.#key.side;
    if (postOnly.checked) body.postOnly = true;
    if (reduceOnly.checked) body.reduceOnly = true;
    await attempt(() => ask("POST", own("/orders"), body), ({ order }) => {
      const what = `${order.side === "buy" ? "Buy" : "Sell"} ${grouped(order.size)} ${order.symbol}`;
      return order.state === "filled" ? `${what}: filled at ${grouped(order.averagePrice)}.` : `${what}: ${order.state}.`;
    });
    await desk.refresh().catch(() => {});
  }
}

customElements.define("bw-order-form", OrderForm);
