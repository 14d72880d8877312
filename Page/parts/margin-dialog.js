// Moving margin to and from an isolated position, between what it must keep and what is available, with what that
// changes.

import { ask } from "../venue/api.js";
import { desk, ownPosition } from "../venue/desk.js";
import { difference, sum } from "../venue/exact.js";
import { money, stepped, toPlaces } from "../venue/numbers.js";
import { Foresight } from "../venue/preview.js";
import { act } from "./act.js";
import { comparison } from "./comparison.js";
import { h } from "./element.js";

/** How many places the slider has between its ends. */
const PLACES = 1_000;

/** Asks how much margin shall back a position, and moves it. */
export function moveMargin({ name, symbol, side }) {
  const contract = desk.contracts.get(symbol);
  const position = () => desk.positions.find((each) => each.name === name);
  const places = desk.venue.currencies[contract.settle] ?? 2;
  const { margin, initialMargin, unrealisedPnl } = position();
  const { available } = desk.standing.wallets[contract.settle];
  // What must stay behind it: IM, and what it has lost since.
  const least = sum(initialMargin, unrealisedPnl.startsWith("-") ? unrealisedPnl.slice(1) : "0");
  const bottom = Number(least) < Number(margin) ? least : margin;
  const top = sum(margin, available);
  const span = Number(top) - Number(bottom);

  const amount = h("input", { id: "margin-amount", type: "text", inputMode: "decimal", autocomplete: "off",
    placeholder: "0.00" });
  const slider = h("input", { id: "margin-slider", type: "range", min: 0, max: PLACES, step: 1 });
  slider.value = span > 0 ? Math.round(((Number(margin) - Number(bottom)) / span) * PLACES) : 0;
  const result = h("div.foresight", { "aria-live": "polite" },
    h("p.quiet", {}, "Slide, or type an amount; less than zero takes back."));
  const foresight = new Foresight((answers) => {
    if (!answers) return;
    result.replaceChildren(comparison(`Margin of ${name}`, symbol, { ...answers[0], side },
      ["Margin", "Liquidation", "Bankruptcy", "Effective leverage", "Buffer"]));
    go.disabled = Boolean(answers[0].refusal);
  });
  const go = h("button.main", { type: "submit", disabled: true }, "Move margin");
  const look = () => {
    const text = amount.value.trim();
    go.disabled = true;
    foresight.ask(Number(text) ? [{ margin: { symbol, ...(side === "net" ? {} : { position: side }), amount: text } }]
      : []);
  };
  slider.addEventListener("input", () => {
    const place = Number(slider.value);
    const wanted = place === 0 ? bottom : place === PLACES ? top
      : toPlaces((Number(bottom) + (span * place) / PLACES).toFixed(places), Math.min(places, 2));
    amount.value = difference(wanted, position()?.margin ?? margin);
    look();
  });
  amount.addEventListener("input", look);
  const dialog = h("dialog", { "aria-labelledby": "margin-title",
    onclose: () => { foresight.end(); dialog.remove(); } },
    h("form", { onsubmit: async (event) => {
      event.preventDefault();
      const moved = await act(() => ask("POST", ownPosition({ symbol, side }, "/margin"),
        { amount: amount.value.trim() }),
        ({ position: then }) => `Margin is ${money(then?.margin, contract.settle)} now, liquidation at `
          + `${then?.liquidationPrice ? stepped(then.liquidationPrice, contract.tick) : "no price"}.`);
      if (moved) dialog.close();
    } },
    h("h2", { id: "margin-title" }, `Margin of ${name}`),
    h("div.field", {}, h("label", { htmlFor: "margin-slider" }, "Between what must stay and what is available"), slider,
      h("div.scale", { "aria-hidden": "true" }, h("span", {}, money(bottom, contract.settle)),
        h("span", {}, money(top, contract.settle)))),
    h("div.field", {}, h("label", { htmlFor: "margin-amount" }, "Amount of margin, negative to take back"), amount),
    result,
    h("div.sides", {}, go, h("button", { type: "button", onclick: () => dialog.close() }, "Leave it"))));
  document.body.append(dialog);
  dialog.showModal();
}
