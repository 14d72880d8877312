// Tabs, of which one is chosen: by pointer, or by the arrow keys.

import { h } from "./element.js";

/** A list of tabs by name; `choose` is told which one. `show(name)` of what is returned marks it. */
export function tabList(label, names, panel, choose) {
  const id = (name) => "tab-" + name.replaceAll(" ", "-");
  const buttons = names.map((name) => h("button", {
    type: "button", role: "tab", id: id(name), "aria-controls": panel.id, onclick: () => choose(name),
  }, name));
  const element = h("div", { role: "tablist", "aria-label": label, onkeydown: (event) => {
    const place = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (place < 0 || next === undefined) return;
    event.preventDefault();
    const button = buttons[(next + buttons.length) % buttons.length];
    button.focus();
    button.click();
  } }, buttons);
  const show = (name) => {
    for (const button of buttons) {
      button.setAttribute("aria-selected", String(button.textContent === name));
      button.tabIndex = button.textContent === name ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", id(name));
  };
  return { element, show };
}

/** Tabs with what each shows, made anew whenever it is chosen. */
export function tabs(label, contents) {
  const panel = h("div", { id: "panel-" + label, role: "tabpanel", tabIndex: 0 });
  const choose = (name) => {
    list.show(name);
    panel.replaceChildren(contents[name]());
  };
  const list = tabList(label, Object.keys(contents), panel, choose);
  choose(Object.keys(contents)[0]);
  return [h("div.tabs", {}, list.element), panel];
}
