// The page on which a question or a case is written: keeps what is typed, and shows a question as a candidate will see it.
import "./beside.js";
import { forget, keep, kept, person } from "./keeping.js";
import { tidied } from "./saved.js";
import { chooseTarget, keepTargets } from "./targets.js";

const form = document.querySelector("input[name=draft]").form;
const draft = form.elements.draft.value;
// What is not text of the author's: tokens, rows' numbers in the database, and what the page was opened with.
const OURS = /^(csrfmiddlewaretoken|draft|_\w+)$|-(id|question)$|__prefix__|-(MIN|MAX)_NUM_FORMS$/;
const WHEN = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", hourCycle: "h23" }; // as the page writes it
const values = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.test(name));
const asText = (pairs) => JSON.stringify(pairs.map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]).filter(([name]) => name !== "base" && !/-(INITIAL|TOTAL)_FORMS$/.test(name) && !/-order$/.test(name)));

// ── the preview

const frame = document.getElementById("live");
let seed = 0;
let asked = 0;

async function show() {
  if (!frame) return;
  const mine = ++asked;
  const data = new FormData(form);
  data.set("seed", seed);
  try {
    const response = await fetch(frame.dataset.live, { method: "POST", body: data, redirect: "error", signal: AbortSignal.timeout(8000) });
    if (!response.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("question");
    const shown = frame.contentDocument?.getElementById("question");
    if (page && shown) shown.replaceWith(frame.contentDocument.importNode(page, true));
  } catch { /* no connection: the preview stays as it was, the text is kept */ }
}

document.getElementById("another-order")?.addEventListener("click", () => { seed += 1; show(); });
frame?.addEventListener("load", show, { once: true });
if (frame?.contentDocument?.readyState === "complete") show();

// Beside the form it is open; under it, it stays at the foot of the window and is opened where it is wanted.
const fold = frame?.closest("details");
if (fold) {
  fold.classList.add("live--near");
  fold.open = matchMedia("(min-width: 75rem)").matches;
}

// ── what is typed

// As the server sent it, whatever has been typed or filled in by the browser before this script ran.
function sent() {
  const pairs = [];
  for (const field of form.elements) {
    if (!field.name || OURS.test(field.name) || /^(submit|button|file|fieldset)$/.test(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.defaultChecked) pairs.push([field.name, field.value]);
    } else if (field.options) {
      const chosen = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
      if (chosen) pairs.push([field.name, chosen.value]);
    } else pairs.push([field.name, field.defaultValue]);
  }
  return pairs;
}

const opened = asText(sent());
const hasConflict = form.querySelector(".conflict, .errornote") !== null; // then it holds what was typed
let waiting = 0;
let isSending = false;

const isChanged = () => hasConflict || asText(values()) !== opened;

function store() {
  if (!isSending && isChanged()) keep(draft, { values: values(), at: Date.now() });
}

// Steps take what is stored: none can be taken while the form says something else. A comment can, which takes nothing.
const why = document.getElementById("steps-why");

function hold() {
  if (!why) return;
  const words = isChanged() ? why.dataset.unsaved : "";
  if (why.textContent !== words) why.textContent = words;
  for (const button of why.closest("form").querySelectorAll("[name=step]:not([value=comment])")) button.disabled = words !== "";
}

// A comment that waits for its step is there again once the question is saved.
const say = document.getElementById("say");
const saying = `mogi-say ${person} ${location.pathname}`;
if (say) {
  say.value ||= sessionStorage.getItem(saying) ?? "";
  say.addEventListener("input", () => sessionStorage.setItem(saying, say.value));
  say.form.addEventListener("submit", () => sessionStorage.removeItem(saying));
}

function changed() {
  keepTargets();
  hold();
  store(); // at once: a tab may be closed at any moment
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
}

for (const type of ["input", "change"]) form.addEventListener(type, changed);
const later = () => setTimeout(() => form.dispatchEvent(new Event("change"))); // once the rows are numbered, or have their places
for (const type of ["formset:added", "formset:removed"]) document.addEventListener(type, later);

// ── sorting: rows that are not saved yet, too; and without a mouse, to which the arrows are no buttons

// Rows stand as their places say, whatever their numbers: so what is sent, compared and kept is in the author's order.
const rows = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const part = (row, name) => row.querySelector(`[name$='-${name}']`)?.value;
const isGoing = (row) => row.querySelector("[name$='-DELETE']")?.checked;
const place = (row) => { // new ones come last, and then what is to be deleted
  if (isGoing(row)) return Infinity;
  return Number(part(row, "order")) || (part(row, "id") ? 0 : Number.MAX_SAFE_INTEGER);
};
const number = (row) => Number(row.id.split("-")[1]);

function stand(by) {
  for (const group of form.querySelectorAll("fieldset.sortable")) {
    const now = rows(group);
    const wanted = [...now].sort((one, other) => Math.sign(by(one) - by(other)) || 0);
    const end = now.at(-1)?.nextSibling;
    if (wanted.some((row, index) => row !== now[index])) for (const row of wanted) row.parentElement.insertBefore(row, end);
  }
}

form.addEventListener("end", later); // of dragging
form.addEventListener("click", (event) => { if (event.target.matches(".sort i")) later(); });
document.addEventListener("formset:removed", () => {
  stand(number); // Django's script numbers them as they stand, and those of the database must stay the first
  queueMicrotask(() => stand(place)); // once it has
});

const sorted = (row) => [...row.parentElement.querySelectorAll(":scope > .has_original")];

function arrange() {
  for (const row of form.querySelectorAll("fieldset.sortable .inline-related:not(.empty-form)")) {
    const arrows = row.closest(".inline-group").previousElementSibling;
    if (row.querySelector(".sort") || !arrows?.matches("template")) continue;
    row.classList.add("has_original"); // which is what can be dragged
    row.querySelector("h3").append(arrows.content.cloneNode(true));
    for (const arrow of row.querySelectorAll(".sort i")) arrow.addEventListener("click", () => move(row, arrow.matches(".move-end")));
  }
  for (const arrow of form.querySelectorAll(".sort i")) arrow.tabIndex = 0;
}

function move(row, isToEnd) {
  const rows = sorted(row);
  if (isToEnd) rows.at(-1).after(row);
  else rows[0].before(row);
  for (const [index, one] of sorted(row).entries()) one.querySelector("input._reorder_").value = index + 1;
}

form.addEventListener("keydown", (event) => {
  if (!event.target.matches(".sort i") || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  const row = event.target.closest(".inline-related");
  const name = event.target.className;
  event.target.click();
  row.querySelector(`.sort i.${name}`)?.focus();
});
document.addEventListener("formset:added", () => setTimeout(arrange));
django.jQuery(arrange); // after Django's own, which gives new rows what removes them
document.addEventListener("visibilitychange", () => { if (document.hidden) store(); });
addEventListener("pagehide", store);
form.addEventListener("submit", () => { store(); isSending = true; });
addEventListener("pageshow", (event) => { if (event.persisted) isSending = false; });

// ── what was typed and not saved

const banner = document.getElementById("kept");

async function offer() {
  await tidied;
  const found = await kept(draft);
  if (!found || hasConflict || asText(values()) !== opened) return;
  if (asText(found.values) === opened) { forget(draft); return; }
  const base = new Map(found.values).get("base") ?? "";
  const time = new Date(found.at).toLocaleString(document.documentElement.lang, WHEN);
  const words = [banner.dataset.mine.replace("{time}", time)];
  if (base !== form.elements.base.value) words.push(banner.dataset.behind);
  banner.querySelector("p").textContent = words.join(" ");
  banner.hidden = false;
  banner.querySelector("[data-restore]").addEventListener("click", () => { restore(found.values); banner.hidden = true; });
  banner.querySelector("[data-discard]").addEventListener("click", () => { forget(draft); banner.hidden = true; });
}

function restore(pairs) {
  const wanted = new Map();
  for (const [name, value] of pairs) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  for (const prefix of ["options", "references"]) {
    const total = Number(wanted.get(`${prefix}-TOTAL_FORMS`)?.[0] ?? 0);
    const add = document.querySelector(`#${prefix}-group .add-row a, #${prefix}-group a.add-row`);
    while (add && Number(form.elements[`${prefix}-TOTAL_FORMS`].value) < total) add.click();
  }
  for (const field of form.elements) {
    if (!field.name || OURS.test(field.name) || /_FORMS$/.test(field.name) || field.type === "submit" || field.type === "file") continue;
    const given = wanted.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (given.length && field.matches("select[name$='-target']")) chooseTarget(field, given[0]);
    else if (given.length) field.value = given[0];
  }
  stand(place);
  form.dispatchEvent(new Event("change")); // the checker hears it, too
}

document.querySelector("[data-theirs]")?.addEventListener("click", () => { isSending = true; forget(draft); });
stand(place); // a form that was refused comes back by numbers
keepTargets();
hold();
offer().then(() => { if (asText(values()) !== opened) changed(); });
