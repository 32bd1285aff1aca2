// On the pages after an exam: what this browser still has of it is sent, so that it is on record as late, and removed.
import * as mirror from "./mirror.js";
import { cookie, jsonOf, post, wire } from "./wire.js";

const { attempt } = document.body.dataset;
const rows = (await mirror.rows(attempt, cookie("mogi_person"))).filter((row) => !row.acked);
let isLate = false;
let isDone = true;
for (const row of rows) {
  try {
    const reply = await jsonOf(await post(`/attempts/${attempt}/items/${row.position}/`, wire(row)));
    isLate ||= reply?.state === "late";
    isDone &&= reply !== null;
  } catch { isDone = false; } // no network: the next visit will do
}
if (isDone) {
  await mirror.forget(attempt);
  try { await (await caches.open("mogi-room")).delete(`${location.origin}/attempts/${attempt}/`); } catch { /* no copies here */ }
}
if (isLate && isDone) location.reload(); // now says so
