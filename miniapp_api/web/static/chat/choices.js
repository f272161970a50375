// The buttons under a question.

import { el, icon, kept } from "../lib/dom.js";

const SHORT = 6;
const ALONE = /^(不知道|不清楚|不确定|都不|都没有|以上都|没有$|无$)/;
const HELP = ["不知道", "为什么问这个", "上一步"];

/**
 * Draw the choices of one message.
 *
 * @param message what the bot said, with choices [{label, value}] and perhaps kind "multi"
 * @param options {asking: a guide is waiting for an answer, choose: function(value, label)}
 * @returns a group of buttons, or null if there is nothing to tap
 */
export function drawChoices(message, { asking, choose }) {
  const choices = message.choices || [];
  const several = message.kind === "multi";
  const help = asking && isQuestion(message) ? helpBeside(choices) : [];
  if (choices.length + help.length === 0) return null;
  return el(
    "div",
    { class: "choices", role: "group", tabindex: "-1", "aria-label": several ? "可以选几个" : "请选一个" },
    several && el("p", { class: "hint" }, "可以点几个，点完再点「选好了」。"),
    choices.length > 0 && (several ? drawSeveral(choices, choose) : drawOne(choices, choose)),
    help.length > 0 && drawHelp(help, choose),
  );
}

/** Whether a message asks something: a question holds the only question mark of an answer. */
export function isQuestion(message) {
  return /[?？]/.test(message.text);
}

function drawOne(choices, choose) {
  const buttons = choices.map(({ label, value }) =>
    el("button", { type: "button", class: "choice", onclick: () => choose(value, label) }, label),
  );
  return el("div", { class: width(choices) }, buttons);
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
  const buttons = choices.map(({ label, value }) =>
    ALONE.test(label)
      ? el("button", { type: "button", class: "choice", onclick: () => choose(value, label) }, label)
      : drawToggle(label, toggle),
  );
  return kept([el("div", { class: width(choices) }, buttons), done]);
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

// Ways out that are always understood, unless the question already offers them.
function helpBeside(choices) {
  const offered = new Set(choices.flatMap(({ label, value }) => [label, value]));
  const unknown = offered.has("unknown");
  return HELP.filter((words) => !offered.has(words) && !(unknown && words === "不知道"));
}

function drawHelp(words, choose) {
  const buttons = words.map((word) =>
    el("button", { type: "button", class: "quiet", onclick: () => choose(word, word) }, word),
  );
  return el("div", { class: "help" }, buttons);
}

function width(choices) {
  const longest = Math.max(...choices.map(({ label }) => label.length));
  if (longest <= SHORT) return "grid two";
  return longest <= SHORT * 2 ? "grid" : "grid long";
}
