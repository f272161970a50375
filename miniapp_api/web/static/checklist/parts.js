// Building blocks of the checklist's sections.

import { el, icon, kept, withPhones } from "../lib/dom.js";
import { certainty, day } from "./words.js";

/** A headed section, or null if it would be empty. */
export function section(id, title, ...children) {
  const inside = kept(children);
  if (inside.length === 0) return null;
  const heading = `${id}-title`;
  return el(
    "section",
    { id, "aria-labelledby": heading },
    el("h2", { id: heading }, title),
    inside,
  );
}

/** A part folded away until it is tapped; printed open. */
export function fold(title, ...children) {
  const inside = kept(children);
  return inside.length > 0 && el("details", {}, el("summary", {}, icon("down"), el("span", {}, title)), inside);
}

/** A small label in a frame; never by colour alone. */
export function badge(words, sure) {
  return el("span", { class: sure ? "badge sure" : "badge" }, sure && icon("check"), words);
}

/** How sure a local value is, or null. */
export function certaintyBadge(code) {
  if (!code) return null;
  const { words, sure } = certainty(code);
  return badge(words, sure);
}

/** 「可能」 beside what is not certain yet. */
export function perhaps(entry, words) {
  return entry.status === "perhaps" ? badge(words, false) : null;
}

/** One line of a description list, or null without content. */
export function line(term, ...content) {
  const inside = kept(content);
  return inside.length > 0 && el("div", {}, el("dt", {}, term), el("dd", {}, inside));
}

/** A paragraph in which phone numbers can be tapped, or null. */
export function words(text, attributes = {}) {
  return text ? el("p", attributes, withPhones(text)) : null;
}

/** Entries that stand, then those that may stand, folded together under a title. */
export function certainFirst(entries, draw, title) {
  const maybe = entries.filter((entry) => entry.status === "perhaps");
  return [
    entries.filter((entry) => entry.status !== "perhaps").map(draw),
    fold(`${title}（${maybe.length}）`, maybe.map(draw)),
  ];
}

/** Why an entry stands, and its legal bases, folded. */
export function because(entry) {
  const bases = basisList(entry.basis);
  return fold(bases ? "为什么、法律依据" : "为什么", words(entry.reason), bases);
}

/** The legal bases of an entry, folded. */
export function basis(entries) {
  return fold("法律依据", basisList(entries));
}

function basisList(entries) {
  const rows = (entries || []).map((entry) => {
    const { words: said, sure } = certainty(entry.certainty);
    return el(
      "li",
      {},
      el("p", {}, entry.law, entry.article),
      words(entry.text, { class: "quote" }),
      el("p", { class: "checked" }, `${day(entry.checked, { year: true })}查`, badge(said, sure)),
    );
  });
  return rows.length > 0 && el("ul", { class: "basis" }, rows);
}
