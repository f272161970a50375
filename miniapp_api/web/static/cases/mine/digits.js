// A box for a long number: the keyboard of digits, groups of four, and how many are still to come.

import { el } from "../../lib/dom.js";
import { inFours } from "../words.js";

/** A field: {node, digits(), say(what is wrong, or "")}. */
export function digitsField(id, words, length) {
  const left = el("p", { class: "soft left", id: `${id}-left` });
  const wrong = el("p", { class: "wrong", id: `${id}-wrong`, role: "status" });
  const input = el("input", {
    id,
    name: id,
    inputmode: "numeric",
    autocomplete: "off",
    spellcheck: "false",
    class: "digits",
    "aria-describedby": `${id}-wrong ${id}-left`,
  });
  const digits = () => onlyDigits(input.value).slice(0, length);
  const say = (what) => {
    wrong.textContent = what;
    if (what) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const count = () => {
    const typed = digits().length;
    const lacking = typed === length ? "，够了" : `，还差 ${length - typed} 位`;
    left.textContent = `${length} 位数字${typed > 0 ? lacking : ""}`;
  };
  input.addEventListener("input", ({ isComposing }) => {
    if (isComposing) return;
    regroup(input, length);
    say("");
    count();
  });
  input.addEventListener("compositionend", () => {
    regroup(input, length);
    count();
  });
  count();
  return { input, digits, say, node: el("div", { class: "field" }, el("label", {}, words, input), left, wrong) };
}

function onlyDigits(text) {
  return text.normalize("NFKC").replace(/\D/g, "");
}

/** Write the digits in fours, and leave the caret after the digit it was after. */
function regroup(input, length) {
  const before = onlyDigits(input.value.slice(0, input.selectionStart)).length;
  const shown = inFours(onlyDigits(input.value).slice(0, length));
  if (shown === input.value) return;
  input.value = shown;
  const caret = Math.min(shown.length, before + Math.floor(Math.max(0, before - 1) / 4));
  input.setSelectionRange(caret, caret);
}
