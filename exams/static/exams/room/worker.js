// Keeps the page of an attempt and what it is made of, so that a reload or a restarted browser goes on without a network.
// The server's page is always asked for first; the copy is for when it does not answer.
const CACHE = "mogi-room";
const ROOM = /^\/attempts\/[0-9a-f-]{36}\/$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // says by its name that it never changes
const PATIENCE = 2500; // ms

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const bare = (url) => url.origin + url.pathname;

// Whose browser this is now, where a worker may read cookies; the page itself looks again.
async function isStrangers(response) {
  const mark = globalThis.cookieStore ? (await cookieStore.get("mogi_person"))?.value : undefined;
  return Boolean(mark) && mark !== response.headers.get("X-Mogi-Attempt");
}

async function copyOf(url) {
  const cache = await caches.open(CACHE);
  const response = await cache.match(bare(url));
  if (!response) return undefined;
  if (await isStrangers(response)) { await caches.delete(CACHE); return undefined; }
  const text = (await response.text()).replace(" data-fresh", " data-copy"); // so that the page does not trust its clock
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text, { headers });
}

async function keepRoom(url, response) {
  if (response.ok && !response.redirected && response.headers.has("X-Mogi-Attempt")) {
    await (await caches.open(CACHE)).put(bare(url), response.clone());
  }
}

async function room(event, url) {
  const network = fetch(event.request).then(async (response) => { await keepRoom(url, response); return response; });
  network.catch(() => undefined);
  const tooLong = new Promise((done) => { setTimeout(done, PATIENCE); });
  const first = await Promise.race([network.catch(() => undefined), tooLong]);
  // Good: ours, or a redirect (signed out, finished), or a refusal. A page of somebody else's that says 200 is not.
  if (first && !(first.ok && first.type === "basic" && !first.headers.has("X-Mogi-Attempt")) && first.status < 500) return first;
  return (await copyOf(url)) ?? network;
}

async function part(event, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request);
  if (kept && HASHED.test(url.pathname)) return kept;
  try {
    return await fetch(event.request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    if (ROOM.test(url.pathname)) event.respondWith(room(event, url));
  } else if (/^\/(static|media)\//.test(url.pathname)) {
    event.respondWith(part(event, url));
  }
});

// The page says what it is made of. Answered when all of it is kept.
addEventListener("message", (event) => {
  const { page, parts } = event.data;
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // A page that was there before the worker came to it without passing through its hands.
    if (!(await cache.match(page))) await keepRoom(new URL(page), await fetch(page, { cache: "no-store", redirect: "manual" }));
    for (const path of parts) {
      if (!(HASHED.test(path) && (await cache.match(path)))) await cache.add(path);
    }
    event.source.postMessage({ kept: Boolean(await cache.match(page)) });
  })().catch(() => event.source.postMessage({ kept: false })));
});
