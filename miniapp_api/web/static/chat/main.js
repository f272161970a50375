// The chat page: what happens when something is typed, tapped or goes wrong.

import { icon } from "../lib/dom.js";
import { typeSizeSwitch } from "../lib/type_size.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { followKeyboard } from "./keyboard.js";
import { Log } from "./log.js";
import { places } from "./places.js";

const byId = (id) => document.getElementById(id);
const conversation = new Conversation();
const log = new Log(byId("log"), (value, label) => speak(value, label, true));
const box = composer(byId("composer"), (text) => speak(text, text, false));
const touch = matchMedia("(pointer: coarse)").matches;
let ready = false;
let opening = false;
let early = false;
let busy = false;

/** Send one sentence, unless another is on its way or waiting to be sent again; before all is there, in a moment. */
function speak(text, shown, tapped) {
  if (busy) return false;
  early = opening;
  if (conversation.outbox || !ready) {
    log.focusNext();
    return false;
  }
  log.say(shown);
  void work(() => conversation.send(text, shown), tapped);
  return true;
}

function retry() {
  if (busy) return;
  log.sayAgain();
  void work(() => conversation.retry(), true);
}

/** Do one exchange with the server and show how it ended. */
async function work(exchange, tapped) {
  busy = true;
  byId("composer").setAttribute("aria-busy", "true");
  try {
    const messages = await exchange();
    if (messages === null) log.show(conversation.messages, conversation.guide);
    else log.answer(messages, conversation.guide);
    showGuide();
    if (tapped || (touch && conversation.guide)) log.focusNext();
  } catch (trouble) {
    unsent(trouble);
  } finally {
    busy = false;
    byId("composer").removeAttribute("aria-busy");
  }
}

function unsent(trouble) {
  if (trouble.kind === "stranger") {
    log.show([], null);
    log.say(conversation.outbox.shown);
    showGuide();
  }
  const again = { label: "重试", act: retry, main: true };
  const change = { label: "改一改", act: takeBack, main: trouble.kind === "refused" };
  const say = trouble.kind === "stranger" ? `${trouble.message}这句话还在，点「重试」就从这里重新开始。` : trouble.message;
  log.trouble(say, trouble.kind === "refused" ? [change] : [again, change]);
  log.focusNext();
}

function takeBack() {
  log.unsay();
  box.put(conversation.takeBack());
}

function showGuide() {
  const { guide } = conversation;
  const link = byId("guide");
  link.hidden = guide === null;
  if (guide === null) return;
  const done = guide.state === "done";
  link.href = `/checklist/${guide.id}`;
  link.classList.toggle("ready", done);
  link.replaceChildren(icon("list"), done ? "我的清单好了" : "我的清单", icon("next"));
}

function greeting(city) {
  const examples = ["我想开个饭店要办什么", "我想开个小吃店", "你能做什么"];
  return {
    text: `您好！我是${city}办事导引。\n您想办什么事？\n用平常的话说就行，我会一步一步问您。`,
    choices: examples.map((words) => ({ label: words, value: words })),
    fine: "不用说姓名和身份证号。结果以窗口受理为准。",
  };
}

/** Show the conversation so far, and the sentence that has not been answered yet. */
async function open(place) {
  opening = true;
  early = false;
  const restored = conversation.restore().then(() => null, (trouble) => trouble);
  const [here, trouble] = await Promise.all([place, restored]);
  opening = false;
  if (ready) return;
  log.greeting = greeting(here ? here.name : "");
  if (trouble && trouble.kind !== "stranger") {
    log.trouble(trouble.message, [{ label: "重试", act: () => void open(place), main: true }]);
    return;
  }
  showAll();
  if (conversation.outbox) {
    log.say(conversation.outbox.shown);
    unsent(new Error("这句话还没有发出去。点「重试」再发一次。"));
  } else if (early) {
    box.submit();
  }
}

function showAll() {
  ready = true;
  log.show(conversation.messages, conversation.guide);
  showGuide();
}

function begun() {
  return conversation.messages.length > 0 || conversation.outbox !== null;
}

function moveTo(place) {
  conversation.startAnew();
  log.greeting = greeting(place.name);
  showAll();
}

typeSizeSwitch(byId("large"));
followKeyboard();
const parts = { button: byId("place"), sheet: byId("places") };
void open(places(parts, { begun, changed: moveTo }));
