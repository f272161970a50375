// Booking, one question after the other; each answer is in the address.

import { screens } from "../way.js";
import { whichDay } from "./days.js";
import { whichHall } from "./halls.js";
import { confirmMove } from "./moving.js";
import { whichService } from "./services.js";
import { whichTime } from "./times.js";
import { tripOf } from "./trip.js";
import { waiting } from "./waiting.js";

/** The question that comes next, or the one that was asked for. */
async function screenOf(at) {
  const trip = await tripOf(at);
  if (!trip.service || at.step === "what") return whichService(at);
  if (at.step === "wait") return waiting(at, trip);
  if (!trip.pool || at.step === "hall") return whichHall(at, trip);
  if (!at.day) return whichDay(at, trip);
  return at.time && trip.moving ? confirmMove(at, trip) : whichTime(at, trip);
}

screens(screenOf);
