// On the pages after an exam: what this browser still has of it is sent, so that it is on record as late, and removed.
import * as keeping from "./keeping.js";
import { attempt, cookie, jsonOf, post, wire } from "./page.js";

const rows = (await keeping.rows(attempt, cookie("mogi_person"))).filter((row) => !row.acked);
let isLate = false;
let isDone = true;
for (const row of rows) {
  try {
    const reply = await jsonOf(await post(`/attempts/${attempt}/items/${row.position}/`, wire(row)));
    isLate ||= reply?.state === "late";
    isDone &&= reply !== null;
  } catch { isDone = false; } // no network: the next visit will do
}
if (isDone) await keeping.forget(attempt);
if (isLate && isDone) location.reload(); // now says so
