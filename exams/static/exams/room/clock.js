// A picture of the server's time, corrected at each reply.
import { ask, attempt, body, byId, jsonOf, news, person, say } from "./page.js";
import * as keeping from "./keeping.js";

export const hooks = {
  told() {}, // (reply)
  ended() {}, // (state)
  signedOut() {},
};

const clock = byId("clock");
const ruler = document.querySelector(".ruler");
const hide = byId("hide-clock");
const root = document.documentElement;
let total = Number(body.dataset.total) * 60;
let endsAt = performance.now() + Number(body.dataset.left) * 1000;
let until = null; // as the server says it
const announced = new Set([30, 15, 5, 1].filter((minutes) => Number(body.dataset.left) <= minutes * 60));
let isStopped = false;
let nextCheck = 300;

export const left = () => Math.max(0, (endsAt - performance.now()) / 1000);
export function stop() { isStopped = true; }

// A save's reply says it, too: if they disagree, ask.
export function compare(seconds) {
  if (seconds > 0 && Math.abs(seconds - left()) > 2) check();
}

function set(seconds) {
  endsAt = performance.now() + seconds * 1000;
  keeping.keep(attempt, person, "ends", Date.now() + seconds * 1000);
  tick();
}

// A copy of the page is old. The device's clock, otherwise not believed, can shorten what it says.
export async function wake() {
  if (!("copy" in root.dataset)) return;
  const ends = await keeping.kept(attempt, person, "ends");
  if (ends) endsAt = Math.min(endsAt, performance.now() + ends - Date.now());
  tick();
}

let drift = Date.now() - performance.now();
function tick() {
  if (isStopped) return;
  const now = Date.now() - performance.now();
  if (Math.abs(now - drift) > 2000) check(); // one of the clocks stood still or was set
  drift = now;
  const seconds = left();
  const whole = Math.ceil(seconds);
  clock.textContent = `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  const gone = `${Math.max(0, Math.min(100, 100 - (100 * seconds) / total))}%`;
  ruler.querySelector(".gone").setAttribute("width", gone);
  for (const end of ["x1", "x2"]) ruler.querySelector(".now").setAttribute(end, gone);
  for (const minutes of [1, 5, 15, 30]) {
    if (seconds <= minutes * 60 && !announced.has(minutes)) {
      for (const more of [30, 15, 5, 1]) if (more >= minutes) announced.add(more);
      news(minutes === 1 ? say("oneLeft") : say("left", { n: minutes }));
      if (minutes <= 5) check();
      break;
    }
  }
  hide.disabled = seconds <= 300; // the last minutes are shown
  clock.parentElement.classList.toggle("clock--low", seconds <= 300);
  if (hide.disabled) hide.checked = false;
  nextCheck -= 1;
  if (nextCheck <= 0) { nextCheck = 270 + 60 * Math.random(); check(); }
  if (seconds <= 0) hooks.ended();
}

// Ask the server for time, state and revisions; this also renews the token.
export async function check() {
  let reply = null;
  try {
    const response = await ask(body.dataset.time);
    if (response.status === 401) { hooks.signedOut(); return null; }
    reply = response.ok ? await jsonOf(response) : null;
  } catch { /* the next one will do */ }
  if (!Array.isArray(reply?.revisions)) return null;
  if (until !== null && reply.until !== until && reply.left > left() + 2) {
    total += reply.left - left();
    for (const minutes of [30, 15, 5, 1]) if (reply.left > minutes * 60) announced.delete(minutes);
    news(say("extended", { time: reply.until }));
  }
  until = reply.until;
  byId("until").textContent = say("until", { time: until });
  if (reply.state !== "open") hooks.ended(reply.state);
  else set(reply.left);
  hooks.told(reply);
  return reply;
}

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { check(); tick(); } });
setInterval(tick, 1000);
tick();

