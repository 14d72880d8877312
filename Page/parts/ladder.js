// The most leverage that a position may have, by its value: a stair that goes down.

import { h } from "./element.js";
import { picture, s, short } from "./svg.js";

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [140, 40, 12, 12, 22];

/**
 * @param tiers `[{upTo, im, mm}]`, from the smallest
 * @param value what the position is worth, or 0
 */
export function ladder(title, tiers, value, width) {
  const ends = tiers.map(({ upTo }) => Number(upTo));
  const least = Math.log10(ends[0]) - 1;
  const most = Math.max(Math.log10(ends.at(-2) ?? ends[0]) + 0.7, least + 1.5);
  const highest = 1 / Number(tiers[0].im);
  const x = (at) => LEFT
    + ((Math.min(most, Math.max(least, Math.log10(at))) - least) / (most - least)) * (width - LEFT - RIGHT);
  const y = (leverage) => HEIGHT - BOTTOM - (leverage / highest) * (HEIGHT - TOP - BOTTOM);
  let path = `M${LEFT},${y(highest)}`;
  tiers.forEach(({ im }, place) => {
    path += `V${y(1 / Number(im))}H${place === tiers.length - 1 ? width - RIGHT : x(ends[place])}`;
  });
  const area = s("path", { d: `${path}V${y(0)}H${LEFT}Z`, fill: "--accent", opacity: 0.12 });
  const here = value > 0 ? s("line",
    { x1: x(value), x2: x(value), y1: TOP - 8, y2: y(0), stroke: "--warn", "stroke-width": 2 },
    s("title", {}, `Your position is worth ${short(value)}.`)) : null;
  const labels = ends.slice(0, -1).filter((end, place) => place === 0 || x(end) - x(ends[place - 1]) > 34).map((end) =>
    s("text", { x: x(end), y: HEIGHT - 8, "text-anchor": "middle" }, short(end)));
  return h("div", {}, picture(title, width, HEIGHT, area,
    s("path", { d: path, fill: "none", stroke: "--accent", "stroke-width": 2 }), here,
    s("text", { x: LEFT - 6, y: y(highest) + 4, "text-anchor": "end" }, `${short(highest)}x`),
    s("text", { x: LEFT - 6, y: y(0), "text-anchor": "end" }, "0x"), labels));
}
