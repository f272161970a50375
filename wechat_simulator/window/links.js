// The only markup of a text message: <a>. Everything else is text, also other tags.

const ATTRIBUTE = `\\s+[a-z][\\w-]*(?:\\s*=\\s*(?:"[^"]*"|'[^']*'|[^\\s"'<>]+))?`;
const ANCHOR = new RegExp(`<a((?:${ATTRIBUTE})+)\\s*>([\\s\\S]*?)</a\\s*>`, "gi");
const PAIR = /([a-z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/gi;
const MENU = /^weixin:\/\/bizmsgmenu\/?\?(.*)$/is;
const WEB = /^https?:\/\//i;
const SEPARATORS = /[\s|｜/、·•，]+/g;
const MOST_AROUND = 4;

/**
 * Read a text message.
 *
 * @returns a list of lines; a line is a list of pieces: strings, or links
 *   {kind: "menu", label, content, id} | {kind: "web", label, href} | {kind: "mini", label, href, path}
 */
export function readText(text) {
  const lines = [[]];
  const add = (plain) => {
    plain.split(/\r\n|\r|\n/).forEach((part, at) => {
      if (at > 0) lines.push([]);
      if (part !== "") lines[lines.length - 1].push(part);
    });
  };
  let from = 0;
  for (const match of text.matchAll(ANCHOR)) {
    add(text.slice(from, match.index));
    const link = readLink(match[1], match[2]);
    if (link) lines[lines.length - 1].push(link);
    else add(match[2]);
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return lines;
}

/** Whether a line is there to be tapped: links, and around them no more than a number or a mark. */
export function isForTapping(line) {
  const around = line.filter((piece) => typeof piece === "string").join("").replace(SEPARATORS, "");
  return around.length <= MOST_AROUND && line.some((piece) => piece.kind);
}

/** Read the address of a menu link: {content, id: null if it has none}, or null. */
export function readMenu(href) {
  const match = MENU.exec(href);
  if (!match) return null;
  const fields = new Map(match[1].split("&").map((pair) => split(pair)));
  const content = decode(fields.get("msgmenucontent") || "");
  return content === "" ? null : { content, id: decode(fields.get("msgmenuid") || "") || null };
}

function readLink(attributes, inside) {
  const label = inside.replace(/\s*[\r\n]+\s*/g, " ").trim();
  const told = new Map();
  for (const [, name, ...values] of attributes.matchAll(PAIR)) {
    told.set(name.toLowerCase(), unescape(values.find((value) => value !== undefined) || ""));
  }
  const href = (told.get("href") || "").trim();
  if (label === "") return null;
  if (told.has("data-miniprogram-path") || told.has("data-miniprogram-appid")) {
    const path = told.get("data-miniprogram-path") || "";
    return { kind: "mini", label, href: WEB.test(href) ? href : null, path };
  }
  const menu = readMenu(href);
  if (menu) return { kind: "menu", label, ...menu };
  return WEB.test(href) ? { kind: "web", label, href } : null;
}

function split(pair) {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

// A "+" stays a "+": what is not percent-encoded properly shall be seen.
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unescape(value) {
  return value.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
