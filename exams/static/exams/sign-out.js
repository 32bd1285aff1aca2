// Before signing out: what is removed from this browser without having reached the server.
import * as keeping from "./room/keeping.js";
import { byId, cookie } from "./room/page.js";

export const unsent = () => keeping.unsent(cookie("mogi_person"));

const rows = byId("unsent") ? await unsent() : []; // where signing out is asked about
if (rows.length) {
  byId("unsent").hidden = false;
  byId("unsent").querySelector("a").href = `/attempts/${rows[0].attempt}/`;
}
