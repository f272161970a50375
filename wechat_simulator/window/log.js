// The conversation on the screen, in the order in which it happened.

import { drawEvent, drawNote, drawPush, drawState, drawTyping } from "./bubbles.js";

const NEAR_PX = 80;
const TYPING_MS = 60000;

/** Shows what both sides said; what comes late is put where it belongs. */
export class Log {
  #rows = [];
  #typing = null;
  #timer = null;
  #atEnd = true;
  #top = 0;

  /** @param box the element with role log; @param latest the button that leads down; @param taps {say, miniProgram, retry} */
  constructor(box, latest, taps) {
    this.box = box;
    this.latest = latest;
    this.taps = taps;
    box.addEventListener("scroll", () => this.#scrolled());
    latest.addEventListener("click", () => {
      this.#toEnd("smooth");
      box.focus({ preventScroll: true });
    });
    new ResizeObserver(() => (this.#atEnd ? this.#toEnd("auto") : this.#pointDown())).observe(box);
  }

  /** Begin anew, with lines that nobody said. */
  clear(...notes) {
    this.#rows = [];
    this.#stopTyping();
    this.box.replaceChildren();
    for (const words of notes) this.#place([-1, 0, 0], drawNote(words), null);
    this.#toEnd("auto");
  }

  /** Show what was said before, without reading it out. */
  quietly(show) {
    this.box.setAttribute("aria-live", "off");
    show();
    this.#toEnd("auto");
    requestAnimationFrame(() => this.box.setAttribute("aria-live", "polite"));
  }

  /** Show events of the account; answers are read from their beginning. */
  hear(events) {
    const wasAtEnd = this.#atEnd;
    for (const event of events) {
      if (event.kind === "typing") this.#startTyping();
      if (event.kind === "delivery" || event.kind === "broken") this.#stopTyping();
      const row = drawEvent(event, this.taps);
      if (row) this.#place([event.n, 0, 0], row, null);
    }
    if (wasAtEnd) this.#toAnswer();
    this.#pointDown();
  }

  /** Show what the citizen did, or its new state. */
  put(push) {
    const known = this.#rows.find(({ id }) => id === push.id);
    if (known && known.key[2] === push.at) {
      drawState(known.node, push, this.taps.retry);
      if (this.#atEnd) this.#toEnd("smooth");
      return;
    }
    if (known) {
      known.node.remove();
      this.#rows.splice(this.#rows.indexOf(known), 1);
    }
    const row = drawPush(push);
    drawState(row, push, this.taps.retry);
    this.#place([push.after, 1, push.at], row, push.id);
  }

  /** Go down to what was just said. */
  toEnd() {
    this.#toEnd("smooth");
  }

  #place(key, node, id) {
    let at = this.#rows.length;
    while (at > 0 && isAfter(this.#rows[at - 1].key, key)) at -= 1;
    if (at === 0) this.box.prepend(node);
    else this.#rows[at - 1].node.after(node);
    this.#rows.splice(at, 0, { key, node, id });
  }

  #startTyping() {
    this.#stopTyping();
    this.#typing = drawTyping();
    this.box.append(this.#typing);
    this.#timer = setTimeout(() => this.#stopTyping(), TYPING_MS);
  }

  #stopTyping() {
    clearTimeout(this.#timer);
    if (this.#typing) this.#typing.remove();
    this.#typing = null;
  }

  // All that came since the citizen's last word, from its beginning if it is long.
  #toAnswer() {
    const mine = this.#rows.map(({ id }) => id !== null).lastIndexOf(true);
    const first = this.#rows[mine + 1];
    const end = this.#end();
    this.#scroll(first ? Math.min(first.node.offsetTop - 12, end) : end, "smooth");
  }

  #toEnd(behavior) {
    this.#scroll(this.#end(), behavior);
  }

  #end() {
    return Math.max(0, this.box.scrollHeight - this.box.clientHeight);
  }

  // Gliding down is on its way to where it was sent; only going up is the reader's own wish.
  #scrolled() {
    const near = this.#end() - this.box.scrollTop < NEAR_PX;
    if (near || this.box.scrollTop < this.#top) this.#atEnd = near;
    this.#top = this.box.scrollTop;
    this.#pointDown();
  }

  #scroll(top, behavior) {
    this.#atEnd = this.#end() - top < NEAR_PX;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top, behavior: still ? "auto" : behavior });
    this.#pointDown();
  }

  #pointDown() {
    this.latest.hidden = this.#atEnd || this.#end() - this.box.scrollTop < NEAR_PX;
  }
}

function isAfter(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return one[at] > other[at];
  }
  return false;
}
