// What we have sent about a case: every message with its time, read or not.

import { act, look } from "../../appointments/ask.js";
import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { el, withPhones } from "../../lib/dom.js";
import { about, toCase } from "../parts.js";
import { fullMoment } from "../words.js";

/** The screen 「给您发过的消息」. */
export async function messages(told) {
  const list = el("ul", { class: "messages" });
  const { node, tell } = troublePlace();
  const more = button("choice wide", "再找早一些的", () => void whileBusy(more, () => load(more.value).catch(tell)));
  const load = async (before) => {
    const page = await look(`/notices${before ? `?before=${before}` : ""}`);
    const theirs = page.notices.filter(({ link }) => link === `/cases/${told.id}`);
    list.append(...theirs.map(message));
    more.hidden = page.next === null;
    more.value = page.next || "";
    const ids = theirs.filter(({ read }) => !read).map(({ id }) => id);
    // Not marked is only shown as new once more.
    if (ids.length > 0) act("POST", "/notices/read", { body: { ids } }).catch(() => {});
  };
  await load(null);
  const empty = list.children.length === 0 && more.hidden;
  return {
    title: "给您发过的消息",
    body: [about(told), empty ? el("p", { class: "lead" }, "还没有发过消息。") : list, more, node],
    back: toCase,
  };
}

function message({ title, text, at, read }) {
  return el(
    "li",
    { class: read ? "card" : "card unread" },
    el("h2", {}, !read && el("span", { class: "new-mark" }, "新"), title),
    el("p", {}, withPhones(text)),
    el("p", { class: "soft" }, fullMoment(at)),
  );
}
