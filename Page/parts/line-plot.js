// A figure over time, as a line with its area.

import { grouped, time } from "../venue/numbers.js";
import { h } from "./element.js";
import { picture, s, short, ticks } from "./svg.js";

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [170, 48, 10, 12, 22];

/**
 * @param points `[{time, value}]` in any order, values as decimal texts
 */
export function linePlot(title, points, unit, width) {
  const sorted = points.map((each) => ({ ...each, at: Date.parse(each.time), number: Number(each.value) })).sort((a,
    b) => a.at - b.at);
  if (sorted.length < 2) return h("p.empty", {}, "Nothing has moved yet.");
  const [first, last] = [sorted[0].at, sorted.at(-1).at];
  const numbers = sorted.map(({ number }) => number);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const [low, high] = [least > 0 && least < most * 0.6 ? 0 : least, most];
  const x = (at) => LEFT + ((at - first) / (last - first || 1)) * (width - LEFT - RIGHT);
  const y = (number) => HEIGHT - BOTTOM - ((number - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const path = sorted.map(({ at, number }, place) =>
    `${place === 0 ? "M" : "L"}${x(at).toFixed(1)},${y(number).toFixed(1)}`).join("");
  const moments = [first, (first + last) / 2, last].map((at, place) =>
    s("text", { x: x(at), y: HEIGHT - 5, "text-anchor": ["start", "middle", "end"][place] },
      time(new Date(at).toISOString()).textContent));
  return picture(`${title}: from ${grouped(sorted[0].value)} to ${grouped(sorted.at(-1).value)} ${unit}`, width, HEIGHT,
    s("g", { class: "axis" }, ticks(low, high, 4).map((at) => [
      s("line", { x1: LEFT, x2: width - RIGHT, y1: y(at), y2: y(at) }),
      s("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, short(at))]), moments),
    s("path", { d: `${path}V${HEIGHT - BOTTOM}H${LEFT}Z`, fill: "--good", opacity: 0.13 }),
    s("path", { d: path, fill: "none", stroke: "--good", "stroke-width": 2 }));
}

/** Two sides of a scale beside one another: bars to the left and to the right of their names. */
export function mirrorPlot(title, rows, [left, right], width) {
  const most = Math.max(0, ...rows.flatMap((each) => [each.left, each.right])) || 1;
  const [high, middle] = [22, 90];
  const half = (width - middle) / 2;
  return picture(title, width, rows.length * high + 18,
    s("text", { x: half - 6, y: 10, "text-anchor": "end" }, left), s("text", { x: half + middle + 6, y: 10 }, right),
    rows.map(({ name, left: one, right: other, hint }, place) => {
      const top = 18 + place * high;
      const [a, b] = [(one / most) * (half - 50), (other / most) * (half - 50)];
      return [
        s("text", { x: width / 2, y: top + 12, "text-anchor": "middle" }, name),
        s("rect", { x: half - a, y: top + 2, width: a, height: high - 6, rx: 2, fill: "--good", opacity: 0.75 },
          s("title", {}, hint)),
        s("rect", { x: half + middle, y: top + 2, width: b, height: high - 6, rx: 2, fill: "--bad", opacity: 0.75 },
          s("title", {}, hint)),
        one > 0 ? s("text", { x: half - a - 5, y: top + 12, "text-anchor": "end" }, short(one)) : null,
        other > 0 ? s("text", { x: half + middle + b + 5, y: top + 12 }, short(other)) : null,
      ];
    }).flat());
}
