// The service worker of the page: keeps it (PAGE) and its files (FILES), and gives them out when there is no network.
// Keys and lists are the page's own business, as it has to say how old they are.

const PREFIX = "daoban-checker-";
const CACHE = PREFIX + VERSION;
const PATIENCE_MS = 3000;

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && pathname === PAGE) event.respondWith(current(event.request));
  else if (FILES.includes(pathname)) event.respondWith(file(event.request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok || page.redirected) throw new Error("not signed in any more");
  await cache.put(PAGE, page);
  await skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await clients.claim();
}

// Today's page if the server gives one soon, or leads to the sign-in; else the one that is kept.
async function current(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && answer.status < 500 ? answer : caches.match(PAGE, { cacheName: CACHE });
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}
