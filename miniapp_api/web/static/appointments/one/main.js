// One booking: what is held is confirmed here, what is confirmed is shown at the hall.

import { look } from "../ask.js";
import { screens } from "../way.js";
import { cancelling } from "./cancelling.js";
import { confirmed } from "./confirmed.js";
import { forgetTimers } from "./timers.js";
import { held } from "./held.js";
import { checkedIn } from "./ticket.js";
import { over } from "./over.js";

const SCREENS = { held, confirmed, checked_in: checkedIn };
const path = `/appointments/${encodeURIComponent(document.body.dataset.booking)}`;

async function screenOf(at) {
  forgetTimers();
  const booking = await look(path);
  if (at.ask === "cancel" && booking.can_cancel) return cancelling(booking);
  return (SCREENS[booking.status] || over)(booking, at);
}

screens(screenOf);
