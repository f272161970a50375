// Another time for a booking: shown once more beside the old one before anything changes.

import { el } from "../../lib/dom.js";
import { act } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { back, instead } from "../way.js";
import { when } from "../when.js";
import { dayWords } from "../words.js";
import { hallOf } from "./trip.js";

/** The screen 「改到这个时间吗？」. */
export async function confirmMove(at, trip) {
  const { moving } = trip;
  const { hall } = await hallOf(trip);
  const { node, tell } = troublePlace();
  const move = async () => {
    tell(null);
    const body = { pool: trip.pool, day: at.day, time: at.time };
    try {
      await act("POST", `/appointments/${moving.id}/move`, { body });
      location.replace(`/appointments/${moving.id}`);
    } catch (trouble) {
      tell(trouble, others(trouble));
    }
  };
  const others = ({ problem }) =>
    (problem?.alternatives || []).map(({ day, time }) =>
      button("choice wide", `${dayWords(day)}${time}`, () => instead({ ...at, day, time })),
    );
  const main = button("main", "就改到这个时间", () => void whileBusy(main, move));
  return {
    title: "改到这个时间吗？",
    body: [
      el(
        "dl",
        { class: "card pairs" },
        el("div", {}, el("dt", {}, "原来"), el("dd", {}, el("span", {}, when(moving.day, moving.time)), el("span", { class: "soft" }, moving.site_name))),
        el("div", { class: "new" }, el("dt", {}, "改到"), el("dd", {}, el("strong", {}, when(at.day, at.time)), el("span", { class: "soft" }, hall ? hall.name : ""))),
      ),
      node,
    ],
    bar: [main],
    back: { act: () => back({ ...at, time: null }) },
  };
}
