// What the checker says is moved to its fields; what has not changed there is left alone, with what is typed in it.
const form = document.getElementById("question_form");
const panel = document.getElementById("findings");
const told = document.getElementById("findings-said");
const shown = new WeakMap(); // of each place beside a field: what it was given

const places = () => form.querySelectorAll(".beside[id$='_findings']");

function say(place, words) {
  const html = words?.innerHTML ?? "";
  if ((shown.get(place) ?? "") === html) return;
  shown.set(place, html);
  place.replaceChildren(...(words?.childNodes ?? []));
}

function move() {
  const found = new Map([...panel.querySelectorAll("[data-at]")].map((words) => [words.dataset.at, words]));
  for (const place of places()) say(place, found.get(place.id));
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
  document.body.addEventListener("htmx:afterSettle", (event) => { if (event.target === panel) move(); });
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
