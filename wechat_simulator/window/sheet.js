// The sheet of 「＋」: everything that can be done besides typing.

import { el, icon } from "./dom.js";

const PLACES = [
  { text: "湖北省十堰市茅箭区北京中路1号", latitude: 32.6292, longitude: 110.798 },
  { text: "辽宁省鞍山市铁东区胜利路1号", latitude: 41.1087, longitude: 122.9943 },
];

const FORMS = {
  voice: {
    title: "说一句（语音）",
    hint: "真的微信里是按住说话。这里打字代替，就当是听出来的字。",
    label: "说的话",
    examples: [{ text: "我想开个饭店要办什么" }],
    send: "发这段语音",
    content: (text) => ({ kind: "voice", recognition: text }),
    other: { say: "发一段没识别出来的语音", content: { kind: "voice", recognition: null } },
  },
  location: {
    title: "发位置",
    hint: "真的微信里是在地图上选。这里写地址代替。",
    label: "地址",
    examples: PLACES,
    send: "发这个位置",
    content: (text, { latitude, longitude }) => ({ kind: "location", latitude, longitude, label: text }),
  },
  scan: {
    title: "扫码",
    hint: "真的微信里是扫窗口贴的二维码。这里写码里的场景值代替。",
    label: "场景值",
    examples: [{ text: "theme.open-restaurant" }],
    send: "扫这个码",
    content: (text, _, following) => ({ kind: following ? "scan" : "subscribe", scene: text }),
  },
  click: {
    title: "点菜单",
    hint: "真的微信里，对话下面有一排菜单。这里写菜单的键值代替。",
    label: "菜单的键值",
    examples: [{ text: "看看现在的清单" }],
    send: "点这个菜单",
    content: (text) => ({ kind: "click", key: text }),
  },
};

/**
 * Make the dialog work.
 *
 * @param dialog the dialog element
 * @param hooks {push(content), renew(), following()}
 * @returns {open(), explain(title, words)}
 */
export function actionSheet(dialog, { push, renew, following }) {
  const close = () => dialog.close();
  const done = (content) => {
    close();
    push(content);
  };
  const open = () => show(dialog, drawTiles());
  const form = (kind) => show(dialog, drawForm(FORMS[kind], { back: open, done, following }));
  const confirm = (title, words, yes, act) => show(dialog, drawConfirm(title, words, yes, act, close));

  function drawTiles() {
    const followed = following();
    const tiles = [
      followed && tile("voice", "语音", () => form("voice")),
      followed && tile("image", "图片", () => done({ kind: "image" })),
      followed && tile("place", "位置", () => form("location")),
      tile("scan", "扫码", () => form("scan")),
      followed && tile("menu", "点菜单", () => form("click")),
      followed && tile("link", "网页链接", () => done({ kind: "link" })),
      followed
        ? tile("bell", "取消关注", () =>
            confirm("取消关注？", "取消以后，公众号不能再给您发消息。可以再关注。", "取消关注", () => done({ kind: "unsubscribe" })),
          )
        : tile("bell", "关注", () => done({ kind: "subscribe", scene: null })),
      tile("person", "换一个人", () =>
        confirm("换一个人？", "换成一位新来的市民，从头开始。现在的对话不再显示。", "换一个人", () => {
          close();
          renew();
        }),
      ),
    ];
    return [title("还可以做什么"), el("div", { class: "tiles" }, tiles), quiet("收起", close)];
  }

  dialog.addEventListener("click", (event) => event.target === dialog && close());
  return {
    open,
    explain(heading, words) {
      show(dialog, [title(heading), words.map((line) => el("p", {}, line)), el("button", { type: "button", class: "main wide", onclick: close }, "知道了")]);
    },
  };
}

function show(dialog, content) {
  dialog.replaceChildren(...content.flat(Infinity));
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("h2");
  first.focus({ preventScroll: true });
}

function title(words) {
  return el("h2", { id: "sheet-title", tabindex: "-1" }, words);
}

function quiet(words, act) {
  return el("button", { type: "button", class: "quiet wide", onclick: act }, words);
}

function tile(picture, words, act) {
  return el("button", { type: "button", class: "tile", onclick: act }, el("span", { class: "picture" }, icon(picture)), el("span", {}, words));
}

function drawConfirm(heading, words, yes, act, close) {
  return [title(heading), el("p", {}, words), el("button", { type: "button", class: "main wide", onclick: act }, yes), quiet("不了", close)];
}

function drawForm(form, { back, done, following }) {
  let chosen = form.examples[0];
  const field = el("input", { id: "field", type: "text", maxlength: "200", value: chosen.text, autocomplete: "off", enterkeyhint: "send" });
  const take = (example) => {
    chosen = example;
    field.value = example.text;
  };
  const submit = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "") field.focus();
    else done(form.content(text, chosen, following()));
  };
  return [
    title(form.title),
    el("p", { class: "hint" }, form.hint),
    el(
      "form",
      { onsubmit: submit, autocomplete: "off" },
      el("label", { for: "field" }, form.label),
      field,
      el(
        "div",
        { class: "examples", role: "group", "aria-label": "例子" },
        form.examples.map((example) => el("button", { type: "button", class: "example", onclick: () => take(example) }, `例：${example.text}`)),
      ),
      el("button", { type: "submit", class: "main wide" }, form.send),
    ),
    form.other ? el("button", { type: "button", class: "choice wide", onclick: () => done(form.other.content) }, form.other.say) : [],
    el("button", { type: "button", class: "quiet wide", onclick: back }, icon("back"), "返回"),
  ];
}
