// What an author has typed and not saved, kept in this browser by person and question (or case) until it is saved or thrown away.
// Signing out clears it (Clear-Site-Data), and so does somebody else's coming.
const NAME = "mogi-desk";
const STORE = "texts";
export const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1] ?? "";
export const person = cookie("mogi_person");

let opened = null;

function open() {
  opened ??= new Promise((done) => {
    if (!globalThis.indexedDB || !person) { done(null); return; }
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["person", "draft"] });
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      done(request.result);
    };
    request.onerror = request.onblocked = () => done(null); // private mode, full disk
  });
  return opened;
}

// Resolves with the result of the request that `work(store)` returns, once all is on disk.
async function within(mode, work) {
  const database = await open();
  if (!database) return undefined;
  return new Promise((done) => {
    let request;
    try {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = transaction.onabort = () => done(undefined);
      request = work(transaction.objectStore(STORE));
    } catch { done(undefined); }
  });
}

export const keep = (draft, text) => within("readwrite", (store) => store.put({ person, draft, ...text }));
export const kept = (draft) => within("readonly", (store) => store.get([person, draft]));
export const forget = (draft) => within("readwrite", (store) => store.delete([person, draft]));

// Another person's texts are neither shown nor left here.
export async function forgetStrangers() {
  const rows = (await within("readonly", (store) => store.getAllKeys())) ?? [];
  for (const key of rows) if (key[0] !== person) await within("readwrite", (store) => store.delete(key));
}
