// Sums that grow along a price, drawn as steps: what would be forced against what the book could take.

import { grouped, stepped } from "../venue/numbers.js";
import { h, row, table } from "./element.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [480, 200, 8, 18];
const SPACE = "http://www.w3.org/2000/svg";

function s(kind, attributes, ...children) {
  const element = document.createElementNS(SPACE, kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param steps `[{price, …sums}]`, from the mark outwards
 * @param lines `[[name of the sum, what it is called, colour]]`
 */
export function stepPlot(title, steps, lines, contract) {
  if (steps.length === 0) return h("div", {}, h("p.caption", {}, title), h("p.empty", {}, "Nothing would be forced."));
  const prices = steps.map((step) => Number(step.price));
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const most = Math.max(...steps.flatMap((step) => lines.map(([sum]) => Number(step[sum]))), 0) || 1;
  const x = (price) => LEFT + ((Number(price) - low) / (high - low || 1)) * (WIDTH - 2 * LEFT);
  const y = (value) => HEIGHT - BOTTOM - (Number(value) / most) * (HEIGHT - BOTTOM - 14);
  const path = (sum) => steps.map((step, place) =>
    (place === 0 ? `M${x(step.price)},${y(0)}` : `H${x(step.price)}`) + `V${y(step[sum])}`).join("");
  const plot = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: "100%", role: "img", "aria-label": title },
    ...lines.map(([sum, , colour]) => {
      const line = s("path", { d: path(sum), fill: "none", "stroke-width": 2 });
      line.style.stroke = `var(${colour})`;
      return line;
    }),
    s("text", { x: LEFT, y: HEIGHT - 4 }, stepped(String(low), contract.tick)),
    s("text", { x: WIDTH - LEFT, y: HEIGHT - 4, "text-anchor": "end" }, stepped(String(high), contract.tick)),
    s("text", { x: LEFT, y: 10 }, grouped(String(Number(most.toFixed(8))))));
  const legend = h("p.legend", {}, lines.map(([, name, colour]) => {
    const key = h("span", {}, "— " + name);
    key.style.color = `var(${colour})`;
    return key;
  }));
  return h("div", {}, h("p.caption", {}, title), legend, plot,
    h("details", {}, h("summary", {}, "As numbers"), table(title, ["Price", ...lines.map(([, name]) => name)],
      steps.slice(0, 200).map((step) => row(stepped(step.price, contract.tick), ...lines.map(([sum]) => grouped(step[sum])))), "")));
}
