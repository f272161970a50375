// The conversation as the server knows it, and the one sentence that may still be on its way.

import { request, Trouble } from "../lib/http.js";
import { read, write } from "../lib/store.js";
import { ensureToken, forget, token } from "../lib/visitor.js";

const PATH = "/chat/messages";

const LONGEST_TURN_MS = 60000;

/**
 * Holds the messages, the guide, and the outbox.
 *
 * The outbox is the sentence that was sent and not yet answered: {text, shown, before, since,
 * unsure}. It outlives a reload. "before" counts how often the citizen had said just that before,
 * "since" is when it was sent; "unsure" says that it may have arrived although no answer came.
 */
export class Conversation {
  constructor() {
    this.messages = [];
    this.guide = read("guide");
    this.outbox = read("outbox");
  }

  /** Fetch what was said so far; drops the outbox if its sentence is there, answered. */
  async restore() {
    if (!token()) return;
    const told = await this.#ask("GET");
    this.messages = told.messages;
    if (told.guide !== undefined) this.#keepGuide(told.guide);
    if (this.#outcome() === "answered") this.#keepOutbox(null);
  }

  /** Send a sentence; resolves to the messages of the answer. */
  async send(text, shown) {
    const before = this.#timesSaid(text).length;
    this.#keepOutbox({ text, shown, before, since: Date.now(), unsure: false });
    return this.#post();
  }

  /**
   * Send the outbox again, unless it had arrived.
   *
   * Resolves to the messages of the answer, or to null if the sentence had been answered all
   * along: then the whole conversation was fetched anew.
   */
  async retry() {
    if (this.outbox.unsure && token()) {
      await this.restore();
      if (!this.outbox) return null;
      const young = Date.now() - this.outbox.since < LONGEST_TURN_MS;
      if (young && this.#outcome() === "unanswered") {
        throw new Trouble("lost", "您的话已经收到，还在处理。请稍等再点「重试」。");
      }
    }
    return this.#post();
  }

  /** Take the sentence back out of the outbox, to be changed; returns its words. */
  takeBack() {
    const { shown } = this.outbox;
    this.#keepOutbox(null);
    return shown;
  }

  /** Forget everything: the next sentence is a new visitor's first. */
  startAnew() {
    this.messages = [];
    this.#keepGuide(null);
    this.#keepOutbox(null);
    forget();
  }

  async #post() {
    const { text } = this.outbox;
    const reply = await this.#ask("POST", { text });
    this.messages.push({ from: "citizen", text }, ...reply.messages);
    this.#keepGuide(reply.guide);
    this.#keepOutbox(null);
    return reply.messages;
  }

  async #ask(method, body = null) {
    try {
      return await request(method, PATH, { token: await ensureToken(), body });
    } catch (trouble) {
      if (trouble.kind === "stranger") this.#becomeStranger();
      if (method === "POST" && trouble.kind === "lost") {
        this.#keepOutbox({ ...this.outbox, unsure: true });
      }
      throw trouble;
    }
  }

  #becomeStranger() {
    const { outbox } = this;
    this.startAnew();
    if (outbox) this.#keepOutbox({ ...outbox, before: 0, unsure: false });
  }

  /** What became of the outbox, by the messages just fetched: absent, unanswered or answered. */
  #outcome() {
    if (!this.outbox) return "absent";
    const times = this.#timesSaid(this.outbox.text);
    if (times.length <= this.outbox.before) return "absent";
    return times[times.length - 1] === this.messages[this.messages.length - 1]
      ? "unanswered"
      : "answered";
  }

  #timesSaid(text) {
    const wanted = bare(text);
    return this.messages.filter(
      (message) => message.from === "citizen" && bare(message.text) === wanted,
    );
  }

  #keepGuide(guide) {
    this.guide = guide;
    write("guide", guide);
  }

  #keepOutbox(outbox) {
    this.outbox = outbox;
    write("outbox", outbox);
  }
}

// The server tidies blanks and masks numbers of persons: compare what it leaves alone.
function bare(text) {
  return text.normalize("NFKC").replace(/〔[^〕]*已隐去〕|[\p{C}\s\dXx.+·–—-]+/gu, "");
}
