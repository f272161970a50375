// The anonymous visitor: an opaque token, no name, no number.

import { request } from "./http.js";
import { read, write } from "./store.js";

/** The visitor's token, or null before the first message. */
export function token() {
  return read("token");
}

/** The token, made on first use for the locality chosen on this phone. */
export async function ensureToken() {
  const known = token();
  if (known) return known;
  const locality = read("locality");
  const visitor = await request("POST", "/visitors", { body: locality ? { locality } : {} });
  write("token", visitor.token);
  return visitor.token;
}

/** Forget the visitor. */
export function forget() {
  write("token", null);
}
