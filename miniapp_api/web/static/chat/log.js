// The conversation on the screen.

import { el, icon, withPhones } from "../lib/dom.js";
import { drawChoices, isQuestion } from "./choices.js";

const NEAR_PX = 80;

/** Shows messages, the choices of the latest question, what is pending and what went wrong. */
export class Log {
  /** @param box the element with role log; @param choose function(value, label) */
  constructor(box, choose) {
    this.box = box;
    this.choose = choose;
    this.atEnd = true;
    box.addEventListener("scroll", () => {
      this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    });
    new ResizeObserver(() => this.atEnd && this.#toEnd("auto")).observe(box);
  }

  /** Show a whole conversation at once, without reading it out. */
  show(messages, guide) {
    this.box.setAttribute("aria-live", "off");
    this.box.replaceChildren();
    messages.forEach((message, at) => {
      if (message.from === "citizen") this.box.append(citizenBubble(labelOf(message, messages, at)));
      else this.box.append(botBubble(message));
    });
    const last = messages.map((message) => message.from).lastIndexOf("citizen");
    this.#offer(messages.slice(last + 1), guide);
    this.#toEnd("auto");
    requestAnimationFrame(() => this.box.setAttribute("aria-live", "polite"));
  }

  /** Show the first screen: who this is, what to try, what it is worth. */
  greet(greeting, guide) {
    this.show([greeting.message], guide);
    this.box.append(el("p", { class: "fine" }, greeting.fine));
    this.#toEnd("auto");
  }

  /** Show what the citizen just said and that an answer is on its way. */
  say(text) {
    this.#clear(".choices, .finish, .trouble, .fine");
    this.box.append(citizenBubble(text), waiting());
    this.#toEnd("smooth");
  }

  /** Show the same sentence being sent again. */
  sayAgain() {
    this.#clear(".trouble");
    this.box.append(waiting());
    this.#toEnd("smooth");
  }

  /** Show an answer; returns its first bubble. */
  answer(messages, guide) {
    this.#clear(".waiting");
    const bubbles = messages.map(botBubble);
    this.box.append(...bubbles);
    this.#offer(messages, guide);
    this.#toStartOf(bubbles[0]);
  }

  /** Say what went wrong, with the ways out. */
  trouble(say, ways) {
    this.#clear(".waiting, .trouble");
    const buttons = ways.map(({ label, act, main }) =>
      el("button", { type: "button", class: main ? "main" : "quiet", onclick: act }, label),
    );
    const card = el(
      "div",
      { class: "trouble", role: "group", "aria-label": "没有发出去", tabindex: "-1" },
      el("p", {}, icon("alert"), el("span", {}, withPhones(say))),
      el("div", { class: "ways" }, buttons),
    );
    this.box.append(card);
    this.#toEnd("smooth");
    return card;
  }

  /** Move the keyboard to what can be done next; the live region reads out the rest. */
  focusNext() {
    const next = this.box.querySelector(".trouble .main, .trouble, .choices, .finish");
    (next || this.box).focus({ preventScroll: true });
  }

  /** Take the citizen's last sentence off the screen. */
  unsay() {
    this.#clear(".trouble, .waiting");
    const mine = this.box.querySelectorAll(".mine");
    mine[mine.length - 1].remove();
  }

  #offer(messages, guide) {
    const asking = guide !== null && guide.state === "asking";
    const able = messages.filter((message) => isQuestion(message) || message.choices?.length);
    const active = able.find(isQuestion) || able[able.length - 1];
    const group = active && drawChoices(active, { asking, choose: this.choose });
    if (group) this.box.append(group);
    if (guide !== null && guide.state === "done" && messages.length > 0) {
      this.box.append(finish(guide));
    }
  }

  #clear(selector) {
    for (const node of this.box.querySelectorAll(selector)) node.remove();
  }

  #toEnd(behavior) {
    this.#scroll(this.box.scrollHeight, behavior);
  }

  // A long answer is read from its beginning, a short one keeps the end in view.
  #toStartOf(bubble) {
    const end = this.box.scrollHeight - this.box.clientHeight;
    const start = bubble ? bubble.offsetTop - this.box.offsetTop - 12 : end;
    this.#scroll(Math.min(start, end), "smooth");
  }

  #scroll(top, behavior) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top, behavior: still ? "auto" : behavior });
  }
}

// A tapped choice travels as its value: show the words that were on the button.
function labelOf(message, messages, at) {
  for (let i = at - 1; i >= 0 && messages[i].from !== "citizen"; i -= 1) {
    const choice = (messages[i].choices || []).find(({ value }) => value === message.text);
    if (choice) return choice.label;
  }
  return message.text;
}

function citizenBubble(text) {
  return el("p", { class: "bubble mine" }, el("span", { class: "sr" }, "您说："), text);
}

function botBubble(message) {
  const red = message.kind === "veto";
  const lines = message.text.split(/\n+/).filter((line) => line.trim() !== "");
  return el(
    "div",
    { class: red ? "bubble red" : "bubble" },
    red && el("p", { class: "tag" }, icon("stop"), "请先停一停"),
    el("span", { class: "sr" }, "导办说："),
    lines.map((line) => el("p", { class: isQuestion({ text: line }) && "ask" }, withPhones(line))),
  );
}

function waiting() {
  return el(
    "div",
    { class: "bubble waiting" },
    el("span", { class: "sr" }, "正在查，请稍等"),
    ["", "", ""].map(() => el("i", { "aria-hidden": "true" })),
  );
}

function finish(guide) {
  return el("a", { class: "main finish", href: `/checklist/${guide.id}` }, "看我的清单", icon("next"));
}
