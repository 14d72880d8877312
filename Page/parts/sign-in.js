// Signing up, in and out, and the first play money.

import { ask, signIn, signOut, signUp } from "../venue/api.js";
import { desk, own } from "../venue/desk.js";
import { grouped } from "../venue/numbers.js";
import { act } from "./act.js";
import { attempt, h, Part } from "./element.js";

class SignIn extends Part {
  #dialog = null;
  #shown = "";

  begin() {
    this.on(desk, ["session", "standing"], () => this.#draw());
    this.#draw();
  }

  #draw() {
    if (this.#dialog?.open) return;
    const gifts = Object.entries(desk.venue.faucet ?? {}).filter(([currency, amount]) =>
      Number(desk.standing?.wallets?.[currency]?.equity ?? 0) < Number(amount));
    // What is the same stays as it is: an open list of accounts does not close.
    const shown = JSON.stringify([desk.session?.user, desk.account, gifts]);
    if (shown === this.#shown && this.firstChild) return;
    this.#shown = shown;
    if (!desk.session) {
      return this.replaceChildren(h("button.main", { type: "button", onclick: () => this.#open() }, "Sign in or up"));
    }
    const accounts = desk.session.user.accounts;
    this.replaceChildren(
      accounts.length > 1
        ? h("select", { "aria-label": "Account", onchange: (event) => desk.tradeWith(event.target.value) },
          accounts.map((account) => h("option", { value: account, selected: account === desk.account }, account)))
        : h("span", {}, desk.account ?? desk.session.user.name),
      ...gifts.map(([currency, amount]) => h("button", {
        type: "button", title: "Play money: this venue gives it away",
        onclick: () => act(() => ask("POST", own("/faucet"), { currency }), `${grouped(amount)} ${currency} came in.`),
      }, `+ ${grouped(amount)} ${currency}`)),
      h("button", { type: "button", onclick: () => attempt(signOut).then(() => desk.enter(null)) }, "Sign out"));
  }

  #open() {
    const name = h("input", { id: "sign-name", autocomplete: "username", required: true, maxLength: 64 });
    const password = h("input", {
      id: "sign-password", type: "password", autocomplete: "current-password", required: true, minLength: 10,
        maxLength: 200,
    });
    const problem = h("p.bad", { role: "alert" });
    const enter = async (how) => {
      problem.textContent = "";
      try {
        const session = await how(name.value, password.value);
        this.#dialog.close();
        desk.enter(session);
      } catch (refusal) {
        problem.textContent = refusal.message;
      }
    };
    const close = () => {
      this.#dialog.remove();
      this.#draw();
    };
    const submit = (event) => {
      event.preventDefault();
      enter(event.submitter?.value === "up" ? signUp : signIn);
    };
    this.#dialog = h("dialog", { "aria-labelledby": "sign-title", onclose: close },
      h("form", { onsubmit: submit },
        h("h2", { id: "sign-title" }, "Sign in"),
        h("label", { htmlFor: "sign-name" }, "Name"), name,
        h("label", { htmlFor: "sign-password" }, "Password, ten characters or more"), password, problem,
        h("div.sides", {},
          h("button.main", { type: "submit", value: "in" }, "Sign in"),
          desk.venue?.signUp && h("button", { type: "submit", value: "up" }, "Sign up"),
          h("button", { type: "button", onclick: () => this.#dialog.close() }, "Not now"))));
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }
}

customElements.define("bw-sign-in", SignIn);
