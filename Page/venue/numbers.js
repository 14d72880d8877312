// Decimal texts, as the venue sends them: shown with their digits grouped, never put through floating point.

/** `1234567.50` as `1,234,567.50`; an empty text for what is not known. */
export function grouped(text) {
  if (text === null || text === undefined) return "";
  const [whole, rest] = String(text).split(".");
  const sign = whole.startsWith("-") ? "−" : "";
  const digits = whole.replace("-", "").replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return sign + digits + (rest === undefined ? "" : "." + rest);
}

/** How many digits a step has after its point: 1 for `0.1`. */
export const placesOf = (step) => (String(step).split(".")[1] ?? "").length;

/** A decimal text with that many digits after its point: filled up with zeros, or cut off. */
export function toPlaces(text, places) {
  if (text === null || text === undefined) return "";
  const [whole, rest = ""] = String(text).split(".");
  return places === 0 ? whole : whole + "." + rest.padEnd(places, "0").slice(0, places);
}

/** A price or size as its contract's step has it. */
export const stepped = (text, step) => grouped(toPlaces(text, placesOf(step)));

/** How many digits money is shown with after its point, where that is not two: of coins as many as they have. */
const digits = new Map();
/** Learns how small the parts of each currency are, by its name. */
export function learnCurrencies(currencies) {
  for (const [name, places] of Object.entries(currencies)) digits.set(name, places > 6 ? places : 2);
}

/** Money: as many digits as its currency is shown with, or all it has where it is smaller than that. */
export function money(text, currency) {
  if (text === null || text === undefined) return "";
  const short = toPlaces(text, digits.get(currency) ?? 2);
  return grouped(Number(short) === 0 && Number(text) !== 0 ? text : short);
}

/** The same with its sign in front in any case. */
export const signed = (text, currency) =>
  (text && !String(text).startsWith("-") && Number(text) !== 0 ? "+" : "") + money(text, currency);

/** A share as per cent: `0.025` is `2.5 %`. */
export function percent(share) {
  if (share === null || share === undefined) return "";
  const [whole, rest = ""] = String(share).replace("-", "").split(".");
  const digits = (whole + rest.padEnd(2, "0").slice(0, 2)).replace(/^0+(?=\d)/, "");
  const tail = rest.slice(2).replace(/0+$/, "");
  return (String(share).startsWith("-") ? "−" : "") + digits + (tail ? "." + tail : "") + " %";
}

/** So many steps as a decimal text. */
function times(count, step) {
  const places = placesOf(step);
  const digits = (BigInt(count) * BigInt(String(step).replace(".", ""))).toString();
  if (places === 0) return digits;
  const sign = digits.startsWith("-") ? "-" : "";
  const padded = digits.replace("-", "").padStart(places + 1, "0");
  return sign + padded.slice(0, -places) + "." + padded.slice(-places);
}

/** The multiple of `step` at or below a number: a suggestion for an input, which the venue judges by itself. */
export const suggestion = (number, step) =>
  Number.isFinite(number) && number > 0 ? times(BigInt(Math.floor(number / Number(step) + 1e-9)), step) : "";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit",
  hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "2-digit" });

/** A moment as local time, with UTC to be seen on hover. */
export function time(moment) {
  const element = document.createElement("time");
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  element.dateTime = moment;
  element.textContent = (isToday ? "" : day.format(date) + " ") + clock.format(date);
  element.title = date.toISOString().replace("T", " ").replace("Z", " UTC");
  return element;
}
