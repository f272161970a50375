// What this phone remembers: who the citizen is and what the citizen did. The account's side of the
// conversation comes from the simulator again.

const PREFIX = "daoban.";
// Kept apart, as every window of this browser hears all events, but only one sends a push: written
// together, the one that hears would undo what the other just wrote.
const CITIZEN = "wechat.citizen";
const PUSHES = "wechat.pushes";
const SEEN = "wechat.seen";
const MOST_PUSHES = 200;
const fallback = new Map();

/** Read what was written under a name, or null. */
export function read(name) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // Shut storage, or a value that is not ours: go on with what this page remembers itself.
  }
  return fallback.has(name) ? fallback.get(name) : null;
}

/** Remember a value under a name; null forgets it. */
export function write(name, value) {
  if (value === null) fallback.delete(name);
  else fallback.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // The fallback has it.
  }
}

/** The citizen {name, following, seen: number of the last event, pushes}, or null. */
export function citizen() {
  const known = read(CITIZEN);
  if (!known || typeof known.name !== "string") return null;
  const pushes = read(PUSHES);
  return { ...known, seen: read(SEEN) || 0, pushes: Array.isArray(pushes) ? pushes : [] };
}

/** Forget the citizen before and remember a new one. */
export function begin(name) {
  forget();
  write(CITIZEN, { name, following: false });
}

/** Forget the citizen. */
export function forget() {
  for (const name of [CITIZEN, PUSHES, SEEN]) write(name, null);
}

/** Remember that events up to a number were shown. */
export function saw(number) {
  if (number > (read(SEEN) || 0)) write(SEEN, number);
}

/** Remember whether the citizen follows the account. */
export function follow(following) {
  write(CITIZEN, { ...read(CITIZEN), following });
}

/** Remember a push, or its new state; the oldest are forgotten. */
export function keep(push) {
  const others = citizen().pushes.filter(({ id }) => id !== push.id);
  write(PUSHES, [...others, push].slice(-MOST_PUSHES));
}

/** Call when another window of this browser changes the citizen. */
export function onOtherWindow(changed) {
  window.addEventListener("storage", ({ key }) => [PREFIX + CITIZEN, PREFIX + PUSHES].includes(key) && changed());
}
