// The risk desk: where liquidations wait, what they would do, who is nearest; and the switch that halts everything.

import { ask, get } from "../venue/api.js";
import { desk, stream } from "../venue/desk.js";
import { grouped, money, percent, stepped, time } from "../venue/numbers.js";
import { attempt, h, Part, row, table } from "../parts/element.js";
import { gauge } from "../parts/positions.js";
import { stepPlot } from "../parts/step-plot.js";

const AGE = 2_000;

class RiskView extends Part {
  #feed = [];
  #end = null;

  begin() {
    this.replaceChildren(h("h1.unseen", {}, "Risk desk"), h("div.cards", {},
      h("section", { "aria-label": "Liquidations" }, this.forced = h("div")),
      h("section", { "aria-label": "Heatmap" }, this.heatmap = h("div")),
      h("section", { "aria-label": "Insurance" }, this.fund = h("div")),
      h("section", { "aria-label": "Tiers" }, this.tiers = h("div")),
      this.cascade = h("section", { "aria-label": "Cascade", hidden: true }),
      this.nearest = h("section", { "aria-label": "Accounts in danger", hidden: true }),
      this.controls = h("section", { "aria-label": "Controls", hidden: true })));
    this.on(desk, ["symbol", "session"], () => this.#follow());
    this.until(() => this.#end?.());
    const timer = setInterval(() => this.#refresh(), AGE);
    this.until(() => clearInterval(timer));
    this.#follow();
  }

  async #follow() {
    const symbol = desk.symbol;
    this.#end?.();
    if (!symbol) return;
    this.#end = stream.listen("liquidations:" + symbol, (order) => {
      this.#feed = [order, ...this.#feed].slice(0, 40);
      this.#drawFeed();
    });
    const [forced, tiers] = await Promise.all([get(`/contracts/${symbol}/liquidations?limit=40`), get(`/contracts/${symbol}/tiers`)]);
    if (symbol !== desk.symbol) return;
    this.#feed = forced.orders;
    this.#drawFeed();
    this.tiers.replaceChildren(table(`Tiers of ${symbol}, ${tiers.kind}`, ["Value up to", "Initial margin", "Maintenance margin"],
      tiers.tiers.map((tier) => row(grouped(tier.upTo), percent(tier.im), percent(tier.mm))), "No tiers."));
    this.nearest.hidden = this.controls.hidden = this.cascade.hidden = !desk.isAdmin;
    if (desk.isAdmin) this.#drawControls();
    this.#refresh();
  }

  async #refresh() {
    const [symbol, contract] = [desk.symbol, desk.contract];
    if (!contract) return;
    const [heatmap, fund] = await Promise.all([get(`/contracts/${symbol}/heatmap`), get(`/insurance/${contract.settle}?limit=200`)]).catch(() => []);
    if (!heatmap || symbol !== desk.symbol || !this.isConnected) return;
    this.#drawHeatmap(heatmap, contract);
    this.fund.replaceChildren(h("h2", {}, `Insurance fund: ${money(fund.balance)} ${contract.settle}`),
      table("Latest movements", ["Why", "Amount", "Time"], fund.rows.slice(0, 12).map((line) => row(
        line.liquidation === null ? line.cause : h("a", { href: "#/liquidation/" + line.liquidation }, line.cause),
        h("td." + (line.amount.startsWith("-") ? "ask" : "bid"), {}, money(line.amount)), time(line.time))), "No movement yet."));
    if (!desk.isAdmin) return;
    this.#drawCascade();
    this.#drawNearest(await get(`/admin/contracts/${symbol}/exposures?limit=15`).catch(() => null), contract);
  }

  #drawFeed() {
    const contract = desk.contract;
    this.forced.replaceChildren(table("Forced orders in " + desk.symbol, ["Kind", "Side", "Size", "Price", "Time"], this.#feed.map((order) => row(
      order.kind, h("td." + (order.side === "buy" ? "bid" : "ask"), {}, order.side), stepped(order.size, contract.lot),
      order.averagePrice ? stepped(order.averagePrice, contract.tick) : "–", time(order.time))), "Nobody has been liquidated here yet."));
  }

  /** How much would be liquidated where: longs below the mark, shorts above it. */
  #drawHeatmap({ mark, buckets }, contract) {
    const near = buckets.filter((bucket) => Number(bucket.from) < 2 * Number(mark));
    const most = Math.max(...near.flatMap((bucket) => [Number(bucket.longs), Number(bucket.shorts)]), 0);
    const bar = (size) => h("meter", { min: 0, max: most, value: Number(size), "aria-hidden": "true" });
    this.heatmap.replaceChildren(h("h2", {}, `Liquidation prices around a mark of ${stepped(mark, contract.tick)}`),
      table("By one per cent of the mark", ["From", "Longs", "Shorts"], near.toReversed().map((bucket) => row(
        stepped(bucket.from, contract.tick),
        h("td", {}, Number(bucket.longs) ? grouped(bucket.longs) : "", Number(bucket.longs) ? bar(bucket.longs) : ""),
        h("td", {}, Number(bucket.shorts) ? grouped(bucket.shorts) : "", Number(bucket.shorts) ? bar(bucket.shorts) : ""))),
      "No position could be liquidated."));
  }

  /** What a mark that falls, or rises, would force, beside what rests in the book up to there. */
  async #drawCascade() {
    const [symbol, contract] = [desk.symbol, desk.contract];
    const sides = await Promise.all(["down", "up"].map((side) => get(`/admin/contracts/${symbol}/cascade?side=${side}`))).catch(() => null);
    if (!sides || symbol !== desk.symbol) return;
    const isOpen = [...this.cascade.querySelectorAll("details")].some((each) => each.open);
    if (isOpen) return;
    const lines = [["forced", "forced", "--bad"], ["depth", "in the book", "--accent"]];
    // From the mark on, where nothing is forced yet; what is further away than half of it would flatten the rest.
    const near = ({ mark, steps }) => {
      const seen = steps.filter((step) => Math.abs(Number(step.price) - Number(mark)) < Number(mark) / 2);
      return seen.length > 0 ? [{ price: mark, forced: "0", depth: "0" }, ...seen] : [];
    };
    this.cascade.replaceChildren(
      stepPlot(`If the mark of ${symbol} falls`, near(sides[0]), lines, contract),
      stepPlot(`If the mark of ${symbol} rises`, near(sides[1]), lines, contract));
  }

  #drawNearest(answer, contract) {
    if (!answer) return;
    this.nearest.replaceChildren(table("Nearest to liquidation", ["Account", "Size", "Liquidation", "Buffer"], answer.exposures.map((each) => row(
      each.account, grouped(each.size), each.liquidationPrice === null ? "none" : stepped(each.liquidationPrice, contract.tick),
      gauge(each.buffer))), "No open position."));
  }

  #drawControls() {
    const price = h("input", { id: "shock", type: "text", inputMode: "decimal", value: desk.contract.mark });
    const outcome = h("div", { "aria-live": "polite" });
    this.controls.replaceChildren(
      h("h2", {}, "Controls"),
      h("div.choices", {},
        h("button", { type: "button", onclick: () => attempt(() => ask("POST", "/admin/halt", {}), "Every contract is halted.") }, "Halt everything"),
        h("button", { type: "button", onclick: () => attempt(() => ask("POST", "/admin/resume", {}), "Trading goes on.") }, "Resume")),
      h("form", { onsubmit: async (event) => {
        event.preventDefault();
        const told = await attempt(() => ask("POST", "/admin/what-if", { prices: { [desk.symbol]: price.value.trim() } }));
        if (told) outcome.replaceChildren(table(`What a mark of ${price.value} would liquidate`, ["Account", "Position", "Size"],
          told.liquidations.map((each) => row(each.account, each.position, grouped(each.size))), "Nobody."));
      } }, h("div.field", {}, h("label", { htmlFor: "shock" }, `What if the mark of ${desk.symbol} went to`), price),
        h("button", { type: "submit" }, "Try it on a copy")), outcome);
  }
}

customElements.define("bw-risk-view", RiskView);
