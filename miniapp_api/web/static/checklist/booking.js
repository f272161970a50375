// From the list to the hall: what of it can be booked.

import { el } from "../lib/dom.js";
import { request } from "../lib/http.js";

/** Put 「预约去办」 under the thumb, if something certain of the list is done at a hall by appointment. */
export async function offerBooking(list) {
  const needed = list.items.filter(({ status }) => status === "needed").map(({ id }) => id);
  // Without the services the list is as good as before.
  const { services } = await request("GET", "/services").catch(() => ({ services: [] }));
  if (!services.some(({ items }) => items.some((id) => needed.includes(id)))) return;
  const way = `/appointments/new?guide=${encodeURIComponent(list.guide.id)}`;
  document.querySelector("nav.bar")?.remove();
  document.body.append(
    el("nav", { class: "bar screen", "aria-label": "去大厅办" }, el("a", { class: "main", href: way }, "预约去办")),
  );
}
