// The exam room: the whole form in one page, one question shown.
import { all, ask, attempt, body, byId, closePopups, isStranger, jsonOf, news, person, popups, post, say } from "./page.js";
import * as keeping from "./keeping.js";
import * as clock from "./clock.js";
import * as saving from "./saving.js";
import * as tools from "./tools.js";
import { agree, at, clear, exchange, notice, paint, questions, read, state } from "./questions.js";

const calculator = byId("calculator") && await import("./calculator.js");
const review = byId("review");
const last = questions.length;
let isOver = false; // time is up or the attempt is finished

// moving
let shownAt = performance.now();
function spend() {
  const now = performance.now();
  if (state.here && document.visibilityState === "visible") state.here.seconds += (now - shownAt) / 1000;
  shownAt = now;
}
document.addEventListener("visibilitychange", spend);

let before = state.here?.position ?? 1; // where "back to the questions" leads
function show(target, { focus = true } = {}) {
  spend();
  const isReview = target === "review";
  const was = state.here;
  state.here = isReview ? null : at(target);
  if (state.here) before = target;
  for (const q of questions) q.form.hidden = q !== state.here;
  review.hidden = !isReview;
  document.querySelector(".qlang").hidden = isReview;
  if (state.here) for (const radio of all("input[name=qlang]")) radio.setAttribute("form", state.here.form.id);
  for (const q of [was, state.here]) if (q) paint(q);
  if (state.here) tools.paintLanguage(state.here);
  const language = all("input[name=qlang]").find((radio) => radio.checked)?.value;
  const query = `${isReview ? "?review" : `?item=${target}`}${language ? `&lang=${language}` : ""}`;
  if (location.search !== query) history.replaceState(null, "", query);
  closePopups();
  news("");
  keeping.keep(attempt, person, "here", before);
  if (isReview) walk = null;
  else if (walk) news(say(walk === "open" ? "walkOpen" : "walkFlagged", { n: questions.filter((q) => isWalked(q, walk)).length }));
  scrollTo(0, 0);
  if (focus) (isReview ? byId("review-h") : state.here.form.querySelector("h1")).focus({ preventScroll: true });
}

// Only the unanswered or flagged, from the review.
let walk = null;
const isWalked = (q, which) => (which === "open" ? read(q).answer.length === 0 : read(q).flag);
function step(by) {
  if (!state.here) { show(before); return; }
  let position = state.here.position + by;
  while (walk && at(position) && !isWalked(at(position), walk)) position += by;
  if (at(position)) show(position);
  else if (by > 0) show("review");
}
const go = (value) => {
  if (value === "review") show("review");
  else if (walk && Math.abs(Number(value) - state.here?.position) === 1) step(Number(value) - state.here.position);
  else if (at(Number(value))) show(Number(value));
};
for (const button of all("[data-walk]")) {
  button.addEventListener("click", () => {
    const first = questions.find((q) => isWalked(q, button.dataset.walk));
    if (!first) return;
    walk = button.dataset.walk;
    show(first.position);
  });
}

// answering
let typing = 0;
for (const q of questions) {
  q.form.addEventListener("submit", (event) => { event.preventDefault(); if (event.submitter?.name === "go") go(event.submitter.value); });
  q.form.addEventListener("change", ({ target }) => {
    if (target.name === "qlang" || target.name === "note") return;
    if (target.name?.startsWith("answer")) exchange(q, target);
    spend();
    saving.change(q);
  });
  q.form.elements.note.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => saving.change(q), 600); });
  q.form.elements.note.addEventListener("change", () => { clearTimeout(typing); saving.change(q); });
  q.form.querySelector("[data-clear]").addEventListener("click", () => { clear(q); saving.change(q); });
  for (const button of all("[data-keep]", q.form)) button.addEventListener("click", () => saving.resolve(q, button.dataset.keep));
  q.form.querySelector("[data-other-language]")?.addEventListener("click", () => tools.otherLanguage(q));
}
for (const link of all("a[data-cell]")) link.addEventListener("click", (event) => { event.preventDefault(); walk = null; go(link.dataset.cell); });
document.querySelector("[data-review]").addEventListener("click", (event) => { event.preventDefault(); go("review"); });
document.querySelector("[data-back]").addEventListener("click", (event) => { event.preventDefault(); go(before); });
for (const radio of all("input[name=show]")) radio.addEventListener("change", () => { review.dataset.show = radio.value; });

// keys
const useKeys = byId("use-keys");
try { useKeys.checked = localStorage.getItem("mogi-keys") !== "off"; } catch { /* private mode */ }
useKeys.addEventListener("change", () => { try { localStorage.setItem("mogi-keys", useKeys.checked ? "on" : "off"); } catch { /* as above */ } });

// A digit is about the row with the focus, else the first empty one.
function digitInRow(q, digit) {
  const rows = all(".mrow", q.form);
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const number = focused >= 0 ? focused : Math.max(0, rows.findIndex((row) => !row.querySelector(":checked")));
  const input = all("input", rows[number])[digit - 1];
  if (!input) return;
  if (input.checked) { input.checked = false; saving.change(q); } else input.click();
  const next = rows[number + 1];
  (next?.querySelector(":checked") ?? next?.querySelector("input") ?? input).focus();
}
function digit(q, number, isStriking) {
  if (isStriking) { all("input[name=struck]", q.form)[number - 1]?.click(); return; }
  if (!q.isChoice) { digitInRow(q, number); return; }
  const input = all("input[name=answer]", q.form)[number - 1];
  if (input?.type === "radio" && input.checked) { input.checked = false; saving.change(q); } else input?.click();
}
const keys = {
  "?": () => byId("keys").showPopover(),
  r: () => go("review"),
  n: () => step(1),
  p: () => step(-1),
  m: () => state.here?.form.elements.flag.click(),
  l: () => state.here && tools.otherLanguage(state.here),
  h: () => tools.highlight(),
  t: () => { if (!state.here) return; state.here.form.querySelector(".qnote").open = true; state.here.form.elements.note.focus(); },
  c: () => calculator?.toggle(),
  d: () => byId("display").showPopover(),
};
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.name === "note") { event.target.blur(); state.here.form.querySelector("h1").focus(); return; }
  if (!useKeys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches("textarea, input[type=text], input[type=password], output")) return;
  if (popups().length) return;
  const code = event.code.match(/^(?:Digit|Numpad)([1-9])$/);
  const key = event.key.toLowerCase();
  if (code && state.here && (event.shiftKey || /^[1-9]$/.test(event.key))) digit(state.here, Number(code[1]), event.shiftKey);
  else if (keys[key] && (key === "?" || !event.shiftKey)) keys[key]();
  else return;
  event.preventDefault();
});
for (const button of all("[data-tool]")) {
    button.addEventListener("mousedown", (event) => { if (button.dataset.tool === "highlight") event.preventDefault(); });
  button.addEventListener("click", () => {
    closePopups();
    ({ highlight: tools.highlight, unhighlight: tools.unhighlight, calculator: keys.c, clock: () => byId("hide-clock").click(), keys: keys["?"] })[button.dataset.tool]();
  });
}

// other windows of this browser, and other devices
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`mogi-${attempt}`) : null;
saving.hooks.changed = (q) => channel?.postMessage({ position: q.position, base: q.base, ...read(q) });
channel?.addEventListener("message", ({ data }) => { if (data.finished) leave(data.finished); else saving.hear(data); });

// The server knows a later revision: show it.
async function catchUp(q, text = "") {
  if (q.dirty || q.busy) return; // the save will tell
  try {
    const reply = await jsonOf(await ask(q.form.action));
    if (reply?.state !== "stored" || q.dirty || q.busy || reply.base < q.base) return;
    q.base = q.rev = reply.base;
    agree(q, reply);
    if (text) notice(q, text);
  } catch { /* the next check will do */ }
}
clock.hooks.told = (reply) => {
  for (const q of questions) if (reply.revisions[q.position - 1] > q.base) catchUp(q, say("elsewhere"));
  if (saving.isSignedOut()) saving.again({ signedIn: true });
};
clock.hooks.signedOut = () => { if (saving.unsaved()) signIn(); };

function stranger() {
  saving.close();
  clock.stop();
  body.hidden = true;
  keeping.forget(attempt).then(() => location.replace("/"));
}
addEventListener("focus", () => { if (isStranger()) stranger(); });

// the end
async function leave(url) {
  saving.close();
  clock.stop();
  isOver = true;
  await keeping.forget(attempt);
  location.assign(url);
}

// Nothing can be changed any more; what is unsent is sent.
function end(how) {
  if (isOver) return;
  isOver = true;
  spend();
  clock.stop();
  closePopups();
  byId("signin").close();
  if (how === "finished") {
    byId("over-t").textContent = say("ended");
    document.querySelector("[data-over-text]").textContent = say("endedText");
  }
  byId("over").showModal();
  byId("over").addEventListener("cancel", (event) => event.preventDefault());
  for (const q of questions) q.form.inert = true;
  saving.again();
  const since = performance.now();
  const text = document.querySelector("[data-over-text]");
  const usual = text.textContent;
  const watch = setInterval(async () => {
    const waiting = saving.waiting().length;
    const passed = performance.now() - since;
    if (waiting && passed < 15_000) return;
    if (waiting) { // no connection: stay, so that nothing is lost
      text.textContent = say("overWaiting", { n: waiting });
      return;
    }
    text.textContent = usual;
    if (passed < 2000 && how !== "finished") return;
    clearInterval(watch);
    leave(body.dataset.result);
  }, 250);
}

let isSure = false;
const unsaved = byId("unsaved");
const tell = (text) => { unsaved.hidden = !text; unsaved.textContent = text; };
byId("finish-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector(".btn--go");
  if (button.disabled) return;
  if (saving.parked() && !isSure) { isSure = true; tell(say("unsavedParked", { n: saving.parked() })); return; }
  button.disabled = true;
  clearTimeout(typing);
  saving.again();
  while (saving.waiting().length && !isOver) { // closing gives it up
    tell(say("unsavedFinish", { n: saving.waiting().length }));
    await new Promise((done) => { setTimeout(done, 200); });
    if (!byId("finish").matches(":popover-open")) { button.disabled = false; tell(""); return; }
  }
  tell("");
  try {
    const response = await post(event.target.action, []);
    const reply = await jsonOf(response);
    if (response.status === 401) { closePopups(); signIn(); } else if (reply?.state === "finished") {
      channel?.postMessage({ finished: reply.next });
      await leave(reply.next);
      return;
    } else tell(say("finishFailed"));
  } catch { tell(say("finishFailed")); }
  button.disabled = false;
});

// waking up
// Fetched when it is needed: who is told to sign in is online.
const signIn = () => import("./signin.js").then((module) => module.signIn(), () => undefined);
saving.hooks.signIn = signIn;
saving.hooks.stranger = stranger;
saving.hooks.stale = catchUp;
saving.hooks.time = clock.compare;
saving.hooks.recheck = clock.check;
saving.hooks.ended = () => end("finished");
clock.hooks.ended = end;

const query = new URLSearchParams(location.search);
const language = byId(`ql-${query.get("lang")}`);
if (language && !language.checked) language.checked = true;
if (query.has("review") && review.hidden) show("review", { focus: false });
else if (at(Number(query.get("item"))) && state.here?.position !== Number(query.get("item"))) show(Number(query.get("item")), { focus: false });
if (state.here) tools.paintLanguage(state.here);
for (const q of questions) { paint(q); q.was = read(q); }
tools.wake();
(async () => {
  await Promise.all([saving.inherit(), clock.wake()]); // what is saved is said after that
  const there = await keeping.kept(attempt, person, "here");
  if (at(there) && !/item|review/.test(location.search)) show(there, { focus: false }); // where one was
  document.documentElement.dataset.ready = "yes";
  await clock.check();
  keeping.keepCopy(body.dataset.worker);
})();
