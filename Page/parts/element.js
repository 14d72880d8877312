// How every part of the page is made: elements by name, and parts that clean up behind themselves.

/** `h("button.buy", {type: "button", onclick}, "Buy")`. */
export function h(kind, attributes = {}, ...children) {
  const [name, ...classes] = kind.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list" && key !== "form") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A part of the page. What it listens to ends when it is taken away. */
export class Part extends HTMLElement {
  #ends = [];

  connectedCallback() {
    this.begin();
  }

  disconnectedCallback() {
    for (const end of this.#ends.splice(0)) end();
    this.replaceChildren();
  }

  /** Builds what is shown, and listens. */
  begin() {}

  /** Has `end` called when the part is taken away. */
  until(end) {
    this.#ends.push(end);
    return end;
  }

  /** Listens to events of a target while the part is shown. */
  on(target, kinds, listener) {
    for (const kind of [kinds].flat()) {
      target.addEventListener(kind, listener);
      this.until(() => target.removeEventListener(kind, listener));
    }
  }

  /** Draws at most once a frame, however much happens. */
  soon(draw) {
    let isDue = false;
    return () => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        if (this.isConnected) draw();
      });
    };
  }
}

/** A table with headings; cells are texts or elements. */
export function table(caption, headings, rows, empty) {
  if (rows.length === 0) return h("div", {}, h("p.caption", {}, caption), h("p.empty", {}, empty));
  return h("div.scroll", { tabIndex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("caption.quiet", {}, caption),
      h("thead", {}, h("tr", {},
        headings.map((heading) => h("th", { scope: "col" }, heading || h("span.unseen", {}, "Actions"))))),
      h("tbody", {}, rows)));
}

export const row = (...cells) => h("tr", {},
  cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : h("td", {}, cell ?? ""))));

/** So many things are said at once, lest they hide what they are about. */
const SHOWN = 3;
let region = null;

/** Says something in a corner of the page, and to screen readers. */
export function say(text, kind = "good") {
  region ??= document.body.appendChild(h("div.notices", { role: "status", "aria-live": "polite" }));
  const notice = region.appendChild(h("p." + kind, {}, text));
  while (region.children.length > SHOWN) region.firstChild.remove();
  setTimeout(() => notice.remove(), kind === "bad" ? 12_000 : 5_000);
}

/** Does something that the venue may refuse, and says how it went. */
export async function attempt(action, done) {
  try {
    const answer = await action();
    if (done) say(typeof done === "function" ? done(answer) : done);
    return answer;
  } catch (refusal) {
    say(refusal.message, "bad");
    return undefined;
  }
}

/** Asks whether something that cannot be taken back is meant. */
export function sure(question, yes) {
  return new Promise((resolve) => {
    const close = (answer) => {
      resolve(answer);
      dialog.remove();
    };
    const dialog = h("dialog", { "aria-labelledby": "sure-question", onclose: () => close(false) },
      h("p", { id: "sure-question" }, question),
      h("div.sides", {},
        h("button.main", { type: "button", onclick: () => close(true) }, yes),
        h("button", { type: "button", onclick: () => close(false) }, "No")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
