// Signing in again in the middle of an attempt, in place.
import { byId, cookie, say } from "./page.js";
import * as saving from "./saving.js";
import * as clock from "./clock.js";

const dialog = byId("signin");
const form = dialog.querySelector("form");
const complaint = form.querySelector("[role=alert]");

export function signIn() {
  if (dialog.open || dialog.dataset.later) return;
  complaint.hidden = true;
  dialog.showModal();
  form.elements.password.focus();
}

function complain(text) {
  complaint.hidden = false;
  complaint.textContent = text;
  form.elements.password.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector(".btn--go");
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error", credentials: "same-origin",
      headers: {
        Accept: "application/json", "X-Requested-With": "XMLHttpRequest",
        "X-CSRFToken": cookie("csrftoken"),
      },
      signal: AbortSignal.timeout(8000),
    });
    form.elements.password.value = "";
    // What counts is whether this attempt can be reached now.
    if (response.ok && (await clock.check())) {
      dialog.close();
      saving.again({ signedIn: true });
    } else complain(say("loginFailed"));
  } catch { complain(say("loginOffline")); }
  button.disabled = false;
});

form.querySelector("[data-later]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => { // asked again when the candidate goes on
  dialog.dataset.later = "yes";
  setTimeout(() => { delete dialog.dataset.later; if (saving.isSignedOut() && saving.unsaved()) signIn(); }, 60_000);
});

