// A booking in the telephone's own calendar.

import { el } from "../../lib/dom.js";
import { look } from "../ask.js";

/** Fetch the event and hand it to the telephone. */
export async function addToCalendar(booking) {
  const text = await look(`/appointments/${booking.id}/calendar.ics`, { as: "text" });
  const address = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
  const way = el("a", { href: address, download: "appointment.ics" });
  document.body.append(way);
  way.click();
  way.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
