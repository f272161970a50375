// What several screens of a case show.

import { el, icon } from "../lib/dom.js";
import { back, go } from "../appointments/way.js";
import { inFours } from "./words.js";

/** What it is about, and its number. */
export function about({ item, number }) {
  return el(
    "div",
    { class: "about" },
    el("p", {}, el("strong", {}, item)),
    el("p", { class: "soft" }, "编号 ", el("span", { class: "digits" }, inFours(number))),
  );
}

/** A row that leads on to a screen of this page. */
export function way(view, name, hint) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row-choice", onclick: () => go({ view }) },
      el("span", {}, el("strong", {}, name), el("span", { class: "soft" }, hint)),
      icon("next"),
    ),
  );
}

/** From a part back to the case. */
export const toCase = { act: () => back({}) };
