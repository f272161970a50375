// What several screens of a booking show.

import { el, icon, phoneLink } from "../../lib/dom.js";
import { when } from "../when.js";

/** When, what and where. */
export function summary(booking) {
  return el(
    "div",
    { class: "card" },
    el("p", {}, el("strong", {}, when(booking.day, booking.time))),
    el("p", {}, booking.service_name),
    el("p", { class: "soft" }, booking.site_name),
  );
}

/** Where to go, and a number to call. */
export function place(booking) {
  return el(
    "section",
    { class: "card", "aria-label": "去哪里" },
    el("h2", {}, booking.site_name),
    el("p", {}, booking.counter_group),
    el("p", {}, booking.address),
    el("p", { class: "call" }, icon("phone"), phoneLink(booking.phone)),
  );
}

/** What to bring; what was ticked off in the list is ticked. */
export function bring(booking) {
  if (booking.bring.length === 0) return null;
  const rows = booking.bring.map(({ name, have }) =>
    el(
      "li",
      { class: have && "have" },
      el("span", { class: "box" }, have && icon("check")),
      el("span", {}, name, have && el("span", { class: "soft" }, "（已备好）")),
    ),
  );
  return el("section", { class: "card", "aria-label": "要带什么" }, el("h2", {}, "要带什么"), el("ul", { class: "bring" }, rows));
}

/** The rules, to be read before booking. */
export function rules(booking) {
  return el("p", { class: "rules" }, booking.rules);
}

/** Where the same business is booked anew. */
export function anew(booking) {
  return `/appointments/new?${new URLSearchParams({ service: booking.service, pool: booking.pool })}`;
}
