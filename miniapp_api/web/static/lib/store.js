// What the page remembers on this phone. Falls back to memory where storage is shut.

const PREFIX = "daoban.";
const memory = new Map();

/** Read what was written under a name, or null. */
export function read(name) {
  try {
    const text = localStorage.getItem(PREFIX + name);
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
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Memory has it.
  }
}
