// What an order or a setting would do, tried by the venue and taken back: asked for once whoever decides has come to
// rest.

import { ask } from "./api.js";
import { own } from "./desk.js";

/** How long nothing has to change before it is asked for. */
const REST = 150;

/** How the account would stand: `{refusal, position, wallet, order, orderMargin}`. */
export const preview = (body) => ask("POST", own("/preview"), body);

/** Asks for previews as inputs change; only the answer to the latest question is shown. */
export class Foresight {
  #timer = null;
  #asked = 0;
  #show;

  /** @param show is given the answers, in the order of the questions, or `null` where there is nothing to foresee */
  constructor(show) {
    this.#show = show;
  }

  /** @param bodies what to ask, one after the other; none where there is nothing to foresee */
  ask(bodies) {
    clearTimeout(this.#timer);
    const number = ++this.#asked;
    if (bodies.length === 0) return this.#show(null);
    this.#timer = setTimeout(async () => {
      const answers = await Promise.all(bodies.map((body) => preview(body).catch((refusal) => ({ refusal }))));
      if (number === this.#asked) this.#show(answers);
    }, REST);
  }

  /** Forgets what was asked. */
  end() {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }
}
