// My bookings, those to come first, and what I wait for.

import { el, icon } from "../../lib/dom.js";
import { act, look } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { go, redraw } from "../way.js";
import { when } from "../when.js";
import { date } from "../words.js";
import { bookAnew } from "./parts.js";

const LIVE = ["held", "confirmed", "checked_in"];
const MOST_PAST = 10;

/** The screen 「我的预约」. */
export async function bookings() {
  const [{ bookings: all }, { waiting }, { unread }] = await Promise.all([
    look("/appointments"),
    look("/waiting"),
    look("/notices"),
  ]);
  const live = all.filter(({ status }) => LIVE.includes(status));
  const past = all.filter(({ status }) => !LIVE.includes(status)).slice(0, MOST_PAST);
  return {
    title: "我的预约",
    body: [
      live.length > 0 ? list(live) : el("p", { class: "lead" }, "现在没有预约。"),
      waiting.length > 0 && el("section", { "aria-label": "候补" }, el("h2", {}, "候补"), waiting.map(entry)),
      el(
        "ul",
        { class: "rows" },
        way("messages", "消息", unread > 0 ? `${unread} 条没看` : "都看过了", unread > 0),
        way("conduct", "爽约记分", "规则、申诉"),
        way("people", "办事人", "可以替谁约"),
      ),
      past.length > 0 && el("details", {}, el("summary", {}, icon("down"), "以前的预约"), list(past)),
    ],
    bar: [bookAnew()],
  };
}

function list(those) {
  return el("ul", { class: "rows" }, those.map((booking) => el("li", {}, row(booking))));
}

function row(booking) {
  return el(
    "a",
    { class: "row-choice", href: `/appointments/${booking.id}` },
    el(
      "span",
      {},
      el("strong", {}, when(booking.day, booking.time)),
      el("span", {}, booking.service_name),
      el("span", { class: "soft" }, booking.site_name),
      el("span", { class: `state ${booking.status}` }, booking.status === "held" ? "还没确认，点这里填替谁约" : booking.status_text),
    ),
    icon("next"),
  );
}

function way(view, name, hint, strong) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row-choice", onclick: () => go({ view }) },
      el("span", {}, el("strong", {}, name), el("span", { class: strong ? "good" : "soft" }, hint)),
      icon("next"),
    ),
  );
}

function entry(each) {
  const { node, tell } = troublePlace();
  const stop = () => act("DELETE", `/waiting/${each.id}`).then(() => redraw(), tell);
  const leave = button("quiet", "不候补了", () => void whileBusy(leave, stop));
  return el(
    "div",
    { class: "card" },
    el("p", {}, el("strong", {}, each.service_name)),
    el("p", { class: "soft" }, `${date(each.first_day)}到${date(each.last_day)}`),
    el("p", {}, turnOf(each)),
    each.booking && el("a", { class: "main wide", href: `/appointments/${each.booking}` }, "去确认", icon("next")),
    leave,
    node,
  );
}

function turnOf({ booking, ahead }) {
  if (booking) return "轮到您了，请尽快确认。";
  return ahead > 0 ? `前面还有 ${ahead} 位，有号就告诉您。` : "您排在最前面，有号就告诉您。";
}
