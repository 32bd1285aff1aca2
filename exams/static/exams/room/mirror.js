// A copy of every answer in this browser, which outlives the page, the browser and the network. A row belongs to one
// attempt, person, question and writer (a page); `acked` says that the server has it. Where there is no IndexedDB the
// room works without, and promises nothing.
const NAME = "mogi";
const ANSWERS = "answers";
const NOTES = "pages"; // when each attempt ends by this device's clock; what was highlighted

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
      request.result.onversionchange = () => request.result.close(); // somebody signs out or in: let it be deleted
      done(request.result);
    };
    request.onerror = request.onblocked = () => done(null); // private mode, full disk
  });
  return opened;
}

// Runs `work(store)` in one transaction; resolves with the result of the request it returns once all is on disk.
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

// All of one attempt, whoever it was.
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
}
