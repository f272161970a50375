// The anonymous visitor: an opaque token, no name, no number. A link from WeChat may lend another.

import { request } from "./http.js";
import { giveBack, lent } from "./lent.js";
import { read, write } from "./store.js";

/** The visitor's token, or null before the first message. */
export function token() {
  return lent() || read("token");
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

/** Forget the visitor; a lent identity only goes back. */
export function forget() {
  if (lent()) giveBack();
  else write("token", null);
}
