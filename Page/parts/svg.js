// Drawings: elements of SVG by name, and lines through points.

const SPACE = "http://www.w3.org/2000/svg";

/** `s("rect", {x: 1, fill: "--bad"})`; a `fill` or `stroke` that begins with two dashes is a colour of the page's. */
export function s(kind, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, kind);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    // A style set by script, which the policy allows.
    if (String(value).startsWith("--")) element.style.setProperty(name, `var(${value})`);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity));
  return element;
}

const short = (number) => Math.round(number * 10) / 10;

/** The `d` of a line through `[[x, y]]`. */
export const line = (points) => points.map(([x, y], place) => `${place === 0 ? "M" : "L"}${short(x)},${short(y)}`).join("");

/** A few round numbers between two others, to draw lines at. */
export function ticks(low, high, most = 4) {
  const rough = (high - low) / most;
  if (!(rough > 0)) return [];
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * size).find((each) => each >= rough);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) found.push(Number(at.toFixed(8)));
  return found;
}
