// The box to type in.

import { read, write } from "./memory.js";

const TALLEST_PX = 150;
const DRAFT = "wechat.draft";

/**
 * Let the form send what is typed: by its button or by Enter, not while an input method composes.
 *
 * @param form the form with one textarea
 * @param send function(text) that returns whether the words were taken over
 */
export function composer(form, send) {
  const words = form.querySelector("textarea");
  const fit = () => {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight + words.offsetHeight - words.clientHeight, TALLEST_PX)}px`;
  };
  const put = (text) => {
    words.value = text;
    write(DRAFT, text || null);
    fit();
  };
  const submit = () => {
    const text = words.value.trim();
    words.focus();
    if (text !== "" && send(text)) put("");
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
    write(DRAFT, words.value || null);
    fit();
  });
  new ResizeObserver(fit).observe(form);
  put(read(DRAFT) || "");
}

/** Keep the page as tall as what can be seen, where a keyboard is laid over it. */
export function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    if (view.scale > 1.05) return;
    document.documentElement.style.setProperty("--seen", `${view.height}px`);
    if (view.offsetTop > 0) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}
