// What a screen does by the clock ends with the screen, and rests while nobody sees the page.

let running = [];

/** Do something every so many milliseconds, while the page is seen. */
export function every(milliseconds, work) {
  running.push(setInterval(() => document.visibilityState === "visible" && work(), milliseconds));
}

/** End what the screen before did. */
export function forgetTimers() {
  for (const timer of running) clearInterval(timer);
  running = [];
}
