// Placing orders: every type, size by a slider, and what either side would leave the account with before it is sent.

import { ask } from "../venue/api.js";
import { desk, own } from "../venue/desk.js";
import { grouped, money, percent, suggestion } from "../venue/numbers.js";
import { Foresight } from "../venue/preview.js";
import { act } from "./act.js";
import { h, Part } from "./element.js";
import "./leverage.js";
import { prospects } from "./prospects.js";

const TYPES = [
  ["limit", "Limit"], ["market", "Market"], ["stop", "Stop"], ["stopLimit", "Stop limit"],
    ["takeProfit", "Take profit"],
  ["takeProfitLimit", "Take profit limit"], ["trailingStop", "Trailing stop"],
];
const hasLimit = (type) => ["limit", "stopLimit", "takeProfitLimit"].includes(type);
const waits = (type) => !["limit", "market"].includes(type);
/** How old a preview may get while nothing is changed, in milliseconds: marks and books move on. */
const AGE = 2_000;

class OrderForm extends Part {
  #fields = {};
  #leverage = document.createElement("bw-leverage");
  #facts = h("dl.facts");
  #prospects = h("div.prospects");
  #foresight = new Foresight((answers) => this.#prospects.replaceChildren(prospects(answers)));

  begin() {
    const field = (name, label, input, ...more) => {
      this.#fields[name] = input;
      input.id = "order-" + name;
      return h("div.field", { "data-field": name }, h("label", { htmlFor: input.id }, label), input, ...more);
    };
    const decimal = () => h("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
    const choice = (values, onchange) =>
      h("select", { onchange }, values.map((each) => h("option", { value: each }, each)));
    const type = h("select", { onchange: () => this.#shape() },
      TYPES.map(([value, text]) => h("option", { value }, text)));
    const share = h("input", {
      type: "range", min: 0, max: 100, step: 1, value: 0, oninput: () => this.#sized(Number(share.value)),
    });
    const shares = [25, 50, 75, 100].map((part) => h("button", { type: "button", onclick: () => {
      share.value = part;
      this.#sized(part);
    } }, part + " %"));
    const side = (name, text) => h("button." + name, { type: "submit", value: name }, text);
    const position = choice(["long", "short"], () => {
      this.#leverage.side = position.value;
      this.#leverage.look();
    });
    const form = h("form",
      { onsubmit: (event) => { event.preventDefault(); this.#place(event.submitter?.value ?? "buy"); } },
      // The button that Enter presses: none, lest a key too many is an order.
      h("button", { type: "submit", disabled: true, hidden: true }),
      h("div.pair", {}, field("type", "Type", type), field("tif", "Time in force", choice(["GTC", "IOC", "FOK"]))),
      h("div.pair", {}, field("stop", "Trigger price", decimal()),
        field("trigger", "Watches", choice(["mark", "last", "index"]))),
      h("div.pair", {}, field("price", "Price", decimal()), field("size", "Size", decimal())),
      field("share", "Share of what is available", share, h("div.shares", {}, shares)),
      h("div.checks", {},
        h("label", {}, this.#fields.postOnly = h("input", { type: "checkbox" }), " post only"),
        h("label", {}, this.#fields.reduceOnly = h("input", { type: "checkbox" }), " reduce only")),
      this.#prospects,
      h("div.sides", {}, side("buy", "Buy / long"), side("sell", "Sell / short")), this.#facts);
    this.append(h("h2.unseen", {}, "Place an order"), field("position", "Side of the pair", position), this.#leverage,
      form);
    this.on(form, ["input", "change"], () => this.#foresee());
    this.on(this, "leverage", () => this.#foresee());
    this.on(desk, ["symbol", "standing", "session"], () => this.#show());
    this.on(desk, ["symbol", "session"], () => this.#foresee());
    this.on(document, "price", (event) => {
      this.#fields.price.value = event.detail;
      this.#foresee();
    });
    const timer = setInterval(() => this.#isComplete() && !document.hidden && this.#foresee(), AGE);
    this.until(() => clearInterval(timer));
    this.until(() => this.#foresight.end());
    this.#shape();
    this.#show();
  }

  /** Shows the fields that the type of order needs, and no others. */
  #shape() {
    const type = this.#fields.type.value;
    const shown = { price: hasLimit(type), stop: waits(type), trigger: waits(type), tif: hasLimit(type) };
    for (const [name, isShown] of Object.entries(shown)) this.querySelector(`[data-field="${name}"]`).hidden = !isShown;
    this.querySelector('[data-field="stop"] label').textContent = type === "trailingStop" ? "Distance"
      : "Trigger price";
    this.#foresee();
  }

  #show() {
    this.hidden = !desk.account;
    const contract = desk.contract;
    if (!contract || !desk.account) return;
    const wallet = desk.standing?.wallets?.[contract.settle];
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
    this.#facts.replaceChildren(
      ...fact("Available", (money(wallet?.available, contract.settle) || "0.00") + " " + contract.settle),
      ...fact("Fee, maker and taker", percent(contract.makerFee) + ", " + percent(contract.takerFee)),
      ...fact("Tick, lot", contract.tick + ", " + contract.lot));
    this.querySelector('[data-field="position"]').hidden = !desk.standing?.hedged;
    const side = desk.standing?.hedged ? this.#fields.position.value : "net";
    if (this.#leverage.side === side) return;
    this.#leverage.side = side;
    this.#leverage.look();
  }

  /** A size worth a share of what is available at the leverage chosen; the venue judges it. */
  #sized(share) {
    const contract = desk.contract;
    const wallet = desk.standing?.wallets?.[contract.settle];
    const price = Number((hasLimit(this.#fields.type.value) && this.#fields.price.value) || contract.mark);
    const leverage = this.#leverage.value || Number(this.#leverage.settings?.leverage ?? 1);
    const value = (Number(wallet?.available ?? 0) * leverage * share) / 100;
    const perUnit = contract.kind === "inverse" ? Number(contract.multiplier) / price
      : Number(contract.multiplier) * price;
    // A little less: fees and the spread come on top, and fees are of the value, not of the margin.
    this.#fields.size.value = suggestion((value / perUnit) * (0.99 - Number(contract.takerFee) * leverage),
      contract.lot);
    this.#foresee();
  }

  /** The order as the venue takes it. */
  #order(side) {
    const { type, price, stop, trigger, size, tif, postOnly, reduceOnly, position } = this.#fields;
    const order = { symbol: desk.symbol, side, type: type.value, size: size.value.trim() };
    if (hasLimit(type.value)) Object.assign(order, { price: price.value.trim(), tif: tif.value });
    if (waits(type.value)) Object.assign(order, { stop: stop.value.trim(), trigger: trigger.value });
    if (desk.standing?.hedged) order.position = position.value;
    if (postOnly.checked) order.postOnly = true;
    if (reduceOnly.checked) order.reduceOnly = true;
    return order;
  }

  #isComplete() {
    const { type, price, size } = this.#fields;
    const isNumber = (input) => Number(input.value) > 0;
    // What an order that waits for a price would do depends on how things stand then.
    return Boolean(desk.account) && !waits(type.value) && isNumber(size) && (!hasLimit(type.value) || isNumber(price));
  }

  #foresee() {
    this.#foresight.ask(this.#isComplete() ? ["buy", "sell"].map((side) => ({ order: this.#order(side) })) : []);
  }

  async #place(side) {
    await act(() => ask("POST", own("/orders"), this.#order(side)), ({ order }) => {
      const what = `${order.side === "buy" ? "Buy" : "Sell"} ${grouped(order.size)} ${order.symbol}`;
      return order.state === "filled" ? `${what}: filled at ${grouped(order.averagePrice)}.`
        : `${what}: ${order.state}.`;
    });
    this.#foresee();
  }
}

customElements.define("bw-order-form", OrderForm);
