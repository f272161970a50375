// After checking in: the number, and how many are ahead, asked again while the page is seen.

import { el } from "../../lib/dom.js";
import { look } from "../ask.js";
import { bring, place } from "./parts.js";
import { redraw } from "../way.js";
import { every } from "./timers.js";

const AGAIN_MS = 15000;
const OVER = ["finished", "left"];
const SAY = {
  parked: "您的事先放一放，窗口会再叫您。",
  finished: "已经办完了。",
  missed: "叫过您了，没有等到您。请到导办台。",
  left: "这个号已经取消了。",
};

/** The screen of a booking whose citizen is at the hall. */
export async function checkedIn(booking) {
  const box = el("div", { class: "ticket", role: "status" });
  const path = `/appointments/${booking.id}/ticket`;
  const first = await look(path).catch(lackingIsFine);
  box.replaceChildren(...ticket(first));
  // A lost answer is no news: the number on the screen still holds.
  const again = async () => {
    const told = await look(path).catch(() => null);
    if (told && OVER.includes(told.state)) return redraw(false);
    if (told && JSON.stringify(told) !== box.dataset.told) {
      box.dataset.told = JSON.stringify(told);
      box.replaceChildren(...ticket(told));
    }
    return null;
  };
  if (first) {
    box.dataset.told = JSON.stringify(first);
    if (!OVER.includes(first.state)) every(AGAIN_MS, () => void again());
  }
  return {
    title: "已签到",
    look: "done-title",
    body: [box, el("p", { class: "whose" }, `${booking.service_name}，${booking.person}`), place(booking), bring(booking)],
    back: { href: "/appointments" },
  };
}

function lackingIsFine(trouble) {
  if (trouble.kind !== "missing") throw trouble;
  return null;
}

function ticket(told) {
  if (!told) return [el("p", {}, "请看好手里的号，留意大厅的叫号屏。")];
  return [
    el("p", { class: "soft" }, `${told.queue}，您的号`),
    el("p", { class: "number" }, told.number),
    el("p", { class: "turn" }, turnOf(told)),
    told.place && el("p", { class: "soft" }, told.place.estimate),
  ].filter(Boolean);
}

function turnOf({ state, place: there, counter }) {
  if (state === "called" || state === "serving") return `请到 ${counter} 号窗口`;
  if (SAY[state]) return SAY[state];
  if (!there) return "正在排队";
  return there.ahead === 0 ? "下一位就是您" : `前面还有 ${there.ahead} 位`;
}
