// A booking that is over: thanks, or what now.

import { el, withPhones } from "../../lib/dom.js";
import { link } from "../screen.js";
import { anew, rules, summary } from "./parts.js";

const ENDS = {
  served: { title: "办好了，谢谢您", say: "办得怎么样，可以打 12345 告诉我们。", again: "再约一个" },
  missed: { title: "这次没有来", say: "这个号已经过时了。还要办，可以再约，也可以直接到大厅取号。", again: "再约一个" },
  cancelled: { title: "已经取消", say: "号已经让给别人了。还想办，随时可以再约。", again: "再约一个" },
  revoked: { title: "大厅取消了这个号", say: "因为大厅的安排，这个号办不了了，很抱歉。不记分。请再约一个，或者打大厅的电话。", again: "再约一个" },
  expired: { title: "留的时间到了", say: "刚才留的号没有确认，已经放掉了。再选一个时间就行。", again: "重新选时间" },
};

/** The screen of a booking that is over. */
export function over(booking) {
  const end = ENDS[booking.status];
  return {
    title: end.title,
    body: [
      el("p", { class: "lead" }, withPhones(end.say)),
      summary(booking),
      booking.status === "revoked" && el("p", {}, "大厅电话 ", withPhones(booking.phone)),
      booking.status === "missed" && rules(booking),
    ],
    bar: [link("main", end.again, anew(booking))],
    back: { href: "/appointments" },
  };
}
