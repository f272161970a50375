// The code that is scanned at the hall. Drawn here from its path, so that no picture has to be allowed in.

import { el } from "../../lib/dom.js";
import { look } from "../ask.js";

const SVG = "http://www.w3.org/2000/svg";

/** The QR code of a booking, with the short code that can be said on the telephone. */
export async function code(booking) {
  const told = await look(`/appointments/${booking.id}/qr.svg`, { as: "text" }).catch(() => null);
  return el(
    "figure",
    { class: "code" },
    told ? drawn(told) : el("p", {}, "二维码没有取到，出示下面的预约码也可以。"),
    el("figcaption", {}, "预约码 ", el("strong", { class: "spaced" }, `${booking.code.slice(0, 4)} ${booking.code.slice(4)}`)),
  );
}

function drawn(text) {
  const given = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", given.getAttribute("viewBox"));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "签到用的二维码");
  path.setAttribute("d", given.querySelector("path").getAttribute("d"));
  svg.append(path);
  return svg;
}
