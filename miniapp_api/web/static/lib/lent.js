// The identity that a link in WeChat lends to this tab: nobody there is signed in to the web.
//
// It comes in the fragment, which no server sees, acts for a short while, and is gone with the tab.

const MARK = "#as=";
const NAME = "daoban.as";
let memory = null;

/** The token that was lent to this tab, or null; it may have expired meanwhile. */
export function lent() {
  try {
    return sessionStorage.getItem(NAME) || memory;
  } catch {
    return memory;
  }
}

/** Do without what was lent from now on. */
export function giveBack() {
  keep(null);
}

function keep(token) {
  memory = token;
  try {
    if (token) sessionStorage.setItem(NAME, token);
    else sessionStorage.removeItem(NAME);
  } catch {
    // Memory has it.
  }
}

/** Take the token out of the address, so that it is in no history and on no screenshot. */
function take() {
  if (!location.hash.startsWith(MARK)) return false;
  keep(location.hash.slice(MARK.length));
  history.replaceState(history.state, "", location.pathname + location.search);
  return true;
}

take();
addEventListener("hashchange", () => take() && location.reload());
