// The calculator, where the exam offers one: four functions, one operation at a time, as the small ones go.
import { all, byId } from "./page.js";

const calculator = byId("calculator");
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

export function toggle() {
  calculator.togglePopover();
  calculator.querySelector("[data-calc='=']").focus();
}
