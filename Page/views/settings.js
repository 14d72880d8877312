// Warnings by mail and webhook: where they go, which are wanted, and what became of the last ones.

import { ask, get } from "../venue/api.js";
import { desk, own } from "../venue/desk.js";
import { time } from "../venue/numbers.js";
import { attempt, h, Part, row, say, table } from "../parts/element.js";

const LEVELS = {
  warning: "Warning: the buffer falls below its warning level",
  danger: "Danger: little of it is left",
  liquidation: "A liquidation begins",
};
const KINDS = { warning: "Warning", danger: "Danger", liquidation: "Liquidation", test: "Test", confirmation: "Confirmation" };
const STATES = { waiting: "warn", sent: "good", failed: "bad", dropped: "quiet" };
/** How often the last messages are looked at, in milliseconds. */
const AGE = 3_000;

class AlertsView extends Part {
  #known = null;
  /** A secret is shown until something else is saved. */
  #secret = null;

  begin() {
    this.status = h("p.hint", { role: "status" });
    this.cards = h("div.cards", { hidden: true },
      this.form = h("section", { "aria-label": "Where warnings go" }),
      this.messages = h("section", { "aria-label": "Last messages" }));
    this.replaceChildren(h("h1.unseen", {}, "Alerts"), this.status, this.cards);
    this.on(desk, "session", () => this.#enter());
    const timer = setInterval(() => this.#refresh(), AGE);
    this.until(() => clearInterval(timer));
    this.#enter();
  }

  async #enter() {
    this.#known = this.#secret = null;
    this.cards.hidden = !desk.account;
    this.status.hidden = Boolean(desk.account);
    this.status.textContent = desk.account ? "" : "Sign in to be warned by mail or webhook.";
    if (!desk.account) return;
    if (this.dataset.number) return this.#confirm(this.dataset.number);
    this.#take(await attempt(() => get(own("/notifications"))));
  }

  /** What a mail's link does. */
  async #confirm(code) {
    delete this.dataset.number;
    history.replaceState(null, "", "#/alerts");
    const known = await attempt(() => ask("POST", own("/notifications/confirm"), { code }), "The address is confirmed.");
    this.#take(known ?? await attempt(() => get(own("/notifications"))));
  }

  #take(known) {
    if (!known || !this.isConnected) return;
    this.#known = known;
    this.#secret = known.secret ?? null;
    this.#draw();
    this.#drawMessages();
  }

  async #refresh() {
    if (!this.#known) return;
    const account = desk.account;
    const known = await get(own("/notifications")).catch(() => null);
    if (!known || account !== desk.account || !this.#known) return;
    this.#known.deliveries = known.deliveries;
    this.#drawMessages();
  }

  #draw() {
    const { mail, mailAvailable, webhook, levels } = this.#known;
    const input = (id, type, value, placeholder) =>
      h("input", { id: "alerts-" + id, type, value: value ?? "", placeholder, autocomplete: type === "email" ? "email" : "off" });
    const address = input("mail", "email", mail?.address, "ann@example.com");
    address.disabled = !mailAvailable && !mail;
    const url = input("webhook", "url", webhook, "https://example.com/hook");
    const wanted = Object.entries(LEVELS).map(([level, text]) => {
      const box = h("input", { type: "checkbox", name: level, checked: levels[level] });
      return h("label", {}, box, " " + text);
    });
    const save = (more = {}) => this.#save({
      mail: address.value.trim() || null, webhook: url.value.trim() || null,
      levels: Object.fromEntries(wanted.map((label) => [label.firstChild.name, label.firstChild.checked])), ...more,
    });
    this.form.replaceChildren(
      h("h2", {}, `Warnings of ${this.#known.account}`),
      h("p.quiet", {}, "What the banners on this page say, sent to you: below the warning and danger levels of a buffer, and when a liquidation begins."),
      h("form", { onsubmit: (event) => { event.preventDefault(); save(); } },
        h("div.field", {}, h("label", { htmlFor: address.id }, "Mail to"), address, this.#mailState()),
        mail && !mail.confirmed && this.#codeField(),
        h("div.field", {}, h("label", { htmlFor: url.id }, "Webhook, a signed POST to"), url,
          this.#secret && h("p.good", { role: "status" }, "Its secret, shown this once: ", h("code", {}, this.#secret))),
        h("fieldset", {}, h("legend", {}, "Tell me of"), wanted),
        h("div.choices", {},
          h("button.main", { type: "submit" }, "Save"),
          mail?.confirmed && this.#testButton("mail", "Send a test mail"),
          webhook && this.#testButton("webhook", "Send a test to the webhook"),
          webhook && h("button", { type: "button", onclick: () => save({ newSecret: true }) }, "New secret"))));
  }

  #mailState() {
    const { mail, mailAvailable } = this.#known;
    if (!mailAvailable) return h("p.warn", {}, "This venue has no mail server: only webhooks are sent.");
    if (!mail) return h("p.quiet", {}, "You are asked by mail first whether the address is yours.");
    return mail.confirmed
      ? h("p.good", {}, "Confirmed.")
      : h("p.warn", {}, "Not confirmed yet: nothing but a code was sent there.");
  }

  #codeField() {
    const code = h("input", { id: "alerts-code", type: "text", autocomplete: "one-time-code" });
    return h("div.field", {}, h("label", { htmlFor: code.id }, "The code that was mailed"), h("div.choices", {}, code,
      h("button", { type: "button", onclick: () => this.#confirm(code.value.trim()) }, "Confirm"),
      this.#testButton("mail", "Mail it again")));
  }

  #testButton(channel, label) {
    return h("button", { type: "button", onclick: async () => {
      await attempt(() => ask("POST", own("/notifications/test"), { channel }), "It is on its way.");
      this.#refresh();
    } }, label);
  }

  async #save(wanted) {
    const before = this.#known.mail?.address;
    const known = await attempt(() => ask("PUT", own("/notifications"), wanted));
    if (!known) return;
    this.#take(known);
    say(known.mail && known.mail.address !== before ? `Saved. A code was mailed to ${known.mail.address}.` : "Saved.");
  }

  #drawMessages() {
    const state = (each) => h("td." + STATES[each.state], { title: each.problem },
      each.state + (each.attempts > 1 ? `, ${each.attempts} attempts` : "") + (each.problem && each.state !== "sent" ? `: ${each.problem}` : ""));
    this.messages.replaceChildren(table("The last messages", ["What", "By", "When", "State"], this.#known.deliveries.map((each) => row(
      KINDS[each.kind], h("td", { title: each.target }, each.channel), time(each.time), state(each))), "Nothing has been sent yet."));
  }
}

customElements.define("bw-alerts-view", AlertsView);
