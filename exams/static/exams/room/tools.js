// Tools on the desk: highlights, calculator, languages, notes. What they keep beside the answers stays in this browser.
import { all, attempt, byId, news, person, say } from "./page.js";
import * as mirror from "./mirror.js";
import { questions, state } from "./questions.js";

// ── highlights: ranges of text, painted by the browser; the page's markup is not touched
const supported = "highlights" in (globalThis.CSS ?? {});
const marks = supported ? new Highlight() : null;
if (supported) CSS.highlights.set("mogi", marks);
let highlights = []; // {position, block, start, end}: the nth text block of a question, offsets in its characters

const blocks = (position) => all(".bi", questions[position - 1].form);

// The range between two offsets in the characters of an element.
function rangeIn(element, start, end) {
  const range = new Range();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (start >= passed && start <= passed + node.length) range.setStart(node, start - passed);
    if (end <= passed + node.length) { range.setEnd(node, end - passed); return range; }
    passed += node.length;
  }
  return null;
}

function offsetIn(element, node, offset) {
  const range = new Range();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

function paintMarks() {
  marks.clear();
  for (const { position, block, start, end } of highlights) {
    const element = blocks(position)[block];
    const range = element && rangeIn(element, start, end);
    if (range) marks.add(range);
  }
  mirror.keep(attempt, person, "highlights", highlights);
}

export function highlight() {
  if (!supported || !state.here) return;
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  let found = false;
  blocks(state.here.position).forEach((element, block) => {
    if (!range?.intersectsNode(element)) return;
    const start = element.contains(range.startContainer) ? offsetIn(element, range.startContainer, range.startOffset) : 0;
    const end = element.contains(range.endContainer) ? offsetIn(element, range.endContainer, range.endOffset) : element.textContent.length;
    if (end <= start) return;
    found = true;
    const same = (one) => one.position === state.here.position && one.block === block && one.start < end && one.end > start;
    const touched = highlights.filter(same);
    highlights = highlights.filter((one) => !same(one));
    if (!touched.length) highlights.push({ position: state.here.position, block, start, end });
  });
  if (!found) { news(say("chooseFirst")); return; }
  selection.removeAllRanges();
  paintMarks();
}

export function unhighlight() {
  if (!supported || !state.here) return;
  highlights = highlights.filter((one) => one.position !== state.here.position);
  paintMarks();
}

export async function wake() {
  if (!supported) { for (const button of all("[data-tool$=highlight]")) button.hidden = true; return; }
  highlights = (await mirror.kept(attempt, person, "highlights")) ?? [];
  if (highlights.length) paintMarks();
}

// ── this question in the other language
const languages = all("input[name=qlang]");
const current = () => languages.find((radio) => radio.checked)?.value;
export function paintLanguage(q) {
  const button = q.form.querySelector("[data-other-language]");
  if (!button) return;
  const shown = q.form.dataset.language ?? current();
  const other = languages.find((radio) => radio.value !== shown).value;
  button.querySelector("[data-name]").lang = other;
  button.dataset.otherLanguage = other;
  button.querySelector("[data-name]").textContent = byId("words").dataset[`in${other[0].toUpperCase()}${other.slice(1)}`];
}
export function otherLanguage(q) {
  const button = q.form.querySelector("[data-other-language]");
  if (!button) return;
  const other = button.dataset.otherLanguage;
  if (other === current()) delete q.form.dataset.language; else q.form.dataset.language = other;
  paintLanguage(q);
}
for (const radio of languages) {
  radio.addEventListener("change", () => {
    for (const q of questions) { delete q.form.dataset.language; paintLanguage(q); }
  });
}

// ── calculator: as those with four functions go, one operation at a time
const calculator = byId("calculator");
if (calculator) {
  const out = calculator.querySelector("output");
  let [entry, kept, operation, isFresh] = ["0", null, null, true];
  const show = (number) => (Number.isFinite(number) ? String(Number(number.toPrecision(12))) : "E");
  const compute = () => {
    const [a, b] = [kept, Number(entry)];
    return { "+": a + b, "−": a - b, "×": a * b, "÷": a / b }[operation];
  };
  const press = (key) => {
    if (entry === "E" && key !== "C") return;
    if (key === "C") [entry, kept, operation, isFresh] = ["0", null, null, true];
    else if (/\d/.test(key)) { entry = isFresh || entry === "0" ? key : entry + key; isFresh = false; }
    else if (key === ".") { if (isFresh) entry = "0"; if (!entry.includes(".")) entry += "."; isFresh = false; }
    else if (key === "⌫") entry = isFresh || entry.length < 2 || entry.length === 2 && entry[0] === "-" ? "0" : entry.slice(0, -1);
    else if (key === "±") entry = entry.startsWith("-") ? entry.slice(1) : entry === "0" ? entry : `-${entry}`;
    else {
      if (operation && !isFresh) entry = show(compute());
      kept = Number(entry);
      operation = key === "=" ? null : key;
      isFresh = true;
    }
    entry = entry.slice(0, 14);
    out.textContent = entry.replace("-", "−");
  };
  for (const button of all("[data-calc]", calculator)) button.addEventListener("click", () => press(button.dataset.calc));
  const typed = { "/": "÷", "*": "×", "-": "−", Enter: "=", Backspace: "⌫", Delete: "C", ",": "." };
  calculator.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { calculator.hidePopover(); return; }
    const key = typed[event.key] ?? event.key;
    const button = all("[data-calc]", calculator).find((one) => one.dataset.calc === key);
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && document.activeElement !== out && document.activeElement.dataset.calc) return; // presses that key
    press(key);
    event.preventDefault();
    event.stopPropagation();
  });
}
export function toggleCalculator() {
  if (!calculator) return;
  calculator.togglePopover();
  calculator.querySelector("[data-calc='=']").focus();
}
