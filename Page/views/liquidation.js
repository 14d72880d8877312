// One liquidation, told: why it began, each stage with its numbers, and where every unit of the loss went.

import { get } from "../venue/api.js";
import { desk } from "../venue/desk.js";
import { grouped, money, percent, stepped, time } from "../venue/numbers.js";
import { stageMeaning, stageName } from "../venue/stages.js";
import { h, Part, row, table } from "../parts/element.js";

const NAMES = {
  size: "size", margin: "margin behind it", bankruptcyPrice: "bankruptcy price", limit: "limit of the order", price: "price",
  account: "against", forgone: "profit forgone", fundGain: "gained by the fund", filled: "filled", left: "left",
};
const BEARERS = {
  trader: ["the trader's margin", "--accent"], fund: ["the insurance fund", "--warn"], providers: ["liquidity providers", "--good"],
  deleveraged: ["deleveraged accounts", "--bad"], clawedBack: ["a clawback from winners", "--quiet"], venue: ["the venue", "--ink"],
};

class LiquidationView extends Part {
  async begin() {
    const number = this.dataset.number;
    const status = h("p", { role: "status" }, "Asking for liquidation " + number + "…");
    this.append(status);
    try {
      this.#draw(await get("/liquidations/" + encodeURIComponent(number)));
    } catch (refusal) {
      status.textContent = refusal.status === 401 ? "Sign in to see this liquidation." : refusal.message;
      this.on(desk, "session", () => { this.replaceChildren(); this.begin(); });
    }
  }

  #draw(told) {
    const contract = desk.contracts.get(told.symbol);
    const price = (text) => (text === null || text === undefined ? "none" : stepped(text, contract?.tick ?? "1"));
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
    const { requirement, tier, backing } = told;
    this.replaceChildren(
      h("h1", {}, `Liquidation ${told.id}: ${told.account}, ${grouped(told.size)} ${told.symbol}`),
      h("div.cards", {},
        h("section", {}, h("h2", {}, "Why"),
          h("p", {}, this.#why(told, price)),
          h("dl.facts", {}, [
            ["When", time(told.time)], ["Mark", price(told.mark)], ["Entry", price(told.entryPrice)],
            ["Settled entry", price(told.settledPrice)], ["Mode, leverage", `${told.mode}, ${grouped(told.leverage)}x`],
            ["Margin", `${money(told.margin)} ${told.currency}`],
            ["Maintenance margin", `${money(told.maintenanceMargin)} ${told.currency}`],
            ["Short by", `${money(told.shortfall)} ${told.currency}`],
            tier && ["Tier", `row ${tier.row} of ${tier.rows}, up to ${grouped(tier.upTo)}: IM ${percent(tier.im)}, MM ${percent(tier.mm)}`],
            requirement && ["Required on", `${requirement.basis} value ${money(requirement.value)}`],
            backing && ["Behind it", `${money(backing.behind)}, of it unrealised ${money(backing.unrealisedPnl)}`],
          ].filter(Boolean).flatMap(([name, value]) => fact(name, value)))),
        h("section", {}, h("h2", {}, "What happened"),
          h("ol.steps", {}, told.stages.map((stage) => this.#stage(stage, price)))),
        h("section", {}, h("h2", {}, "Where the money went"), this.#loss(told)),
        h("section", {}, h("h2", {}, "What would have prevented it"),
          h("p", {}, `${requirement?.trigger === "reaches" ? "More than" : "At least"} ${grouped(told.shortfall)} ${told.currency} `
            + "on top of what was behind the position at that mark, a smaller position, or a stop order before "
            + `${price(told.mark)}.`))),
      h("p", {}, h("button", { type: "button", onclick: () => navigator.clipboard?.writeText(location.href) }, "Copy a link to this page")));
  }

  #why(told, price) {
    const rule = told.requirement?.trigger === "reaches" ? "it is liquidated where it has no more than" : "it is liquidated where it has less than";
    return `At a mark of ${price(told.mark)} the position had ${money(told.margin)} ${told.currency} of margin; ${rule} ${money(told.maintenanceMargin)} ${told.currency}.`;
  }

  #stage(stage, price) {
    const { stage: kind, time: moment, ...rest } = stage;
    const isPrice = (name) => /price|limit/i.test(name);
    const numbers = Object.entries(rest).filter(([, value]) => value !== null && typeof value !== "object");
    return h("li", {}, h("h3", {}, stageName(kind)), h("p.quiet", {}, stageMeaning(kind)), time(moment),
      h("dl.facts", {}, numbers.flatMap(([name, value]) => [
        h("dt", {}, NAMES[name] ?? name), h("dd", {}, isPrice(name) ? price(value) : grouped(value))])));
  }

  /** A bar of who bore what, and the same as a table. */
  #loss(told) {
    const loss = told.loss;
    // Below zero are those who gained by it; the bar is of those who bore it.
    const concerned = Object.entries(BEARERS).filter(([who]) => Number(loss[who]) !== 0);
    const parts = concerned.filter(([who]) => Number(loss[who]) > 0);
    const total = parts.reduce((sum, [who]) => sum + Number(loss[who]), 0);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 8");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("width", "100%");
    svg.setAttribute("height", "28");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", parts.map(([who, [name]]) => `${name}: ${loss[who]}`).join(", "));
    let left = 0;
    for (const [who, [, colour]] of parts) {
      const width = (Number(loss[who]) / total) * 100;
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x: left, y: 0, width, height: 8 })) bar.setAttribute(name, value);
      bar.style.fill = `var(${colour})`; // A style set by script, which the policy allows.
      svg.append(bar);
      left += width;
    }
    return h("div", {}, svg, table("Who bore the loss", ["Who", told.currency],
      [...concerned.map(([who, [name]]) => row(name + (Number(loss[who]) < 0 ? ", which gained" : ""), grouped(loss[who]))), row(h("th", { scope: "row" }, "in all"), grouped(loss.total))],
      "Nobody lost anything."));
  }
}

customElements.define("bw-liquidation-view", LiquidationView);
