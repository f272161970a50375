// The case that was looked up in this tab: what opens it is gone with the tab, and after half an hour.

const NAME = "daoban.looked";
let memory = null;

/** The token that opens it, or null. */
export function looked() {
  try {
    return sessionStorage.getItem(NAME) || memory;
  } catch {
    return memory;
  }
}

/** Keep the token of a case that was looked up; null forgets it. */
export function keepLooked(token) {
  memory = token;
  try {
    if (token) sessionStorage.setItem(NAME, token);
    else sessionStorage.removeItem(NAME);
  } catch {
    // Memory has it.
  }
}
