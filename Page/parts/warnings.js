// Who is close to liquidation is told, and what helps is one click away.

import { ask } from "../venue/api.js";
import { DANGER, standing, WARNING } from "../venue/buffer.js";
import { desk, own, ownPosition } from "../venue/desk.js";
import { money, stepped } from "../venue/numbers.js";
import { actButton } from "./act.js";
import { h, Part } from "./element.js";

class Warnings extends Part {
  #banners = h("div");
  // Apart from the banners, whose prices change with every mark: a screen reader would never end.
  #alert = h("div.unseen", { role: "alert" });
  #told = "";

  begin() {
    this.append(this.#banners, this.#alert);
    const draw = this.soon(() => this.#draw());
    this.on(desk, ["standing", "session"], draw);
    draw();
  }

  #draw() {
    const short = desk.positions
      .filter(({ buffer }) => ["warn", "bad", "begun"].includes(standing(buffer)))
      .sort((a, b) => Number(a.buffer) - Number(b.buffer));
    const told = short.map(({ name, buffer }) => name + standing(buffer)).join();
    if (told !== this.#told) {
      this.#told = told;
      this.#banners.replaceChildren(...short.map((position) => this.#banner(position)));
      this.#alert.textContent = short.map((position) => this.#sentence(position)).join(" ");
    }
    // The buttons stay where they are, with the focus on them.
    short.forEach((position, place) => {
      this.#banners.children[place].firstChild.textContent = this.#sentence(position);
    });
  }

  #sentence({ name, symbol, buffer, liquidationPrice }) {
    const price = liquidationPrice === null ? "" : ` at ${stepped(liquidationPrice, desk.contracts.get(symbol).tick)}`;
    return {
      begun: `${name}: liquidation has begun.`,
      bad: `${name} is in danger: less than ${DANGER} % of its buffer is left before it is liquidated${price}.`,
      warn: `${name} has less than ${WARNING} % of its buffer left; it is liquidated${price}.`,
    }[standing(buffer)];
  }

  #banner(position) {
    const { name, symbol, mode, buffer } = position;
    const kind = standing(buffer) === "warn" ? "warn" : "bad";
    return h("div.banner." + kind, {}, h("span"),
      mode === "isolated" && actButton(
        "Add margin", () => ask("POST", ownPosition(position, "/margin"), { amount: this.#again(name) }),
        (answer) => `Margin of ${name} is ${money(answer.position?.margin, desk.contracts.get(symbol).settle)} now.`),
      actButton("Cancel orders", () => ask("DELETE", own("/orders?symbol=" + symbol)), "Orders are cancelled."),
      actButton(
        "Close position", () => ask("POST", ownPosition(position, "/close"), {}),
          `${name} is being closed at market.`));
  }

  /** As much again as backs the position now, if that is there. */
  #again(name) {
    const { symbol, margin } = desk.positions.find((position) => position.name === name);
    const { available } = desk.standing.wallets[desk.contracts.get(symbol).settle];
    return Number(margin) <= Number(available) ? margin : available;
  }
}

customElements.define("bw-warnings", Warnings);
