// What this phone remembers: who the citizen is and what the citizen did. The account's side of the
// conversation comes from the simulator again.

const PREFIX = "daoban.";
const CITIZEN = "wechat.citizen";
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
  return known && typeof known.name === "string" && Array.isArray(known.pushes) ? known : null;
}

/** Forget the citizen before and remember a new one. */
export function begin(name) {
  write(CITIZEN, { name, following: false, seen: 0, pushes: [] });
}

/** Forget the citizen. */
export function forget() {
  write(CITIZEN, null);
}

/** Remember that events up to a number were shown. */
export function saw(number) {
  change((known) => {
    known.seen = Math.max(known.seen, number);
  });
}

/** Remember whether the citizen follows the account. */
export function follow(following) {
  change((known) => {
    known.following = following;
  });
}

/** Remember a push, or its new state; the oldest are forgotten. */
export function keep(push) {
  change((known) => {
    const others = known.pushes.filter(({ id }) => id !== push.id);
    known.pushes = [...others, push].slice(-MOST_PUSHES);
  });
}

// Another window of the same citizen may have written since: always start from what is there.
function change(edit) {
  const known = citizen();
  if (!known) return;
  edit(known);
  write(CITIZEN, known);
}

/** Call when another window of this browser changes the citizen. */
export function onOtherWindow(changed) {
  window.addEventListener("storage", ({ key }) => key === PREFIX + CITIZEN && changed());
}
