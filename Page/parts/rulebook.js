// The rules, as their files say them.

import { get } from "../venue/api.js";
import { desk } from "../venue/desk.js";
import { h, Part } from "./element.js";

/** A line of YAML in its parts: notes quiet, keys and values in colours of their own. */
function line(text) {
  const note = text.match(/^(\s*)(#.*)$/);
  if (note) return [note[1], h("span.note", {}, note[2]), "\n"];
  const entry = text.match(/^(\s*(?:- )?)([\w.-]+)(:)(\s*)(.*?)(\s+#.*)?$/);
  if (!entry) return [text, "\n"];
  const [, before, key, colon, space, value, after] = entry;
  return [before, h("span.key", {}, key), colon, space, value && h("span.value", {}, value),
    after && h("span.note", {}, after), "\n"];
}

class Rulebook extends Part {
  #source = h("pre.source", { tabIndex: 0 });

  async begin() {
    const { current, shipped } = await get("/rulebooks").catch(() => ({ current: desk.venue.rulebook, shipped: [] }));
    const names = shipped.includes(current) ? shipped : [current, ...shipped];
    const choice = h("select", { id: "rulebook-name", onchange: () => this.#show(choice.value) }, names.map((name) =>
      h("option", { value: name, selected: name === current }, name === current ? name + ", in force here" : name)));
    this.replaceChildren(h("div.field", {}, h("label", { htmlFor: "rulebook-name" }, "Rulebook"), choice),
      this.#source);
    await this.#show(current);
  }

  async #show(name) {
    this.#source.setAttribute("aria-label", "Rulebook " + name);
    const reply = await fetch("/v1/rulebooks/" + encodeURIComponent(name)).catch(() => null);
    if (!reply?.ok) return this.#source.replaceChildren("This rulebook's file is not shipped.");
    const lines = (await reply.text()).trimEnd().split("\n");
    this.#source.replaceChildren(...lines.flatMap(line).filter((part) => part !== undefined && part !== ""));
  }
}

customElements.define("bw-rulebook", Rulebook);
