// Risk limits: what each contract asks of positions of each size, where the account stands in it, and what another
// limit would do before it is set.

import { ask, get } from "../venue/api.js";
import { desk, ownPosition } from "../venue/desk.js";
import { preview } from "../venue/preview.js";
import { grouped, money, percent } from "../venue/numbers.js";
import { times, worth } from "../venue/risk.js";
import { act } from "../parts/act.js";
import { comparison } from "../parts/comparison.js";
import { h, Part, row, table } from "../parts/element.js";
import { ladder } from "../parts/ladder.js";
import { room } from "../parts/svg.js";

const KINDS = {
  stepped: "stepped: the rates of one row hold for the whole position",
  progressive: "progressive: each row's rates hold for the part of the value within it",
  concentration: "by concentration: rates grow with the size of the position",
};

class LimitsView extends Part {
  #cards = new Map();

  begin() {
    const cards = h("div.cards");
    for (const symbol of desk.contracts.keys()) {
      const card = h("section", { "aria-label": "Limits of " + symbol }, h("h2", {}, symbol));
      this.#cards.set(symbol, card);
      cards.append(card);
    }
    this.append(h("h1", {}, "Risk limits"),
      h("p.quiet", {}, "The larger a position, the more margin it needs, because the harder it is to close. "
        + "Initial margin opens it, maintenance margin must stay; the most leverage is 1 over initial margin."), cards);
    this.on(desk, "session", () => this.#drawAll());
    this.#drawAll();
  }

  #drawAll() {
    for (const symbol of this.#cards.keys()) this.#draw(symbol).catch(() => {});
  }

  async #draw(symbol) {
    const side = desk.standing?.hedged ? "long" : "net";
    const key = { symbol, side };
    const [{ kind, tiers }, settings] = await Promise.all([
      get(`/contracts/${symbol}/tiers`), desk.account ? get(ownPosition(key)) : null]);
    const isChosen = settings !== null && kind === "stepped"
      && await this.#mayChoose(key, settings.riskLimit ?? tiers[0].upTo);
    if (!this.isConnected) return;
    const contract = desk.contracts.get(symbol);
    const value = settings?.open ? worth(contract, settings.open.size, settings.open.markPrice) : 0;
    // Until somebody chooses, the smallest holds.
    const current = isChosen ? Math.max(0, tiers.findIndex(({ upTo }) => upTo === settings.riskLimit))
      : value > 0 ? tiers.findIndex(({ upTo }) => Number(upTo) >= value) : -1;
    const foresight = h("div", { "aria-live": "polite" });
    const line = (tier, place) => {
      const cells = [
        h("th", { scope: "row" }, grouped(tier.upTo)), percent(tier.im), percent(tier.mm), times(1 / Number(tier.im)),
        place === current ? (isChosen ? "yours" : "your position is here") : isChosen
          ? h("button", { type: "button",
            "aria-label": `What a limit of ${grouped(tier.upTo)} would change in ${symbol}`,
            onclick: () => this.#foresee(key, tier, foresight) }, "What if?") : "",
      ];
      const shown = row(...cells);
      if (place === current) shown.className = "current";
      return shown;
    };
    this.#cards.get(symbol).replaceChildren(
      h("h2", {}, symbol), h("p.quiet", {}, this.#sentence(kind, settings, isChosen, current, tiers, value, contract)),
      ladder(`The most leverage in ${symbol} by the value of a position`, tiers, value,
        room(this.#cards.get(symbol), 500)),
      table(`Tiers of ${symbol}, ${KINDS[kind] ?? kind}`,
        [`Value up to, ${contract.settle}`, "Initial margin", "Maintenance margin", "Most leverage", "Yours"],
        tiers.map(line), "This contract has no tiers."), foresight);
  }

  /** Whether the rulebook lets traders choose: it refuses the limit that holds where it does not. */
  async #mayChoose({ symbol, side }, limit) {
    const answer = await preview({ riskLimit: {
      symbol, ...(side === "net" ? {} : { position: side }), limit,
    } }).catch(() => null);
    return answer !== null && answer.refusal?.code !== "noRiskLimits";
  }

  #sentence(kind, settings, isChosen, current, tiers, value, contract) {
    if (!settings) return "Sign in to see where you stand.";
    const text = `${money(value.toFixed(8), contract.settle)} ${contract.settle}`;
    const at = value > 0 ? ` Your position is worth ${text} at mark.` : "";
    if (isChosen) return `You may go up to ${grouped(tiers[current].upTo)} ${contract.settle}.${at}`;
    if (current < 0) return `Nothing is chosen here: the value of a position says which rows hold.${at}`;
    const place = `It is in row ${current + 1} of ${tiers.length}.`;
    return `Nothing is chosen here: the value says which rows hold.${at} ${place}`;
  }

  async #foresee(key, tier, place) {
    const { symbol, side } = key;
    const position = side === "net" ? {} : { position: side };
    const answer = await preview({ riskLimit: { symbol, ...position, limit: tier.upTo } }).catch((refusal) =>
      ({ refusal }));
    const done = () => place.replaceChildren();
    place.replaceChildren(h("div.foresight", {},
      h("h3", {}, `Up to ${grouped(tier.upTo)} ${desk.contracts.get(symbol).settle}`),
      comparison(`A risk limit of ${grouped(tier.upTo)} in ${symbol}`, symbol, { ...answer, side },
        ["Margin", "Maintenance margin", "Liquidation", "Bankruptcy", "Buffer"]),
      h("div.sides", {},
        h("button.main", { type: "button", disabled: Boolean(answer.refusal), onclick: async () => {
          const set = await act(() => ask("PUT", ownPosition(key, "/risk-limit"), { limit: tier.upTo }),
            `The risk limit of ${symbol} is ${grouped(tier.upTo)}.`);
          if (set) await this.#draw(symbol);
        } }, `Set ${grouped(tier.upTo)}`),
        h("button", { type: "button", onclick: done }, "Leave it"))));
  }
}

customElements.define("bw-limits-view", LimitsView);
