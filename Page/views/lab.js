// The lab: a path of prices, a population, and up to four rulebooks that both are put through; the results side by
// side.
// Simulations run on the venue's machine but never on its exchange.

import { ask, get } from "../venue/api.js";
import { grouped } from "../venue/numbers.js";
import { h, Part, say } from "../parts/element.js";
import { figureTable, lossBars } from "../parts/run-losses.js";
import { isNarrow, runPlots } from "../parts/run-plots.js";
import "../parts/path-pad.js";

const [AGE, MOST] = [400, 4];
const FIRST = ["binance", "bitmex"];

class LabView extends Part {
  async begin() {
    this.append(h("h1.unseen", {}, "Lab"));
    let offer;
    try {
      offer = await get("/lab");
    } catch (refusal) {
      this.append(h("p.bad", { role: "alert" }, refusal.message));
      return;
    }
    if (!this.isConnected) return;
    this.pad = document.createElement("bw-path-pad");
    this.pad.offer = offer;
    this.results = h("div.results", {}, h("section", {}, h("p.empty", {},
      "Choose a path and rulebooks, then run: who is liquidated where, what the fund bears, who is deleveraged.")));
    this.append(h("div.lab", {}, this.#form(offer), this.results));
    this.on(isNarrow, "change", () => this.run && this.#draw(this.run));
    if (this.dataset.number) this.#follow(this.dataset.number);
  }

  #form(offer) {
    const boxes = offer.rulebooks.map((name) => h("input",
      { type: "checkbox", value: name, checked: FIRST.includes(name) }));
    const number = (label, name, value, min, max) => h("label", {}, label,
      h("input", { type: "number", name, value, min, max, required: true }));
    const amount = (label, name, value) => h("label", {}, label,
      h("input", { type: "text", inputMode: "decimal", name, value, required: true, pattern: "[0-9]+([.][0-9]+)?" }));
    this.button = h("button.main", { type: "submit" }, "Run");
    this.progress = h("progress", { max: 100, value: 0, hidden: true, "aria-label": "Progress" });
    this.state = h("output", { "aria-live": "polite" });
    return h("form.setup", { onsubmit: (event) => {
      event.preventDefault();
      this.#run(boxes.filter((box) => box.checked).map((box) => box.value), new FormData(event.target));
    } },
      h("section", {}, h("h2", {}, "Path of prices"), this.pad),
      h("section", {}, h("fieldset", {}, h("legend", {}, "Rulebooks, up to four"),
        h("div.checks", {}, boxes.map((box) => h("label.inline", {}, box, box.value))))),
      h("section", {}, h("h2", {}, "Population"),
        h("div.grid", {}, number("Accounts", "accounts", 2000, 1, offer.accounts),
          number("Seed", "seed", 1, 0, Number.MAX_SAFE_INTEGER),
          number("Long, %", "longs", 70, 0, 100), number("Isolated, %", "isolated", 60, 0, 100),
          amount(`Fund, ${offer.settle}`, "fund", 100000), amount(`Book a side, ${offer.settle}`, "depth", 500000)),
        h("p.hint", {}, "Deposits, leverage and moments of entry are drawn from the seed. "
          + "The same inputs give the same figures, "
          + "to the unit, here and on the command line.")),
      h("section.go", {}, this.button, this.progress, this.state));
  }

  #say(text, isBad = false) {
    this.state.textContent = text;
    this.state.className = isBad ? "bad" : "quiet";
  }

  async #run(rulebooks, fields) {
    const path = this.pad.path;
    const fault = path === null ? "Choose a file of bars first." : rulebooks.length === 0 ? "Choose a rulebook."
      : rulebooks.length > MOST ? "Four rulebooks at most." : null;
    if (fault) return this.#say(fault, true);
    this.#say("asking the venue");
    const whole = ["accounts", "seed", "longs", "isolated"].map((name) => [name, Number(fields.get(name))]);
    try {
      const { id } = await ask("POST", "/lab/runs", { rulebooks, path, ...Object.fromEntries(whole),
        fund: fields.get("fund"), depth: fields.get("depth") });
      history.replaceState(null, "", "#/lab/" + id);
      this.#follow(id);
    } catch (refusal) {
      this.#say(refusal.message + (refusal.expected ? ` Expected: ${refusal.expected}.` : ""), true);
    }
  }

  /** Asks how far a run is until it is done. */
  async #follow(id) {
    this.id = id;
    this.button.disabled = true;
    try {
      while (this.isConnected && this.id === id) {
        const run = await get("/lab/runs/" + encodeURIComponent(id));
        if (run.state === "done") {
          this.#draw(run);
          this.#say("Done.");
          return say("The run is done.");
        }
        this.progress.hidden = false;
        this.progress.value = run.percent;
        this.#say(run.state === "running" ? `${run.percent} %` : `waiting behind ${grouped(run.ahead)}`);
        await new Promise((done) => setTimeout(done, AGE));
      }
    } catch (refusal) {
      this.#say(refusal.message, true);
    } finally {
      this.button.disabled = false;
      this.progress.hidden = true;
    }
  }

  #draw(run) {
    this.run = run;
    const { id, result } = run;
    const currency = Object.keys(result.comparison.runs[0].currencies)[0];
    const file = (kind, rulebook) => `/v1/lab/runs/${id}/${kind}`
      + (rulebook ? "?rulebook=" + encodeURIComponent(rulebook) : "");
    const links = (name, rulebook) => h("li", {}, h("span", {}, name),
      h("a", { href: file("report", rulebook), download: "" }, "page"),
        h("a", { href: file("data", rulebook), download: "" }, "JSON"));
    const names = result.runs.map((run) => run.rulebook);
    this.results.replaceChildren(
      h("section", {}, h("h2", {}, "What happened"), h("p.quiet", {}, result.comparison.subject),
        runPlots(result, currency)),
      h("section", {}, h("h2", {}, "Who bore the loss"), lossBars(result, currency)),
      h("section", {}, h("h2", {}, "Figures"), figureTable(result, currency)),
      h("section", {}, h("h2", {}, "Reports to keep"),
        h("ul.files", {}, names.length > 1 && links("Side by side", null), names.map((name) => links(name, name)))));
  }
}

customElements.define("bw-lab-view", LabView);
