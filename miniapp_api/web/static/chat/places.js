// Which city the answers are for.

import { el, icon } from "../lib/dom.js";
import { request } from "../lib/http.js";
import { read, write } from "../lib/store.js";

/**
 * Show the city's name and, if there are several, let the citizen choose another one.
 *
 * @param parts {button, sheet}: the button in the header and the dialog
 * @param hooks {begun(): whether something would be lost, changed(place): it was chosen}
 * @returns the place in use, {id, name}, or null if the list could not be had
 */
export async function places({ button, sheet }, { begun, changed }) {
  const told = await request("GET", "/localities").catch(() => null);
  if (!told) return null;
  const list = told.localities;
  let current = find(list, read("locality"));
  write("locality", current.id);
  const label = () => {
    button.replaceChildren(el("span", {}, current.name), ...(list.length > 1 ? [icon("down")] : []));
    button.setAttribute("aria-label", `${current.name}，换一个城市`);
    button.disabled = list.length < 2;
    button.hidden = false;
  };
  const take = (place) => {
    sheet.close();
    current = place;
    write("locality", place.id);
    label();
    changed(place);
  };
  button.addEventListener("click", () => {
    drawList(sheet, list, current, (place) => {
      if (place.id === current.id) sheet.close();
      else if (begun()) drawConfirm(sheet, place, () => take(place));
      else take(place);
    });
    sheet.showModal();
  });
  label();
  return current;
}

function find(list, id) {
  return list.find((place) => place.id === id) || list.find((place) => place.is_default) || list[0];
}

function title(words) {
  return el("h2", { id: "places-title" }, words);
}

function drawList(sheet, list, current, pick) {
  const buttons = list.map((place) => {
    const here = place.id === current.id;
    return el(
      "button",
      { type: "button", class: "choice", "aria-current": here && "true", onclick: () => pick(place) },
      place.name,
      here && el("span", { class: "here" }, icon("check"), "现在"),
    );
  });
  sheet.replaceChildren(
    title("您在哪里办事？"),
    el("div", { class: "grid" }, buttons),
    el("button", { type: "button", class: "quiet", onclick: () => sheet.close() }, "不换了"),
  );
}

function drawConfirm(sheet, place, confirm) {
  const yes = el("button", { type: "button", class: "main", onclick: confirm }, `换到${place.name}`);
  sheet.replaceChildren(
    title(`换到${place.name}?`),
    el("p", {}, "各地规定不一样，换了地方要从头问起。现在这次对话不再显示。"),
    el("div", { class: "grid" }, yes),
    el("button", { type: "button", class: "quiet", onclick: () => sheet.close() }, "不换了"),
  );
  yes.focus();
}
