// Building elements. Text is always text: nothing that arrives becomes markup.

const SVG = "http://www.w3.org/2000/svg";

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
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Draw an icon of index.html; it is decoration, the words beside it carry the meaning. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Words for those who listen only. */
export function spoken(words) {
  return el("span", { class: "sr" }, words);
}
