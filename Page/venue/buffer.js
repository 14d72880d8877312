// How much of a position's buffer is left, and what that is called.

/** A warning below this share of the buffer, in per cent, and danger below that one. */
export const [WARNING, DANGER] = [80, 20];

/** `good`, `warn`, `bad`, or `begun` where nothing is left; `null` where a position has no buffer of its own. */
export function standing(buffer) {
  if (buffer === null || buffer === undefined) return null;
  const left = Number(buffer);
  return left <= 0 ? "begun" : left < DANGER ? "bad" : left < WARNING ? "warn" : "good";
}
