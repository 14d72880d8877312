// One line about the contract that is looked at: its prices, its day, what is open, and funding.

import { get } from "../venue/api.js";
import { desk } from "../venue/desk.js";
import { grouped, percent, stepped, time } from "../venue/numbers.js";
import { h, Part } from "./element.js";
import { short } from "./svg.js";

/** How old the figures become, in milliseconds. */
const AGE = 2_000;

class Ticker extends Part {
  #figures = new Map();

  begin() {
    const list = h("dl");
    for (const name of ["Last", "Index", "Change, 24 h", "High", "Low", "Volume, 24 h", "Open interest", "Funding",
      "Trading"]) {
      const value = h("dd");
      this.#figures.set(name, value);
      list.append(h("div", {}, h("dt", {}, name), value));
    }
    this.append(h("div.scroll", { tabIndex: 0, role: "region", "aria-label": "The contract and its day" }, list));
    this.on(desk, "symbol", () => this.#refresh());
    const timer = setInterval(() => document.hidden || this.#refresh(), AGE);
    this.until(() => clearInterval(timer));
    this.#refresh();
  }

  async #refresh() {
    const symbol = desk.symbol;
    if (!symbol) return;
    const [contract, day] = await Promise.all([get("/contracts/" + symbol),
      get(`/contracts/${symbol}/day`)]).catch(() => []);
    if (!contract || symbol !== desk.symbol || !this.isConnected) return;
    desk.contracts.set(symbol, contract);
    const price = (text) => (text === null ? "–" : stepped(text, contract.tick));
    const change = day.open && day.last ? (Number(day.last) / Number(day.open) - 1) * 100 : null;
    const changed = change === null ? "–" : `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(2)} %`;
    this.#set("Last", price(contract.last));
    this.#set("Index", price(contract.index));
    this.#set("Change, 24 h", changed, change < 0 ? "ask" : "bid");
    this.#set("High", price(day.high));
    this.#set("Low", price(day.low));
    this.#set("Volume, 24 h", `${short(Number(day.value))} ${contract.settle}`, "",
      `${grouped(day.volume)} in ${grouped(day.trades)} trades`);
    this.#set("Open interest", grouped(contract.openInterest));
    this.#set("Funding", contract.fundingRate === null ? "–" : percent(contract.fundingRate), "",
      contract.nextFunding ? "Next: " + time(contract.nextFunding).textContent : "None is due.");
    this.#set("Trading", contract.trading + (contract.stale ? ", mark stale" : ""),
      contract.trading === "open" && !contract.stale ? "bid" : "warn");
  }

  #set(name, text, kind = "", title = "") {
    const value = this.#figures.get(name);
    if (value.textContent !== text) value.textContent = text;
    value.className = kind;
    value.title = title;
  }
}

customElements.define("bw-ticker", Ticker);
