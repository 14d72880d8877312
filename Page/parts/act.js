// What is done with the account.

import { desk } from "../venue/desk.js";
import { attempt, h } from "./element.js";

/** Does something that the venue may refuse, says how it went, and looks how the account stands then. */
export async function act(action, done) {
  const answer = await attempt(action, done);
  await desk.refresh().catch(() => {});
  return answer;
}

/** A button that does it. */
export const actButton = (label, action, done) =>
  h("button", { type: "button", onclick: () => act(action, done) }, label);
