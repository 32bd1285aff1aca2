// The copy of this page that the service worker keeps.
import { body } from "./page.js";

const CACHE = "mogi-room";
const root = document.documentElement;

// Ask the worker to keep this page with all that it is made of; <html data-kept> says that it is.
export async function keepCopy() {
  if (!navigator.serviceWorker) return; // not over HTTPS: no offline part, and none is promised
  try {
    await navigator.serviceWorker.register(body.dataset.worker);
    const { active } = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && /^\/(static|media)\//.test(url.pathname))
      .map((url) => url.pathname);
    for (const image of document.images) if (new URL(image.src).origin === location.origin) parts.push(new URL(image.src).pathname);
    navigator.serviceWorker.addEventListener("message", (event) => { root.dataset.kept = event.data.kept ? "yes" : "no"; });
    active.postMessage({ page: location.origin + location.pathname, parts: [...new Set(parts)] });
  } catch { root.dataset.kept = "no"; }
}

export async function dropCopy() {
  try { await (await caches.open(CACHE)).delete(location.origin + location.pathname.replace(/(result|receipt)\/$/, "")); } catch { /* there is none */ }
}
