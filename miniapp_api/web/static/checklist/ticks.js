// Which materials are ready: kept on this phone first, then told to the server, for one's own list.

import { request } from "../lib/http.js";
import { read, write } from "../lib/store.js";
import { token } from "../lib/visitor.js";

/**
 * The ticks of a list.
 *
 * Without a network nothing is lost: what was not sent goes the next time. Whoever ticked last is
 * right, here or in the mini-program.
 */
export class Ticks {
  #ids;
  #guide;
  #own;
  #sending = false;
  #edition = 0;

  /** @param guide id of the guide; @param own whether the server is to know */
  constructor(guide, own) {
    this.#guide = guide;
    this.#ids = new Set(read(this.#key("ticks")) || []);
    this.#own = own;
    this.changed = () => {};
    if (!own) return;
    addEventListener("online", () => void this.agree());
    addEventListener("pagehide", () => void this.#leave());
    void this.agree();
  }

  has(id) {
    return this.#ids.has(id);
  }

  /** Tick something off, or not. */
  set(id, on) {
    this.#edition += 1;
    if (on) this.#ids.add(id);
    else this.#ids.delete(id);
    write(this.#key("ticks"), [...this.#ids]);
    write(this.#key("sent"), null);
    if (this.#own) void this.agree();
  }

  /** Send what was not sent, or take over what was ticked elsewhere; what fails is done another time. */
  async agree() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      do {
        while (this.#unsent()) await this.#send();
      } while (!(await this.#fetch()));
    } catch {
      // No network, or a list that is gone: the phone has it.
    }
    this.#sending = false;
  }

  /** Send what was ticked a moment ago: the request outlives the page. */
  async #leave() {
    if (this.#unsent()) await this.#send().catch(() => {});
  }

  #unsent() {
    return read(this.#key("ticks")) !== null && !read(this.#key("sent"));
  }

  /** Only what has arrived counts as sent: a page may be left, and a box ticked, meanwhile. */
  async #send() {
    const edition = this.#edition;
    await request("PUT", this.#path(), { token: token(), body: { ready: [...this.#ids] }, outlive: true });
    if (edition === this.#edition) write(this.#key("sent"), true);
  }

  /** Take over what the server knows; gives false if something was ticked meanwhile. */
  async #fetch() {
    const { ready } = await request("GET", this.#path(), { token: token() });
    if (this.#unsent()) return false;
    this.#ids = new Set(ready);
    write(this.#key("ticks"), ready);
    write(this.#key("sent"), true);
    this.changed();
    return true;
  }

  #path() {
    return `/guides/${encodeURIComponent(this.#guide)}/materials`;
  }

  #key(name) {
    return `${name}.${this.#guide}`;
  }
}
