// What to bring, merged over the items, with boxes to tick.

import { el } from "../lib/dom.js";
import { fold, section, words } from "./parts.js";
import { formAndCopies } from "./words.js";

const MOST_NAMED = 2;
const GROUPS = [
  { source: "self", title: "您自己准备" },
  { source: "template", title: "照样表填写" },
  { source: "issued", title: "办完前一件会发给您" },
];

/** The materials by who provides them, then those that may be needed, with `Ticks`. */
export function materials(list, ticks) {
  const names = new Map(list.items.map((item) => [item.id, item.name]));
  const shared = list.materials.filter((material) => material.source === "shared");
  const own = list.materials.filter((material) => material.source !== "shared");
  const sure = own.filter((material) => material.status === "needed");
  const maybe = own.filter((material) => material.status !== "needed");
  const progress = el("p", { class: "progress", role: "status" });
  const count = () => {
    const have = sure.filter(({ id }) => ticks.has(id)).length;
    progress.textContent = `备好一样勾一样：${sure.length} 样里已备好 ${have} 样。`;
  };
  const tick = (id, on) => {
    ticks.set(id, on);
    count();
  };
  const draw = (material) => row(material, names, ticks.has(material.id), tick);
  count();
  ticks.changed = () => {
    for (const box of document.querySelectorAll("[data-material]")) box.checked = ticks.has(box.dataset.material);
    count();
  };
  return section(
    "materials",
    "要准备的材料",
    sure.length > 0 && progress,
    GROUPS.map(({ source, title }) => group(title, sure.filter((material) => material.source === source), draw)),
    group("不用您带，部门之间会查", shared, (material) => el("li", { class: "shared" }, material.name)),
    fold(`可能还要的材料（${maybe.length}）`, maybe.length > 0 && el("ul", { class: "materials" }, maybe.map(draw))),
  );
}

function group(title, members, draw) {
  return members.length > 0 && [el("h3", {}, title), el("ul", { class: "materials" }, members.map(draw))];
}

function row(material, names, checked, tick) {
  const box = el("input", {
    type: "checkbox",
    id: `material-${material.id}`,
    "data-material": material.id,
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
        el("span", { class: "name" }, material.name),
        el("span", { class: "form" }, formAndCopies(material)),
        from && el("span", { class: "form" }, `办完「${from}」就有`),
        users.length > 0 && el("span", { class: "form" }, `用在：${some(users)}`),
      ),
    ),
    words(material.tips, { class: "tips" }),
    words(material.note, { class: "tips" }),
  );
}

function some(names) {
  const more = names.length > MOST_NAMED ? `等 ${names.length} 件事` : "";
  return names.slice(0, MOST_NAMED).join("、") + more;
}
