// Keeps the app's pages for a bad connection. Never older than the desk: pages come from the network when there is
// one, and scripts have addresses that change with their content.

const VERSION = "{{ version }}";
const PAGES = ["/app", "/app/scan"];
const FILES = {{ files }};

addEventListener("install", (event) => {
  const fetched = PAGES.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll([...fetched, ...FILES])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== VERSION));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (PAGES.includes(pathname)) event.respondWith(fresh(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

async function fresh(request, pathname) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(VERSION)).put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(pathname);
    if (kept) return kept;
    throw error;
  }
}
