// What needs no case: duties, what the city has not set, reminders, and how the list came about.

import { el } from "../lib/dom.js";
import { because, certainFirst, fold, line, section, words } from "./parts.js";

/** Duties: nothing to apply for, but to be observed. */
export function duties(list) {
  const draw = (duty) =>
    el("article", { class: "card slim" }, el("h3", {}, duty.name), words(duty.say), because(duty));
  return section("duties", "不用办手续，但要遵守", certainFirst(list.duties, draw, "可能还要遵守的"));
}

/** What this city has not set. */
export function unset(list) {
  const rows = list.unset.map((entry) =>
    el("article", { class: "card slim" }, el("h3", {}, entry.name), words(entry.say)),
  );
  return section("unset", "本地没有定，以窗口为准", rows);
}

/** Reminders. */
export function notices(list) {
  const draw = (notice) => el("article", { class: "card slim" }, words(notice.say), because(notice));
  return section("notices", "提醒您", certainFirst(list.notices, draw, "可能用得上的提醒"));
}

/** What is not needed and why, the answers, and what was taken for granted. */
export function background(list) {
  const spared = list.not_needed.map((item) => line(item.name, item.reason));
  const answers = list.answers.map((answer) => el("li", {}, answer.label));
  const assumed = list.assumptions.map((assumption) => el("li", {}, assumption.say));
  return section(
    "background",
    "这份清单怎么来的",
    fold(`这 ${spared.length} 件不用办`, spared.length > 0 && el("dl", { class: "pairs" }, spared)),
    fold("您的回答", answers.length > 0 && el("ul", {}, answers)),
    assumed.length > 0 && [el("h3", {}, "有些您没说，先这样算"), el("ul", { class: "plain" }, assumed)],
  );
}
