// What the checker says is moved to its fields; what has not changed there is left alone, with what is typed in it.
const form = document.getElementById("question_form");
const panel = document.getElementById("findings");
const told = document.getElementById("findings-said");
const shown = new WeakMap(); // of each place beside a field: what it was given

const places = () => form.querySelectorAll(".beside[id$='_findings']");

function say(place, words, isAnswer) {
  const html = words?.innerHTML ?? "";
  if ((shown.get(place) ?? "") === html) return;
  if (!isAnswer && place.querySelector("input:focus")) return; // a reason is being written
  shown.set(place, html);
  place.replaceChildren(...(words?.childNodes ?? []));
}

function move(isAnswer) {
  const found = new Map([...panel.querySelectorAll("[data-at]")].map((words) => [words.dataset.at, words]));
  for (const place of places()) say(place, found.get(place.id), isAnswer);
  const sum = panel.querySelector(".findings__sum")?.textContent ?? "";
  if (told.textContent !== sum) told.textContent = sum;
}

// Rows that are added, removed or moved take other numbers; Django's script changes ids, but not what refers to them.
function refer() {
  for (const input of form.querySelectorAll("#options-group [aria-describedby], #references-group [aria-describedby]")) {
    const [row] = input.id.match(/(options|references)-(\d+|__prefix__)/) ?? [];
    const now = input.getAttribute("aria-describedby").replaceAll(/(options|references)-(\d+|__prefix__)/g, row);
    if (row) input.setAttribute("aria-describedby", now);
  }
}

if (panel) {
  for (const place of places()) shown.set(place, place.innerHTML);
  for (const group of ["options-group", "references-group"]) {
    const rows = document.querySelector(`#${group} > fieldset`);
    rows?.setAttribute("aria-describedby", `${group}_findings`);
    rows?.querySelector("h2")?.after(document.getElementById(`${group}_findings`));
  }
  document.body.addEventListener("htmx:afterSettle", (event) => { if (event.target === panel) move(event.detail.requestConfig?.elt !== panel); });
  // A text that was checked already is not sent again: its answer would take the place of what was said of a reason.
  let checked = "";
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith("_reason_")));
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== panel) return;
    const now = typed();
    if (now === checked) event.preventDefault();
    checked = now;
  });
  for (const type of ["htmx:sendError", "htmx:responseError"]) document.body.addEventListener(type, () => { checked = ""; });
  for (const type of ["formset:added", "formset:removed"]) document.addEventListener(type, () => setTimeout(refer)); // once they are numbered
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field?.matches("input, textarea, select")) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  });
  // A reason is no part of the question.
  for (const type of ["input", "change"]) {
    form.addEventListener(type, (event) => { if (event.target.closest(".findings")) event.stopImmediatePropagation(); }, true);
  }
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(".findings input")) return;
    event.preventDefault();
    event.target.closest(".finding").querySelector("button").click();
  });
}
