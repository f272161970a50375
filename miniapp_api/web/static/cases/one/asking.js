// Asking to be called, or objecting: one tap, and it is noted.

import { newKey } from "../../appointments/ask.js";
import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { instead } from "../../appointments/way.js";
import { el } from "../../lib/dom.js";
import { about, toCase } from "../parts.js";

/** The screen 「要我们做什么？」. */
export function asking(told, source) {
  const { node, tell } = troublePlace();
  const choice = (what, words, hint) => {
    const key = newKey();
    const ask = () => source.ask(what, told.version, key).then(() => instead({ asked: what }), tell);
    const pressed = button("row-choice", "", () => void whileBusy(pressed, ask));
    pressed.append(el("span", {}, el("strong", {}, words), el("span", { class: "soft" }, hint)));
    return el("li", {}, pressed);
  };
  return {
    title: "要我们做什么？",
    body: [
      about(told),
      el(
        "ul",
        { class: "rows" },
        choice("call", "请给我回电", "打到您交材料时留的手机号"),
        choice("objection", "我有异议", "觉得办得不对：工作人员会打电话问您，再答复您"),
      ),
      node,
    ],
    back: toCase,
  };
}
