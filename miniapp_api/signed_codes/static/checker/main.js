// Checking codes, with or without a network.

import { camera } from "./camera.js";
import { judge } from "./judging.js";
import { kept, refreshed } from "./lists.js";
import { dayText, momentText, told } from "./words.js";

const OLD_MS = 86_400_000;
const AGAIN_MS = 5 * 60_000;
const ICONS = { good: "check", warning: "alert", void: "stop" };

const format = JSON.parse(document.body.dataset.format);
const sprite = document.querySelector("use").getAttribute("href").split("#")[0];
const form = document.getElementById("scan");
const field = document.getElementById("read");
const result = document.getElementById("result");
const dated = document.getElementById("dated");

let lists = null;
let asked = null; // the text that was read last
let shown = null; // what was judged of it

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check(field.value);
});
field.addEventListener("paste", () => setTimeout(() => check(field.value)));
camera(document.getElementById("camera"), document.getElementById("view"), (text) => {
  field.value = text;
  check(text);
});

field.addEventListener("focus", () => field.select()); // the next code takes the place of this one

function check(text) {
  asked = text;
  shown = null;
  show();
  if (matchMedia("(pointer: coarse)").matches) field.blur(); // or its keyboard covers the answer
  else field.select();
  refresh();
}

function show() {
  const judged = judge(asked, lists, format, Date.now());
  if (JSON.stringify(judged) === shown) return;
  shown = JSON.stringify(judged);
  const name = format.kinds[judged.code?.kind];
  const { tone, words, meaning, advice } = told(judged, name, lists?.at);
  result.replaceChildren(
    make("section", `verdict ${tone}`, symbol(ICONS[tone]), make("h2", "", words), make("p", "", meaning)),
    ...(judged.code ? [facts(name, judged.code.day)] : []),
    make("section", "advice", ...advice.map((line) => make("p", "", line)), ...online(judged)),
  );
}

function facts(name, day) {
  const pair = (term, value) => make("div", "", make("dt", "", term), make("dd", "", value));
  return make("section", "facts", make("dl", "", pair("是什么", name), pair("哪天发的", dayText(day))));
}

function online({ state, digits }) {
  if (state !== "online" || !digits) return [];
  const link = make("a", "choice", "联网核对");
  link.href = `/r/${digits}`;
  return [link];
}

async function refresh() {
  try {
    lists = await refreshed(lists);
  } catch {
    // No network, or half of one: what is kept still counts, and its time is told.
  }
  date();
  if (asked !== null) show();
}

function date() {
  if (!lists) {
    dated.textContent = "这台设备上还没有作废名单，请连上网再打开这个网页。";
    return;
  }
  const old = Date.now() - lists.at > OLD_MS;
  dated.className = old ? "old" : "";
  dated.textContent = `作废名单是 ${momentText(lists.at)} 的。${old ? "已经过了一天，连上网打开这个网页就会更新；" : ""}在那以后作废的，这里看不出来。`;
}

async function prepare() {
  const told = document.getElementById("offline");
  if (!("serviceWorker" in navigator)) {
    told.textContent = "这台设备断网以后不能用这个网页。";
    return;
  }
  try {
    await navigator.serviceWorker.register(document.body.dataset.worker, { scope: document.body.dataset.page });
    await navigator.serviceWorker.ready;
    navigator.storage?.persist?.();
    told.textContent = "断网也能用：已经准备好了。";
  } catch {
    told.textContent = navigator.serviceWorker.controller ? "断网也能用。" : "还没有准备好断网使用，请连上网再打开一次。";
  }
}

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function symbol(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

lists = await kept();
if (lists) date();
prepare();
await refresh();
addEventListener("online", refresh);
setInterval(refresh, AGAIN_MS);
