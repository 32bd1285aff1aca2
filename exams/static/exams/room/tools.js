// Highlights, which stay in this browser, and the language of one question.
import { all, attempt, byId, news, person, say } from "./page.js";
import * as keeping from "./keeping.js";
import { questions, state } from "./questions.js";

// painted by the browser; the markup is not touched
const supported = "highlights" in (globalThis.CSS ?? {});
const marks = supported ? new Highlight() : null;
if (supported) CSS.highlights.set("mogi", marks);
let highlights = []; // {position, block (nth text of the question), start, end (characters)}

const blocks = (position) => all(".bi", questions[position - 1].form);

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
  keeping.keep(attempt, person, "highlights", highlights);
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
  if (!found) { news(say("chooseFirst"), 0); return; }
  news("");
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
  highlights = (await keeping.kept(attempt, person, "highlights")) ?? [];
  if (highlights.length) paintMarks();
}

// this question in the other language
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
