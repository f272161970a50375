// The conversation on the screen.

import { el, icon, kept, withPhones } from "../lib/dom.js";
import { asks, drawChoices } from "./choices.js";

const NEAR_PX = 80;

/**
 * Shows messages, the choices of the latest question, what is pending and what went wrong.
 *
 * Every conversation begins with "greeting", a message with {fine}: what the service is worth.
 */
export class Log {
  /** @param box the element with role log; @param choose function(value, label) */
  constructor(box, choose) {
    this.box = box;
    this.choose = choose;
    this.greeting = null;
    this.atEnd = true;
    this.top = 0;
    box.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.atEnd && this.#toEnd("auto")).observe(box);
  }

  /** Show a whole conversation at once, without reading it out; without one, the first screen. */
  show(messages, guide) {
    const all = [this.greeting, ...messages];
    this.box.setAttribute("aria-live", "off");
    this.box.replaceChildren();
    this.#append(all, guide);
    const last = all.map((message) => message.from).lastIndexOf("citizen");
    this.#offer(all.slice(last + 1));
    if (messages.length === 0) this.box.append(el("p", { class: "fine" }, this.greeting.fine));
    this.#toEnd("auto");
    requestAnimationFrame(() => this.box.setAttribute("aria-live", "polite"));
  }

  /** Show what the citizen just said and that an answer is on its way. */
  say(text) {
    this.#clear(".choices, .trouble, .fine");
    this.box.append(citizenBubble(text), waiting());
    this.#toEnd("smooth");
  }

  /** Show the same sentence being sent again. */
  sayAgain() {
    this.#clear(".trouble");
    this.box.append(waiting());
    this.#toEnd("smooth");
  }

  /** Show an answer. */
  answer(messages, guide) {
    this.#clear(".waiting");
    const before = this.box.lastElementChild;
    this.#append(messages, guide);
    this.#offer(messages);
    this.#toStartOf(before.nextElementSibling);
  }

  /** Say what went wrong, with the ways out. */
  trouble(say, ways) {
    this.#clear(".waiting, .trouble");
    const buttons = ways.map(({ label, act, main }) =>
      el("button", { type: "button", class: main ? "main" : "quiet", onclick: act }, label),
    );
    const card = el(
      "div",
      { class: "trouble", role: "group", "aria-label": "没有发出去" },
      el("p", {}, icon("alert"), el("span", {}, withPhones(say))),
      el("div", { class: "ways" }, buttons),
    );
    this.box.append(card);
    this.#toEnd("smooth");
  }

  /** Move the keyboard to what can be done next; the live region reads out the rest. */
  focusNext() {
    const next = [".trouble .main", ".choices", ".finish", ".way"]
      .map((selector) => this.box.querySelector(selector))
      .find(Boolean);
    (next || this.box).focus({ preventScroll: true });
  }

  /** Take the citizen's last sentence off the screen. */
  unsay() {
    this.#clear(".trouble, .waiting");
    const mine = this.box.querySelectorAll(".mine");
    mine[mine.length - 1].remove();
  }

  #append(messages, guide) {
    messages.forEach((message, at) => {
      const next = messages[at + 1];
      if (message.from === "citizen") this.box.append(citizenBubble(labelOf(message, messages, at)));
      else if (!next || next.from === "citizen" || !this.#justNoted(message)) {
        this.box.append(...kept([botBubble(message, guide), wayOn(message.link)]));
      }
    });
  }

  // A notice that comes with every answer is told once.
  #justNoted({ kind, text }) {
    const notes = this.box.querySelectorAll(".note");
    return kind === "notice" && notes.length > 0 && notes[notes.length - 1].dataset.text === text;
  }

  // A question's choices only; without a question, whatever the answer offers.
  #offer(messages) {
    const question = messages.find((message) => asks(message.text));
    const asked = question ? [question] : messages;
    const choices = new Map(asked.flatMap((m) => m.choices || []).map((c) => [c.value, c]));
    const several = asked.some((message) => message.kind === "multi");
    const group = drawChoices([...choices.values()], several, this.choose);
    if (group) this.box.append(group);
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
    this.#scroll(Math.min(bubble.offsetTop - 12, end), "smooth");
  }

  // Gliding down is on its way to where it was sent; only going up is the reader's own wish.
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (near || scrollTop < this.top) this.atEnd = near;
    this.top = scrollTop;
  }

  #scroll(top, behavior) {
    this.atEnd = this.box.scrollHeight - this.box.clientHeight - top < NEAR_PX;
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

const LOOKS = { veto: "bubble red", notice: "bubble note", booking: "bubble booking" };

function botBubble(message, guide) {
  const lines = message.text.split(/\n+/).filter((line) => line.trim() !== "");
  return el(
    "div",
    { class: LOOKS[message.kind] || "bubble", "data-text": message.kind === "notice" && message.text },
    el("span", { class: "sr" }, "导办说："),
    message.kind === "veto" && el("p", { class: "tag" }, icon("stop"), el("span", {}, lines.shift())),
    lines.map((line) => el("p", { class: asks(line) && "ask" }, withPhones(line))),
    message.kind === "checklist" && guide && wayToList(guide),
  );
}

/** The way to a page of ours where something is done that a conversation is no place for. */
function wayOn(link) {
  if (!link || new URL(link.path, location.href).origin !== location.origin) return null;
  return el("a", { class: "main way", href: link.path }, link.label, icon("next"));
}

function waiting() {
  return el(
    "div",
    { class: "bubble waiting" },
    el("span", { class: "sr" }, "正在查，请稍等"),
    ["", "", ""].map(() => el("i", { "aria-hidden": "true" })),
  );
}

function wayToList(guide) {
  return el("a", { class: "main finish", href: `/checklist/${guide.id}` }, "看我的清单", icon("next"));
}
