// Which hall: those with something free first; by distance only if the citizen says where they are.

import { el, icon } from "../../lib/dom.js";
import { button, link, troublePlace, whileBusy } from "../screen.js";
import { back, go } from "../way.js";
import { when } from "../when.js";
import { hallsFor } from "./trip.js";

const MOST_AT_ONCE = 8;
const PATIENCE_MS = 12000;
const NO_PLACE = "手机没有给出位置。没关系，在下面直接选大厅就行。";

/** The screen 「去哪个大厅办？」. */
export async function whichHall(at, trip) {
  const told = await hallsFor(trip.service);
  const list = el("div", {});
  const choose = (hall) => {
    const chosen = { ...at, step: null, pool: hall.pool };
    go(hall.next ? chosen : { ...chosen, step: trip.moving ? null : "wait" });
  };
  const show = (halls) => list.replaceChildren(...rows(halls, choose));
  show(told.halls);
  const free = told.halls.some(({ next }) => next);
  return {
    title: told.halls.length > 0 ? "去哪个大厅办？" : "这件事不能在网上约",
    body: [
      el("p", { class: "lead" }, lead(told)),
      told.halls.length > 1 && "geolocation" in navigator && nearest(trip.service, show),
      list,
    ],
    bar: [
      !free && told.halls.length > 0 && !trip.moving && button("main", "候补，有号告诉我", () => go({ ...at, step: "wait" })),
      told.halls.length === 0 && link("main", "打 12345 问问", "tel:12345"),
    ],
    back: { act: () => back(trip.moving ? { move: at.move } : { ...at, service: null, pool: null, step: "what" }) },
  };
}

function lead({ service_name: name, halls }) {
  if (halls.length === 0) return `「${name}」请直接到大厅取号办理，或者打电话问。`;
  return `办「${name}」，一次约 ${halls[0].minutes} 分钟。`;
}

function nearest(service, show) {
  const { node, tell } = troublePlace();
  const sort = async () => {
    tell(null);
    try {
      show((await hallsFor(service, await whereAmI())).halls);
    } catch (trouble) {
      tell(trouble);
    }
  };
  const tap = button("choice wide", "", () => void whileBusy(tap, sort));
  tap.replaceChildren(icon("place"), "按离我近排");
  return [tap, node];
}

// Rounded to about a hundred metres: enough to sort halls by.
function whereAmI() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.latitude.toFixed(3), coords.longitude.toFixed(3)]),
      () => reject(Object.assign(new Error(NO_PLACE), { kind: "refused" })),
      { timeout: PATIENCE_MS, maximumAge: 600000 },
    );
  });
}

function rows(halls, choose) {
  const drawn = halls.map((hall) => row(hall, choose));
  const more = drawn.splice(MOST_AT_ONCE);
  return [
    el("ul", { class: "rows" }, drawn),
    more.length > 0 &&
      el("details", {}, el("summary", {}, icon("down"), `还有 ${more.length} 个大厅`), el("ul", { class: "rows" }, more)),
  ].filter(Boolean);
}

function row(hall, choose) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row-choice", onclick: () => choose(hall) },
      el(
        "span",
        {},
        el("strong", {}, hall.name),
        hall.km !== null && el("span", { class: "far" }, `离您约 ${hall.km} 公里`),
        el("span", { class: "soft" }, hall.address),
        el("span", { class: hall.next ? "good" : "soft" }, hall.next ? ["最早 ", when(hall.next.day, hall.next.time)] : "近期约满了，可以候补"),
      ),
      icon("next"),
    ),
  );
}
