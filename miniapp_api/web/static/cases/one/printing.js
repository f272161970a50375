// On paper nothing is folded.

import { button } from "../../appointments/screen.js";

let opened = [];

addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});

/** The button that prints the screen. */
export function printing() {
  return button("quiet", "打印", () => print());
}
