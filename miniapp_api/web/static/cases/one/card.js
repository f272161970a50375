// The card of a case, in the order in which people ask: how far, whose turn, until when, whom to call.

import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { redraw } from "../../appointments/way.js";
import { el, icon, phoneLink, withPhones } from "../../lib/dom.js";
import { keepLooked } from "../looked.js";
import { about, way } from "../parts.js";
import { fullDate, fullMoment } from "../words.js";
import { printing } from "./printing.js";

const TURNS = { you: "轮到您了", bureau: "我们在办", others: "在等别的机构", nobody: "不用再做什么" };
const BROKEN_OFF = ["withdrawn", "terminated", "not_accepted"];
const ASKED = { call: "记下了，工作人员会打给您", objection: "记下了，工作人员会答复您" };

/** The screen of a case. */
export function card(told, source, at) {
  const { node, tell } = troublePlace();
  return {
    title: told.stage,
    look: "stage-title",
    body: [
      ASKED[at.asked] && el("p", { class: "done-note", role: "status" }, icon("check"), ASKED[at.asked]),
      about(told),
      turn(told),
      promise(told),
      told.outside && elsewhere(told),
      call(told),
      folded("材料", materials(told), told.materials.length),
      folded("办理经过", history(told), told.history.length),
      el("ul", { class: "rows" }, ways(told, source)),
      asOf(told),
      node,
    ],
    bar: [told.may.includes("follow") && following(source, tell)],
    back: { href: "/cases" },
  };
}

function turn({ turn: { who, next }, stopped_now: stopped }) {
  return el(
    "section",
    { class: `card turn-card ${who}`, "aria-label": "轮到谁" },
    el("h2", {}, TURNS[who]),
    el("p", {}, withPhones(next)),
    stopped && el("p", { class: "soft" }, `${stopped}。`),
  );
}

function promise({ promise: { day, text, first, why, kept }, state, statutory }) {
  if (!text || BROKEN_OFF.includes(state)) return null;
  return el(
    "section",
    { class: "card", "aria-label": "什么时候办好" },
    el("h2", {}, kept === null ? "最晚哪天办好" : "承诺的日子"),
    el("p", { class: day ? "day" : null }, text),
    kept !== null && el("p", {}, kept ? "按时作出了决定。" : "超过了承诺的日子，很抱歉。"),
    first && el("p", {}, "日子变过：原来是 ", el("strong", {}, fullDate(first)), "。"),
    why.length > 0 && el("ul", { class: "why" }, why.map((reason) => el("li", {}, reason))),
    statutory && statutory !== day && el("p", { class: "soft" }, `法律规定最晚 ${fullDate(statutory)}。`),
  );
}

function elsewhere({ outside, synced_at: at }) {
  return el("p", { class: "rules" }, `这个件在「${outside}」办，最近同步：${at ? fullMoment(at) : "还没有同步过"}。`);
}

function call({ site, phone }) {
  return el(
    "section",
    { class: "card", "aria-label": "问谁" },
    el("h2", {}, "想问就打电话"),
    el("p", {}, site),
    el("p", { class: "call" }, icon("phone"), phoneLink(phone)),
  );
}

function folded(name, content, count) {
  if (count === 0) return null;
  return el("details", { class: "card folded" }, el("summary", {}, icon("down"), `${name}（${count}）`), content);
}

function materials({ materials: all }) {
  return el(
    "ul",
    { class: "lines" },
    all.map(({ name, state, state_text: words, note }) =>
      el(
        "li",
        { class: state },
        el("p", {}, name),
        el("p", { class: "material-state" }, words),
        note && el("p", { class: "soft" }, note),
      ),
    ),
  );
}

function history({ history: all }) {
  return el(
    "ol",
    { class: "lines" },
    [...all].reverse().map(({ at, text }) => el("li", {}, el("p", { class: "soft" }, fullMoment(at)), el("p", {}, withPhones(text)))),
  );
}

function ways({ papers, may, materials: lines }, { own }) {
  const lacking = lines.some(({ state }) => state === "lacking" || state === "owed");
  return [
    papers.length > 0 && way("papers", "文书", `${papers.length} 份，可以打开、保存`),
    own && way("messages", "给您发过的消息", "都通知过什么"),
    may.includes("call") && way("ask", "请我们回电，或者提异议", lacking ? "补材料有问题也可以问" : "工作人员会找您"),
    may.includes("withdraw") && way("withdraw", "撤回申请", "不办了"),
  ];
}

function asOf({ as_of: at }) {
  const again = button("quiet", "再看一次", () => void redraw());
  return el("div", { class: "as-of" }, el("p", { class: "soft" }, `${fullMoment(at)} 的情况`), again, printing());
}

function following(source, tell) {
  const follow = async () => {
    const { id } = await source.follow();
    keepLooked(null);
    location.replace(`/cases/${id}`);
  };
  const yes = button("main", "放到这台手机上，下次不用输编号", () => void whileBusy(yes, () => follow().catch(tell)));
  return yes;
}
