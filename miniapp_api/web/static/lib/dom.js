// Building elements. Text is always text: nothing a server says becomes markup.

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../icons.svg", import.meta.url).pathname;

/**
 * Make an element.
 *
 * Attributes that are null or false are left out, true means present, "onclick" and the like take
 * a function. Children are nodes or strings; null and false are left out, arrays are flattened.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...kept(children));
  return node;
}

/** Drop what is absent from a list of children and flatten lists in it. */
export function kept(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false);
}

/** Draw an icon of icons.svg; it is decoration, the words beside it carry the meaning. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

// No lookbehind here: iPhones before iOS 16.4 cannot read it.
const PHONE = /(^|\D)(12345|0\d{2,3}-\d{5,8})(?!\d)/g;

/** Turn a text into nodes in which phone numbers can be tapped. */
export function withPhones(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(PHONE)) {
    const start = match.index + match[1].length;
    nodes.push(text.slice(from, start), phoneLink(match[2]));
    from = start + match[2].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** A number to tap. */
export function phoneLink(number) {
  return el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}`, class: "phone" }, number);
}
