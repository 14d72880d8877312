// The account's positions: the stage of the waterfall each is at, what it is backed by, and what can be done about it.
// Wide, they are rows of a table; narrow, cards. Figures change in place, so that focus and selection stay.

import { ask } from "../venue/api.js";
import { desk, ownPosition } from "../venue/desk.js";
import { grouped, money, signed, stepped } from "../venue/numbers.js";
import { effectiveLeverage, times } from "../venue/risk.js";
import { actButton } from "./act.js";
import { h, Part, row, table } from "./element.js";
import { gauge, lights } from "./gauge.js";
import { moveMargin } from "./margin-dialog.js";

const STAGES = {
  healthy: "healthy", preLiquidation: "pre-liquidation", partial: "partial liquidation",
  liquiditySupport: "liquidity support", insuranceFund: "insurance fund", autoDeleverage: "auto-deleverage",
};

/** Two figures that belong together, one below the other. */
const both = (first, second) => h("span.both", {}, h("span", {}, first), h("span.quiet", {}, second));

/** The figures of a position in pairs: what they are called, and under which names they are kept. */
const PAIRS = [
  [["Size", "leverage"], ["size", "effective"]], [["Entry", "settled"], ["entry", "settled"]], [["Mark"], ["mark"]],
  [["Liquidation", "bankruptcy"], ["liquidation", "bankruptcy"]],
  [["Margin", "mode, leverage"], ["margin", "mode"]], [["Unrealised", "realised"], ["unrealised", "realised"]],
  [["Buffer", "stage"], ["buffer", "stage"]], [["ADL"], ["adl"]],
];

/** One position as it is shown: made once, then kept up to date. */
class Shown {
  #figures = {};

  constructor(position, isNarrow) {
    const { name, symbol, side } = position;
    const keep = (key) => (this.#figures[key] = h("span"));
    const title = h("span", {},
      h("button.link", { type: "button", onclick: () => desk.choose(symbol) }, symbol),
        side === "net" ? "" : " " + side);
    const now = () => desk.positions.find((each) => each.name === name);
    this.margin = h("button", { type: "button", onclick: () => now() && moveMargin(now()) }, "Margin…");
    const close = actButton("Close", () => ask("POST", ownPosition(position, "/close"), {}),
      `${name} is being closed at market.`);
    for (const [button, what] of [[this.margin, "Margin of "], [close, "Close "]]) button.setAttribute("aria-label",
      what + name);
    const actions = h("span.actions", {}, this.margin, close);
    const pair = (keys) => (keys.length === 1 ? keep(keys[0]) : both(keep(keys[0]), keep(keys[1])));
    this.element = isNarrow
      ? h("article.position", { "aria-label": name }, h("header", {}, h("h3", {}, title), actions),
        h("dl", {}, PAIRS.map(([names, keys]) => h("div", {}, h("dt", {}, names.join(", ")), h("dd", {}, pair(keys))))))
      : row(h("th", { scope: "row" }, title), ...PAIRS.map(([, keys]) => pair(keys)), h("td", {}, actions));
    this.update(position);
  }

  update(position) {
    const contract = desk.contracts.get(position.symbol);
    const wallet = desk.standing?.wallets?.[contract.settle];
    const price = (text) => (text === null ? "none" : stepped(text, contract.tick));
    const leverage = times(effectiveLeverage(position, contract, wallet));
    const isLong = !position.size.startsWith("-");
    this.margin.hidden = position.mode !== "isolated";
    this.#set("size", `${grouped(position.size)} ${isLong ? "long" : "short"}`, isLong ? "bid" : "ask");
    this.#set("effective", `${leverage} effective`, "", "What it is worth at mark, over what stands behind it");
    for (const [key, text] of Object.entries({
      entry: price(position.entryPrice), settled: price(position.settledPrice), mark: price(position.markPrice),
      liquidation: price(position.liquidationPrice), bankruptcy: price(position.bankruptcyPrice),
      margin: money(position.margin, contract.settle), mode: `${position.mode} ${grouped(position.leverage)}x`,
      stage: STAGES[position.state] ?? position.state,
    })) this.#set(key, text);
    for (const [key, text] of [["unrealised", position.unrealisedPnl], ["realised", position.realisedPnl]]) {
      this.#set(key, signed(text, contract.settle), key === "realised" ? "" : text.startsWith("-") ? "ask"
        : Number(text) ? "bid" : "");
    }
    this.#picture("buffer", position.buffer, () => gauge(position.buffer));
    this.#picture("adl", [position.adlRank, position.adlPlace, position.adlAhead].join(), () => lights(position));
  }

  #set(key, text, kind = "", title) {
    const figure = this.#figures[key];
    if (figure.textContent !== text) figure.textContent = text;
    if (figure.className !== kind) figure.className = kind;
    if (title && figure.title !== title) figure.title = title;
  }

  #drawn = {};

  #picture(key, state, draw) {
    if (this.#drawn[key] === state && this.#figures[key].firstChild) return;
    this.#drawn[key] = state;
    this.#figures[key].replaceChildren(draw());
  }
}

class Positions extends Part {
  #shown = new Map();
  #narrow = matchMedia("(max-width: 56rem)");

  begin() {
    const draw = this.soon(() => this.#draw());
    this.on(desk, ["standing", "session"], draw);
    this.on(this.#narrow, "change", () => {
      this.#shown.clear();
      this.#draw();
    });
    this.#shown.clear();
    draw();
  }

  #draw() {
    const positions = desk.positions;
    const isSame = positions.length === this.#shown.size && positions.every(({ name }) => this.#shown.has(name));
    if (isSame && this.firstChild) {
      for (const position of positions) this.#shown.get(position.name).update(position);
      return;
    }
    this.#shown = new Map(positions.map((each) => [each.name, new Shown(each, this.#narrow.matches)]));
    const elements = [...this.#shown.values()].map(({ element }) => element);
    if (this.#narrow.matches && positions.length > 0) return this.replaceChildren(...elements);
    this.replaceChildren(table("Positions", [
      "Contract", ...PAIRS.map(([names]) => (names.length === 1 ? names[0] : both(...names))), "",
    ], elements, "No open position."));
  }
}

customElements.define("bw-positions", Positions);
