// The form of a person: as little as the hall needs to know.

import { el } from "../lib/dom.js";

const RELATIONS = [
  ["self", "本人"],
  ["parent", "父母"],
  ["spouse", "配偶"],
  ["child", "子女"],
  ["grandparent", "（外）祖父母"],
  ["other", "其他人"],
];
const FIELDS = ["name", "number", "phone"];

/** An empty form: {node, values(), complete(), mark(invalid_params)}. */
export function emptyForm(mayBeSelf) {
  const fields = {
    name: field("name", "证件上的姓名", { autocomplete: "name", maxlength: 40 }),
    number: field("number", "身份证号", { autocomplete: "off", autocapitalize: "characters", maxlength: 24, spellcheck: "false" }),
    phone: field("phone", "手机号（可以不填）", { type: "tel", autocomplete: "tel", maxlength: 20 }),
  };
  const consent = el("input", { type: "checkbox", id: "consent" });
  const agreed = el("label", { class: "row-choice", hidden: mayBeSelf }, consent, el("span", {}, "我替他人预约，已经得到本人同意"));
  const agreement = el("div", {}, agreed, complaint("consent"));
  const choices = mayBeSelf ? RELATIONS : RELATIONS.filter(([id]) => id !== "self");
  const relations = choices.map(([id, words], at) =>
    el(
      "label",
      { class: "chip" },
      el("input", {
        type: "radio",
        name: "relation",
        value: id,
        checked: at === 0,
        onchange: () => (agreed.hidden = id === "self"),
      }),
      el("span", {}, words),
    ),
  );
  const node = el(
    "form",
    { class: "form", autocomplete: "on", novalidate: true },
    el("fieldset", { class: "chips" }, el("legend", {}, "办事的人是您的"), relations),
    FIELDS.map((id) => fields[id].node),
    agreement,
    el("p", { class: "soft" }, "身份证号加密保存，只用来预约，不会再显示出来。"),
    el("button", { class: "sr", tabindex: "-1", "aria-hidden": "true" }, "提交"),
  );
  const values = () => ({
    name: fields.name.input.value.trim(),
    number: fields.number.input.value.trim(),
    phone: fields.phone.input.value.trim() || null,
    relation: relations.map((each) => each.querySelector("input")).find(({ checked }) => checked).value,
    consent: consent.checked,
  });
  const mark = (wrong) => markIn(node, wrong);
  node.addEventListener("input", ({ target }) => unmark(node, target));
  return { node, values, mark, complete: () => !mark(missing(values())) };
}

function field(id, words, attributes) {
  const input = el("input", { id, name: id, "aria-describedby": `${id}-wrong`, ...attributes });
  return { input, node: el("div", { class: "field" }, el("label", {}, words, input), complaint(id)) };
}

function complaint(id) {
  return el("p", { class: "wrong", id: `${id}-wrong`, role: "status" });
}

/** What plainly lacks, so that the telephone need not ask the server to learn it. */
function missing({ name, number, relation, consent }) {
  return [
    !name && { name: "name", reason: "请填证件上的姓名" },
    number.replace(/\s/g, "").length < 15 && { name: "number", reason: "请照证件填，一共 18 位" },
    relation !== "self" && !consent && { name: "consent", reason: "替别人预约，要先得到对方同意，请勾选" },
  ].filter(Boolean);
}

/** Write beside each field what is wrong with it; tells whether any of it could be shown. */
function markIn(node, wrong) {
  const told = new Map(wrong.map(({ name, reason }) => [name, reason]));
  const inputs = [...FIELDS, "consent"].map((id) => node.querySelector(`#${id}`));
  for (const input of inputs) {
    unmark(node, input);
    if (!told.has(input.id)) continue;
    node.querySelector(`#${input.id}-wrong`).textContent = told.get(input.id);
    input.setAttribute("aria-invalid", "true");
  }
  const first = inputs.find(({ id }) => told.has(id));
  first?.focus();
  return Boolean(first);
}

function unmark(node, input) {
  if (!input.id) return;
  node.querySelector(`#${input.id}-wrong`).textContent = "";
  input.removeAttribute("aria-invalid");
}
