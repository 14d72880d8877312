// Who bore the losses of each rulebook in a run of the lab, as bars on one scale, and all figures side by side.

import { grouped, money } from "../venue/numbers.js";
import { h, row, table } from "./element.js";
import { isNarrow } from "./run-plots.js";
import { s } from "./svg.js";

const BEARERS = [
  ["trader", "traders' margin", "--accent"], ["fund", "insurance fund", "--warn"],
    ["providers", "liquidity providers", "--good"],
  ["deleveraged", "deleveraged", "--bad"], ["clawedBack", "clawback", "--quiet"], ["venue", "venue", "--ink"],
];
const [BAR, GAP] = [22, 26];

/** A bar for each rulebook: what was borne to the right of the line, what was gained to its left. */
export function lossBars({ comparison }, currency) {
  const runs = comparison.runs.map((run) => ({ name: run.name, loss: run.currencies[currency].loss }));
  const sum = ({ loss }, isBorne) => BEARERS.reduce((all, [key]) =>
    all + (Number(loss[key]) > 0 === isBorne ? Math.abs(Number(loss[key])) : 0), 0);
  const [borne, gained] = [true, false].map((isBorne) => Math.max(...runs.map((run) => sum(run, isBorne))));
  const width = isNarrow.matches ? 350 : 760;
  const scale = (width - 4) / (borne + gained || 1);
  const zero = 2 + gained * scale;
  const height = runs.length * (BAR + GAP);
  const bars = runs.map((run, place) => {
    const top = place * (BAR + GAP) + 18;
    let [right, left] = [zero, zero];
    const pieces = BEARERS.flatMap(([key, name, colour]) => {
      const amount = Number(run.loss[key]);
      if (amount === 0) return [];
      const length = Math.abs(amount) * scale;
      const at = amount > 0 ? right : left - length;
      if (amount > 0) right += length; else left -= length;
      return s("rect", { x: at, y: top, width: Math.max(1, length), height: BAR, fill: colour },
        s("title", {}, `${name}: ${grouped(run.loss[key])} ${currency}`));
    });
    return [s("text", { x: 2, y: top - 5, "font-weight": 600 },
      `${run.name}: ${money(run.loss.total)} ${currency} in all`), pieces,
      s("line", { x1: zero, x2: zero, y1: top - 3, y2: top + BAR + 3, stroke: "--ink" })];
  });
  const known = BEARERS.filter(([key]) => runs.some((run) => Number(run.loss[key]) !== 0));
  const legend = h("p.legend", {}, known.map(([, name, colour]) => {
    const key = h("span", {}, h("i.swatch"), name);
    key.firstChild.style.background = `var(${colour})`;
    return key;
  }));
  return h("div", {}, legend, s("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img",
    "aria-label": runs.map((run) => `${run.name}: ` + known.map(([key, name]) =>
      `${name} ${grouped(run.loss[key])}`).join(", ")).join("; ") },
    bars));
}

const FIGURES = [
  ["positions lost", (f) => grouped(f.liquidations.positionsLost)],
    ["of them long", (f) => grouped(f.liquidations.longs)],
  ["accounts", (f) => grouped(f.liquidations.accounts)], ["worth", (f) => grouped(f.liquidations.notional)],
  ["taken over", (f) => (f.stages.takeover === undefined ? "–" : grouped(f.stages.takeover))],
  ["saved", (f) => grouped(f.outcomes.saved)],
  ["traders lost", (f) => grouped(f.loss.traders)], ["spent by the fund", (f) => grouped(f.loss.fundSpent)],
  ["gained by the fund", (f) => grouped(f.loss.fundGained)], ["borne by providers", (f) => grouped(f.loss.providers)],
  ["given up in deleveraging", (f) => grouped(f.loss.deleveraged)],
    ["accounts deleveraged", (f) => grouped(f.autoDeleveraging.accounts)],
  ["clawed back", (f) => grouped(f.loss.clawedBack)], ["venue's debt", (f) => grouped(f.loss.venue)],
  ["loss in all", (f) => grouped(f.loss.total)], ["fund at the start", (f) => grouped(f.insuranceFund.start)],
  ["fund at its lowest", (f) => grouped(f.insuranceFund.lowest)],
    ["fund at the end", (f) => grouped(f.insuranceFund.end)],
  ["forced volume", (f) => grouped(f.trading.forcedVolume)],
    ["difference of the books", (f) => f.conservation.difference],
  ["state", (f) => f.stateHash],
];

/** Every figure, rulebooks across. */
export const figureTable = ({ runs }, currency) => table(`Figures, amounts in ${currency}`,
  ["", ...runs.map((run) => run.rulebook)].map((each) => each || "Figure"),
  FIGURES.map(([name, figure]) => row(h("th", { scope: "row" }, name), ...runs.map((run) => figure(run.figures)))), "");
