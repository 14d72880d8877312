// Who is close to liquidation is told, and what helps is one click away.

import { ask } from "../venue/api.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { money } from "../venue/numbers.js";
import { actButton } from "./act.js";
import { h, Part } from "./element.js";

/** A warning below this share of the buffer, in per cent, and danger below that one. */
const [WARNING, DANGER] = [80, 20];

class Warnings extends Part {
  begin() {
    this.setAttribute("role", "alert");
    const draw = this.soon(() => this.#draw());
    this.on(desk, ["standing", "session"], draw);
    draw();
  }

  #draw() {
    const short = desk.positions
      .filter(({ buffer }) => buffer !== null && buffer !== undefined && Number(buffer) < WARNING)
      .sort((a, b) => Number(a.buffer) - Number(b.buffer));
    const told = short.map((position) => position.name + this.#kind(position)).join();
    // Said once, not with every mark: a screen reader would never end.
    if (told === this.dataset.told) return;
    this.dataset.told = told;
    this.replaceChildren(...short.map((position) => this.#banner(position)));
  }

  #kind(position) {
    const left = Number(position.buffer);
    return left <= 0 ? "begun" : left < DANGER ? "bad" : "warn";
  }

  #banner(position) {
    const { name, symbol, liquidationPrice: price } = position;
    const kind = this.#kind(position);
    const text = {
      begun: `${name}: liquidation has begun.`,
      bad: `${name} is in danger: less than ${DANGER} % of its buffer is left before it is liquidated at ${price}.`,
      warn: `${name} has less than ${WARNING} % of its buffer left; it is liquidated at ${price}.`,
    }[kind];
    return h("div.banner." + (kind === "begun" ? "bad" : kind), {}, h("span", {}, text),
      position.mode === "isolated" && actButton(
        "Add margin", () => ask("POST", ownPosition(position, "/margin"), { amount: this.#again(position) }),
        (answer) => `Margin of ${name} is ${money(answer.position?.margin)} now.`),
      actButton("Cancel orders", () => ask("DELETE", own("/orders?symbol=" + symbol)), "Orders are cancelled."),
      actButton(
        "Close position", () => ask("POST", ownPosition(position, "/close"), {}), `${name} is being closed at market.`));
  }

  /** As much again as backs the position, if that is there. */
  #again(position) {
    const wallet = desk.standing.wallets[desk.contracts.get(position.symbol).settle];
    return Number(position.margin) <= Number(wallet.available) ? position.margin : wallet.available;
  }
}

customElements.define("bw-warnings", Warnings);
