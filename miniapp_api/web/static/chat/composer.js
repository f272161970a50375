// The box to type in.

import { read, write } from "../lib/store.js";

const MOST_LINES_PX = 160;

/**
 * Let the form send what is typed: by its button or by Enter, not while an input method composes.
 *
 * @param form the form with one textarea
 * @param send function(text) that returns whether the words were taken over
 * @returns {put(text): fill the box and go to it, submit(): send what is typed}
 */
export function composer(form, send) {
  const words = form.querySelector("textarea");
  const fit = () => {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, MOST_LINES_PX)}px`;
  };
  const put = (text) => {
    words.value = text;
    write("draft", text || null);
    fit();
  };
  const submit = () => {
    const text = words.value.trim();
    if (text === "") words.focus();
    else if (send(text)) put("");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  words.addEventListener("input", () => {
    write("draft", words.value || null);
    fit();
  });
  put(read("draft") || "");
  return {
    submit,
    put(text) {
      put(text);
      words.focus();
    },
  };
}
