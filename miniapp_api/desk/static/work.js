// Small helps on the pages of a hall's day: printing, the scanner's field, and hands that tap twice.
const SETTLED_MS = 700;
let changed = -SETTLED_MS;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// After each scan the field is ready for the next one: what is typed replaces what is there.
document.addEventListener("htmx:afterRequest", (event) => {
  const again = event.target.dataset?.again;
  if (!again) return;
  const field = document.querySelector(again);
  if (event.detail.successful) field.value = "";
  field.focus();
  field.select();
});

// A button that has just come under the finger is not what the finger meant.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.matches("[data-steady]")) changed = performance.now();
});
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-steady] button");
    if (button && performance.now() - changed < SETTLED_MS) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

// A key that is held down presses a button once.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.matches("button")) event.preventDefault();
});
