// What may make the whole plan impossible, and the order of what is to be done.

import { el, icon } from "../lib/dom.js";
import { basis, line, perhaps, section, words } from "./parts.js";
import { day } from "./words.js";

/** The vetoes, before everything else. */
export function vetoes(list) {
  const cards = list.vetoes.map((veto) =>
    el(
      "article",
      { class: "veto" },
      el("h3", {}, icon("stop"), el("span", {}, veto.name), perhaps(veto, "可能")),
      words(veto.say),
      el("dl", {}, line("怎么办", veto.way_out), line("为什么", veto.reason)),
      basis(veto.basis),
    ),
  );
  return section("vetoes", `请先停一停：有 ${cards.length || ""} 处可能办不成`, cards);
}

function unfold(id) {
  document.getElementById(`item-${id}`).open = true;
}

/** Which items come first, which go side by side, and the earliest opening day. */
export function plan(list) {
  const { plan: told } = list;
  if (list.items.length === 0) return section("plan", "先办什么，后办什么", words(list.nothing_needed || told.say));
  const names = new Map(list.items.map((item) => [item.id, item.name]));
  const steps = told.steps.map((ids) =>
    el(
      "li",
      {},
      ids.length > 1 && el("p", { class: "together" }, `这 ${ids.length} 件可以同时办`),
      ids.map((id) => el("a", { href: `#item-${id}`, onclick: () => unfold(id) }, names.get(id) || id)),
    ),
  );
  return section(
    "plan",
    "先办什么，后办什么",
    told.earliest && el("p", { class: "earliest" }, "最早 ", el("strong", {}, day(told.earliest)), " 能开业"),
    words(told.say),
    el("ol", { class: "steps" }, steps),
  );
}
