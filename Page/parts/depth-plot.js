// What a move of the mark would do, on one axis of prices: what would be liquidated where, and, added up from the mark
// outwards, what would be forced against what rests in the book.

import { grouped, stepped } from "../venue/numbers.js";
import { h, row, table } from "./element.js";
import { picture, s, short, ticks } from "./svg.js";

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [230, 44, 10, 18, 24];

/** The axes of a picture whose middle is the mark; `reach` is how far it goes, as a share of the mark. */
function frame(mark, { reach, width }, most, contract) {
  const [low, high] = [mark * (1 - reach), mark * (1 + reach)];
  const x = (price) => LEFT + ((Math.min(high, Math.max(low, price)) - low) / (high - low)) * (width - LEFT - RIGHT);
  const y = (size) => HEIGHT - BOTTOM - (size / (most || 1)) * (HEIGHT - TOP - BOTTOM);
  const axes = s("g", { class: "axis" },
    ticks(0, most, 4).map((at) => [
      s("line", { x1: LEFT, x2: width - RIGHT, y1: y(at), y2: y(at) }),
      s("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, short(at))]),
    ticks(low, high, width / 120).map((at) => s("text", { x: x(at), y: HEIGHT - 7, "text-anchor": "middle" },
      grouped(String(at)))));
  const here = [
    s("line", { x1: x(mark), x2: x(mark), y1: TOP - 12, y2: HEIGHT - BOTTOM, stroke: "--ink",
      "stroke-dasharray": "3 3" }),
    s("text", { x: x(mark) + 5, y: TOP - 4 }, "mark " + stepped(String(mark), contract.tick)),
  ];
  return { low, high, x, y, axes, here, width };
}

const legend = (entries) => h("p.legend", {}, entries.map(([name, colour]) => {
  const key = h("span", {}, name);
  key.style.setProperty("--key", `var(${colour})`);
  return key;
}));

const numbers = (caption, headings, rows) => h("details", {}, h("summary", {}, "As numbers"),
  table(caption, headings, rows, "Nothing is there."));

/**
 * How much would be liquidated where: bars by bucket, and for those who may know, a line for every account.
 * @param exposures `[{account, size, liquidationPrice}]`, or `null`
 * @param view how far from the mark it reaches, and how wide it is: `{reach, width}`
 */
export function heatPlot({ mark: text, buckets }, exposures, view, contract) {
  const { reach, width } = view;
  const mark = Number(text);
  const inside = (price) => Math.abs(price - mark) <= mark * reach;
  const near = buckets.filter(({ from, to }) => inside(Number(from)) || inside(Number(to)));
  const most = Math.max(0, ...near.flatMap(({ longs, shorts }) => [Number(longs), Number(shorts)]));
  const title = `Where positions in ${contract.symbol} are liquidated`;
  const { x, y, axes, here } = frame(mark, view, most, contract);
  const price = (text) => stepped(text, contract.tick);
  const bar = ({ from, to, longs, shorts }) => [["longs", longs, "--bad"], ["shorts", shorts, "--good"]]
    .filter(([, size]) => Number(size) > 0).map(([kind, size, fill]) => s("rect", {
      x: x(Number(from)) + 1, width: Math.max(1, x(Number(to)) - x(Number(from)) - 2), y: y(Number(size)), rx: 1.5,
      height: HEIGHT - BOTTOM - y(Number(size)), fill, opacity: 0.75,
    }, s("title", {}, `${grouped(size)} of ${kind} from ${price(from)} to ${price(to)}`)));
  const each = (exposures ?? []).filter(({ liquidationPrice }) =>
    liquidationPrice !== null && inside(Number(liquidationPrice)));
  const account = ({ account: name, size, liquidationPrice }) => {
    const at = x(Number(liquidationPrice));
    return s("line", {
      x1: at, x2: at, y1: HEIGHT - BOTTOM, y2: Math.min(HEIGHT - BOTTOM - 3, y(Math.abs(Number(size)))),
        stroke: "--ink",
      "stroke-width": 1.5, opacity: 0.7,
    }, s("title", {}, `${name}: ${grouped(size)}, liquidated at ${stepped(liquidationPrice, contract.tick)}`));
  };
  return h("div", {},
    legend([["longs, liquidated below the mark", "--bad"], ["shorts, above it", "--good"],
      ...(exposures ? [["one account each", "--ink"]] : [])]),
    picture(title, width, HEIGHT, axes, near.map(bar), each.map(account), here),
    numbers(title, ["From", "Longs", "Shorts"], near.toReversed().map(({ from, longs, shorts }) => row(
      stepped(from, contract.tick), Number(longs) ? grouped(longs) : "", Number(shorts) ? grouped(shorts) : ""))));
}

/** Steps from the mark outwards as a path: nothing at the mark, then sums. */
function stair(mark, steps, key, { x, y }) {
  return steps.reduce((path, step) => `${path}H${x(Number(step.price))}V${y(Number(step[key]))}`,
    `M${x(mark)},${y(0)}`);
}

/**
 * @param sides `[down, up]`, each `{mark, steps: [{price, forced, depth}], end}`, as the venue tells them
 */
export function cascadePlot(sides, view, contract) {
  const { reach } = view;
  const mark = Number(sides[0].mark);
  const near = sides.map(({ steps }) => steps.filter(({ price }) => Math.abs(Number(price) - mark) <= mark * reach));
  const most = Math.max(0, ...near.flat().flatMap(({ forced, depth }) => [Number(forced), Number(depth)]));
  const title = `What a falling or rising mark of ${contract.symbol} would force`;
  const shape = frame(mark, view, most, contract);
  const { x, y, low, high } = shape;
  const lines = near.flatMap((steps, place) => {
    const edge = place === 0 ? low : high;
    return [["depth", "--accent", 1.5], ["forced", "--bad", 2]].flatMap(([key, colour, width]) => {
      const path = stair(mark, steps, key, shape) + `H${x(edge)}`;
      return [s("path", { d: `${path}V${y(0)}H${x(mark)}Z`, fill: colour, opacity: 0.09 }),
        s("path", { d: path, fill: "none", stroke: colour, "stroke-width": width })];
    });
  });
  const ends = sides.map(({ end }) => end).filter((end) => end && Math.abs(Number(end.price) - mark) <= mark * reach);
  const marks = ends.map(({ price, forced }) => [
    s("line", { x1: x(Number(price)), x2: x(Number(price)), y1: TOP, y2: y(0), stroke: "--warn", "stroke-width": 2 },
      s("title", {}, `It would end at ${stepped(price, contract.tick)}, having forced ${grouped(forced)}.`)),
    s("text", { x: x(Number(price)) + (Number(price) < mark ? -5 : 5), y: TOP + 10,
      "text-anchor": Number(price) < mark ? "end" : "start" }, "ends at " + stepped(price, contract.tick)),
  ]);
  const told = sides.map(({ end }, place) => {
    const way = place === 0 ? "falls" : "rises";
    if (end === undefined) return null;
    return end === null ? `If the mark ${way}, nothing sets a cascade off that the book could not take.`
      : `If the mark ${way}, a cascade would end at ${stepped(end.price, contract.tick)}, `
        + `with ${grouped(end.forced)} forced.`;
  }).filter(Boolean);
  return h("div", {},
    legend([["forced", "--bad"], ["resting in the book", "--accent"],
      ...(ends.length > 0 ? [["where it ends", "--warn"]] : [])]),
    picture(title, shape.width, HEIGHT, shape.axes, lines, marks, shape.here),
      told.map((sentence) => h("p", {}, sentence)),
    numbers(title, ["Mark", "Forced", "In the book"], [...near[1].slice(0, 100).reverse(),
      ...near[0].slice(0, 100)].map((step) =>
      row(stepped(step.price, contract.tick), grouped(step.forced), grouped(step.depth)))));
}
