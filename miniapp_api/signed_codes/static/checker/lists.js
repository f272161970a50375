// The public keys and the lists of what is revoked: fetched when there is a network, kept for when there is none.

const CACHE = "daoban-code-lists";
const ENTRY = "/desk/verify/lists";
const PATIENCE_MS = 8000;

/** Give what is kept: {at, host, keys, revoked: {kid: [id]}}; null if there is nothing. */
export async function kept() {
  if (!("caches" in globalThis)) return null;
  const found = await caches.match(ENTRY, { cacheName: CACHE });
  return found ? found.json() : null;
}

/** Fetch what has changed since and keep it, all or nothing. `at` is the server's time. */
export async function refreshed(before) {
  const { host, keys, at } = await get("/.well-known/receipt-keys.json");
  const revoked = {};
  for (const { kid, revocations } of keys) {
    const old = before?.host === host ? (before.revoked[kid] ?? []) : [];
    revoked[kid] = old.length === revocations ? old : (await get(`/.well-known/receipt-revocations/${kid}`)).ids;
    if (revoked[kid].length < revocations) throw new Error(`the list of key ${kid} is older than the keys`);
  }
  const lists = { at, host, keys, revoked };
  if ("caches" in globalThis) await (await caches.open(CACHE)).put(ENTRY, new Response(JSON.stringify(lists)));
  return lists;
}

async function get(path) {
  const answer = await fetch(path, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return { ...(await answer.json()), at: Date.parse(answer.headers.get("Date")) || Date.now() };
}
