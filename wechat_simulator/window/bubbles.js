// How each thing looks in the conversation.

import { el, icon, spoken } from "./dom.js";
import { isForTapping, readText } from "./links.js";

/**
 * Draw an event of the account.
 *
 * @param event {kind: "delivery" | "broken", via, msgtype, text, raw}
 * @param taps {say(content, id): a menu link was tapped, miniProgram(name, path): one that cannot open}
 * @returns a row, or null if there is nothing to see
 */
export function drawEvent(event, taps) {
  if (event.kind === "broken") return drawNote(event.text || "该公众号暂时无法提供服务，请稍后再试", true);
  if (event.kind !== "delivery") return null;
  return el(
    "div",
    { class: "row theirs" },
    el("span", { class: "avatar", "aria-hidden": "true" }, "导"),
    el(
      "div",
      { class: "body" },
      el("div", { class: "bubble" }, spoken("导办说："), drawContent(event, taps)),
      CAPTIONS[event.via] && el("p", { class: "caption" }, CAPTIONS[event.via]),
    ),
  );
}

const CAPTIONS = { custom: "客服消息", subscribe: "服务通知（订阅消息）" };

/** Draw a line that nobody said. */
export function drawNote(words, alarming = false) {
  return el("div", { class: alarming ? "row note alarm" : "row note" }, el("p", {}, alarming && icon("alert"), words));
}

/** Draw that an answer is being written. */
export function drawTyping() {
  const dots = ["", "", ""].map(() => el("i", { "aria-hidden": "true" }));
  return el("div", { class: "row typing" }, el("p", {}, "对方正在输入", el("span", { class: "sr" }, "…"), el("span", { class: "dots", "aria-hidden": "true" }, dots)));
}

/** Draw what the citizen did. */
export function drawPush({ content }) {
  const done = noteOf(content);
  if (done) return el("div", { class: "row note did" }, el("p", {}, done));
  return el(
    "div",
    { class: "row mine" },
    el("span", { class: "avatar", "aria-hidden": "true" }, icon("person")),
    el("div", { class: "body" }, el("div", { class: `bubble ${SHAPES[content.kind] || ""}` }, spoken("您说："), drawMine(content))),
  );
}

/**
 * Draw what became of a push, below it.
 *
 * @param row what drawPush gave
 * @param push {state: "sending" | "sent" | "failed"}
 * @param retry function(push)
 */
export function drawState(row, push, retry) {
  row.dataset.state = push.state;
  for (const node of row.querySelectorAll(".state")) node.remove();
  const below = row.querySelector(".body") || row;
  if (push.state === "sending") below.append(el("p", { class: "state sending", "aria-hidden": "true" }, "发送中"));
  if (push.state !== "failed") return;
  const again = el("button", { type: "button", class: "retry", onclick: () => retry(push) }, "重试");
  below.append(el("p", { class: "state failed" }, icon("alert"), "没有发出去", again));
}

const SHAPES = { image: "picked", link: "picked" };

function noteOf({ kind, scene, key }) {
  if (kind === "subscribe") return scene ? `您扫码关注了公众号（${scene}）` : "您关注了公众号";
  if (kind === "unsubscribe") return "您取消了关注";
  if (kind === "scan") return `您扫了二维码（${scene}）`;
  return kind === "click" ? `您点了菜单「${key}」` : null;
}

function drawMine(content) {
  if (content.kind === "voice") return drawVoice(content.recognition);
  if (content.kind === "image") return [icon("image"), el("p", { class: "line" }, "一张图片")];
  if (content.kind === "location") {
    return [el("p", { class: "line strong" }, content.label), el("p", { class: "map" }, icon("place"), "我的位置")];
  }
  if (content.kind === "link") return [icon("link"), el("p", { class: "line" }, "一个网页链接")];
  return content.text.split("\n").map((line) => el("p", { class: "line" }, line));
}

function drawVoice(recognition) {
  const seconds = Math.min(60, Math.max(2, Math.ceil((recognition || "").length / 4)));
  return [
    el("p", { class: "line sound" }, `${seconds}″`, icon("sound"), spoken("语音")),
    el("p", { class: "heard" }, recognition === null ? "（没听清，识别不出字）" : recognition),
  ];
}

function drawContent({ msgtype, text, raw }, taps) {
  const part = (raw && typeof raw === "object" && raw[msgtype]) || {};
  if (msgtype === "template") return drawTemplate(text, (raw && raw.page) || "", taps);
  if (msgtype === "miniprogrampage") return drawCard(part.title || text || "小程序", part.pagepath || "", taps);
  if (msgtype === "msgmenu" && Array.isArray(part.list)) {
    const items = part.list.map(({ id, content }) => [{ kind: "menu", label: content, content, id: String(id) }]);
    const lines = [...readText(part.head_content || ""), ...items, ...readText(part.tail_content || "")];
    return lines.map((line) => drawLine(line, taps));
  }
  if (text) return readText(text).map((line) => drawLine(line, taps));
  return el("p", { class: "line" }, `（${NAMES[msgtype] || "一条消息"}，模拟器里看不了）`);
}

const OPEN = "进入小程序查看";

function drawTemplate(text, page, taps) {
  const fields = text.split("\n").map((line) => el("p", { class: "line" }, line));
  const link = page && button("link", () => taps.miniProgram(OPEN, page), [icon("mini"), OPEN]);
  return [fields, page && el("p", { class: "line taps" }, link)];
}

const NAMES = { image: "一张图片", voice: "一段语音", video: "一段视频", news: "一篇图文", music: "一段音乐" };

function drawLine(line, taps) {
  const pieces = line.map((piece) => (typeof piece === "string" ? piece : drawLink(piece, taps)));
  if (pieces.length === 0) return el("p", { class: "line blank" });
  if (!isForTapping(line)) return el("p", { class: "line" }, pieces);
  return el("p", { class: typeof line[0] === "string" ? "line taps marked" : "line taps" }, pieces);
}

function drawLink(link, taps) {
  if (link.kind === "menu") return button("link", () => taps.say(link.content, link.id), link.label);
  const mini = link.kind === "mini" && [icon("mini"), spoken("（小程序）")];
  if (link.href) {
    const title = link.kind === "web" && spoken("（打开新页面）");
    return el("a", { class: "link", href: link.href, target: "_blank", rel: "noopener noreferrer" }, mini, link.label, title);
  }
  return button("link", () => taps.miniProgram(link.label, link.path), [mini, link.label]);
}

function drawCard(title, path, taps) {
  const inside = [el("span", { class: "card-title" }, title), el("span", { class: "card-kind" }, icon("mini"), "小程序")];
  return button("card", () => taps.miniProgram(title, path), inside);
}

// A real button does not break like the words around it: this one does.
function button(look, act, inside) {
  return el(
    "span",
    {
      class: look,
      role: "button",
      tabindex: "0",
      onclick: act,
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (!event.repeat) act();
      },
    },
    inside,
  );
}
