// What the screens of 「我的预约」 share.

import { el } from "../../lib/dom.js";
import { link } from "../screen.js";
import { back } from "../way.js";

/** The way on to a new booking. */
export function bookAnew() {
  return link("main", "我要预约", "/appointments/new");
}

/** The screen of whoever has never been here. */
export function nothingYet() {
  return {
    title: "我的预约",
    body: [el("p", { class: "lead" }, "您还没有预约。约好了就在这里看。")],
    bar: [bookAnew()],
  };
}

/** From a part back to all of mine. */
export const toAll = { act: () => back({}) };
