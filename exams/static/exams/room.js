// The exam room. Every question is a form; what it shows is what the candidate wants. A form whose state the server has not
// acknowledged is dirty, and only a reply that names this page's own writer and revision makes it clean.
document.documentElement.classList.add("js");
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

document.addEventListener("DOMContentLoaded", () => {
  const body = document.body;
  const byId = (id) => document.getElementById(id);
  const words = byId("words").dataset;
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const writer = body.dataset.writer;
  const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const review = byId("review");
  let over = false; // time is up or the attempt is finished: nothing is sent any more

  // ── questions
  const questions = [...document.querySelectorAll("form.q")].map((form) => ({
    form,
    position: Number(form.dataset.position),
    choose: Number(form.dataset.choose),
    multiple: form.querySelector("[data-choose-n]") !== null,
    base: Number(form.dataset.base), // the last revision the server told
    rev: Number(form.dataset.base), // ours
    dirty: false,
    parked: false, // dirty, but not tried again by itself: the candidate has to do something
    busy: false,
    seconds: Number(form.elements.seconds.value),
  }));
  const at = (position) => questions[position - 1];
  const chosen = (q) => [...q.form.querySelectorAll("input[name=answer]:checked")];
  const tooMany = (q) => q.multiple && chosen(q).length > q.choose;
  const complete = (q) => (q.multiple ? chosen(q).length === q.choose : chosen(q).length === 1);
  let here = questions.find((q) => !q.form.hidden) ?? null;
  let shownAt = performance.now();

  function spend() {
    const now = performance.now();
    if (here && document.visibilityState === "visible") here.seconds += (now - shownAt) / 1000;
    shownAt = now;
  }

  // ── pictures of the state
  function paint(q) {
    for (const cell of document.querySelectorAll(`[data-cell="${q.position}"]`)) {
      cell.classList.toggle("qcell--done", complete(q));
      cell.classList.toggle("qcell--flag", q.form.elements.flag.checked);
      cell.classList.toggle("qcell--here", q === here);
      if (q === here) cell.setAttribute("aria-current", "step"); else cell.removeAttribute("aria-current");
    }
    const count = q.form.querySelector("[data-choose-n]");
    if (count) {
      count.textContent = say(tooMany(q) ? "over" : "chosen", { n: chosen(q).length, choose: q.choose });
      count.classList.toggle("choose-n--over", tooMany(q));
    }
  }
  function paintCounts() {
    const done = questions.filter(complete).length;
    const numbers = { answered: done, open: questions.length - done, flagged: questions.filter((q) => q.form.elements.flag.checked).length };
    for (const cell of document.querySelectorAll("[data-count]")) cell.textContent = numbers[cell.dataset.count];
  }
  let trouble = false;
  function paintSave() {
    const dirty = questions.filter((q) => q.dirty);
    const [state, word] = !dirty.length ? ["done", "saved"]
      : trouble ? ["off", "offline"]
      : dirty.some((q) => q.busy) && !dirty.some((q) => q.parked) ? ["busy", "saving"] : ["wait", "unsaved"];
    const save = byId("save");
    const text = say(word, { n: dirty.length });
    save.className = `save save--${state}`;
    const shown = save.querySelector(".save__word");
    if (shown.textContent !== text) shown.textContent = text;
  }
  function notice(q, text, choices = false) {
    const box = q.form.querySelector("[data-notice]");
    box.hidden = !text;
    box.querySelector("p").textContent = text;
    for (const button of box.querySelectorAll("[data-keep]")) button.hidden = !choices;
  }
  function news(text, link = "", url = "") {
    const box = byId("news");
    box.hidden = !text;
    box.querySelector("p").textContent = text;
    const a = box.querySelector("a");
    a.hidden = !url;
    a.textContent = link;
    if (url) a.href = url;
  }

  // ── saving
  function change(q) {
    q.rev = Math.max(q.rev, q.base) + 1;
    q.dirty = true;
    q.parked = tooMany(q);
    if (!q.parked) notice(q, "");
    paint(q);
    paintCounts();
    paintSave();
    pump();
  }

  async function send(q) {
    spend();
    const sent = q.rev;
    const data = new FormData(q.form);
    data.delete("csrfmiddlewaretoken"); // the cookie's token is newer than the page's
    data.set("base", q.base);
    data.set("rev", sent);
    data.set("writer", writer);
    data.set("seconds", Math.round(q.seconds));
    q.busy = true;
    paintSave();
    let reply = null;
    let status = 0;
    try {
      const response = await fetch(q.form.action, {
        method: "POST", body: new URLSearchParams(data), redirect: "error", credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": csrf() }, signal: AbortSignal.timeout(8000),
      });
      status = response.status;
      if (response.headers.get("Content-Type")?.startsWith("application/json")) reply = await response.json();
    } catch { /* no network, no answer in time, or a redirect that is not ours: it stays dirty */ }
    q.busy = false;
    return settle(q, sent, status, reply);
  }

  function settle(q, sent, status, reply) {
    const isOurs = reply !== null && reply.writer === writer && reply.rev === sent;
    if (status === 200 && isOurs && reply.state === "saved") {
      q.base = Math.max(q.base, reply.base);
      if (q.rev === sent) { q.dirty = false; notice(q, ""); }
      trouble = false;
      wait = 1;
      if (!byId("news").dataset.lasting) news("");
      if (reply.build !== body.dataset.build) news(say("build"));
      setClock(reply.left);
    } else if (status === 409 && isOurs) {
      q.parked = true;
      q.stored = reply;
      notice(q, reply.message, true);
    } else if (status === 410 && isOurs) {
      q.parked = true;
      notice(q, reply.message);
      end();
    } else if (status === 401 && reply) {
      news(say("signedout"), say("signin"), words.signinUrl);
      retry();
    } else if (status === 403 && reply) {
      check().finally(retry); // brings a new token
    } else if ((status === 404 || status === 422) && reply) {
      q.parked = true;
      notice(q, reply.message);
    } else {
      trouble = true;
      retry();
    }
    paintSave();
    pump();
  }

  // Level-triggered: whatever is dirty, free and not parked is sent, one per question, up to four at once; one alone after trouble.
  let wait = 1;
  let timer = 0;
  function pump() {
    if (over && performance.now() > endsAt + 15000) return;
    if (timer) return;
    const busy = questions.filter((q) => q.busy).length;
    const ready = questions.filter((q) => q.dirty && !q.parked && !q.busy);
    for (const q of ready.slice(0, Math.max(0, (trouble ? 1 : 4) - busy))) send(q);
  }
  function retry() {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; pump(); }, wait * 1000 * (0.75 + Math.random() / 2));
    wait = Math.min(30, wait * 2);
  }
  addEventListener("online", () => { clearTimeout(timer); timer = 0; wait = 1; pump(); });
  addEventListener("beforeunload", (event) => { if (!over && questions.some((q) => q.dirty)) event.preventDefault(); });

  // ── moving
  function show(target, focus = true) {
    spend();
    const isReview = target === "review";
    here = isReview ? null : at(target);
    for (const q of questions) q.form.hidden = q !== here;
    review.hidden = !isReview;
    document.querySelector(".qlang").hidden = isReview;
    for (const radio of document.querySelectorAll("input[name=qlang]")) if (here) radio.setAttribute("form", here.form.id);
    for (const q of questions) paint(q);
    const query = isReview ? "?review" : `?item=${target}`;
    if (location.search !== query) history.replaceState(null, "", query);
    for (const pop of document.querySelectorAll("[popover]:popover-open")) pop.hidePopover();
    scrollTo(0, 0);
    if (focus) (isReview ? byId("review-h") : here.form.querySelector("h1")).focus({ preventScroll: true });
  }
  const go = (value) => { if (value === "review" || (Number(value) >= 1 && Number(value) <= questions.length)) show(value === "review" ? value : Number(value)); };

  for (const q of questions) {
    q.form.addEventListener("submit", (event) => { event.preventDefault(); if (event.submitter?.name === "go") go(event.submitter.value); });
    q.form.addEventListener("change", (event) => { if (event.target.name !== "qlang") change(q); });
    q.form.querySelector("[data-clear]").addEventListener("click", () => { for (const input of chosen(q)) input.checked = false; change(q); });
    for (const button of q.form.querySelectorAll("[data-keep]")) {
      button.addEventListener("click", () => {
        q.base = q.stored.base;
        if (button.dataset.keep === "stored") {
          for (const input of q.form.querySelectorAll("input[name=answer]")) input.checked = q.stored.answer.includes(input.value);
          for (const input of q.form.querySelectorAll("input[name=struck]")) input.checked = q.stored.struck.includes(Number(input.value));
          q.form.elements.flag.checked = q.stored.flag;
          Object.assign(q, { rev: q.base, dirty: false, parked: false });
          notice(q, "");
          paint(q); paintCounts(); paintSave();
        } else change(q);
      });
    }
  }
  for (const link of document.querySelectorAll("a[data-cell]")) link.addEventListener("click", (event) => { event.preventDefault(); go(link.dataset.cell); });
  document.querySelector("[data-review]").addEventListener("click", (event) => { event.preventDefault(); go("review"); });
  let last = here?.position ?? 1;
  document.querySelector("[data-back]").addEventListener("click", (event) => { event.preventDefault(); go(last); });
  document.addEventListener("click", () => { if (here) last = here.position; }, true);
  for (const radio of document.querySelectorAll("input[name=show]")) radio.addEventListener("change", () => { review.dataset.show = radio.value; });

  // ── keys
  const useKeys = byId("use-keys");
  try { useKeys.checked = localStorage.getItem("mogi-keys") !== "off"; } catch { /* private mode */ }
  useKeys.addEventListener("change", () => { try { localStorage.setItem("mogi-keys", useKeys.checked ? "on" : "off"); } catch { /* as above */ } });
  addEventListener("keydown", (event) => {
    if (!useKeys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open], [popover]:popover-open")) return;
    const key = event.key.toLowerCase();
    const step = here ? here.position : last;
    if (key === "?") byId("keys").showPopover();
    else if (key === "r") go("review");
    else if (key === "n") go(here && step === questions.length ? "review" : here ? step + 1 : step);
    else if (key === "p") go(here ? step - 1 : step);
    else if (key === "m" && here) here.form.elements.flag.click();
    else if (here && /^[1-9]$/.test(key)) {
      const input = here.form.querySelectorAll("input[name=answer]")[Number(key) - 1];
      if (!input) return;
      if (input.type === "radio" && input.checked) { input.checked = false; change(here); } else input.click();
    } else return;
    event.preventDefault();
  });

  // ── time: the server's; this is a picture of it
  let endsAt = performance.now() + Number(body.dataset.left) * 1000;
  const clock = byId("clock");
  const ruler = document.querySelector(".ruler");
  const total = Number(body.dataset.total) * 60;
  const announced = new Set([30, 15, 5, 1].filter((minutes) => Number(body.dataset.left) <= minutes * 60));
  let nextCheck = 300;
  function setClock(left) {
    const wanted = performance.now() + left * 1000;
    if (left > 0 && Math.abs(wanted - endsAt) > 2000) endsAt = wanted;
  }
  function tick() {
    if (over) return;
    const left = Math.max(0, (endsAt - performance.now()) / 1000);
    const whole = Math.ceil(left);
    clock.textContent = `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
    const gone = `${Math.min(100, 100 - (100 * left) / total)}%`;
    ruler.querySelector(".gone").setAttribute("width", gone);
    for (const end of ["x1", "x2"]) ruler.querySelector(".now").setAttribute(end, gone);
    for (const minutes of [30, 15, 5, 1]) {
      if (left <= minutes * 60 && !announced.has(minutes)) {
        announced.add(minutes);
        news(say("left", { n: minutes }));
        if (minutes <= 5) { byId("hide-clock").checked = false; check(); }
      }
    }
    if (left <= 300) byId("hide-clock").disabled = true;
    nextCheck -= 1;
    if (nextCheck <= 0) { nextCheck = 270 + 60 * Math.random(); check(); }
    if (left <= 0) end();
  }
  async function check() {
    try {
      const response = await fetch(body.dataset.time, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!response.ok) return;
      const reply = await response.json();
      if (!Array.isArray(reply.revisions)) return;
      if (reply.state === "finished") { location.assign(body.dataset.result); return; }
      if (reply.state === "closing") { end(); return; }
      setClock(reply.left);
      for (const q of questions) if (!q.dirty && !q.busy && reply.revisions[q.position - 1] > q.base) notice(q, say("elsewhere"));
    } catch { /* the next one will do */ }
  }
  document.addEventListener("visibilitychange", () => { spend(); if (document.visibilityState === "visible") { check(); tick(); } });
  setInterval(tick, 1000);

  // Time is up, or the attempt was finished elsewhere. What was on its way may still arrive; then the server tells the result.
  function end() {
    if (over) return;
    over = true;
    spend();
    for (const pop of document.querySelectorAll("[popover]:popover-open")) pop.hidePopover();
    byId("over").showModal();
    byId("over").addEventListener("cancel", (event) => event.preventDefault());
    clearTimeout(timer); timer = 0; wait = 1;
    pump();
    const since = performance.now();
    const leave = setInterval(() => {
      const waiting = questions.some((q) => q.dirty && !q.parked);
      if (performance.now() - since > (waiting ? 15000 : 2000)) { clearInterval(leave); location.assign(body.dataset.result); }
    }, 250);
  }

  // ── finishing: what is dirty first
  let warned = false;
  byId("finish-form").addEventListener("submit", async (event) => {
    const waiting = () => questions.filter((q) => q.dirty);
    if (warned || !waiting().length) { over = true; return; }
    event.preventDefault();
    clearTimeout(timer); timer = 0;
    pump();
    for (let i = 0; i < 40 && waiting().some((q) => q.busy || !q.parked); i += 1) await new Promise((done) => setTimeout(done, 100));
    if (!waiting().length) { over = true; event.target.submit(); return; }
    warned = true;
    byId("unsaved").hidden = false;
    byId("unsaved").textContent = say("unsavedFinish", { n: waiting().length });
  });

  for (const q of questions) paint(q);
  paintCounts();
  paintSave();
  tick();
  check();
});
