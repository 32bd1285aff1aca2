// Before signing out: what is removed from this browser without having reached the server.
import * as mirror from "./room/mirror.js";
import { cookie } from "./room/wire.js";

const rows = await mirror.unsent(cookie("mogi_person"));
const warning = document.getElementById("unsent");
if (rows.length) {
  warning.hidden = false;
  warning.querySelector("a").href = `/attempts/${rows[0].attempt}/`;
}
