// Before an application is withdrawn it is asked once more, and told what that means.

import { newKey } from "../../appointments/ask.js";
import { button, troublePlace, whileBusy } from "../../appointments/screen.js";
import { back, instead } from "../../appointments/way.js";
import { el } from "../../lib/dom.js";
import { about, toCase } from "../parts.js";
import { card } from "./card.js";

/** The screen 「真的不办了吗？」; what cannot be withdrawn is shown as it is. */
export function withdrawing(told, source, at) {
  if (!told.may.includes("withdraw")) return card(told, source, at);
  const { node, tell } = troublePlace();
  const key = newKey();
  const changed = () => button("main", "看看有什么变化", () => instead({}));
  const withdraw = () =>
    source.withdraw(told.version, key).then(
      () => instead({}),
      (trouble) => tell(trouble, trouble.problem?.code === "case_changed" && changed()),
    );
  const yes = button("choice danger", "撤回这个申请", () => void whileBusy(yes, withdraw));
  return {
    title: "真的不办了吗？",
    body: [
      about(told),
      el("p", {}, "撤回以后，这个件就不再办了，也不能恢复。以后还想办，要重新申请、重新交材料。"),
      el("p", {}, "只是想改材料、换时间的，先打电话问一问。"),
      node,
    ],
    bar: [button("main", "不撤回，接着办", () => back({})), yes],
    back: toCase,
  };
}
