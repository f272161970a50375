// Where nothing is free: wait for what others give back. First for when, then for whom.

import { el } from "../../lib/dom.js";
import { act } from "../ask.js";
import { forWhom } from "../people.js";
import { button } from "../screen.js";
import { back, go } from "../way.js";
import { dayWords, later, today } from "../words.js";
import { hallOf } from "./trip.js";

const SPANS = [
  ["7", "一周以内"],
  ["14", "两周以内"],
  ["30", "一个月以内"],
];

/** The screens of the waiting list. */
export async function waiting(at, trip) {
  const { hall, name } = trip.pool ? await hallOf(trip) : await hallOf({ service: trip.service });
  return at.span ? whom(at, trip, name) : when(at, hall, name);
}

function when(at, hall, name) {
  const days = [...(at.day ? [["day", dayWords(at.day)]] : []), ...SPANS];
  const halls = [["", "哪个大厅都行，快一点"], ...(hall ? [["here", `只要${hall.name}`]] : [])];
  const spans = chips("span", "哪些天能来？", days, at.day ? "day" : "14");
  const where = chips("where", "在哪里办？", halls, "");
  const next = () => go({ ...at, span: spans.value(), here: where.value() });
  return {
    title: "候补：有号就给您留",
    body: [
      el("p", { class: "lead" }, `「${name}」有人退号，就先给候补的人留 30 分钟，并告诉您。`),
      spans.node,
      hall && where.node,
    ],
    bar: [button("main", "下一步", next)],
    back: { act: () => back({ ...at, step: null, ...(at.day ? {} : { pool: null }) }) },
  };
}

async function whom(at, trip, name) {
  const { people } = await act("GET", "/people");
  const first = at.span === "day" ? at.day : today();
  const last = at.span === "day" ? at.day : later(first, Number(at.span));
  const use = async (person) => {
    const site = at.here && trip.pool ? trip.pool.split(".")[0] : null;
    const body = { service: trip.service, person, site, first_day: first, last_day: last };
    await act("POST", "/waiting", { body });
    location.assign("/appointments");
  };
  const parts = forWhom(people, Boolean(at.add), { label: "开始候补", use, add: () => go({ ...at, add: "1" }) });
  const until = first === last ? dayWords(first) : `到 ${dayWords(last)}`;
  return {
    title: "替谁候补？",
    body: [el("p", { class: "lead" }, `候补「${name}」，${until}。`), parts.body],
    bar: parts.bar,
    back: { act: () => back(at.add ? { ...at, add: null } : { ...at, span: null, here: null }) },
  };
}

function chips(group, words, choices, chosen) {
  const inputs = choices.map(([value]) => el("input", { type: "radio", name: group, value, checked: value === chosen }));
  const node = el(
    "fieldset",
    { class: "rows" },
    el("legend", {}, words),
    choices.map(([, label], at) => el("label", { class: "row-choice" }, inputs[at], el("span", {}, label))),
  );
  return { node, value: () => inputs.find(({ checked }) => checked).value };
}
