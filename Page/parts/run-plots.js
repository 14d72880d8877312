// A run of the lab, drawn: the price, what each rulebook liquidated where, and what became of its fund; all on one
// scale of time, with the figures of any moment to be read.

import { grouped, money } from "../venue/numbers.js";
import { h } from "./element.js";
import { line, s, ticks } from "./svg.js";

const [LEFT, RIGHT] = [58, 8];
/** As wide as the page shows it, so that its letters keep their size. */
let WIDTH = 760;
const [PRICE, STRIP, FUND, GAP] = [170, 74, 110, 30];
/** Each rulebook's colour, and how its line is broken, for eyes that do not tell the colours apart. */
export const STYLES = [["--run-1", null], ["--run-2", "6 3"], ["--run-3", "2 3"], ["--run-4", "8 3 2 3"]];

/** Where there is room for half of everything. */
export const isNarrow = matchMedia("(max-width: 40rem)");

const moment = new Intl.DateTimeFormat(undefined, { month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit",
  hour12: false, timeZone: "UTC" });
const brief = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

export function runPlots({ columns, runs }, currency) {
  WIDTH = isNarrow.matches ? 350 : 760;
  const count = columns.time.length;
  const step = (WIDTH - LEFT - RIGHT) / count;
  const x = (place) => LEFT + (place + 0.5) * step;
  const height = PRICE + GAP + runs.length * (STRIP + GAP) + FUND + 24;
  const crosshair = s("line", { y1: 0, y2: height - 20, stroke: "--quiet", "stroke-dasharray": "3 3" });
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: "100%", role: "img",
    "aria-label": "Price, liquidations of each rulebook, and insurance funds over time; "
      + "the slider below reads them out" },
    pricePlot(columns, 0, x),
      runs.map((run, place) => strip(run, PRICE + GAP + place * (STRIP + GAP), x, step, runs, currency)),
    fundPlot(runs, PRICE + GAP + runs.length * (STRIP + GAP), x, currency), timeLabels(columns, x, height), crosshair);
  const area = h("div.moment");
  area.style.paddingLeft = `${(LEFT / WIDTH) * 100}%`; // Under the plots.
  area.style.paddingRight = `${(RIGHT / WIDTH) * 100}%`;
  const readout = h("dl.readout", { "aria-live": "polite" });
  const slider = h("input", { type: "range", min: 0, max: count - 1, value: busiest(runs), "aria-label": "Moment",
    oninput: () => show(Number(slider.value)) });
  const show = (place) => {
    slider.value = place;
    for (const end of ["x1", "x2"]) crosshair.setAttribute(end, x(place));
    const fact = (name, value, colour) => {
      const term = h("dt", {}, name);
      if (colour) term.style.color = `var(${colour})`;
      return h("div", {}, term, h("dd", {}, value));
    };
    readout.replaceChildren(
      fact(moment.format(new Date(columns.time[place])) + " UTC",
        `${grouped(columns.low[place])} to ${grouped(columns.high[place])}`),
      ...runs.map((run, number) => fact(run.rulebook,
        `longs ${money(run.longs[place])}, shorts ${money(run.shorts[place])}, `
          + `given up ${money(run.deleveraged[place])}, fund ${money(run.fund[place])}`,
        STYLES[number][0])));
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const place = Math.floor((((event.clientX - box.left) / box.width) * WIDTH - LEFT) / step);
    if (place >= 0 && place < count) show(place);
  });
  show(Number(slider.value));
  area.append(slider);
  return h("div", {}, svg, area, readout);
}

/** The column in which most was liquidated, under any rulebook. */
function busiest(runs) {
  const sums = runs[0].longs.map((_, place) =>
    Math.max(...runs.map((run) => Number(run.longs[place]) + Number(run.shorts[place]))));
  return sums.indexOf(Math.max(...sums));
}

const title = (text, top, colour) => s("text", { x: LEFT, y: top - 6, fill: colour, "font-weight": 600 }, text);

const grid = (values, y, label) => values.map((value) => [
  s("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), stroke: "--line" }),
  s("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, label(value)),
]);

function pricePlot({ low, high, close }, top, x) {
  const [lows, highs, closes] = [low, high, close].map((each) => each.map(Number));
  const [least, most] = [Math.min(...lows), Math.max(...highs)];
  const y = (price) => top + 18 + (1 - (price - least) / (most - least || 1)) * (PRICE - 22);
  const band = [...highs.map((price, place) => [x(place), y(price)]),
    ...lows.map((price, place) => [x(place), y(price)]).reverse()];
  return [grid(ticks(least, most), y, grouped), title("Price", top + 14),
    s("path", { d: line(band) + "Z", fill: "--ink", opacity: 0.18 }),
    s("path", { d: line(closes.map((price, place) => [x(place), y(price)])), fill: "none", stroke: "--ink",
      "stroke-width": 1.2 })];
}

/** What one rulebook liquidated: longs below a line, shorts above it, all rulebooks on one scale. */
function strip(run, top, x, step, runs, currency) {
  const all = (name) => runs.flatMap((each) => each[name].map(Number));
  const [most, least] = [Math.max(...all("shorts"), 0), Math.max(...all("longs"), 0)];
  const scale = STRIP / (most + least || 1);
  const zero = top + most * scale;
  const bars = (name, colour, isUp) => run[name].map(Number).map((value, place) => value > 0
    ? s("rect", { x: x(place) - step / 2, width: Math.max(1, step - 0.5), y: isUp ? zero - value * scale : zero,
      height: Math.max(1, value * scale), fill: colour }) : []);
  const { positionsLost, notional } = run.figures.liquidations;
  return [title(`${run.rulebook}: ${grouped(positionsLost)} lost, worth ${money(notional)} ${currency}`, top),
    s("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: zero, y2: zero, stroke: "--line" }),
    s("text", { x: LEFT - 6, y: zero + 4, "text-anchor": "end" }, "0"),
    least > 0 ? s("text", { x: LEFT - 6, y: zero + least * scale + 2, "text-anchor": "end" }, brief.format(least)) : [],
    bars("longs", "--bad", false), bars("shorts", "--good", true)];
}

function fundPlot(runs, top, x, currency) {
  const funds = runs.map((run) => run.fund.map(Number));
  const [least, most] = [Math.min(0, ...funds.flat()), Math.max(...funds.flat(), 1)];
  const y = (value) => top + (1 - (value - least) / (most - least)) * (FUND - 6);
  return [grid(ticks(least, most, 3), y, (value) => brief.format(value)), title(`Insurance fund, ${currency}`, top),
    funds.map((fund, place) => s("path", { d: line(fund.map((value, column) => [x(column), y(value)])), fill: "none",
      stroke: STYLES[place][0], "stroke-width": 2, "stroke-dasharray": STYLES[place][1] }))];
}

function timeLabels({ time }, x, height) {
  const parts = isNarrow.matches ? 2 : 4;
  const places = Array.from({ length: parts + 1 }, (_, part) => Math.round(((time.length - 1) * part) / parts));
  return [...new Set(places)].map((place, number, all) => s("text", { x: x(place), y: height - 4,
    "text-anchor": number === 0 ? "start" : number === all.length - 1 ? "end" : "middle" },
      moment.format(new Date(time[place]))));
}
