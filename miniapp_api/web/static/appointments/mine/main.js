// Everything of mine: bookings, what I wait for, messages, how I stand, for whom I book.

import { token } from "../../lib/visitor.js";
import { screens } from "../way.js";
import { bookings } from "./bookings.js";
import { conduct } from "./conduct.js";
import { messages } from "./messages.js";
import { people } from "./people.js";
import { nothingYet } from "./parts.js";

const VIEWS = { messages, conduct, people };

function screenOf(at) {
  if (!token()) return nothingYet();
  return (VIEWS[at.view] || bookings)(at);
}

screens(async (at) => screenOf(at));
