// How the account as a whole stands: what it has, what holds it back, and how far all of it is from liquidation.

import { desk } from "../venue/desk.js";
import { money, signed } from "../venue/numbers.js";
import { sum } from "../venue/exact.js";
import { accountLeverage, times } from "../venue/risk.js";
import { h, Part } from "./element.js";
import { gauge } from "./gauge.js";

class AccountPanel extends Part {
  begin() {
    const draw = this.soon(() => this.#draw());
    this.on(desk, ["standing", "session", "symbol"], draw);
    draw();
  }

  #draw() {
    const wallets = Object.entries(desk.standing?.wallets ?? {});
    this.hidden = !desk.account;
    this.replaceChildren(h("h2", {}, "Account"),
      ...(wallets.length > 0 ? wallets.map(([currency, wallet]) => this.#wallet(currency, wallet))
      : [h("p.empty", {}, "No money yet.")]));
  }

  #wallet(currency, wallet) {
    const positions = desk.positions.filter(({ symbol }) => desk.contracts.get(symbol)?.settle === currency);
    const unrealised = sum("0", ...positions.map((each) => each.unrealisedPnl));
    const fact = (name, value, title) => [h("dt", { title }, name), h("dd", {}, value)];
    return h("dl.facts", { "aria-label": currency },
      ...fact("Equity", h("b", {}, `${money(wallet.equity, currency)} ${currency}`), "Balance with what is unrealised"),
      ...fact("Balance", money(wallet.balance, currency), "Isolated margin included"),
      ...fact("Unrealised", h("span." + (unrealised.startsWith("-") ? "ask" : "bid"), {},
        signed(unrealised, currency) || "0.00")),
      ...fact("Available", money(wallet.available, currency), "For new positions, or to pay out"),
      ...fact("Initial margin", money(wallet.initialMargin, currency)),
      ...fact("Maintenance margin", money(wallet.maintenanceMargin, currency)),
      ...(wallet.closeOutMargin ? fact("Close-out margin", money(wallet.closeOutMargin, currency),
        "Below it a position is taken over") : []),
      ...fact("Effective leverage",
        times(positions.length > 0 ? accountLeverage(positions, desk.contracts, wallet) : null),
        "All positions at mark, over equity"),
      ...fact("Buffer", gauge(wallet.buffer),
        "100 % at initial margin, 0 % at maintenance margin, where liquidation begins"));
  }
}

customElements.define("bw-account", AccountPanel);
