// The switch between normal and large type; early.js applies it before the first paint.

import { read, write } from "./store.js";

/** Let a button switch large type on and off for this page and the next ones. */
export function typeSizeSwitch(button) {
  const show = (large) => {
    document.documentElement.classList.toggle("large", large);
    button.setAttribute("aria-pressed", String(large));
  };
  button.addEventListener("click", () => {
    const large = !document.documentElement.classList.contains("large");
    write("large", large || null);
    show(large);
  });
  show(Boolean(read("large")));
}
