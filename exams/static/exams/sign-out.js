// Before signing out: what is removed from this browser without having reached the server.
import * as keeping from "./room/keeping.js";
import { byId, cookie } from "./room/page.js";

const rows = await keeping.unsent(cookie("mogi_person"));
if (rows.length) {
  byId("unsent").hidden = false;
  byId("unsent").querySelector("a").href = `/attempts/${rows[0].attempt}/`;
}
