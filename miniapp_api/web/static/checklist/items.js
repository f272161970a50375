// The items to handle, one card each.

import { el, icon, phoneLink, withPhones } from "../lib/dom.js";
import { basis, certaintyBadge, line, section, words } from "./parts.js";
import { limit } from "./words.js";

/** What is to be done, a card each; then what may have to be done, folded. */
export function items(list) {
  const named = new Map(list.materials.map((material) => [material.id, material.name]));
  const told = new Set();
  const drawn = { needed: [], perhaps: [] };
  for (const item of list.items) {
    const known = item.where && told.has(item.where.name);
    if (item.where && item.status === "needed") told.add(item.where.name);
    drawn[item.status].push(item.status === "needed" ? card(item, named, known) : folded(item, named, known));
  }
  return [
    section("items", "要办的事", drawn.needed),
    section(
      "perhaps",
      "可能要办，还没定",
      drawn.perhaps.length > 0 && el("p", { class: "lead" }, "点开能看怎么办。问题答完，就知道要不要办。"),
      drawn.perhaps,
    ),
  ];
}

function card(item, named, known) {
  return el(
    "article",
    { class: "card", id: `item-${item.id}` },
    el(
      "h3",
      {},
      item.step !== null && el("span", { class: "step" }, `第 ${item.step} 步`),
      el("span", {}, item.name),
    ),
    words(item.reason, { class: "reason" }),
    details(item, named, known),
    basis(item.basis),
  );
}

function folded(item, named, known) {
  return el(
    "details",
    { class: "card maybe", id: `item-${item.id}` },
    el(
      "summary",
      {},
      el("span", {}, el("strong", {}, item.name), el("span", { class: "reason" }, item.reason)),
      icon("down"),
    ),
    details(item, named, known),
    basis(item.basis),
  );
}

// A place that an earlier card describes is not described again.
function details(item, named, known) {
  return el(
    "dl",
    {},
    line("部门", item.department),
    line("多久", time(item.time), certaintyBadge(item.time.promised?.certainty)),
    line("费用", item.fee && item.fee.text),
    line("哪里办", where(item.where, known)),
    line("网上办", online(item.online)),
    line("怎么办", item.how && withPhones(item.how)),
    line("材料", item.materials.map((id) => named.get(id) || id).join("、")),
    line("注意", item.note && withPhones(item.note)),
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
