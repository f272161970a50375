// What the account sends, as it comes.

import { eventsAfter } from "./server.js";

const LONGEST_PAUSE_MS = 8000;
const SHORTEST_ROUND_MS = 300;

/**
 * Listen for a citizen's events until told to stop.
 *
 * @param name the citizen
 * @param hooks {heard(events): possibly none, also after trouble; lost(trouble): no answer, it goes
 *   on trying; gone(): the citizen is not known, it has stopped}
 * @returns function() that stops it
 */
export function listen(name, { heard, lost, gone }) {
  const stop = new AbortController();
  void run(name, stop.signal, { heard, lost, gone });
  return () => stop.abort();
}

async function run(name, signal, { heard, lost, gone }) {
  let last = 0;
  let failures = 0;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      const events = await eventsAfter(name, last, signal);
      if (signal.aborted) return;
      failures = 0;
      last = events.reduce((most, { n }) => Math.max(most, n), last);
      heard(events);
      if (events.length === 0 && Date.now() - began < SHORTEST_ROUND_MS) await pause(SHORTEST_ROUND_MS, signal);
    } catch (trouble) {
      if (signal.aborted) return;
      if (trouble.status === 404) {
        gone();
        return;
      }
      failures += 1;
      lost(trouble);
      await pause(Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS), signal);
    }
  }
}

/** Wait; shorter if stopped, or if the network or the page comes back. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      document.removeEventListener("visibilitychange", done);
      if (signal) signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    document.addEventListener("visibilitychange", done);
    if (signal) signal.addEventListener("abort", done);
  });
}
