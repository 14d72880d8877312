// Buffers and queues as small pictures with words.

import { standing } from "../venue/buffer.js";
import { grouped } from "../venue/numbers.js";
import { h } from "./element.js";

/** How much of a buffer is left, as words and a bar. */
export function gauge(buffer) {
  const kind = standing(buffer);
  if (kind === null) return "–";
  const left = Math.max(0, Math.min(100, Number(buffer)));
  return h("span.gauge." + (kind === "begun" ? "bad" : kind), { title: "Liquidation begins when nothing is left." },
    h("meter", { min: 0, max: 100, low: 20, high: 80, optimum: 100, value: left,
      "aria-label": `${buffer} % of the buffer left` }),
    ` ${grouped(buffer)} %`);
}

/** Five lights: how near the front of the queue of deleveraging a position is. */
export function lights(position) {
  const rank = position.adlRank ?? 0;
  const words = position.adlPlace === null || position.adlPlace === undefined
    ? "not in the queue" : `place ${position.adlPlace} in the queue, ${grouped(position.adlAhead)} ahead`;
  return h("span.lights", { role: "img", "aria-label": `${rank} of 5 lights: ${words}`, title: words },
    [1, 2, 3, 4, 5].map((light) => h(light <= rank ? "i.lit" : "i")));
}
