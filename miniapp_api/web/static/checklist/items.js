// The items to handle, one card each.

import { el, icon, phoneLink, withPhones } from "../lib/dom.js";
import { basis, certaintyBadge, fold, line, perhaps, section, words } from "./parts.js";
import { limit } from "./words.js";

/** The cards, in the order in which they are handled. */
export function items(list) {
  const named = new Map(list.materials.map((material) => [material.id, material.name]));
  const asked = new Map(list.open_questions.map((question) => [question.fact, question.ask]));
  const told = new Set();
  const cards = list.items.map((item) => {
    const known = item.where && told.has(item.where.name);
    if (item.where) told.add(item.where.name);
    return card(item, { named, asked, known });
  });
  return section("items", "要办的事", cards);
}

// A place that an earlier card describes is not described again.
function card(item, { named, asked, known }) {
  return el(
    "article",
    { class: "card", id: `item-${item.id}`, tabindex: "-1" },
    el(
      "h3",
      {},
      item.step !== null && el("span", { class: "step" }, `第 ${item.step} 步`),
      el("span", {}, item.name),
      perhaps(item, "可能要办"),
    ),
    words(item.reason, { class: "reason" }),
    el(
      "dl",
      {},
      line("部门", item.department),
      line("多久", time(item.time), certaintyBadge(item.time.promised?.certainty)),
      line("费用", item.fee && item.fee.text),
      line("哪里办", where(item.where, known)),
      line("网上办", online(item.online)),
      line("怎么办", item.how && withPhones(item.how)),
      line("材料", materials(item, named)),
      line("注意", item.note && withPhones(item.note)),
    ),
    fold("还要看您怎么答", open(item, asked)),
    basis(item.basis),
  );
}

function time({ text, promised, legal }) {
  return text || [limit("承诺", promised), limit("法定", legal)].filter(Boolean).join("，");
}

function where(place, known) {
  if (!place) return null;
  return el(
    "address",
    {},
    el("p", {}, place.name, certaintyBadge(place.certainty)),
    !known && place.address && el("p", {}, place.address),
    place.phone && el("p", {}, icon("phone"), phoneLink(place.phone)),
    !known && words(place.hours),
  );
}

function online(told) {
  if (!told) return null;
  return told.url ? el("a", { href: told.url, rel: "noreferrer" }, `${told.level}，打开网站`) : told.level;
}

function materials(item, named) {
  return item.materials.map((id) => named.get(id) || id).join("、");
}

function open(item, asked) {
  const rows = item.depends_on.map((fact) => asked.get(fact)).filter(Boolean);
  return rows.length > 0 && el("ul", {}, rows.map((ask) => el("li", {}, ask)));
}
