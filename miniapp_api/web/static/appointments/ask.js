// Asking the API as whoever this page acts for.

import { request } from "../lib/http.js";
import { ensureToken, token } from "../lib/visitor.js";

/** Ask as the visitor who is known here; nobody is made up by looking. */
export function look(path, more = {}) {
  return request("GET", path, { ...more, token: token() });
}

/** Do something as the visitor, who is made on first use. */
export async function act(method, path, more = {}) {
  return request(method, path, { ...more, token: await ensureToken() });
}

/** A key under which a request is done once, however often it is sent. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
