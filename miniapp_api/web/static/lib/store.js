// What the page remembers on this phone. Falls back to memory where storage is shut.

import { lent } from "./lent.js";

const PREFIX = "daoban.";
const OF_THE_PHONE = ["large", "locality"];
const memory = new Map();

/** Read what was written under a name, or null. */
export function read(name) {
  try {
    const text = box(name).getItem(PREFIX + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // Shut storage, or a value that is not ours: go on with memory.
  }
  return memory.has(name) ? memory.get(name) : null;
}

/** Remember a value under a name; null forgets it. */
export function write(name, value) {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) box(name).removeItem(PREFIX + name);
    else box(name).setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Memory has it.
  }
}

// What belongs to a lent identity is not mixed with what the phone's own visitor left here.
function box(name) {
  return lent() && !OF_THE_PHONE.includes(name) ? sessionStorage : localStorage;
}
