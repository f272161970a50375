// Which time: a tap holds it, and the next page asks for whom.

import { holder } from "./holding.js";
import { hallOf } from "./trip.js";
import { el } from "../../lib/dom.js";
import { act } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { back, go } from "../way.js";
import { when } from "../when.js";

const PARTS = [
  ["上午", ({ time, session }) => session !== "午间" && time < "12:00"],
  ["中午", ({ session }) => session === "午间"],
  ["下午", ({ time, session }) => session !== "午间" && time >= "12:00"],
];

/** The screen 「几点去？」. */
export async function whichTime(at, trip) {
  const asked = new URLSearchParams({ pool: trip.pool, service: trip.service, day: at.day });
  const [told, { hall }] = await Promise.all([act("GET", `/appointments/times?${asked}`), hallOf(trip)]);
  const { node, tell } = troublePlace();
  const hold = holder({ ...trip, guide: at.guide });
  const take = (day, time) => async () => {
    tell(null);
    try {
      const held = await hold(day, time);
      location.assign(`/appointments/${held.id}`);
    } catch (trouble) {
      tell(trouble, others(trouble));
    }
  };
  const tap = (look, words, day, time) => {
    const pressed = button(look, "", () => {
      if (trip.moving) go({ ...at, day, time });
      else void whileBusy(pressed, take(day, time));
    });
    pressed.append(...words);
    return pressed;
  };
  const others = ({ problem, kind }) => [
    kind === "lost" && "再点一次那个时间就行，不会重复约。",
    (problem?.alternatives || []).map(({ day, time }) => tap("choice wide", [el("span", {}, when(day, time))], day, time)),
  ];
  return {
    title: trip.moving ? "改到几点？" : "几点去？",
    body: [
      el("p", { class: "lead" }, el("strong", {}, when(at.day)), hall && `，${hall.name}`),
      told.why_none && el("p", {}, `${told.why_none}。`),
      node,
      PARTS.map(([name, fits]) => part(name, told.times.filter(fits), (time) => tap("choice time", words(time), at.day, time.time))),
      told.times.length > 0 && !trip.moving && el("p", { class: "soft" }, "点一个时间，先给您留几分钟，再填替谁约。"),
    ],
    bar: [
      told.times.length === 0 && button("main", "换一天", () => back({ ...at, day: null })),
      told.times.length === 0 && !trip.moving && button("choice", "候补这一天", () => go({ ...at, step: "wait" })),
    ],
    back: { act: () => back({ ...at, day: null, time: null }) },
  };
}

// Plenty is the usual: only what is scarce is worth a word.
function words({ time, level, say }) {
  return [el("span", { class: "clock" }, time), ...(level === "plenty" ? [] : [el("span", { class: `level ${level}` }, say)])];
}

function part(name, times, draw) {
  return times.length > 0 && el("section", { "aria-label": name }, el("h2", {}, name), el("div", { class: "times" }, times.map(draw)));
}
