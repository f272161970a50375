// Looking a case up: the number, and the query code or the end of the telephone number. One button.

import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { back, go } from "../../appointments/way.js";
import { el } from "../../lib/dom.js";
import { request, Trouble } from "../../lib/http.js";
import { keepLooked } from "../looked.js";
import { digitsField } from "./digits.js";

const NUMBER = 21;
const SECRETS = {
  code: { name: "query_code", words: "查询码", length: 8, other: "用手机号后四位查", go: "tail" },
  tail: { name: "phone_tail", words: "申请人手机号的后四位", length: 4, other: "用查询码查", go: null },
};

/** The screen of whoever looks up. */
export function lookingUp(at) {
  const secret = SECRETS[at.way] || SECRETS.code;
  const fields = {
    number: digitsField("number", "办件编号", NUMBER),
    [secret.name]: digitsField(secret.name, secret.words, secret.length),
  };
  const { node, tell } = troublePlace();
  const find = async () => {
    tell(null);
    const body = Object.fromEntries(Object.entries(fields).map(([name, { digits }]) => [name, digits()]));
    const found = await request("POST", "/case-lookups", { body }).catch((trouble) => unfound(trouble, fields, tell));
    if (!found) return;
    keepLooked(found.token);
    location.assign("/cases/found");
  };
  const pressed = button("main", "查进度", () => lacking(fields) || void whileBusy(pressed, find));
  const form = el(
    "form",
    { class: "form", novalidate: true, autocomplete: "off" },
    Object.values(fields).map((field) => field.node),
    el("button", { class: "sr", tabindex: "-1", "aria-hidden": "true" }, "提交"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    pressed.click();
  });
  return {
    title: at.view === "look" ? "用编号查" : "办件进度",
    body: [
      el("p", { class: "lead" }, "收件凭证上有编号和查询码，照着输就行。不用登录。"),
      form,
      node,
      button("quiet", secret.other, () => go({ view: "look", way: secret.go })),
      el("p", { class: "soft" }, "凭证找不到了，可以带身份证到窗口查。"),
    ],
    bar: [pressed],
    back: at.view === "look" ? { act: () => back({}) } : { href: "/" },
  };
}

/** Say beside each field what plainly lacks, so that the telephone need not ask the server to learn it. */
function lacking(fields) {
  const empty = Object.values(fields).filter(({ digits }) => digits().length === 0);
  for (const { say } of empty) say("请照收件凭证输");
  empty[0]?.input.focus();
  return empty.length > 0;
}

// What the server says is meant for whoever looks up: how long to wait, where to go instead.
function unfound(trouble, fields, tell) {
  const told = (trouble.problem?.invalid_params || []).filter(({ name }) => fields[name]);
  for (const { name, reason } of told) fields[name].say(`${reason}。`);
  if (told.length > 0) fields[told[0].name].input.focus();
  else tell(trouble.problem?.detail ? new Trouble("refused", trouble.problem.detail) : trouble);
  return null;
}
