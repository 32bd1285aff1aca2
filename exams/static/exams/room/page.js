// What the parts of the room share: elements, words, and who is here.
export const body = document.body;
export const byId = (id) => document.getElementById(id);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const words = byId("words")?.dataset; // the exam room's; the pages after it have none
export const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

export const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1] ?? "";
export const attempt = body.dataset.attempt;
// Random per page load; a copy of a page would repeat its own.
export const writer = "copy" in document.documentElement.dataset ? crypto.randomUUID() : body.dataset.writer;
export const person = document.documentElement.dataset.person;
// Somebody else has signed in here: nothing of this exam may be shown or sent.
export const isStranger = () => !["", person].includes(cookie("mogi_person"));

export function ask(url) {
  return fetch(url, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(8000) });
}

// A line above the questions, which stays for a while.
let readable = 0;
export function news(text, stay = 15_000) {
  if (!text && performance.now() < readable) return;
  if (text) readable = performance.now() + stay;
  byId("news").hidden = !text;
  byId("news").querySelector("p").textContent = text;
}

// What is open on top of the page, but for the calculator, which stays.
export const popups = () => all("dialog[open], [popover]:popover-open:not(#calculator)");
export function closePopups() {
  for (const pop of popups()) if (pop.hidePopover && pop.popover) pop.hidePopover();
}

// talking to the server
// A change as it travels: the fields of the question's form.
export function wire({ answer, flag, struck, note, base, rev, writer, seconds }) {
  const data = [["base", base], ["rev", rev], ["writer", writer], ["seconds", Math.round(seconds)], ["note", note]];
  for (const word of answer) data.push(["answer", word]);
  for (const word of struck) data.push(["struck", word]);
  if (flag) data.push(["flag", "1"]);
  return data;
}

export function post(url, data) {
  return fetch(url, {
    method: "POST", body: new URLSearchParams(data), redirect: "error", credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") }, signal: AbortSignal.timeout(8000),
  });
}

export async function jsonOf(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : null;
}
