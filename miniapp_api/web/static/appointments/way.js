// The way through the screens of one page: each has an address, so that reload and Back work.

import { showScreen, showTrouble, showWait } from "./screen.js";

let draw = null;
let turn = 0;

/**
 * Draw the screen that the address names, now and whenever it changes.
 *
 * @param screenOf async function(query as an object): the screen, see showScreen; or null if it
 *   went somewhere else
 */
export function screens(screenOf) {
  draw = screenOf;
  addEventListener("popstate", () => void redraw());
  addEventListener("pageshow", ({ persisted }) => persisted && void redraw());
  void redraw(false);
}

/** Draw the screen of the address again. */
export async function redraw(moved = true) {
  turn += 1;
  const mine = turn;
  showWait();
  try {
    const screen = await draw(query());
    if (screen && mine === turn) showScreen(screen, moved);
  } catch (trouble) {
    if (mine === turn) showTrouble(trouble, () => void redraw());
  }
}

/** What the address asks for. */
export function query() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/** The address of a screen of this page; what is null or empty is left out. */
export function address(wanted) {
  const given = Object.entries(wanted).filter(([, value]) => value);
  const text = new URLSearchParams(given).toString();
  return location.pathname + (text && `?${text}`);
}

/** Go on to a screen of this page. */
export function go(wanted) {
  history.pushState({ depth: depth() + 1 }, "", address(wanted));
  void redraw();
}

/** Be at another screen of this page, as if one had never been at this one. */
export function instead(wanted) {
  history.replaceState(history.state, "", address(wanted));
  void redraw();
}

/** Go back one screen; whoever opened the page here goes to the one that comes before. */
export function back(before) {
  if (depth() > 0) history.back();
  else instead(before);
}

function depth() {
  return history.state?.depth || 0;
}
