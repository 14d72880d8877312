// The page: what is at the top of it, and which view is shown.

import { desk, stream } from "./venue/desk.js";
import { grouped, stepped } from "./venue/numbers.js";
import { stageName } from "./venue/stages.js";
import { h, say } from "./parts/element.js";
import "./parts/sign-in.js";
import "./parts/tour.js";
import "./parts/warnings.js";
import "./views/lab.js";
import "./views/limits.js";
import "./views/liquidation.js";
import "./views/risk.js";
import "./views/settings.js";
import "./views/trade.js";

const VIEWS = {
  trade: { name: "Trade", element: "bw-trade-view" },
  limits: { name: "Limits", element: "bw-limits-view" },
  risk: { name: "Risk", element: "bw-risk-view" },
  lab: { name: "Lab", element: "bw-lab-view" },
  alerts: { name: "Alerts", element: "bw-alerts-view" },
  liquidation: { element: "bw-liquidation-view" },
  shared: { element: "bw-shared-view" },
};

/** `#/liquidation/7` is the view `liquidation` of `7`. */
function place() {
  const [view, ...rest] = location.hash.replace(/^#\//, "").split("/");
  return { view: VIEWS[view] ? view : "trade", rest };
}

function show() {
  const { view, rest } = place();
  const element = document.createElement(VIEWS[view].element);
  if (rest.length > 0) element.dataset.number = rest[0];
  document.querySelector("main").replaceChildren(element);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === "#/" + view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const title = VIEWS[view].name ?? (view === "shared" ? "A liquidation" : "Liquidation " + (rest[0] ?? ""));
  document.title = title + " · " + brand.name;
}

/** The chosen contract and its mark. */
function header() {
  const select = h("select", { "aria-label": "Contract", onchange: () => desk.choose(select.value) },
    [...desk.contracts.keys()].map((symbol) => h("option", { value: symbol }, symbol)));
  const mark = h("output.mark", { "aria-label": "Mark price" });
  let end = null;
  const follow = () => {
    end?.();
    select.value = desk.symbol;
    if (!desk.symbol) return;
    end = stream.listen("marks:" + desk.symbol, (data) => {
      if (!data.mark || !desk.contract) return;
      const before = Number(desk.contract.mark);
      desk.contract.mark = data.mark;
      mark.textContent = stepped(data.mark, desk.contract.tick);
      if (Number(data.mark) === before) return;
      desk.moved(desk.symbol);
      mark.className = "mark " + (Number(data.mark) > before ? "up" : "down");
      if (place().view === "trade") document.title = `${mark.textContent} ${desk.symbol} · ${brand.name}`;
    });
  };
  desk.addEventListener("symbol", follow);
  follow();
  return [select, mark];
}

/** Light or dark: as the system has it, until the button is pressed. */
function theme() {
  const wanted = (value) => {
    if (value) document.documentElement.dataset.theme = value;
    document.dispatchEvent(new CustomEvent("theme"));
  };
  wanted(localStorage.getItem("theme"));
  return h("button.theme", { type: "button", title: "Light or dark", "aria-label": "Light or dark", onclick: () => {
    const isDark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    localStorage.setItem("theme", isDark ? "light" : "dark");
    wanted(isDark ? "light" : "dark");
  } }, "◐");
}

const brand = await (await fetch("brand.json")).json();
for (const [name, colour] of Object.entries(brand.colours ?? {})) {
  document.documentElement.style.setProperty("--" + name, colour);
}
if (brand.logo) document.querySelector('link[rel="icon"]').href = brand.logo;
await desk.begin();

const state = h("output.state", { "aria-live": "polite" }, "connecting");
stream.addEventListener("open", () => { state.textContent = ""; });
stream.addEventListener("closed", () => { state.textContent = "connection lost, trying again"; });
desk.addEventListener("update", ({ detail }) => {
  if (detail.kind === "order" && detail.change === "filled") {
    const { size, price } = detail.fill;
    say(`${detail.side === "buy" ? "Bought" : "Sold"} ${grouped(size)} ${detail.symbol} at ${grouped(price)}.`);
  }
  if (detail.kind === "liquidation") say(`${detail.symbol}, liquidation: ${stageName(detail.stage)}.`, "bad");
});

document.querySelector("header").append(
  h("a.brand", { href: "#/trade" }, brand.logo && h("img", { src: brand.logo, alt: "", width: 24, height: 24 }),
    brand.name),
  h("nav", { "aria-label": "Views" }, Object.entries(VIEWS).filter(([, view]) => view.name)
    .map(([key, view]) => h("a", { href: "#/" + key }, view.name))),
  ...header(), state, h("span.gap"), document.createElement("bw-sign-in"), theme());
addEventListener("hashchange", show);
show();
