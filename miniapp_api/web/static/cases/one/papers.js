// The papers of a case, each to be kept on the telephone.

import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { el } from "../../lib/dom.js";
import { about, toCase } from "../parts.js";
import { dayOf, fullDate } from "../words.js";

const KEPT_MS = 60000;

/** The screen 「文书」. */
export function papers(told, source) {
  return {
    title: "文书",
    body: [
      about(told),
      told.papers.length === 0 && el("p", { class: "lead" }, "还没有文书。"),
      [...told.papers].reverse().map((paper) => row(paper, source)),
      el("p", { class: "soft" }, "每份都有二维码，谁扫都能验真假；扫的人看不到您的姓名和编号。"),
    ],
    back: toCase,
  };
}

function row(paper, source) {
  const { node, tell } = troublePlace();
  const open = async () => {
    tell(null);
    await source.paper(paper.id).then((content) => hand(content, `${paper.name}.pdf`), tell);
  };
  const pressed = button("choice wide", `打开${paper.name}`, () => void whileBusy(pressed, open));
  return el(
    "section",
    { class: "card", "aria-label": paper.name },
    el("h2", {}, paper.name),
    el("p", { class: "soft" }, `${fullDate(dayOf(paper.issued_at))}，${paper.number}`),
    pressed,
    node,
  );
}

/** Hand a file to the telephone. */
function hand(content, name) {
  const address = URL.createObjectURL(content);
  const way = el("a", { href: address, download: name });
  document.body.append(way);
  way.click();
  way.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
