// A day and a time that break between lines only where one would pause.

import { el } from "../lib/dom.js";
import { date, near, weekday } from "./words.js";

/** 「明天 11月27日（周五） 09:00」; the time may be left out. */
export function when(day, time = null) {
  const parts = [near(day), `${date(day)}（${weekday(day)}）`, time].filter(Boolean);
  return parts.flatMap((part) => [el("span", { class: "keep" }, part), " "]).slice(0, -1);
}
