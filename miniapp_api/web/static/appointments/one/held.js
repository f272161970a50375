// A time that is held: for whom it is, while it is kept.

import { el } from "../../lib/dom.js";
import { act, look } from "../ask.js";
import { forWhom } from "../people.js";
import { link } from "../screen.js";
import { back, go, instead, redraw } from "../way.js";
import { clock } from "../words.js";
import { anew, rules, summary } from "./parts.js";
import { every } from "./timers.js";

const TICK_MS = 5000;
const MINUTE_MS = 60000;

/** The screen 「替谁约？」. */
export async function held(booking, at) {
  const { people } = await look("/people");
  const form = Boolean(at.add) || people.length === 0;
  const use = async (person) => {
    await act("POST", `/appointments/${booking.id}/confirm`, { body: { person } });
    instead({ made: "1" });
  };
  const ways = ({ problem }) => [
    problem?.code === "hold_expired" && link("main", "重新选时间", again(booking)),
    problem?.code === "booked_already" && link("choice", "看我的预约", "/appointments"),
  ];
  const parts = forWhom(people, form, { label: "确认预约", use, ways, add: () => go({ add: "1" }) });
  return {
    title: "还差一步：替谁约？",
    body: [summary(booking), kept(booking), parts.body, rules(booking)],
    bar: [el("p", { class: "soft" }, "来不了请提前取消，约了没来要记分。"), parts.bar],
    back: at.add ? { act: () => back({}) } : { href: again(booking) },
  };
}

/** How long it is kept, said quietly; when that is over, the page looks again. */
function kept(booking) {
  const until = Date.parse(booking.hold_until);
  const left = el("span", {});
  const count = () => {
    const minutes = Math.ceil((until - Date.now()) / MINUTE_MS);
    left.textContent = minutes > 1 ? `还有 ${minutes} 分钟` : "不到 1 分钟了";
    if (Date.now() > until) void redraw(false);
  };
  count();
  every(TICK_MS, count);
  return el("p", { class: "soft" }, `给您留到 ${clock(booking.hold_until)}，`, left, "。");
}

function again(booking) {
  return `${anew(booking)}&day=${booking.day}`;
}
