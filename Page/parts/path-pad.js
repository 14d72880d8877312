// A path of prices: the shipped crash, a file of bars, or one that is drawn.

import { grouped, suggestion } from "../venue/numbers.js";
import { h, Part } from "./element.js";
import { line, s, ticks } from "./svg.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, EDGE] = [400, 190, 50, 6, 12];
/** So many moments a drawn path has, and how far it may go from its start, in per cent. */
const [MOMENTS, LOWEST, HIGHEST] = [289, -60, 40];
const COLUMNS = ["timestamp", "open", "high", "low", "close"];

class PathPad extends Part {
  /** What the lab offers; set before the pad is shown. */
  offer = null;
  #kind = "crash";
  #moves = Array(MOMENTS).fill(0);
  #bars = null;
  #last = null;

  begin() {
    const kinds = [["crash", "Crash of 2022"], ["prices", "Draw one"], ["bars", "From a file"]];
    const choices = h("div.sides", { role: "group", "aria-label": "Where the path comes from" },
      kinds.map(([kind, name]) => h("button", { type: "button", onclick: () => this.#choose(kind) }, name)));
    this.buttons = new Map(kinds.map(([kind], place) => [kind, choices.children[place]]));
    this.picture = h("div.pad");
    this.about = h("p.hint", { "aria-live": "polite" });
    this.replaceChildren(choices, this.picture, this.about, this.#drawing(), this.#file());
    this.fall(30, 120, 50);
    this.#choose(this.#kind);
  }

  /** The fields that draw a path without a pointer. */
  #drawing() {
    const number = (label, value, max) => {
      const input = h("input", { type: "number", min: 1, max, value, required: true });
      return [input, h("label.inline", {}, label, input)];
    };
    const [start, startField] = number("Start", 40000, 10000000);
    const [share, shareField] = number("Fall %", 30, -LOWEST);
    const [minutes, minutesField] = number("in minutes", 120, 1440);
    const [back, backField] = number("recover %", 50, 150);
    back.min = 0;
    const hours = h("select", {}, [6, 12, 24, 48,
      72].map((each) => h("option", { value: each, selected: each === 24 }, `${each} hours`)));
    Object.assign(this, { start, hours });
    for (const each of [start, hours]) each.addEventListener("input", () => this.#draw());
    return this.fields = h("div.drawing", {},
      h("div.choices", {}, startField, h("label.inline", {}, "over", hours)),
      h("div.choices", {}, shareField, minutesField, backField,
        h("button", { type: "button", onclick: () => this.fall(Number(share.value), Number(minutes.value),
          Number(back.value)) }, "Draw it"),
        h("button", { type: "button", onclick: () => { this.#moves.fill(0); this.#draw(); } }, "Flat")));
  }

  #file() {
    const input = h("input", { type: "file", accept: ".csv,text/csv",
      onchange: () => input.files[0]?.text().then((text) => this.#read(text)) });
    return this.chooser = h("div.field", {}, h("label", {},
      `Bars as CSV: ${COLUMNS.join(",")}; at most ${grouped(this.offer.bars)}`, input));
  }

  /** A file's rows as they stand; the venue judges their figures. */
  #read(text) {
    const rows = text.split(/\r?\n/).filter(Boolean).map((each) => each.split(","));
    const fault = COLUMNS.some((name, place) => rows[0]?.[place]?.trim() !== name)
      ? `The first line is not ${COLUMNS.join(",")}.`
      : rows.length < 2 ? "There is no bar below the first line."
      : rows.length - 1 > this.offer.bars
        ? `It has ${grouped(rows.length - 1)} bars, more than ${grouped(this.offer.bars)}; `
          + "the command line takes them all." : null;
    this.#bars = fault ? null : rows.slice(1).map(([time, open, high, low, close]) => ({
      time: time.trim().replace(" ", "T").replace(/Z?$/, "Z"), open, high, low, close }));
    this.#choose("bars", fault);
  }

  #choose(kind, fault = null) {
    this.#kind = kind;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", each === kind);
    this.fields.hidden = kind !== "prices";
    this.chooser.hidden = kind !== "bars";
    this.about.classList.toggle("bad", fault !== null);
    this.#draw(fault);
  }

  /** A fall by so many per cent within so many minutes, a third into the path, and a recovery of a share of it. */
  fall(share, minutes, recovered) {
    const each = (Number(this.hours.value) * 60) / (MOMENTS - 1);
    const begin = Math.round(MOMENTS / 3);
    const length = Math.max(1, Math.round(minutes / each));
    const low = Math.max(LOWEST, -Math.abs(share));
    this.#moves = this.#moves.map((_, place) => {
      const down = Math.min(1, Math.max(0, (place - begin) / length));
      const up = Math.min(1, Math.max(0, (place - begin - length) / (4 * length)));
      return Math.min(HIGHEST, low * (down - up * (recovered / 100)));
    });
    this.#draw();
  }

  get #prices() {
    const start = Number(this.start.value) || 40000;
    return this.#moves.map((move) => suggestion(start * (1 + move / 100), this.offer.tick));
  }

  /** The path as the venue is asked for it; `null` where there is none yet. */
  get path() {
    if (this.#kind === "crash") return { crash: true };
    if (this.#kind === "bars") return this.#bars && { bars: this.#bars };
    return { prices: this.#prices, interval: Math.round((Number(this.hours.value) * 3600) / (MOMENTS - 1)) };
  }

  /** Puts the moments between the last place of the pointer and this one on a line. */
  #trace(event, svg) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    const place = Math.round(Math.min(1, Math.max(0, (x - LEFT) / (WIDTH - LEFT - RIGHT))) * (MOMENTS - 1));
    const share = Math.min(1, Math.max(0, (HEIGHT - EDGE - y) / (HEIGHT - 2 * EDGE)));
    const move = LOWEST + share * (HIGHEST - LOWEST);
    const from = this.#last ?? { place, move };
    const step = Math.sign(place - from.place) || 1;
    for (let at = from.place; at !== place + step; at += step) {
      this.#moves[at] = place === from.place ? move : from.move
        + ((move - from.move) * (at - from.place)) / (place - from.place);
    }
    this.#last = { place, move };
    this.#draw();
  }

  #draw(fault = null) {
    if (!this.picture) return;
    const crash = this.offer.crash;
    const isDrawn = this.#kind === "prices";
    const closes = isDrawn ? this.#prices : this.#kind === "crash" ? crash?.close : this.#bars?.map((bar) => bar.close);
    this.about.textContent = fault ?? {
      crash: "Three days of January 2022, minute by minute, as they were.",
      prices: "Draw on the chart, or let the fields draw.",
      bars: this.#bars ? `${grouped(this.#bars.length)} bars from ${this.#bars[0].time} on.` : "Choose a file.",
    }[this.#kind];
    const numbers = (closes ?? []).map(Number).filter(Number.isFinite);
    const start = Number(this.start.value) || 40000;
    const [low, high] = isDrawn ? [start * (1 + LOWEST / 100), start * (1 + HIGHEST / 100)]
      : [Math.min(...numbers), Math.max(...numbers)];
    const x = (place) => LEFT + (place / Math.max(1, numbers.length - 1)) * (WIDTH - LEFT - RIGHT);
    const y = (price) => HEIGHT - EDGE - ((price - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
    const points = numbers.map((price, place) => [x(place), y(price)]);
    const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: "100%", role: "img",
      "aria-label": isDrawn ? "The path to be drawn; the fields below draw it too" : "The path of prices",
        class: isDrawn ? "drawn" : "" },
      numbers.length ? ticks(low, high).map((price) => [
        s("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(price), y2: y(price), stroke: "--line" }),
        s("text", { x: LEFT - 6, y: y(price) + 4, "text-anchor": "end" }, grouped(price)),
      ]) : [],
      numbers.length ? s("path", { d: `${line(points)}V${HEIGHT - EDGE}H${LEFT}Z`, fill: "--accent", opacity: 0.12 })
        : [],
      s("path", { d: line(points), fill: "none", stroke: "--accent", "stroke-width": 1.5,
        "stroke-linejoin": "round" }));
    if (isDrawn) this.#listen(svg);
    this.picture.replaceChildren(svg);
  }

  /** The picture is drawn anew at every move, so the pad holds on to the pointer, not the picture. */
  #listen(svg) {
    svg.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const move = (each) => this.#trace(each, this.picture.firstChild);
      const up = () => {
        this.#last = null;
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", up);
        removeEventListener("pointercancel", up);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", up);
      addEventListener("pointercancel", up);
      move(event);
    });
  }
}

customElements.define("bw-path-pad", PathPad);
