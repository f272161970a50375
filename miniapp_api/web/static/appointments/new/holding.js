// Holding a time: once for each tap, and never two at once on one telephone.

import { act, newKey } from "../ask.js";

const NOBODY_YET = "待填";

/** A function(day, time) that holds a time and resolves to the booking; the same time again is the same request. */
export function holder({ service, pool, guide }) {
  const keys = new Map();
  return async (day, time) => {
    const wish = { pool, service, day, time, hold: true, ...(guide && { guide }) };
    const name = `${day} ${time}`;
    const send = async () => {
      if (!keys.has(name)) keys.set(name, newKey());
      return act("POST", "/appointments", { body: wish, key: keys.get(name) });
    };
    try {
      return await fresh(await send(), keys, name, send);
    } catch (trouble) {
      if (trouble.kind === "refused") keys.delete(name);
      if (trouble.problem?.code !== "booked_already" || !(await letGo())) throw trouble;
      return send();
    }
  };
}

// The answer to a key may be a hold that ran out meanwhile: then it is another request.
async function fresh(held, keys, name, send) {
  if (held.status === "held") return held;
  keys.delete(name);
  return send();
}

/** Let go what this telephone holds and nobody was named for; tells whether there was any. */
async function letGo() {
  const { bookings } = await act("GET", "/appointments");
  const held = bookings.filter(({ status, person }) => status === "held" && person === NOBODY_YET);
  for (const { id } of held) await act("POST", `/appointments/${id}/cancel`);
  return held.length > 0;
}
