// What the page knows: who is signed in, how the account stands, which contract is looked at. Every figure is the
// venue's own; whenever something may have changed them, they are asked for again.

import { get, session } from "./api.js";
import { learnCurrencies } from "./numbers.js";
import { Stream } from "./stream.js";

export const stream = new Stream();

/** How long changes wait for others, moves of the mark too, and how old figures become at most. */
const [COMPANY, MOVES, AGE] = [80, 250, 1_000];

class Desk extends EventTarget {
  venue = null;
  contracts = new Map();
  /** The symbol of the contract that is looked at. */
  symbol = null;
  session = null;
  /** The account that is traded with, and how it stands. */
  account = null;
  standing = null;
  openOrders = [];
  #ends = [];
  #isDue = false;

  get contract() {
    return this.contracts.get(this.symbol);
  }

  /** The open positions, each with its `symbol` and its `side`: `net`, or `long` and `short` in hedge mode. */
  get positions() {
    return Object.entries(this.standing?.positions ?? {}).map(([name, position]) => {
      const [symbol, side = "net"] = name.split(":");
      return { ...position, name, symbol, side };
    });
  }

  get isAdmin() {
    return this.session?.user.role === "riskAdmin";
  }

  /** Learns what the venue is, and who is signed in. */
  async begin() {
    const [venue, contracts, found] = await Promise.all([get("/venue"), get("/contracts"), session()]);
    this.venue = venue;
    learnCurrencies(venue.currencies);
    for (const contract of contracts.contracts) this.contracts.set(contract.symbol, contract);
    this.symbol = contracts.contracts[0]?.symbol ?? null;
    stream.addEventListener("open", () => this.#soon());
    this.enter(found);
    setInterval(() => this.positions.length > 0 && this.#soon(), AGE);
  }

  /** Trades with another account of whoever is signed in. */
  tradeWith(account) {
    this.enter(this.session, account);
  }

  /** Takes up a session, or puts it down. */
  enter(found, account = found?.user.accounts[0] ?? null) {
    for (const end of this.#ends.splice(0)) end();
    this.session = found;
    this.account = account;
    this.standing = null;
    this.openOrders = [];
    stream.open();
    if (this.account) {
      this.#ends.push(stream.listen("account:" + this.account, (update, { isSnapshot }) => {
        if (!isSnapshot) this.dispatchEvent(new CustomEvent("update", { detail: update }));
        this.#soon();
      }));
    }
    this.#tell("session");
    this.#tell("standing");
  }

  choose(symbol) {
    if (symbol === this.symbol) return;
    this.symbol = symbol;
    this.#tell("symbol");
  }

  /** A mark has moved: positions that it concerns are to stand beside it as they are at it. */
  moved(symbol) {
    if (this.positions.some((position) => position.symbol === symbol)) this.#soon(MOVES);
  }

  /** Asks anew how the account stands, soon. */
  #soon(wait = COMPANY) {
    if (this.#isDue || !this.account) return;
    this.#isDue = true;
    setTimeout(() => this.refresh().catch(() => {}), wait);
  }

  async refresh() {
    this.#isDue = false;
    const account = this.account;
    if (!account) return;
    const [standing, orders] = await Promise.all([
      get("/accounts/" + encodeURIComponent(account)),
      get("/accounts/" + encodeURIComponent(account) + "/orders?open=true&limit=200"),
    ]);
    if (account !== this.account) return;
    this.standing = standing;
    this.openOrders = orders.orders;
    this.#tell("standing");
  }

  #tell(what) {
    this.dispatchEvent(new CustomEvent(what));
  }
}

export const desk = new Desk();

/** The path of something of the account that is traded with. */
export const own = (path) => "/accounts/" + encodeURIComponent(desk.account) + path;

/** The path of something of one of its positions. */
export const ownPosition = ({ symbol, side }, path = "") =>
  own(`/positions/${symbol}${path}`) + (side === "net" ? "" : "?position=" + side);
