// The checklist page: fetches one list and draws it, whole or by the reason it cannot be had.

import { el, withPhones } from "../lib/dom.js";
import { request } from "../lib/http.js";
import { lent } from "../lib/lent.js";
import { typeSizeSwitch } from "../lib/type_size.js";
import { token } from "../lib/visitor.js";
import { offerBooking } from "./booking.js";
import { items } from "./items.js";
import { materials } from "./materials.js";
import { fold } from "./parts.js";
import { background, duties, notices, unset } from "./rest.js";
import { takeHome } from "./take_home.js";
import { Ticks } from "./ticks.js";
import { plan, vetoes } from "./warning.js";
import { moment } from "./words.js";

const page = document.getElementById("checklist");
const { guide, token: shareToken } = document.body.dataset;

function fetchList() {
  if (shareToken) return request("GET", `/shared-checklists/${encodeURIComponent(shareToken)}`);
  return request("GET", `/guides/${encodeURIComponent(guide)}/checklist`, { token: token() });
}

async function open() {
  page.setAttribute("aria-busy", "true");
  try {
    draw(await fetchList());
  } catch (trouble) {
    apologise(trouble);
  }
  page.removeAttribute("aria-busy");
}

function draw(list) {
  document.title = `${list.guide.title}办事清单：${list.guide.locality.name}`;
  page.replaceChildren(
    ...[
      head(list),
      vetoes(list),
      plan(list),
      ...items(list),
      materials(list, new Ticks(list.guide.id, !shareToken)),
      duties(list),
      unset(list),
      notices(list),
      background(list),
      takeHome(list, shareToken && location.pathname),
      foot(list),
    ].filter(Boolean),
  );
  if (!shareToken) void offerBooking(list);
}

function head(list) {
  const sure = list.items.filter((item) => item.status === "needed").length;
  const maybe = list.items.length - sure;
  const counts = [`要办 ${sure} 件`, maybe > 0 && `可能要办 ${maybe} 件`].filter(Boolean).join("，");
  return el(
    "div",
    { class: "head" },
    el("h1", {}, `${list.guide.title}办事清单`),
    el("p", { class: "where" }, el("span", {}, list.guide.locality.name), el("span", {}, counts)),
    el(
      "nav",
      { class: "jump screen", "aria-label": "跳到" },
      el("a", { class: "quiet", href: "#items" }, "要办的事"),
      el("a", { class: "quiet", href: "#materials" }, "材料"),
      el("a", { class: "quiet", href: "#take-home" }, "打印、扫码"),
    ),
    list.open_questions.length > 0 && unfinished(list),
  );
}

function unfinished(list) {
  const questions = list.open_questions;
  return el(
    "div",
    { class: "unfinished" },
    el("p", {}, `还有 ${questions.length} 个问题没有答，写着「可能」的现在还说不准。`),
    fold("是哪些问题", el("ul", { class: "plain" }, questions.map(({ ask }) => el("li", {}, ask)))),
    !shareToken && el("a", { class: "choice screen", href: "/" }, "接着回答"),
  );
}

function foot(list) {
  return el(
    "footer",
    { class: "foot" },
    el("p", {}, withPhones(list.disclaimer)),
    el("p", {}, `整理时间：${moment(list.as_of)}`),
    el("p", {}, withPhones("有疑问可以拨打 12345。")),
  );
}

function apologise(trouble) {
  const lost = trouble.kind === "stranger" || trouble.kind === "missing";
  if (trouble.kind === "stranger" && lent()) {
    askAgain();
    return;
  }
  const own = "这份清单只能在当初回答问题的手机上打开。可以回到对话再问一遍，或扫清单上的二维码。";
  const say = lost && !shareToken ? own : trouble.message;
  const again = el("button", { type: "button", class: "main", onclick: () => void open() }, "重试");
  page.replaceChildren(
    el(
      "div",
      { class: "apology", role: "alert" },
      el("p", {}, withPhones(say)),
      lost ? el("a", { class: "main", href: "/" }, "回到对话") : again,
    ),
  );
}

function askAgain() {
  const say = "这个页面是从微信打开的，只能用一段时间，现在已经过期了。请回到微信，再发一次「我的清单」，点新的链接。";
  page.replaceChildren(el("div", { class: "apology", role: "alert" }, el("p", {}, say)));
}

/**
 * Paper cannot be tapped: open what is folded before printing, and fold it again after. Only what
 * is not certain stays folded: its name and what it hangs on are enough on paper.
 */
function unfoldForPrint() {
  let opened = [];
  const unfold = () => {
    const closed = [...page.querySelectorAll("details:not([open], .maybe, .maybe *)")];
    for (const details of closed) details.open = true;
    opened.push(...closed);
  };
  const refold = () => {
    for (const details of opened) details.open = false;
    opened = [];
  };
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", refold);
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? unfold() : refold()));
}

typeSizeSwitch(document.getElementById("large"));
unfoldForPrint();
void open();
