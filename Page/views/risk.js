// The risk desk: where liquidations wait, what they would do, who bears them; and the switch that halts everything.
// What names accounts is for risk admins.

import { ask, get } from "../venue/api.js";
import { desk, stream } from "../venue/desk.js";
import { grouped, money, percent, signed, stepped, time } from "../venue/numbers.js";
import { fundCause, stageName } from "../venue/stages.js";
import { cascadePlot, heatPlot } from "../parts/depth-plot.js";
import { attempt, h, Part, row, sure, table } from "../parts/element.js";
import { gauge, lights } from "../parts/gauge.js";
import { linePlot, mirrorPlot } from "../parts/line-plot.js";
import { room } from "../parts/svg.js";
import "../parts/rulebook.js";
import "../parts/shock.js";

/** How old pictures and lists become, in milliseconds, and how many forced orders are listed. */
const [AGE, KEPT] = [2_000, 40];
/** How far from the mark pictures reach, as shares of it. */
const REACHES = [0.05, 0.1, 0.25, 0.5];

class RiskView extends Part {
  #feed = [];
  #end = null;
  #reach = 0.25;
  #side = "long";
  #parts = {};

  begin() {
    const part = (name, label, kind = "") => (this.#parts[name] = h("section" + kind, { "aria-label": label }));
    const body = (name) => (this.#parts[name] = h("div"));
    this.replaceChildren(h("h1.unseen", {}, "Risk desk"), h("div.cards", {},
      part("state", "State", ".wide"),
      h("section.wide", { "aria-label": "Heatmap" }, h("div.tabs", {}, h("h2", {}, "Where liquidations wait"),
        h("span.gap"), this.#reaches()),
        body("heatmap")),
      part("cascade", "Cascade", ".wide"),
      part("forced", "Liquidations", ".feed"), part("concentration", "Concentration"),
      part("nearest", "Accounts in danger", ".feed"), part("queue", "Queue of deleveraging", ".feed"),
      part("fund", "Insurance fund"), part("gaps", "Gaps"), part("providers", "Liquidity providers"),
      this.#parts.shock = h("section", { "aria-label": "What if" }),
      part("notices", "Notices"), h("section.wide", { "aria-label": "Rules" }, document.createElement("bw-rulebook"))));
    this.on(desk, ["symbol", "session"], () => this.#follow().catch(() => {}));
    this.on(stream, "gap", () => this.#follow().catch(() => {}));
    this.until(() => this.#end?.());
    this.on(window, "resize", this.soon(() => this.#refresh()));
    const timer = setInterval(() => document.hidden || this.#refresh(), AGE);
    this.until(() => clearInterval(timer));
    this.#follow().catch(() => {});
  }

  #reaches() {
    const buttons = REACHES.map((reach) => h("button",
      { type: "button", "aria-pressed": String(reach === this.#reach), onclick: () => {
      this.#reach = reach;
      buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(REACHES[place] === reach)));
      this.#refresh();
    } }, `± ${reach * 100} %`));
    return h("div.choices", { role: "group", "aria-label": "How far from the mark" }, buttons);
  }

  /** Shows a part where there is something to show, and hides it where there is not. */
  #put(name, ...children) {
    this.#parts[name].hidden = children.length === 0;
    this.#parts[name].replaceChildren(...children.filter(Boolean));
  }

  async #follow() {
    const symbol = desk.symbol;
    this.#end?.();
    if (!symbol) return;
    this.#feed = [];
    const draw = this.soon(() => this.#drawFeed());
    this.#end = stream.listen("liquidations:" + symbol, (order) => {
      this.#feed = [order, ...this.#feed].slice(0, KEPT);
      draw();
    });
    for (const name of ["cascade", "nearest", "queue", "gaps", "providers", "concentration"]) this.#put(name);
    this.#parts.shock.hidden = !desk.isAdmin;
    this.#parts.shock.replaceChildren(...(desk.isAdmin ? [document.createElement("bw-shock")] : []));
    const { orders } = await get(`/contracts/${symbol}/liquidations?limit=${KEPT}`);
    if (symbol !== desk.symbol) return;
    this.#feed = [...this.#feed, ...orders].slice(0, KEPT);
    this.#drawFeed();
    await this.#refresh();
  }

  /** Asks everything anew. What this venue does not tell is not shown. */
  async #refresh() {
    const [symbol, contract, isAdmin] = [desk.symbol, desk.contract, desk.isAdmin];
    if (!contract || !this.isConnected) return;
    // A picture that is read as numbers stays still.
    if (this.querySelector("details[open]")) return;
    const maybe = (path, isAsked = true) => (isAsked ? get(path).catch(() => null) : null);
    const [now, heatmap, fund, course, concentration, notices, exposures, down, up, gaps, providers,
      queue] = await Promise.all([
      maybe("/contracts/" + symbol), maybe(`/contracts/${symbol}/heatmap`),
        maybe(`/insurance/${contract.settle}?limit=8`),
      maybe(`/insurance/${contract.settle}/course`), maybe(`/contracts/${symbol}/concentration`),
        maybe("/notices?limit=8"),
      maybe(`/admin/contracts/${symbol}/exposures?limit=1000`, isAdmin),
      maybe(`/admin/contracts/${symbol}/cascade?side=down`, isAdmin),
        maybe(`/admin/contracts/${symbol}/cascade?side=up`, isAdmin),
      maybe(`/admin/contracts/${symbol}/gaps`, isAdmin), maybe("/admin/providers", isAdmin),
      maybe(`/admin/contracts/${symbol}/queue?side=${this.#side}`, isAdmin),
    ]);
    if (symbol !== desk.symbol || isAdmin !== desk.isAdmin || !this.isConnected) return;
    if (now) this.#drawState(now, fund);
    if (heatmap?.mark) this.#parts.heatmap.replaceChildren(heatPlot(
      heatmap, exposures?.exposures ?? null, this.#view(), contract));
    if (down?.mark && up) this.#put("cascade", h("h2", {}, "What a move would force"),
      cascadePlot([down, up], this.#view(), contract));
    if (exposures) this.#drawNearest(exposures.exposures.slice(0, 15), contract);
    if (concentration) this.#drawConcentration(concentration, contract);
    if (queue) this.#drawQueue(queue.queue);
    if (fund) this.#drawFund(fund, course, contract);
    if (gaps) this.#drawGaps(gaps, contract);
    if (providers) this.#drawProviders(providers.providers);
    if (notices) {
      this.#put("notices", table("What was announced", ["What", "Contract", "Time"],
        notices.notices.map((notice) => row(
        h("td", { title: notice.text }, notice.kind), notice.symbol ?? "all", time(notice.time))),
          "Nothing was announced."));
    }
  }

  #view() {
    return { reach: this.#reach, width: room(this.#parts.heatmap, 1_300) };
  }

  #drawState(contract, fund) {
    const figure = (name, value, kind = "") => h("div", {}, h("dt", {}, name),
      h("dd" + (kind ? "." + kind : ""), {}, value));
    const isOpen = contract.trading === "open";
    const until = contract.pausedUntil ? [contract.trading + " until ", time(contract.pausedUntil)] : contract.trading;
    this.#put("state", h("div.tabs", {}, h("h2", {}, desk.symbol), h("span.gap"), this.#controls()),
      h("dl.figures", {},
        figure("Trading", h("span", {}, until), isOpen ? "good" : "bad"),
        figure("Mark", stepped(contract.mark ?? "", contract.tick) + (contract.stale ? ", stale" : ""),
          contract.stale ? "warn" : ""),
        figure("Index", contract.index === null ? "–" : stepped(contract.index, contract.tick)),
        figure("Open interest", grouped(contract.openInterest)),
        figure("Funding", contract.fundingRate === null ? "–" : percent(contract.fundingRate)),
        figure("Next funding", contract.nextFunding ? time(contract.nextFunding) : "–"),
        fund && figure("Insurance fund", `${money(fund.balance, contract.settle)} ${contract.settle}`)));
  }

  /** The switch, for risk admins. */
  #controls() {
    if (!desk.isAdmin) return "";
    const halt = async () => {
      const question = "Halt every contract? Orders can still be cancelled; nothing else happens until it is resumed.";
      if (!(await sure(question, "Halt everything"))) return;
      await attempt(() => ask("POST", "/admin/halt", {}), "Every contract is halted.");
      await this.#refresh();
    };
    const resume = async () => {
      await attempt(() => ask("POST", "/admin/resume", {}), "Trading goes on.");
      await this.#refresh();
    };
    return h("div.choices", {}, h("button.stop", { type: "button", onclick: halt }, "Halt everything"),
      h("button", { type: "button", onclick: resume }, "Resume"));
  }

  #drawFeed() {
    const contract = desk.contract;
    this.#put("forced", table("Forced orders in " + desk.symbol, ["What", "Side", "Size", "Price", "Time"],
      this.#feed.map((order) => row(
        h("a", { href: "#/liquidation/" + order.liquidation }, stageName(order.kind)),
        h("td." + (order.side === "buy" ? "bid" : "ask"), {}, order.side),
          Number(order.size) === 0 ? h("td.quiet", {}, "nothing filled") : stepped(order.size, contract.lot),
        order.averagePrice ? stepped(order.averagePrice, contract.tick) : "–", time(order.time))),
      "Nobody has been liquidated here yet."));
  }

  #drawNearest(nearest, contract) {
    this.#put("nearest", table("Nearest to liquidation", ["Account", "Size", "Liquidation", "Buffer"],
      nearest.map((each) => row(
      each.account, h("td." + (each.size.startsWith("-") ? "ask" : "bid"), {}, grouped(each.size)),
      each.liquidationPrice === null ? "none" : stepped(each.liquidationPrice, contract.tick), gauge(each.buffer))),
        "No open position."));
  }

  #drawConcentration({ longs, shorts, leverage }, contract) {
    const share = (text) => (text === null ? "–" : `${grouped(text)} %`);
    const bands = leverage.map((band) => ({
      name: band.to === null || band.to === undefined ? `${band.from}x and more` : `${band.from} to ${band.to}x`,
      left: Number(band.longs), right: Number(band.shorts),
      hint: `${band.accounts} accounts: ${grouped(band.longs)} long, ${grouped(band.shorts)} short`,
    }));
    this.#put("concentration", table(`Who holds ${desk.symbol}`,
      ["", "Accounts", "Size", "Largest", "10 largest", "100 largest"],
      [["Longs", longs, "bid"], ["Shorts", shorts, "ask"]].map(([name, side, kind]) => row(
        h("th." + kind, { scope: "row" }, name), grouped(String(side.accounts)), stepped(side.size, contract.lot),
        share(side.top1), share(side.top10), share(side.top100))), ""),
    h("p.caption", {}, "By leverage"), mirrorPlot(`Open positions in ${desk.symbol} by leverage`, bands,
      ["longs", "shorts"], room(this.#parts.concentration, 400)));
  }

  #drawQueue(queue) {
    const sides = ["long", "short"].map((side) => h("button",
      { type: "button", "aria-pressed": String(side === this.#side), onclick: () => {
      this.#side = side;
      this.#refresh();
    } }, side + "s"));
    this.#put("queue", h("div.tabs", {}, h("h2", {}, "Queue of deleveraging"), h("span.gap"),
      h("div.choices", { role: "group", "aria-label": "Side" }, sides)),
    table("First to be deleveraged first", ["Place", "Account", "Size", "Ahead", "Lights"],
      queue.slice(0, 50).map((each) => row(
      String(each.place), each.account, grouped(each.size), grouped(each.ahead),
      lights({ adlRank: each.lights, adlPlace: each.place, adlAhead: each.ahead }))), "Nobody stands in it."));
  }

  #drawFund(fund, course, contract) {
    this.#put("fund", h("h2", {}, `Insurance fund: ${money(fund.balance, contract.settle)} ${contract.settle}`),
      course && linePlot("Insurance fund",
        course.points.map(({ time: moment, balance }) => ({ time: moment, value: balance })),
        contract.settle, room(this.#parts.fund, 400)),
      table("Latest movements", ["Why", "Amount", "Time"], fund.rows.map((line) => row(
        line.liquidation === null ? fundCause(line.cause)
          : h("a", { href: "#/liquidation/" + line.liquidation }, fundCause(line.cause)),
        h("td." + (line.amount.startsWith("-") ? "ask" : "bid"), {}, signed(line.amount, contract.settle)),
          time(line.time))),
          "No movement yet."));
  }

  #drawGaps({ fund, gaps }, contract) {
    this.#put("gaps", h("h2", {}, "Would the fund cover a gap?"),
      table(`The mark jumps past every order; the fund holds ${money(fund, contract.settle)} ${contract.settle}`,
        ["Jump", "Mark", "Bankrupt", "Deficit", "Left in the fund"], gaps.map((gap) => row(
          `${gap.move < 0 ? "−" : "+"}${Math.abs(gap.move)} %`, stepped(gap.price, contract.tick),
            grouped(String(gap.bankrupt)),
            money(gap.deficit, contract.settle),
          h("td." + (Number(gap.left) > 0 ? "good" : "bad"), {}, money(gap.left, contract.settle)))),
            "There is nothing to cover."));
  }

  #drawProviders(providers) {
    this.#put("providers", table("Who takes positions over", ["Account", "Currency", "Capacity", "Used"],
      providers.map((each) => row(
      each.account, each.currency, money(each.capacity, each.currency),
      h("td", {}, h("meter", { min: 0, max: Number(each.capacity), value: Number(each.used),
        "aria-label": `${each.used} used` }), " ", money(each.used, each.currency)))),
    "Nobody has agreed to take positions over."));
  }
}

customElements.define("bw-risk-view", RiskView);
