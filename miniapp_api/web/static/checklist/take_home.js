// Taking the list along: on paper, or on a phone by QR code.

import { el } from "../lib/dom.js";
import { request } from "../lib/http.js";
import { read, write } from "../lib/store.js";
import { token } from "../lib/visitor.js";
import { section } from "./parts.js";

/**
 * The part with 「打印」 and the QR code.
 *
 * @param path the shared page's address, if this is it; else the owner's guide is shared on demand
 */
export function takeHome(list, path) {
  const key = `share.${list.guide.id}`;
  const picture = el("figure", { class: "qr", hidden: true });
  const trouble = el("p", { class: "trouble", role: "status" });
  const show = (address) => {
    picture.hidden = false;
    document.body.classList.add("with-qr");
    reveal.hidden = true;
    return drawCode(picture, address);
  };
  const share = async () => {
    const shared = await request("POST", `/guides/${list.guide.id}/share`, { token: token() });
    write(key, shared.path);
    return shared.path;
  };
  const reveal = el("button", { type: "button", class: "choice" }, "显示二维码");
  const printer = el("button", { type: "button", class: "main" }, "打印这份清单");
  let known = path || read(key);
  const ensure = async () => {
    trouble.textContent = "";
    known = known || (await share());
    await show(known);
  };
  reveal.addEventListener("click", () => {
    ensure().catch((error) => (trouble.textContent = error.message));
  });
  // Without a connection the list is printed without its code.
  printer.addEventListener("click", () => {
    ensure().catch(() => {}).then(() => window.print());
  });
  if (known) void show(known);
  return section(
    "take-home",
    "带走这份清单",
    el("p", { class: "screen" }, "可以打印成纸，也可以用别的手机扫码打开。扫码的人能看到您的回答，但改不了。"),
    el("div", { class: "ways screen" }, printer, reveal),
    trouble,
    picture,
  );
}

/** Resolves when the code is drawn, so that it is on the paper too. */
function drawCode(picture, path) {
  const image = el("img", { src: `${path}/qr.svg`, alt: "重新打开这份清单的二维码", width: 200, height: 200 });
  picture.replaceChildren(image, el("figcaption", {}, "扫码重新打开这份清单"));
  return image.decode().catch(() => {});
}
