// Sums of decimal texts, exact: money is never put through floating point.

/** A decimal text as a whole number of its smallest steps, and how many digits those have after the point. */
function parts(text) {
  const [whole, rest = ""] = String(text).split(".");
  return { digits: BigInt(whole + rest), places: rest.length };
}

function spelled(digits, places) {
  if (places === 0) return digits.toString();
  const sign = digits < 0n ? "-" : "";
  const padded = (digits < 0n ? -digits : digits).toString().padStart(places + 1, "0");
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`.replace(/\.?0+$/, "");
}

/** The sum of decimal texts: `sum("0.1", "0.2")` is `0.3`. */
export function sum(...texts) {
  const all = texts.map(parts);
  const places = Math.max(0, ...all.map((each) => each.places));
  const total = all.reduce((before, each) => before + each.digits * 10n ** BigInt(places - each.places), 0n);
  return spelled(total, places);
}

export const negative = (text) => (String(text).startsWith("-") ? String(text).slice(1) : "-" + text);
export const difference = (from, what) => sum(from, negative(what));
