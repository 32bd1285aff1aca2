// A question is a form; what it shows is what the candidate wants.
import { all, say, writer } from "./page.js";

export const questions = all("form.q").map((form) => ({
  form,
  position: Number(form.dataset.position),
  kind: form.dataset.kind,
  choose: Number(form.dataset.choose),
  isChoice: ["single", "multiple"].includes(form.dataset.kind),
  // what was agreed with the server
  writer,
  base: Number(form.dataset.base), // last revision told by the server
  was: null, // and all that was stored then
  rev: Number(form.dataset.base), // ours
  dirty: false, // not acknowledged
  parked: false, // dirty, and waits for the candidate
  busy: false, // on its way
  inherited: [], // left unsent by an earlier page; goes first, as it was
  seconds: Number(form.elements.seconds.value),
}));
export const at = (position) => questions[position - 1];

const answers = (q) => all("input[name^=answer]", q.form);
const chosen = (q) => answers(q).filter((input) => input.checked);
export const count = (q) => chosen(q).length;
export const isTooMany = (q) => q.isChoice && q.kind === "multiple" && count(q) > q.choose;
export const isComplete = (q) => count(q) === q.choose;
export const isPartly = (q) => count(q) > 0 && !isComplete(q);

// Whether the form shows something else than the page sent.
export const isTouched = (q) => all("input:not([type=hidden], [name=qlang])", q.form).some((input) => input.checked !== input.defaultChecked)
  || q.form.elements.note.value !== q.form.elements.note.defaultValue;

// All of the question, in words of the wire.
export function read(q) {
  return {
    answer: chosen(q).map((input) => input.value),
    flag: q.form.elements.flag.checked,
    struck: all("input[name=struck]:checked", q.form).map((input) => Number(input.value)),
    note: q.form.elements.note.value,
  };
}

export function write(q, { answer, flag, struck, note }) {
  for (const input of answers(q)) input.checked = answer.includes(input.value);
  for (const input of all("input[name=struck]", q.form)) input.checked = struck.includes(Number(input.value));
  q.form.elements.flag.checked = flag;
  if (note !== undefined && q.form.elements.note.value !== note) {
    q.form.elements.note.value = note;
    q.form.querySelector(".qnote").open = note !== "";
  }
  paint(q);
}

// The server has this.
export function agree(q, stored) {
  write(q, stored);
  q.was = read(q);
}

export function clear(q) {
  for (const input of chosen(q)) input.checked = false;
}

// A place of an ordering is taken once: who had it gets the one given up for it.
export function exchange(q, input) {
  if (q.kind !== "ordering") return;
  const [row, place] = input.value.split(":");
  const rival = chosen(q).find((other) => other !== input && other.value.endsWith(`:${place}`));
  if (!rival) return;
  rival.checked = false;
  const left = q.words.find((word) => word.startsWith(`${row}:`))?.split(":")[1];
  const swapped = left && answers(q).find((other) => other.value === `${rival.value.split(":")[0]}:${left}`);
  if (swapped) swapped.checked = true;
}

// The answer as a person reads it, such as "B" or "A2, B1".
export function spoken(q, words) {
  const label = (word) => {
    const input = answers(q).find((other) => other.value === word);
    const own = input?.parentElement.querySelector(".oval").textContent ?? "";
    return q.isChoice ? own : `${input?.closest(".mrow").querySelector(".mrow__tag").textContent ?? ""}–${own}`;
  };
  return words.map(label).join(", ") || say("nothing");
}

// painting
export const state = { here: questions.find((q) => !q.form.hidden) ?? null };

export function paint(q) {
  const { answer, flag } = read(q);
  q.words = answer; // as they were before the next change
  for (const cell of all(`[data-cell="${q.position}"]`)) {
    cell.classList.toggle("qcell--done", isComplete(q));
    cell.classList.toggle("qcell--part", isPartly(q));
    cell.classList.toggle("qcell--flag", flag);
    cell.classList.toggle("qcell--unsaved", q.dirty);
    cell.classList.toggle("qcell--here", q === state.here);
    if (q === state.here) cell.setAttribute("aria-current", "step"); else cell.removeAttribute("aria-current");
  }
  const hint = q.form.querySelector("[data-choose-n]");
  if (hint && count(q)) {
    hint.textContent = say(isTooMany(q) ? "over" : "chosen", { n: count(q), choose: q.choose, more: count(q) - q.choose });
  } else if (hint) {
    q.hint ??= hint.textContent;
    hint.textContent = q.hint;
  }
  hint?.classList.toggle("choose-n--over", isTooMany(q));
  paintCounts();
}

let waiting = false;
function paintCounts() { // once, however many questions were painted
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    const answered = questions.filter(isComplete).length;
    const partly = questions.filter(isPartly).length;
    const numbers = {
      answered, partly,
      open: questions.length - answered - partly,
      missing: questions.length - answered,
      flagged: questions.filter((q) => q.form.elements.flag.checked).length,
      unsaved: questions.filter((q) => q.dirty).length,
    };
    for (const cell of all("[data-count]")) cell.textContent = numbers[cell.dataset.count];
    for (const button of all("[data-walk]")) button.disabled = !numbers[button.dataset.walk];
  });
}

// What this question has to say. `theirs` is another page's answer, to choose from.
export function notice(q, text, theirs = null) {
  const box = q.form.querySelector("[data-notice]");
  box.hidden = !text;
  box.querySelector("p").textContent = text;
  const other = box.querySelector("[data-theirs]");
  other.hidden = theirs === null;
  other.textContent = theirs === null ? "" : say("theirs", { answer: spoken(q, theirs) });
  for (const button of all("[data-keep]", box)) button.hidden = theirs === null;
}
