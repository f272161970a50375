// One screen: what it is about, what can be tapped, and the main button under the thumb.

import { el, icon, kept, withPhones } from "../lib/dom.js";
import { lent } from "../lib/lent.js";
import { typeSizeSwitch } from "../lib/type_size.js";
import { forget } from "../lib/visitor.js";

const page = document.getElementById("page");
const backLink = document.getElementById("back");
const EXPIRED = "这个页面是从微信打开的，只能用一段时间，现在已经过期了。请回到微信，再发一次「我的预约」，点新的链接。";
const UNKNOWN = "这台手机上的记录已经过期，要重新开始。原来约好的号还在：可以打电话，或者到大厅报预约码。";
const home = { href: "/appointments", words: "看我的预约", expired: EXPIRED, unknown: UNKNOWN };

typeSizeSwitch(document.getElementById("large"));

/** Say where the pages of something else begin, and what it means there that nobody is known any more. */
export function homeIs(theirs) {
  Object.assign(home, theirs);
}

/**
 * Show a screen.
 *
 * screen: {title, body, bar, back}: a heading; nodes; the buttons at the bottom; where 「返回」
 * leads, as {href} or, within the page, {act}. look: a class for the heading.
 *
 * @param moved whether one came here from another screen: then the heading gets the keyboard
 */
export function showScreen({ title, look, body = [], bar = [], back = { href: "/" } }, moved) {
  const heading = el("h1", { tabindex: "-1", class: look }, title);
  const buttons = kept([bar]);
  page.replaceChildren(heading, ...kept([body]), ...(buttons.length > 0 ? [el("div", { class: "bar" }, buttons)] : []));
  page.removeAttribute("aria-busy");
  document.title = `${heading.textContent}：导办`;
  leadBack(back);
  scrollTo(0, 0);
  if (moved) heading.focus({ preventScroll: true });
}

/** Say that something is on its way. */
export function showWait() {
  page.setAttribute("aria-busy", "true");
  page.replaceChildren(el("p", { class: "wait", role: "status" }, "请稍等…"));
}

/** Say why a screen cannot be had, and what to do. */
export function showTrouble(trouble, retry) {
  if (trouble.kind === undefined) throw trouble;
  const again = () => {
    if (trouble.kind === "stranger") forget();
    retry();
  };
  const expired = trouble.kind === "stranger" && lent();
  const words = { stranger: "重新开始", lost: "重试", busy: "重试" }[trouble.kind];
  showScreen(
    {
      title: expired ? "请回微信再点一次" : "没有打开",
      body: [el("p", { role: "alert" }, withPhones(sayOf(trouble)))],
      bar: [
        !expired && words && button("main", words, again),
        !expired && !words && link("main", home.words, home.href),
      ],
    },
    true,
  );
}

/** What to tell about a trouble: what does not fit, by name, or what the server said. */
export function sayOf(trouble) {
  if (trouble.kind === "stranger") return lent() ? home.expired : home.unknown;
  const reasons = (trouble.problem?.invalid_params || []).map(({ reason }) => reason);
  return reasons.length > 0 ? `${reasons.join("；")}。` : trouble.message;
}

/** A button of one of the three weights. */
export function button(look, words, act) {
  return el("button", { type: "button", class: look, onclick: act }, words);
}

/** A link that looks like a button. */
export function link(look, words, href) {
  return el("a", { class: look, href }, words);
}

/** A card that says what did not work; it is read out when it appears. */
export function troubleCard(trouble, ...ways) {
  const buttons = kept(ways);
  return el(
    "div",
    { class: "trouble", role: "alert" },
    el("p", {}, icon("alert"), el("span", {}, withPhones(sayOf(trouble)))),
    buttons.length > 0 && el("div", { class: "ways" }, buttons),
  );
}

/** A place for what did not work: tell(trouble, ...ways) shows it, tell(null) clears it. */
export function troublePlace() {
  const node = el("div", { class: "place-of-trouble" });
  const tell = (trouble, ...ways) => {
    if (trouble && trouble.kind === undefined) throw trouble;
    node.replaceChildren(...(trouble ? [troubleCard(trouble, ...ways)] : []));
    if (trouble) node.scrollIntoView({ block: "nearest" });
  };
  return { node, tell };
}

/** Do something while its button says so; a second tap meanwhile does nothing. */
export async function whileBusy(pressed, work) {
  if (pressed.getAttribute("aria-disabled") === "true") return;
  pressed.setAttribute("aria-disabled", "true");
  pressed.classList.add("busy");
  try {
    await work();
  } finally {
    pressed.removeAttribute("aria-disabled");
    pressed.classList.remove("busy");
  }
}

function leadBack({ href, act }) {
  backLink.setAttribute("href", href || home.href);
  backLink.onclick = act
    ? (event) => {
        event.preventDefault();
        act();
      }
    : null;
}
