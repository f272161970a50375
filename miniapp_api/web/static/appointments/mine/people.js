// For whom I may book, and forgetting somebody.

import { el } from "../../lib/dom.js";
import { act, look } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { redraw } from "../way.js";
import { toAll } from "./parts.js";

/** The screen 「办事人」. */
export async function people() {
  const { people: all } = await look("/people");
  return {
    title: "办事人",
    body: [
      el("p", { class: "lead" }, all.length > 0 ? "删掉以后，已经约好的不受影响。" : "还没有填过。预约的时候填就行。"),
      all.map(person),
    ],
    back: toAll,
  };
}

function person({ id, name, relation_text: relation, number_tail: tail }) {
  const { node, tell } = troublePlace();
  const forget = () => act("DELETE", `/people/${id}`).then(() => redraw(), tell);
  let sure = false;
  const gone = button("choice danger", `删掉${name}`, () => {
    if (sure) void whileBusy(gone, forget);
    sure = true;
    gone.textContent = `再点一次，就删掉${name}`;
  });
  return el("div", { class: "card" }, el("p", {}, el("strong", {}, name)), el("p", { class: "soft" }, `${relation}，证件尾号 ${tail}`), gone, node);
}
