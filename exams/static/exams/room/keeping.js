// What outlives the page: a mirror of every answer, and the worker's copy of the page. Where there is neither, nothing
// is promised. A row is {attempt, person, position, writer, …, acked}.
const NAME = "mogi";
const ANSWERS = "answers";
const NOTES = "pages"; // when it ends, where one was, what was highlighted

let opened = null;

function open() {
  opened ??= new Promise((done) => {
    if (!globalThis.indexedDB || !globalThis.isSecureContext) { done(null); return; }
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const answers = request.result.createObjectStore(ANSWERS, { keyPath: ["attempt", "person", "position", "writer"] });
      answers.createIndex("attempt", ["attempt", "person"]);
      request.result.createObjectStore(NOTES, { keyPath: ["attempt", "person", "what"] });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // let it be deleted
      done(request.result);
    };
    request.onerror = request.onblocked = () => done(null); // private mode, full disk
  });
  return opened;
}

// The result of the request that `work(store)` returns, once on disk.
async function within(store, mode, work) {
  const database = await open();
  if (!database) return undefined;
  return new Promise((done) => {
    let request;
    try {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = transaction.onabort = () => done(undefined);
      request = work(transaction.objectStore(store));
    } catch { done(undefined); } // closed meanwhile
  });
}

export const isKept = async () => (await open()) !== null;
export const put = (row) => within(ANSWERS, "readwrite", (store) => store.put(row));
export const remove = ({ attempt, person, position, writer }) =>
  within(ANSWERS, "readwrite", (store) => store.delete([attempt, person, position, writer]));
export const rows = async (attempt, person) =>
  (await within(ANSWERS, "readonly", (store) => store.index("attempt").getAll([attempt, person]))) ?? [];
export const unsent = async (person) =>
  ((await within(ANSWERS, "readonly", (store) => store.getAll())) ?? []).filter((row) => row.person === person && !row.acked);

export const keep = (attempt, person, what, value) =>
  within(NOTES, "readwrite", (store) => store.put({ attempt, person, what, value }));
export const kept = async (attempt, person, what) =>
  (await within(NOTES, "readonly", (store) => store.get([attempt, person, what])))?.value;

// the copy of the page
const CACHE = "mogi-room";
const root = document.documentElement;

// Ask the worker to keep this page; <html data-kept> says that it does.
export async function keepCopy(worker) {
  if (!navigator.serviceWorker) return; // not over HTTPS
  try {
    await navigator.serviceWorker.register(worker);
    const { active } = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && /^\/(static|media)\//.test(url.pathname))
      .map((url) => url.pathname);
    for (const image of document.images) parts.push(new URL(image.src).pathname); // hidden ones may not be loaded yet
    navigator.serviceWorker.addEventListener("message", (event) => { root.dataset.kept = event.data.kept ? "yes" : "no"; });
    active.postMessage({ page: location.origin + location.pathname, parts: [...new Set(parts)] });
  } catch { root.dataset.kept = "no"; }
}

// Nothing of this attempt stays behind.
export async function forget(attempt) {
  for (const store of [ANSWERS, NOTES]) {
    await within(store, "readwrite", (rows) => {
      rows.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        if (cursor.value.attempt === attempt) cursor.delete();
        cursor.continue();
      };
    });
  }
  try { await (await caches.open(CACHE)).delete(`${location.origin}/attempts/${attempt}/`); } catch { /* no copies here */ }
}
