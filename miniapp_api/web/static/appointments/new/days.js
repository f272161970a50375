// Which day: what is left, or why there is nothing, always in words.

import { el, icon } from "../../lib/dom.js";
import { act } from "../ask.js";
import { button } from "../screen.js";
import { back, go } from "../way.js";
import { date, near, weekday } from "../words.js";
import { hallOf } from "./trip.js";

const OPEN = "open";
const NOTABLE = { 午间: "中午也办", 双休日: "双休日也办", 专场: "有专场" };

/** The screen 「哪一天去？」. */
export async function whichDay(at, trip) {
  const asked = new URLSearchParams({ pool: trip.pool, service: trip.service });
  const [{ days }, { hall, name }] = await Promise.all([act("GET", `/appointments/days?${asked}`), hallOf(trip)]);
  const last = days.map(({ state }) => state).lastIndexOf(OPEN);
  const choose = (day) => go({ ...at, day });
  const soon = days.slice(0, last + 1);
  const rest = days.slice(last + 1);
  const full = days.some(({ state }) => state === "full");
  const wait = button(last < 0 ? "main" : "choice", "候补，有号告诉我", () => go({ ...at, step: "wait" }));
  return {
    title: trip.moving ? "改到哪一天？" : "哪一天去？",
    body: [
      el("p", { class: "lead" }, lead(trip, hall, name)),
      trip.moving && button("quiet", "换一个大厅", () => go({ ...at, step: "hall" })),
      last < 0 && el("p", {}, "最近这些天都没有号了。"),
      soon.length > 0 && list(soon, choose),
      rest.length > 0 && later(rest, choose, last < 0),
    ],
    bar: [(full || last < 0) && !trip.moving && wait],
    back: trip.moving && !at.pool ? { href: `/appointments/${trip.moving.id}` } : { act: () => back({ ...at, pool: null }) },
  };
}

function lead({ moving }, hall, name) {
  const where = hall ? hall.name : "这个大厅";
  if (moving) return `在${where}。现在约的是${moving.text}，占上新的号才放掉原来的，放心选。`;
  return `在${where}，办「${name}」。`;
}

function list(days, choose) {
  return el("ul", { class: "rows" }, days.map((day) => el("li", {}, row(day, choose))));
}

function later(days, choose, open) {
  return el("details", { open }, el("summary", {}, icon("down"), `后面 ${days.length} 天，还不能约`), list(days, choose));
}

function row(day, choose) {
  const notes = day.sessions.map((each) => NOTABLE[each]).filter(Boolean).join("，");
  const words = [
    el(
      "span",
      { class: "day" },
      el("strong", {}, near(day.day) && el("span", { class: "near" }, near(day.day)), `${date(day.day)} ${weekday(day.day)}`),
      notes && el("span", { class: "soft" }, notes),
    ),
    el("span", { class: `level ${day.level || "none"}` }, day.say),
  ];
  if (day.state !== OPEN) return el("div", { class: "row-choice off" }, words);
  return el("button", { type: "button", class: "row-choice", onclick: () => choose(day.day) }, words);
}
