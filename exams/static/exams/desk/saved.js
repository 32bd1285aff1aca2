// On every page of the desk: what the server says is saved need not be kept any longer.
import { cookie, forget, forgetStrangers } from "./keeping.js";

export const tidied = (async () => {
  await forgetStrangers();
  const saved = cookie("mogi_saved");
  if (!saved) return;
  document.cookie = "mogi_saved=; path=/; max-age=0; samesite=lax";
  for (const draft of saved.split(".")) await forget(draft);
})();
