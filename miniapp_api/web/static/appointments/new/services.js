// What is to be handled: from the citizen's list, the usual ones, or searched for in their own words.

import { el, icon, withPhones } from "../../lib/dom.js";
import { request } from "../../lib/http.js";
import { look } from "../ask.js";
import { button, troublePlace } from "../screen.js";
import { go, instead } from "../way.js";

const COMMON = ["food-licence", "business-registration", "social-insurance", "medical-insurance", "real-estate", "tax"];
const TYPING_MS = 350;

/** The screen 「要办什么事？」; a list with one service is no question. */
export async function whichService(at) {
  const [{ services }, items] = await Promise.all([request("GET", "/services"), itemsOf(at.guide)]);
  const listed = services.filter((service) => service.items.some((id) => items.has(id)));
  if (listed.length === 1 && at.step !== "what") {
    instead({ ...at, service: listed[0].id });
    return null;
  }
  const choose = (service) => go({ ...at, step: null, service });
  return {
    title: "要办什么事？",
    body: listed.length > 0 ? fromList(listed, services, choose) : search(services, choose),
    back: { href: at.guide ? `/checklist/${encodeURIComponent(at.guide)}` : "/" },
  };
}

async function itemsOf(guide) {
  if (!guide) return new Set();
  const list = await look(`/guides/${encodeURIComponent(guide)}/checklist`).catch(() => ({ items: [] }));
  return new Set(list.items.filter(({ status }) => status === "needed").map(({ id }) => id));
}

function fromList(listed, services, choose) {
  const others = el("div", { class: "stack" });
  const more = button("quiet", "办别的事", () => {
    more.remove();
    others.replaceChildren(...search(services, choose));
    others.querySelector("input").focus();
  });
  return [el("p", { class: "lead" }, "您的清单里，这些要到大厅办，一项约一个号。"), choices(listed, choose), more, others];
}

function search(services, choose) {
  const found = el("div", { class: "stack" });
  const { node, tell } = troublePlace();
  const box = el("input", { id: "wanted", type: "search", enterkeyhint: "search", autocomplete: "off", maxlength: 100, placeholder: "例如：营业执照" });
  const status = el("p", { class: "soft", role: "status" });
  let timer = null;
  let latest = 0;
  const find = async () => {
    const mine = (latest += 1);
    const words = box.value.trim();
    tell(null);
    if (!words) return offerAll();
    const answer = await request("GET", `/services?${new URLSearchParams({ q: words })}`).catch(tell);
    if (answer && mine === latest) offerFound(words, answer.services);
  };
  const offerFound = (words, those) => {
    status.replaceChildren(
      ...(those.length > 0 ? [`找到 ${those.length} 项`] : withPhones(`没有找到「${words}」。换个说法试试，或拨打 12345。`)),
    );
    found.replaceChildren(choices(those, choose));
  };
  const offerAll = () => {
    status.textContent = "常办的";
    const common = COMMON.map((id) => services.find((service) => service.id === id)).filter(Boolean);
    const rest = services.filter((service) => !common.includes(service));
    found.replaceChildren(
      choices(common, choose),
      el("details", {}, el("summary", {}, icon("down"), `其他 ${rest.length} 项`), choices(rest, choose)),
    );
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(), TYPING_MS);
  });
  offerAll();
  return [el("div", { class: "field" }, el("label", {}, "用平常的话找", box)), status, node, found];
}

function choices(services, choose) {
  return el(
    "ul",
    { class: "rows" },
    services.map(({ id, name }) =>
      el("li", {}, el("button", { type: "button", class: "row-choice", onclick: () => choose(id) }, el("strong", {}, name), icon("next"))),
    ),
  );
}
