// 「办件进度」: the cases on this telephone, and looking one up by its number.

import "../home.js";
import { look } from "../../appointments/ask.js";
import { button } from "../../appointments/screen.js";
import { go, screens } from "../../appointments/way.js";
import { el, icon } from "../../lib/dom.js";
import { token } from "../../lib/visitor.js";
import { fullDate } from "../words.js";
import { lookingUp } from "./looking_up.js";

async function screenOf(at) {
  if (at.view === "look") return lookingUp(at);
  const { cases } = token() ? await look("/cases") : { cases: [] };
  return cases.length > 0 ? list(cases) : lookingUp(at);
}

function list(cases) {
  const [going, over] = [false, true].map((wanted) => cases.filter((each) => each.over === wanted));
  return {
    title: "办件进度",
    body: [
      going.length > 0 ? rows(going) : el("p", { class: "lead" }, "现在没有在办的件。"),
      over.length > 0 && el("details", {}, el("summary", {}, icon("down"), `办完的（${over.length}）`), rows(over)),
    ],
    bar: [button("main", "用编号查别的件", () => go({ view: "look" }))],
  };
}

function rows(cases) {
  return el("ul", { class: "rows" }, cases.map((each) => el("li", {}, row(each))));
}

function row({ id, item, stage, promised, over, state }) {
  return el(
    "a",
    { class: "row-choice", href: `/cases/${id}` },
    el(
      "span",
      {},
      el("strong", {}, item),
      el("span", { class: state === "correcting" ? "yours" : "stage" }, stage),
      !over && promised && el("span", { class: "soft" }, `最晚 ${fullDate(promised)} 办好`),
    ),
    icon("next"),
  );
}

screens(screenOf);
