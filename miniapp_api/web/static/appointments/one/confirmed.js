// A booking as it is shown at the hall: when, the code, where, what to bring.

import { el } from "../../lib/dom.js";
import { button, link, troublePlace, whileBusy } from "../screen.js";
import { go } from "../way.js";
import { clock, date, near, weekday } from "../words.js";
import { addToCalendar } from "./calendar.js";
import { code } from "./code.js";
import { bring, place, rules } from "./parts.js";

/** The screen of a confirmed booking. */
export async function confirmed(booking, at) {
  const { node, tell } = troublePlace();
  const add = async () => {
    tell(null);
    await addToCalendar(booking).catch(tell);
  };
  const calendar = button(at.made ? "main" : "choice wide", "加到手机日历", () => void whileBusy(calendar, add));
  return {
    title: at.made ? "约好了" : "预约凭证",
    look: "done-title",
    body: [
      when(booking),
      el("p", { class: "whose" }, `${booking.service_name}，${booking.person}（${booking.relation_text}）`),
      await code(booking),
      el(
        "p",
        { class: "come" },
        `请在 ${clock(booking.check_in_from)} 到 ${clock(booking.check_in_until)} 之间到大厅，出示这个码签到。`,
      ),
      booking.demo && el("p", { class: "demo" }, "演示数据，不是真的预约"),
      place(booking),
      bring(booking),
      node,
      !at.made && calendar,
      el("div", { class: "ways" }, ways(booking)),
      !booking.can_move && el("p", { class: "soft" }, "改约的次数用完了。还要改，请先取消再约。"),
      rules(booking),
    ],
    bar: [at.made && calendar],
    back: { href: "/appointments" },
  };
}

function when({ day, time }) {
  return el(
    "p",
    { class: "when" },
    el("span", { class: "when-day" }, near(day) && el("span", { class: "near" }, near(day)), `${date(day)} ${weekday(day)}`),
    el("span", { class: "when-time" }, time),
  );
}

function ways(booking) {
  return [
    booking.can_move && link("choice", "改约", `/appointments/new?move=${booking.id}`),
    booking.can_cancel && button("choice danger", "取消预约", () => go({ ask: "cancel" })),
  ].filter(Boolean);
}
