// How my people stand, and what they can say against a restriction.

import { el, withPhones } from "../../lib/dom.js";
import { act, look } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { redraw } from "../way.js";
import { moment } from "../words.js";
import { toAll } from "./parts.js";

const LEAST = 4;

/** The screen 「爽约记分」. */
export async function conduct() {
  const { rules, points, restrictions } = await look("/conduct");
  return {
    title: "爽约记分",
    body: [
      restrictions.map(restriction),
      points.length > 0 && el("ul", { class: "rows" }, points.map(standing)),
      el("section", { class: "card" }, el("h2", {}, "规则"), el("p", {}, withPhones(rules))),
    ],
    back: toAll,
  };
}

function standing({ person, points }) {
  return el("li", { class: "row-choice off" }, el("strong", {}, person), el("span", {}, points > 0 ? `${points} 分` : "没有记分"));
}

function restriction(each) {
  return el(
    "section",
    { class: "card warning" },
    el("h2", {}, `${each.person}：${each.state === "lifted" ? "限制已解除" : "暂时不能在网上约双休日和午间"}`),
    each.state !== "lifted" && el("p", {}, `到 ${moment(each.until)} 为止。平时的号、电话和到窗口都不受影响。`),
    each.state === "standing" ? appeal(each) : el("p", {}, each.text),
  );
}

function appeal({ id }) {
  const { node, tell } = troublePlace();
  const box = el("textarea", { rows: 3, maxlength: 500 });
  const send = () =>
    act("POST", `/conduct/${id}/appeal`, { body: { text: box.value.trim() } }).then(() => redraw(), tell);
  const main = button("main wide", "提交申诉", () => {
    if (box.value.trim().length < LEAST) box.focus();
    else void whileBusy(main, send);
  });
  return el("div", { class: "field" }, el("label", {}, "有特殊原因？写下为什么没来", box), node, main);
}
