// Where a case comes from: it is mine, or it was looked up in this tab.

import { act, look } from "../appointments/ask.js";
import { request, Trouble } from "../lib/http.js";
import { looked } from "./looked.js";

/** A case of mine: {load(), ask(what, seen, key), withdraw(seen, key), paper(id)}. */
export function mine(id) {
  const path = `/cases/${encodeURIComponent(id)}`;
  return {
    own: true,
    load: () => look(path),
    ask: (what, _seen, key) => act("POST", `${path}/ask`, { body: { what }, key }),
    withdraw: (seen, key) => act("POST", `${path}/withdraw`, { body: { seen }, key }),
    paper: (paper) => look(`${path}/papers/${paper}.pdf`, { as: "blob" }),
  };
}

/** The case that was looked up: the same, save that it cannot be withdrawn, and {follow()}. */
export function lookedUp() {
  const path = "/looked-up-case";
  const ask = (method, way, more = {}) => request(method, path + way, { ...more, token: looked() }).catch(closed);
  return {
    own: false,
    load: () => ask("GET", ""),
    ask: (what, seen) => ask("POST", "/ask", { body: { what, seen } }),
    paper: (paper) => ask("GET", `/papers/${paper}.pdf`, { as: "blob" }),
    follow: () => act("POST", "/cases/follow", { body: { token: looked() } }),
  };
}

// That the look-up is over says nothing about who uses this telephone.
function closed(trouble) {
  if (trouble.kind !== "stranger") throw trouble;
  throw new Trouble("missing", trouble.problem.detail || "请再查一次。");
}
