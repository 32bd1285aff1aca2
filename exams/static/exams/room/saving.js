// Every change goes out at once, and is saved when a reply names this very change.
import { attempt, body, byId, isStranger, jsonOf, news, person, post, say, wire } from "./page.js";
import * as keeping from "./keeping.js";
import { agree, isTooMany, isTouched, notice, paint, questions, read, write } from "./questions.js";

export const hooks = {
  changed() {}, // (q)
  signIn() {},
  stranger() {},
  stale() {}, // (q) shows what the server does not have
  time() {}, // (seconds left)
  recheck: async () => undefined,
  ended() {},
};

const dirty = () => questions.filter((q) => q.dirty);
export const isSignedOut = () => isOut;
export const waiting = () => questions.filter((q) => q.dirty && !q.parked);
export const unsaved = () => dirty().length;
export const parked = () => questions.filter((q) => q.parked).length;

// the state of it all, in a word
let trouble = null; // since when nothing gets through
let isOut = false; // not signed in
let isMirrored = false;
keeping.isKept().then((kept) => { isMirrored = kept; });

export function paintSave() {
  const all = dirty();
  const [state, word] = !all.length && !isOut ? ["done", "saved"]
    : isOut ? ["out", "out"]
    : trouble ? ["off", isMirrored ? "kept" : "offline"]
    : all.some((q) => q.busy) && !all.some((q) => q.parked) ? ["busy", "saving"] : ["wait", "unsaved"];
  const time = trouble?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  const text = say(word, { n: all.length, time });
  const save = byId("save");
  save.className = `save save--${state}`;
  const shown = save.querySelector(".save__word");
  if (shown.textContent !== text) shown.textContent = text;
}

// changing
const rowOf = (q) => ({
  attempt, person, position: q.position, writer: q.writer, rev: q.rev, seconds: q.seconds,
  base: q.inherited.at(-1)?.rev ?? q.base, // what is sent before it is stored by then
  at: Date.now(), acked: !q.dirty, ...read(q),
});

// The form of this question shows something new.
export function change(q) {
  q.rev = Math.max(q.rev, q.base) + 1;
  q.dirty = true;
  q.parked = isTooMany(q);
  q.stored = null;
  if (!q.parked) notice(q, "");
  keeping.put(rowOf(q));
  paint(q);
  paintSave();
  pump();
}

// What earlier pages left here: newer answers, and unacknowledged ones, which are sent by their own writer's name.
export async function inherit() {
  const touched = questions.filter(isTouched); // by somebody quicker than this script
  const rows = (await keeping.rows(attempt, person)).sort((a, b) => a.at - b.at || a.rev - b.rev);
  for (const q of questions) {
    const own = rows.filter((row) => row.position === q.position);
    for (const row of own.filter((one) => one.acked)) {
      if (row.base > q.base && !q.dirty) {
        Object.assign(q, { base: row.base, rev: row.base, seconds: Math.max(q.seconds, row.seconds) });
        if (!touched.includes(q)) agree(q, row);
      }
      else if (row.writer !== q.writer) keeping.remove(row); // the page knows as much
    }
    q.inherited = own.filter((row) => !row.acked && row.writer !== q.writer);
    const last = q.inherited.at(-1);
    if (last) {
      if (!q.dirty && !touched.includes(q)) write(q, last);
      Object.assign(q, { dirty: true, rev: Math.max(q.rev, last.rev), parked: isTooMany(q) });
      if (q.parked) { q.inherited.pop(); keeping.remove(last); change(q); } // never sent like that
      paint(q);
    }
    if (touched.includes(q)) change(q);
  }
  paintSave();
  pump();
}

// Another window of this browser has saved this.
export function hear({ position, base, ...other }) {
  const q = questions[position - 1];
  if (q.dirty || q.busy || base <= q.base) return;
  q.base = q.rev = base;
  agree(q, other);
}

// sending
async function send(q) {
  if (isStranger()) { hooks.stranger(); return; }
  const old = q.inherited[0];
  const state = old ?? { ...read(q), base: q.base, rev: q.rev, writer: q.writer, seconds: q.seconds };
  q.busy = true;
  paintSave();
  let reply = null;
  let status = 0;
  try {
    const response = await post(q.form.action, wire(state));
    status = response.status;
    reply = await jsonOf(response);
  } catch { /* no network, no answer in time, or a redirect that is not ours: it stays dirty */ }
  q.busy = false;
  settle(q, state, old, status, reply);
}

function settle(q, state, old, status, reply) {
  const isOurs = reply !== null && reply.writer === state.writer && reply.rev === state.rev;
  if (isOurs || status === 401) trouble = null;
  if (isOurs) isOut = false;
  if (status === 200 && isOurs && reply.state === "saved") acknowledged(q, state, old, reply);
  else if (status === 409 && isOurs) conflicting(q, reply);
  else if (status === 410 && isOurs) {
    for (const row of q.inherited) keeping.remove(row);
    keeping.remove(rowOf(q));
    Object.assign(q, { inherited: [], parked: true });
    notice(q, reply.message);
    hooks.ended();
  } else if (status === 401 && reply) {
    isOut = true;
    hooks.signIn();
  } else if (status === 403 && reply) {
    hooks.recheck().finally(retry); // brings a new token
  } else if ((status === 404 || status === 422) && reply) {
    if (old) keeping.remove(q.inherited.shift()); // it will never be taken
    if (old && q.rev === old.rev) { q.dirty = false; q.rev = q.base; hooks.stale(q); } else q.parked = true;
    notice(q, reply.message);
  } else {
    trouble ??= new Date();
    retry();
  }
  paint(q);
  paintSave();
  pump();
}

function acknowledged(q, state, old, reply) {
  wait = 1;
  q.base = Math.max(q.base, reply.base);
  if (old) {
    q.inherited.shift();
    keeping.remove(old);
    if (!q.inherited.length && q.rev === old.rev && q.writer !== old.writer) Object.assign(q, { dirty: false, rev: q.base });
  } else if (q.rev === state.rev) q.dirty = false;
  if (!q.dirty) {
    if (reply.base !== state.rev) write(q, reply); // a later one of the same writer is stored
    q.was = read(q);
    q.rev = q.base;
    notice(q, "");
    keeping.put(rowOf(q));
    hooks.changed(q);
  }
  news("");
  if (reply.build !== body.dataset.build) { body.dataset.build = reply.build; news(say("build")); } // said once
  hooks.time(reply.left);
}

// Changed elsewhere since: where that was the answer, too, both are shown until one is chosen.
function conflicting(q, reply) {
  q.parked = true;
  q.stored = reply;
  if ([q.was, read(q)].some(({ answer }) => `${answer}` === `${reply.answer}`)) resolve(q, "mine"); else notice(q, reply.message, reply.answer);
}

// The choice is about the answer; of the rest, what was changed here goes over what is stored.
export function resolve(q, which) {
  const { stored, was } = q;
  const mine = read(q);
  const all = { ...stored };
  if (which === "mine") all.answer = mine.answer;
  for (const part of ["flag", "note", "struck"]) if (`${mine[part]}` !== `${was[part]}`) all[part] = mine[part];
  const both = `${stored.note}\n${mine.note}`;
  if (all.note !== stored.note && stored.note !== was.note && both.length <= q.form.elements.note.maxLength) all.note = both;
  for (const row of q.inherited) keeping.remove(row);
  q.inherited = [];
  q.base = stored.base;
  q.was = stored;
  write(q, all);
  change(q);
}

// Level-triggered: what is dirty, free and not parked is sent, four at once; one after trouble.
let wait = 1; // s
let timer = 0;
let isClosed = false;
export function close() { isClosed = true; }

function pump() {
  if (isClosed || timer || isOut) return;
  const busy = questions.filter((q) => q.busy).length;
  const ready = questions.filter((q) => q.dirty && !q.parked && !q.busy);
  for (const q of ready.slice(0, Math.max(0, (trouble ? 1 : 4) - busy))) send(q);
}

function retry() {
  if (timer || isClosed) return;
  timer = setTimeout(() => { timer = 0; pump(); }, wait * 1000 * (0.75 + Math.random() / 2));
  wait = Math.min(30, wait * 2);
}

// Try at once.
export function again({ signedIn = false } = {}) {
  if (signedIn) isOut = false;
  clearTimeout(timer);
  timer = 0;
  wait = 1;
  paintSave();
  pump();
}
addEventListener("online", () => again());
addEventListener("beforeunload", (event) => { if (!isClosed && waiting().length) event.preventDefault(); });

