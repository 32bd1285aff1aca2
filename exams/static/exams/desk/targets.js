// What a prompt matches is chosen from the targets that the form holds at this moment, saved or not.
const GONE = "-gone-"; // an id that no target has
const chosen = new WeakMap(); // of each list: the row that it names
const language = document.documentElement.lang;

const rows = () => [...document.querySelectorAll("#options-group .inline-related:not(.empty-form)")];
const field = (row, name) => row.querySelector(`[name$='-${name}']`);
const isDeleted = (row) => field(row, "DELETE")?.checked ?? false;

function idOf(row) {
  const code = field(row, "code");
  return code ? code.value.trim() || code.name.replace(/-code$/, "-new") : "";
}

function wordsOf(row) {
  const areas = [...row.querySelectorAll("textarea[name*='-text__']")].sort((one) => (one.lang === language ? -1 : 1));
  const words = areas.map((area) => area.value.trim().replaceAll(/\s+/g, " ")).find(Boolean) ?? "";
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

function asList(input) {
  const list = document.createElement("select");
  for (const { name, value } of input.attributes) if (!["type", "value", "maxlength"].includes(name)) list.setAttribute(name, value);
  list.add(new Option(`(${input.dataset.none})`, "", !input.value, !input.value));
  if (input.value) list.add(new Option(input.value, input.value, true, true));
  input.replaceWith(list);
}

function fill(list, wanted, value) {
  const now = [...list.options].map((option) => [option.value, option.text]);
  if (JSON.stringify(now) !== JSON.stringify(wanted)) {
    const first = [...list.options].find((option) => option.defaultSelected)?.value ?? "";
    list.replaceChildren(...wanted.map(([id, words]) => new Option(words, id, id === first)));
  }
  list.value = value;
}

// Every list shows the rows that match nothing themselves; what it names stays in it, whatever becomes of that row.
export function keepTargets() {
  const all = rows().filter((row) => field(row, "target"));
  const lists = all.map((row) => [row, field(row, "target")]);
  for (const [, list] of lists) {
    if (!list.value || chosen.has(list)) continue;
    const row = all.find((one) => idOf(one) === list.value);
    if (row) chosen.set(list, row);
  }
  const targets = all.filter((row) => !field(row, "target").value && !isDeleted(row) && wordsOf(row));
  for (const [row, list] of lists) {
    const named = list.value && chosen.get(list);
    const wanted = [["", `(${list.dataset.none})`], ...targets.filter((one) => one !== row).map((one) => [idOf(one), wordsOf(one)])];
    let value = list.value;
    if (named && !named.isConnected) wanted.push([(value = GONE), list.dataset.gone]);
    else if (named) {
      value = idOf(named);
      if (!targets.includes(named)) wanted.push([value, wordsOf(named) || value]);
    } else if (value) wanted.push([value, value === GONE ? list.dataset.gone : value]);
    fill(list, wanted, value);
  }
}

// A text that comes back from the browser's memory may name a target that its list does not show yet.
export function chooseTarget(list, value) {
  if (value && ![...list.options].some((option) => option.value === value)) list.add(new Option(value, value));
  list.value = value;
  chosen.delete(list);
}

for (const input of document.querySelectorAll("#options-group input[name$='-target']")) asList(input);
document.addEventListener("change", (event) => {
  if (event.target.matches("select[name$='-target']")) chosen.delete(event.target);
}, true);
