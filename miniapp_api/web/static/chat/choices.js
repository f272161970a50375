// The buttons under a question.

import { el, icon } from "../lib/dom.js";

const SHORT = 6;
const STEERING = ["为什么问这个", "上一步"];
const ALONE = /^(不知道|不清楚|不确定|都不|都没有|以上都|没有$|无$)/;

/**
 * Draw the choices of one message.
 *
 * @param choices what can be tapped, [{label, value}]
 * @param several whether several may be chosen together
 * @param choose function(value, label)
 * @returns a group of buttons, or null if there is nothing to tap
 */
export function drawChoices(choices, several, choose) {
  if (choices.length === 0) return null;
  const steering = choices.filter(({ value }) => STEERING.includes(value));
  const answers = choices.filter(({ value }) => !STEERING.includes(value));
  return el(
    "div",
    { class: "choices", role: "group", tabindex: "-1", "aria-label": several ? "可以选几个" : "请选一个" },
    several && el("p", { class: "hint" }, "可以点几个，点完再点「选好了」。"),
    answers.length > 0 && (several ? drawSeveral(answers, choose) : drawOne(answers, choose)),
    steering.length > 0 && el("div", { class: "help" }, steering.map((way) => tap("quiet", way, choose))),
  );
}

/** Whether a text asks something: the question holds the only 「？」 of an answer. */
export function asks(text) {
  return text.includes("？");
}

function drawOne(choices, choose) {
  return grid(choices, choices.map((choice) => tap("choice", choice, choose)));
}

function tap(look, { label, value }, choose) {
  return el("button", { type: "button", class: look, onclick: () => choose(value, label) }, label);
}

function drawSeveral(choices, choose) {
  const picked = new Set();
  const done = el("button", { type: "button", class: "main done" });
  const count = () => {
    done.textContent = picked.size > 0 ? `选好了（${picked.size} 个）` : "选好了";
    done.setAttribute("aria-disabled", String(picked.size === 0));
  };
  const toggle = (button, label) => {
    if (!picked.delete(label)) picked.add(label);
    button.setAttribute("aria-pressed", String(picked.has(label)));
    count();
  };
  done.addEventListener("click", () => {
    const labels = choices.map(({ label }) => label).filter((label) => picked.has(label));
    if (labels.length > 0) choose(labels.join("、"), labels.join("、"));
  });
  count();
  const buttons = choices.map((choice) =>
    ALONE.test(choice.label) ? tap("choice", choice, choose) : drawToggle(choice.label, toggle),
  );
  return [grid(choices, buttons), done];
}

function drawToggle(label, toggle) {
  return el(
    "button",
    {
      type: "button",
      class: "choice pick",
      "aria-pressed": "false",
      onclick: (event) => toggle(event.currentTarget, label),
    },
    el("span", { class: "box" }, icon("check")),
    label,
  );
}

// Two short ones share a line, in the order they came in.
function grid(choices, buttons) {
  const short = choices.map(({ label }) => label.length <= SHORT);
  for (let at = 0; at < buttons.length; at += 1) {
    if (short[at] && short[at + 1]) at += 1;
    else buttons[at].classList.add("wide");
  }
  return el("div", { class: "grid" }, buttons);
}
