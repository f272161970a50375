// What is being arranged: a new appointment, or another time for one that is there.

import { act, look } from "../ask.js";

const told = new Map();

/**
 * {service, pool, moving}: moving is the booking for which another time is looked for, or null.
 *
 * @param at what the address says
 */
export async function tripOf(at) {
  if (!at.move) return { service: at.service, pool: at.pool, moving: null };
  const moving = await once(`move ${at.move}`, () => look(`/appointments/${encodeURIComponent(at.move)}`));
  return { service: moving.service, pool: at.pool || moving.pool, moving };
}

/** The halls for a service: {service_name, halls}; near is [latitude, longitude] or null. */
export function hallsFor(service, near = null) {
  const asked = new URLSearchParams({ service, ...(near && { near: near.join(",") }) });
  return act("GET", `/appointments/halls?${asked}`);
}

/** One hall by the name of its counters, null if it is none of those for the service; with the service's name. */
export async function hallOf({ service, pool }) {
  const { halls, service_name: name } = await once(`halls ${service}`, () => hallsFor(service));
  return { hall: halls.find((each) => each.pool === pool) || null, name };
}

// Names do not change while one looks for a time: asked for once.
async function once(key, ask) {
  if (!told.has(key)) told.set(key, await ask());
  return told.get(key);
}
