// Pictures: SVG elements by name, coloured by the page's own names of colours.

const SPACE = "http://www.w3.org/2000/svg";

/** `s("path", {d, stroke: "--bad"})`: colours are names of the page's, all else are attributes. */
export function s(kind, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, kind);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    // A style set by script, which the policy allows.
    if (String(value).startsWith("--")) element.style.setProperty(name, `var(${value})`);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

const tenths = (number) => Math.round(number * 10) / 10;

/** The `d` of a line through `[[x, y]]`. */
export const line = (points) =>
  points.map(([x, y], place) => `${place === 0 ? "M" : "L"}${tenths(x)},${tenths(y)}`).join("");

/** How wide a picture in an element is drawn: as wide as there is room, so that its words keep their size. */
export const room = (element, usual) => Math.max(260, (element?.clientWidth || usual) - 20);

/** A picture that takes the width it is given. */
export const picture = (label, width, height, ...children) =>
  s("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "aria-label": label }, ...children);

/** Round numbers that divide a span into about `count` parts. */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * scale).find((each) => each >= rough);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) {
    found.push(Number(at.toPrecision(12)));
  }
  return found;
}

/** A number for an axis: `12.5k`. */
export function short(number) {
  const size = Math.abs(number);
  const [divisor, letter] = size >= 1e9 ? [1e9, "bn"] : size >= 1e6 ? [1e6, "m"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${Number((number / divisor).toPrecision(4))}${letter}`.replace("-", "−");
}
