// What to bring, merged over the items, with boxes to tick.

import { el } from "../lib/dom.js";
import { read, write } from "../lib/store.js";
import { perhaps, section, words } from "./parts.js";
import { formAndCopies } from "./words.js";

const GROUPS = [
  { source: "self", title: "您自己准备" },
  { source: "template", title: "照样表填写" },
  { source: "issued", title: "办完前一件会发给您" },
];

/** The materials by who provides them; ticks stay on this phone. */
export function materials(list) {
  const key = `ticks.${list.guide.id}`;
  const ticked = new Set(read(key) || []);
  const names = new Map(list.items.map((item) => [item.id, item.name]));
  const toCollect = list.materials.filter((material) => material.source !== "shared");
  const progress = el("p", { class: "progress", role: "status" });
  const count = () => {
    const have = toCollect.filter(({ id }) => ticked.has(id)).length;
    progress.textContent = `备好一样勾一样：${toCollect.length} 样里已备好 ${have} 样。`;
  };
  const tick = (id, on) => {
    if (on) ticked.add(id);
    else ticked.delete(id);
    write(key, [...ticked]);
    count();
  };
  count();
  const groups = GROUPS.map(({ source, title }) =>
    group(title, toCollect.filter((material) => material.source === source), (material) =>
      row(material, names, ticked.has(material.id), tick),
    ),
  );
  const shared = list.materials.filter((material) => material.source === "shared");
  return section(
    "materials",
    "要准备的材料",
    toCollect.length > 0 && progress,
    groups,
    group("不用您带，部门之间会查", shared, (material) => el("li", { class: "shared" }, material.name)),
  );
}

function group(title, members, draw) {
  return members.length > 0 && [el("h3", {}, title), el("ul", { class: "materials" }, members.map(draw))];
}

function row(material, names, checked, tick) {
  const box = el("input", {
    type: "checkbox",
    id: `material-${material.id}`,
    checked,
    onchange: (event) => tick(material.id, event.target.checked),
  });
  const from = material.issued_by && names.get(material.issued_by);
  const users = material.for.map((id) => names.get(id)).filter(Boolean);
  return el(
    "li",
    {},
    el(
      "label",
      {},
      box,
      el(
        "span",
        { class: "what" },
        el("span", { class: "name" }, material.name, perhaps(material, "可能要")),
        el("span", { class: "form" }, formAndCopies(material)),
        from && el("span", { class: "form" }, `办完「${from}」就有`),
        users.length > 0 && el("span", { class: "form" }, `用在：${users.join("、")}`),
      ),
    ),
    words(material.tips, { class: "tips" }),
    words(material.note, { class: "tips" }),
  );
}
