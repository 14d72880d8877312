// Leverage by a slider whose far left is cross. Where a position is open, what it would change is shown before it is
// set.

import { ask, get } from "../venue/api.js";
import { desk, ownPosition } from "../venue/desk.js";
import { Foresight } from "../venue/preview.js";
import { act } from "./act.js";
import { comparison } from "./comparison.js";
import { attempt, h, Part } from "./element.js";

class LeverageSlider extends Part {
  /** Which side of a hedged pair is meant. */
  side = "net";
  /** The mode and leverage that hold now. */
  settings = null;
  #known = null;
  #open = null;
  #isWishing = false;
  #slider = h("input", { type: "range", id: "order-leverage", min: 0, step: 1, value: 0 });
  #name = h("output", { htmlFor: "order-leverage" });
  #scale = h("div.scale", { "aria-hidden": "true" });
  #before = h("div.foresight", { hidden: true });
  #foresight = new Foresight((answers) => this.#foresee(answers?.[0] ?? null));

  begin() {
    this.append(
      h("div.field", {}, h("label", { htmlFor: "order-leverage" }, "Leverage ", this.#name), this.#slider, this.#scale),
      this.#before);
    this.on(this.#slider, "input", () => {
      this.#tellName();
      this.#isWishing = Boolean(this.#open);
      if (this.#open) this.#foresight.ask([this.#question()]);
    });
    // With nothing open there is nothing that it could change.
    this.on(this.#slider, "change", () => { if (!this.#open) this.#set(); });
    this.on(desk, ["symbol", "standing", "session"], () => this.look());
    this.until(() => this.#foresight.end());
    this.look();
  }

  /** Leverage as a number; 0 for cross. */
  get value() {
    return Number(this.#slider.value);
  }

  /** Has the slider stand where the venue says. */
  async look() {
    const [contract, account] = [desk.contract, desk.account];
    if (!contract || !account) return;
    const key = { symbol: desk.symbol, side: this.side };
    const known = [account, key.symbol, key.side].join();
    this.#open = desk.positions.find((each) => each.symbol === key.symbol && each.side === key.side) ?? null;
    if (this.#open) this.#stand(this.#open, known);
    else if (this.#known !== known) {
      const found = await attempt(() => get(ownPosition(key)));
      if (found) this.#stand(found, known);
    }
  }

  #stand(settings, known) {
    if (this.#known !== known) {
      this.#isWishing = false;
      this.#before.hidden = true;
    }
    this.#known = known;
    this.settings = settings;
    // What is being chosen is not taken away.
    if (this.#isWishing || this.#slider.matches(":active")) return;
    const most = Math.floor(Number(desk.contract.maxLeverage));
    if (Number(this.#slider.max) !== most || !this.#scale.firstChild) {
      this.#slider.max = most;
      this.#scale.replaceChildren(...["cross", 0.25, 0.5, 0.75, 1].map((share) =>
        h("span", {}, share === "cross" ? share : Math.round(most * share) + "x")));
    }
    this.#slider.value = settings.mode === "cross" ? 0 : Math.round(Number(settings.leverage));
    this.#tellName();
  }

  #tellName() {
    const value = this.value;
    const cross = this.settings ? ` (${Number(this.settings.leverage)}x)` : "";
    this.#name.textContent = value === 0 ? "cross" + (this.settings?.mode === "cross" ? cross : "")
      : `isolated, ${value}x`;
    this.#slider.setAttribute("aria-valuetext", this.#name.textContent);
  }

  #wish() {
    const value = this.value;
    return value === 0
      ? { leverage: this.settings?.leverage ?? "10", mode: "cross" } : { leverage: String(value), mode: "isolated" };
  }

  #question() {
    return { leverage: { symbol: desk.symbol, ...(this.side === "net" ? {} : { position: this.side }),
      ...this.#wish() } };
  }

  #foresee(answer) {
    this.#before.hidden = answer === null;
    if (!answer) return;
    const button = h("button.main", { type: "button", disabled: Boolean(answer.refusal), onclick: async () => {
      await this.#put();
      this.#drop();
    } }, this.value === 0 ? "Set cross" : `Set ${this.value}x`);
    this.#before.replaceChildren(
      comparison("What the leverage would change", desk.symbol, { ...answer, side: this.side },
        ["Margin", "Liquidation", "Bankruptcy", "Effective leverage", "Buffer"]),
      h("div.sides", {}, button, h("button", { type: "button", onclick: () => this.#drop() }, "Leave it")));
  }

  #drop() {
    this.#foresight.end();
    this.#isWishing = false;
    this.#before.hidden = true;
    this.look();
  }

  /** Sets what the slider says now, whatever it says by the time of the answer. */
  #put() {
    const [wish, symbol] = [this.#wish(), desk.symbol];
    return act(() => ask("PUT", ownPosition({ symbol, side: this.side }, "/leverage"), wish),
      wish.mode === "cross" ? symbol + " is margined cross." : `${symbol} is isolated at ${wish.leverage}x.`);
  }

  async #set() {
    // An answer to an earlier question must not move the slider back meanwhile.
    this.#isWishing = true;
    await this.#put();
    this.#isWishing = false;
    this.#known = null;
    await this.look();
    this.dispatchEvent(new CustomEvent("leverage", { bubbles: true }));
  }
}

customElements.define("bw-leverage", LeverageSlider);
