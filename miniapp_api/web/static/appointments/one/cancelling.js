// Before a booking is given up it is asked once more, and told what it costs.

import { el } from "../../lib/dom.js";
import { act } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { back, instead } from "../way.js";
import { moment } from "../words.js";
import { rules, summary } from "./parts.js";

/** The screen 「真的不去了吗？」. */
export function cancelling(booking) {
  const { node, tell } = troublePlace();
  const cancel = () =>
    act("POST", `/appointments/${booking.id}/cancel`).then(
      () => instead({}),
      (trouble) => tell(trouble),
    );
  const yes = button("choice danger", "取消这个预约", () => void whileBusy(yes, cancel));
  return {
    title: "真的不去了吗？",
    body: [summary(booking), cost(booking), node],
    bar: [button("main", "不取消，我会去", () => back({})), yes],
    back: { act: () => back({}) },
  };
}

function cost(booking) {
  if (booking.status === "held") return el("p", {}, "还没有确认，取消没有关系。");
  const late = Date.now() > Date.parse(booking.late_cancel_after);
  if (late) return [el("p", { class: "warning" }, "离办理时间很近了，现在取消算「临时取消」，要记分。"), rules(booking)];
  return el("p", {}, `取消以后，号会让给别人。${moment(booking.late_cancel_after)} 以前取消不记分。`);
}
