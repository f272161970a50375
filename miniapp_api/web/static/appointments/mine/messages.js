// The inbox. What was shown counts as read; the mark stays until the next look.

import { el, icon, withPhones } from "../../lib/dom.js";
import { act, look } from "../ask.js";
import { button, troublePlace, whileBusy } from "../screen.js";
import { moment } from "../words.js";
import { toAll } from "./parts.js";

/** The screen 「消息」. */
export async function messages() {
  const list = el("ul", { class: "messages" });
  const { node, tell } = troublePlace();
  const more = button("choice wide", "更早的", () => void whileBusy(more, () => load(more.value).catch(tell)));
  const load = async (before) => {
    const page = await look(`/notices${before ? `?before=${before}` : ""}`);
    list.append(...page.notices.map(message));
    more.hidden = page.next === null;
    more.value = page.next || "";
    const ids = page.notices.filter(({ read }) => !read).map(({ id }) => id);
    // Not marked is only shown as new once more.
    if (ids.length > 0) act("POST", "/notices/read", { body: { ids } }).catch(() => {});
  };
  await load(null);
  const empty = list.children.length === 0;
  return { title: "消息", body: [empty ? el("p", { class: "lead" }, "还没有消息。") : list, more, node], back: toAll };
}

function message({ title, text, link, at, read }) {
  return el(
    "li",
    { class: read ? "card" : "card unread" },
    el("h2", {}, !read && el("span", { class: "new-mark" }, "新"), title),
    el("p", {}, withPhones(text)),
    el("p", { class: "soft" }, moment(at)),
    link && el("a", { class: "quiet", href: link }, "去看看", icon("next")),
  );
}
