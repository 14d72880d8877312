// A first liquidation, guided: an account with play money, a position at high leverage, and what happens to it, each
// stage explained with its own numbers as it happens.

import { ask, get, signUp } from "../venue/api.js";
import { DANGER, standing, WARNING } from "../venue/buffer.js";
import { desk, own } from "../venue/desk.js";
import { grouped, money, signed, stepped, suggestion } from "../venue/numbers.js";
import { stageMeaning, stageName } from "../venue/stages.js";
import { h, Part } from "./element.js";
import { gauge } from "./gauge.js";

/** The value of the position, in the currency it settles in: enough to feel it, small beside the book. */
const VALUE = 5_000;

class Tour extends Part {
  #steps = null;
  #state = null;
  #told = new Set();

  begin() {
    this.hidden = true;
    this.on(desk, "session", () => { if (!desk.session) this.#end(); });
    this.on(desk, "standing", () => this.#follow());
    this.on(desk, "update", ({ detail }) => this.#hear(detail));
  }

  /** Begins, unless somebody is signed in already. */
  async start() {
    if (desk.session) return;
    const contract = desk.contract;
    this.#told.clear();
    this.#steps = h("ol.steps");
    this.#state = h("p", { role: "status" });
    this.replaceChildren(
      h("h2", {}, "A first liquidation"), this.#state, this.#steps,
      h("button", { type: "button", onclick: () => this.#end() }, "End the tour"));
    this.hidden = false;
    try {
      const name = "visitor-" + crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
      const password = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("-");
      const [[currency, amount]] = Object.entries(desk.venue.faucet);
      desk.enter(await signUp(name, password));
      await ask("POST", own("/faucet"), { currency });
      this.#tell("An account", `You are ${name} now, with ${grouped(amount)} ${currency} of play money. `
        + "Sign out to leave it; nobody can sign in to it again.");
      const leverage = String(Math.min(50, Math.floor(Number(contract.maxLeverage))));
      await ask("PUT", own(`/positions/${contract.symbol}/leverage`), { leverage, mode: "isolated" });
      this.#tell("Leverage", `${contract.symbol} is isolated at ${leverage}x: `
        + "only what is put behind this one position can be lost with it.");
      const side = await this.#side(contract);
      const { order } = await ask("POST", own("/orders"), {
        symbol: contract.symbol, side, type: "market", size: suggestion(VALUE / Number(contract.mark), contract.lot),
      });
      await desk.refresh();
      const position = desk.positions.find(({ symbol }) => symbol === contract.symbol);
      if (!position) return this.#tell("No trade", "The book was empty just now. End the tour and try again.");
      const price = (text) => stepped(text, contract.tick);
      this.#tell("A position",
        `${side === "buy" ? "Long" : "Short"} ${grouped(order.filled)} at ${price(position.entryPrice)}. `
        + `${money(position.margin, contract.settle)} ${currency} is behind it. It is liquidated at a mark of `
        + `${price(position.liquidationPrice)}, and its margin is used up at ${price(position.bankruptcyPrice)}.`);
    } catch (refusal) {
      this.#tell("That did not work", refusal.message);
    }
  }

  /** Against where the mark has been going: the sooner it gets interesting. */
  async #side(contract) {
    const { candles } = await get(`/contracts/${contract.symbol}/candles?source=marks&interval=1m&limit=2`);
    const first = candles.at(-1);
    return first && Number(first.open) < Number(contract.mark) ? "sell" : "buy";
  }

  #follow() {
    if (this.hidden) return;
    const position = desk.positions.find(({ symbol }) => symbol === desk.symbol);
    if (!position) return this.#state.replaceChildren();
    const contract = desk.contract;
    const amount = (text) => money(text, contract.settle);
    const mark = stepped(position.markPrice, contract.tick);
    this.#state.replaceChildren(gauge(position.buffer), ` of the buffer left: ${amount(position.margin)} is behind the `
      + `position, which has ${signed(position.unrealisedPnl, contract.settle)} at a mark of ${mark}; `
      + `${amount(position.maintenanceMargin)} must stay.`);
    const kind = standing(position.buffer);
    if (kind === "good" || kind === null) return;
    this.#once("A warning",
      `Less than ${WARNING} % of the buffer is left. Adding margin now would move the liquidation price `
      + "away; so would closing a part.");
    if (kind === "warn") return;
    this.#once("Danger", `Less than ${DANGER} % is left. This is the last moment to act: the buttons at the top do.`);
  }

  #hear(update) {
    if (this.hidden || update.kind !== "liquidation") return;
    this.#tell("Liquidation: " + stageName(update.stage), stageMeaning(update.stage));
    if (update.stage !== "closed") return;
    this.#steps.append(h("li", {}, h("h3", {}, "Where the money went"),
      h("a", { href: "#/liquidation/" + update.id }, "Read this liquidation, to the last unit")));
  }

  #once(title, text) {
    if (this.#told.has(title)) return;
    this.#told.add(title);
    this.#tell(title, text);
  }

  #tell(title, text) {
    const step = this.#steps.appendChild(h("li", {}, h("h3", {}, title), h("p", {}, text)));
    step.scrollIntoView?.({ block: "nearest" });
  }

  #end() {
    this.hidden = true;
    this.replaceChildren();
  }
}

customElements.define("bw-tour", Tour);
