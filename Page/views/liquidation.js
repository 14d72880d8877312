// One liquidation, told: why it began, each stage with its numbers, where every unit of the loss went, what would have
// saved it. Its owner can share it; whoever has the link reads the same without signing in.

import { ask, get } from "../venue/api.js";
import { desk } from "../venue/desk.js";
import { grouped, money, percent, stepped, time } from "../venue/numbers.js";
import { stageKind, stageMeaning, stageName } from "../venue/stages.js";
import { attempt, h, Part, row, say } from "../parts/element.js";
import { sankey } from "../parts/sankey.js";

const NAMES = {
  size: "size", margin: "margin", maintenanceMargin: "maintenance margin", bankruptcyPrice: "bankruptcy price",
  limit: "limit of the order", price: "price", account: "against", forgone: "profit forgone",
  fundGain: "gained by the fund",
  filled: "filled", left: "left", loss: "lost", value: "value", paid: "paid", kept: "kept", remaining: "left",
  orders: "orders cancelled", mark: "mark", fund: "in the fund", deficit: "deficit", position: "side", from: "from",
  to: "to",
};
/** How many steps of one kind stand apart, before they are put into a table. */
const APART = 2;

/** A sentence with its moments as the reader's clock has them. */
const withTimes = (sentence) =>
  sentence.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).map((part, place) => (place % 2 ? time(part) : part));

class LiquidationView extends Part {
  /** Where the explanation is. */
  path() {
    return "/liquidations/" + encodeURIComponent(this.dataset.number);
  }

  /** Whether it is looked at by a link that somebody shared. */
  get isShared() {
    return false;
  }

  async begin() {
    const status = h("p", { role: "status" }, "Asking for this liquidation…");
    this.replaceChildren(status);
    try {
      const told = await get(this.path());
      if (this.isConnected) this.#draw(told);
    } catch (refusal) {
      status.textContent = refusal.status === 401 ? "Sign in to see this liquidation." : refusal.message;
      const again = () => this.begin();
      desk.addEventListener("session", again, { once: true });
      this.until(() => desk.removeEventListener("session", again));
    }
  }

  #draw(told) {
    const contract = desk.contracts.get(told.symbol);
    const price = (text) => (text === null || text === undefined ? "none" : stepped(text, contract?.tick ?? "1"));
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
    const big = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    const { requirement, tier, backing } = told;
    const isLong = !told.size.startsWith("-");
    this.replaceChildren(
      h("h1", {}, `Liquidation ${told.id}: ${told.account ?? "an account"}, ${isLong ? "long" : "short"} `
        + `${grouped(told.size.replace("-", ""))} ${told.symbol}`),
      h("div.cards", {},
        h("section.wide", {}, h("h2", {}, "Where the money went"),
          h("dl.figures", {}, big("Begun at a mark of", price(told.mark)),
            big("Lost in all", `${grouped(told.loss.total)} ${told.currency}`),
            big("of it by the trader", `${grouped(told.loss.trader)} ${told.currency}`),
            big("Ended", stageName(told.outcome)),
            big("When", time(told.time))),
          sankey(told, Math.max(300, Math.min(680, this.clientWidth - 60)))),
        h("section", {}, h("h2", {}, "Why"),
          h("p", {}, this.#why(told, price)),
          h("dl.facts", {}, [
            ["Entry", price(told.entryPrice)], ["Settled entry", price(told.settledPrice)],
            ["Mode, leverage", `${told.mode}, ${grouped(told.leverage)}x`],
            ["Margin", `${money(told.margin, told.currency)} ${told.currency}`],
            ["Maintenance margin", `${money(told.maintenanceMargin, told.currency)} ${told.currency}`],
            ["Short by", `${money(told.shortfall, told.currency)} ${told.currency}`],
            tier && ["Tier", `row ${tier.row} of ${tier.rows}, up to ${grouped(tier.upTo)}: `
              + `IM ${percent(tier.im)}, MM ${percent(tier.mm)}`],
            requirement && ["Required on", `${requirement.basis} value ${money(requirement.value, told.currency)}`],
            backing && ["Behind it", `${money(backing.behind, told.currency)}, `
              + `with ${money(backing.unrealisedPnl, told.currency)} unrealised`],
          ].filter(Boolean).flatMap(([name, value]) => fact(name, value))),
          told.rulesChanged && h("p.quiet", {},
            "The rules have changed since; by which tier it was judged is not told by today's.")),
        h("section", {}, h("h2", {}, "What happened"), this.#timeline(told, price)),
        h("section", {}, h("h2", {}, "What would have saved it"), this.#otherwise(told, price))),
      ...(this.isShared ? [] : [this.#share()]));
  }

  #why(told, price) {
    const amount = (text) => `${money(text, told.currency)} ${told.currency}`;
    const rule = told.requirement?.trigger === "reaches"
      ? "it is liquidated where it has no more than" : "it is liquidated where it has less than";
    return `At a mark of ${price(told.mark)} the position had ${amount(told.margin)} of margin; `
      + `${rule} ${amount(told.maintenanceMargin)}.`;
  }

  // MARK: What happened

  #timeline(told, price) {
    const begun = { stage: "started", time: told.time, mark: told.mark, margin: told.margin,
      maintenanceMargin: told.maintenanceMargin };
    const groups = [];
    for (const stage of [begun, ...told.stages.filter(({ stage }) => stage !== "started")]) {
      if (groups.at(-1)?.[0].stage === stage.stage) groups.at(-1).push(stage);
      else groups.push([stage]);
    }
    return h("ol.timeline", {}, groups.map((group) => this.#group(group, told, price)));
  }

  #group(group, told, price) {
    const [{ stage: kind, time: moment }] = group;
    const after = (Date.parse(moment) - Date.parse(told.time)) / 1_000;
    const item = h("li", {},
      h("div.moment", {}, h("h3", {}, stageName(kind) + (group.length > APART ? `, ${group.length} times` : "")),
        h("span.quiet", {}, time(moment), after > 0 ? ` · ${after.toFixed(1)} s later` : "")),
      h("p.quiet", {}, stageMeaning(kind)),
      group.length > APART ? this.#many(group, price) : group.map((stage) =>
        h("dl.facts", {}, this.#numbers(stage, price)
          .flatMap(([name, value]) => [h("dt", {}, NAMES[name] ?? name), h("dd", {}, value)]))));
    item.style.setProperty("--dot", `var(--${stageKind(kind)})`);
    return item;
  }

  #numbers({ stage, time: moment, ...rest }, price) {
    const shown = (name, value) => {
      if (/price|limit|mark/i.test(name)) return price(value);
      return typeof value === "boolean" ? (value ? "yes" : "no") : grouped(value);
    };
    return Object.entries(rest).filter(([, value]) => value !== null && typeof value !== "object")
      .map(([name, value]) => [name, shown(name, value)]);
  }

  #many(group, price) {
    const names = [...new Set(group.flatMap((stage) => this.#numbers(stage, price).map(([name]) => name)))];
    return h("div.scroll", { tabIndex: 0, role: "region", "aria-label": stageName(group[0].stage) },
      h("table", {}, h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, NAMES[name] ?? name)))),
        h("tbody", {}, group.map((stage) => {
          const numbers = new Map(this.#numbers(stage, price));
          return row(...names.map((name) => numbers.get(name) ?? ""));
        }))));
  }

  // MARK: What would have saved it

  #otherwise(told, price) {
    const answer = h("div", { "aria-live": "polite" });
    const bound = told.requirement?.trigger === "reaches" ? "More than" : "At least";
    const least = `${bound} ${grouped(told.shortfall)} ${told.currency} on top of what was behind the position at that `
      + `mark, a smaller position, or a stop order before ${price(told.mark)}.`;
    const button = h("button.main", { type: "button", onclick: async () => {
      button.disabled = true;
      answer.replaceChildren(h("p.quiet", {}, "Replaying it with more margin, until it holds…"));
      try {
        const { extra, lasting, currency, text } = await get(this.path() + "/counterfactual");
        const figure = (name, amount) => amount !== null && amount !== undefined
          && h("div", {}, h("dt", {}, name), h("dd", {}, `${grouped(amount)} ${currency}`));
        answer.replaceChildren(
          h("dl.figures", {}, figure("More margin that would have saved it", extra),
            lasting !== extra && figure("and until now", lasting)),
          ...text.map((sentence) => h("p", {}, withTimes(sentence))));
        button.remove();
      } catch (refusal) {
        answer.replaceChildren(h("p", {}, refusal.status === 404 ? "This venue does not replay what was."
          : refusal.message));
        button.disabled = false;
      }
    } }, "What would have saved it?");
    // It is for its owner to ask: the whole journal is gone through again.
    return this.isShared ? [h("p", {}, least)] : [h("p", {}, least), button, answer];
  }

  // MARK: Sharing

  #share() {
    const link = h("input", { type: "text", readOnly: true, hidden: true, "aria-label": "Link to this liquidation" });
    const button = h("button", { type: "button", onclick: async () => {
      const shared = await attempt(() => ask("POST", this.path() + "/share", {}));
      if (!shared) return;
      link.value = `${location.origin}${location.pathname}#/shared/${shared.token}`;
      link.hidden = false;
      link.select();
      navigator.clipboard?.writeText(link.value).then(() => say("The link is copied."), () => {});
    } }, "Share by a link");
    return h("div.share", {}, button, link, h("span.quiet", {},
      "Whoever has the link can read this, and nothing else."));
  }
}

class SharedView extends LiquidationView {
  path() {
    return "/shared/" + encodeURIComponent(this.dataset.number);
  }

  get isShared() {
    return true;
  }
}

customElements.define("bw-liquidation-view", LiquidationView);
customElements.define("bw-shared-view", SharedView);
