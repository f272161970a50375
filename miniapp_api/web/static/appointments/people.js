// For whom: somebody on the list, or somebody new.

import { el } from "../lib/dom.js";
import { act } from "./ask.js";
import { emptyForm } from "./person_form.js";
import { button, troublePlace, whileBusy } from "./screen.js";

/**
 * The parts of a screen that asks for whom: {body, bar}.
 *
 * @param people who is known already
 * @param adding whether somebody new is to be filled in
 * @param wish {label of the main button, use: async function(id of the person), add: function that
 *   leads to the form, ways(trouble): further ways out of a refusal}
 */
export function forWhom(people, adding, wish) {
  return adding || people.length === 0 ? someoneNew(people, wish) : someoneKnown(people, wish);
}

function someoneKnown(people, { label, use, add, ways = () => [] }) {
  const { node, tell } = troublePlace();
  const rows = people.map((person, at) => row(person, at === 0));
  const main = button("main", label, () => {
    const { value } = rows.map((each) => each.querySelector("input")).find(({ checked }) => checked);
    void whileBusy(main, () => use(value).catch((trouble) => tell(trouble, ways(trouble))));
  });
  return {
    body: [
      el("fieldset", { class: "rows" }, el("legend", { class: "sr" }, "替谁约"), rows),
      button("quiet", "换一个人", add),
      node,
    ],
    bar: [main],
  };
}

function row(person, checked) {
  return el(
    "label",
    { class: "row-choice" },
    el("input", { type: "radio", name: "person", value: person.id, checked }),
    el(
      "span",
      {},
      el("strong", {}, person.name),
      el("span", { class: "soft" }, `${person.relation_text}，证件尾号 ${person.number_tail}`),
    ),
  );
}

function someoneNew(people, { label, use, ways = () => [] }) {
  const { node, tell } = troublePlace();
  const form = emptyForm(!people.some(({ relation }) => relation === "self"));
  // Who is added twice is the one who is there: sending it again does no harm.
  const work = async () => {
    tell(null);
    try {
      const person = await act("POST", "/people", { body: form.values() });
      await use(person.id);
    } catch (trouble) {
      const wrong = trouble.problem?.invalid_params || [];
      if (!form.mark(wrong)) tell(trouble, ways(trouble));
    }
  };
  const main = button("main", label, () => {
    if (form.complete()) void whileBusy(main, work);
  });
  form.node.addEventListener("submit", (event) => {
    event.preventDefault();
    main.click();
  });
  return { body: [form.node, node], bar: [main] };
}
