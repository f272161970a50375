// The window: what happens when something is typed, tapped or heard.

import { composer, followKeyboard } from "./composer.js";
import { listen, pause } from "./events.js";
import { Log } from "./log.js";
import * as memory from "./memory.js";
import { makeCitizen, push as sendPush } from "./server.js";
import { actionSheet } from "./sheet.js";

const GREETING = "直接打字，或者点蓝色的字。\n发语音、位置、扫码请点「＋」。";
const RESTARTED = "模拟器重新启动过，之前的对话没有了。\n现在是一位新市民。";
const LOST = "没有连上模拟器，正在重试……";

const byId = (id) => document.getElementById(id);
const log = new Log(byId("log"), byId("latest"), { say: sayMenu, miniProgram: explainMiniProgram, retry });
const sheet = actionSheet(byId("sheet"), {
  push,
  renew: () => void begin(),
  following: () => Boolean(memory.citizen()?.following),
});
let stopListening = () => {};
let road = Promise.resolve();
let beginning = null;
let here = null;

/** Let the citizen do something: shown at once, sent in turn. */
function push(content) {
  const known = memory.citizen();
  if (!known || beginning) return false;
  if (content.kind === "subscribe") memory.follow(true);
  if (content.kind === "unsubscribe") memory.follow(false);
  send({ id: `${Date.now()}-${Math.random()}`, citizen: known.name, content });
  return true;
}

/** Send again what was not sent: it is said now, not then. */
function retry(own) {
  send(own);
  byId("log").focus({ preventScroll: true });
}

function send(own) {
  settle({ ...own, at: Date.now(), after: memory.citizen().seen }, "sending");
  log.toEnd();
  showFollowing();
}

function settle(own, state) {
  const now = { ...own, state };
  memory.keep(now);
  log.put(now);
  if (state === "sending") road = road.then(() => deliver(now));
}

async function deliver(own) {
  if (own.citizen !== memory.citizen()?.name) return;
  try {
    await sendPush(own.citizen, own.content);
    settleIfHere(own, "sent");
  } catch (trouble) {
    if (trouble.status !== 404) settleIfHere(own, "failed");
    else await sayToNewServer(own);
  }
}

async function sayToNewServer(own) {
  if (beginning || own.citizen === memory.citizen()?.name) await begin(RESTARTED);
  if (own.content.kind !== "subscribe") push(own.content);
}

function settleIfHere(own, state) {
  if (own.citizen === memory.citizen()?.name) settle(own, state);
}

function sayMenu(content, id) {
  if (memory.citizen()?.following) push({ kind: "text", text: content, menu_id: id });
  else byId("again").focus();
}

function explainMiniProgram(name, path) {
  const where = path ? [`页面：${path}`] : [];
  sheet.explain("小程序打不开", [`真的微信里，点「${name}」会打开小程序。小程序不在这次演示里。`, ...where]);
}

/** Make a new citizen, who follows the account. */
function begin(...notes) {
  beginning ||= anew(notes).finally(() => {
    beginning = null;
    showFollowing();
  });
  return beginning.then(() => {
    if (memory.citizen().pushes.length === 0) push({ kind: "subscribe", scene: null });
  });
}

async function anew(notes) {
  stopListening();
  memory.forget();
  log.clear(...notes, GREETING);
  memory.begin(await patiently(makeCitizen));
  hearOf(memory.citizen().name);
}

async function patiently(act) {
  for (;;) {
    try {
      const done = await act();
      tell(null);
      return done;
    } catch {
      tell(LOST);
      await pause(2000);
    }
  }
}

function hearOf(name, restored = false) {
  here = name;
  let first = restored;
  const heard = (events) => {
    tell(null);
    const old = first;
    first = false;
    if (events.length === 0) return;
    memory.saw(events.reduce((most, { n }) => Math.max(most, n), 0));
    if (old) log.quietly(() => log.hear(events));
    else log.hear(events);
  };
  stopListening = listen(name, { heard, lost: () => tell(LOST), gone: () => void begin(RESTARTED) });
}

/** Show the conversation that this phone remembers. */
function restore(known) {
  log.quietly(() => {
    log.clear(GREETING);
    for (const own of known.pushes) log.put(own.state === "sending" ? { ...own, state: "failed" } : own);
  });
  hearOf(known.name, true);
  showFollowing();
}

function tell(words) {
  const status = byId("status");
  if (status.textContent === (words || "")) return;
  status.textContent = words || "";
  status.hidden = words === null;
}

function showFollowing() {
  const known = memory.citizen();
  const gone = known !== null && beginning === null && !known.following;
  for (const id of ["words", "send"]) byId(id).hidden = gone;
  for (const id of ["gone", "again"]) byId(id).hidden = !gone;
}

function typeSizeSwitch(button) {
  const show = (large) => {
    document.documentElement.classList.toggle("large", large);
    button.setAttribute("aria-pressed", String(large));
  };
  button.addEventListener("click", () => {
    const large = !document.documentElement.classList.contains("large");
    memory.write("large", large || null);
    show(large);
  });
  show(Boolean(memory.read("large")));
}

// Another window of this browser is the same citizen: show what was done there.
memory.onOtherWindow(() => {
  const known = memory.citizen();
  if (!known || beginning) return;
  if (known.name !== here) location.reload();
  for (const own of known.pushes) log.put(own);
  showFollowing();
});

typeSizeSwitch(byId("large"));
followKeyboard();
composer(byId("composer"), (text) => push({ kind: "text", text }));
byId("more").addEventListener("click", () => sheet.open());
byId("again").addEventListener("click", () => {
  push({ kind: "subscribe", scene: null });
  byId("log").focus({ preventScroll: true });
});
const known = memory.citizen();
if (known) restore(known);
else void begin();
