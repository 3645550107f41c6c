// Files that are dropped or chosen go to Gradio's upload; while they are on their way, and when they do not arrive, the drop area says so.

import { say } from "./notices.js";

const input = () => document.querySelector("#files input[type=file]");
const areas = () => document.querySelectorAll(".drop");

export const choose = () => input().click();

/** True when files were on their way: they did not arrive, and `words` of the failure tell why. */
export function failed(words) {
  const waiting = document.querySelectorAll(".drop.sending");
  for (const area of waiting) area.classList.remove("sending");
  if (waiting.length) say(/\b413\b/.test(words) ? "too-large" : "not-sent");
  return waiting.length > 0;
}

function dropping(event) {
  const area = event.target.closest?.(".drop");
  if (!area || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  area.classList.toggle("over", event.type === "dragover");
  if (event.type !== "drop") return;
  input().files = event.dataTransfer.files;
  input().dispatchEvent(new Event("change", { bubbles: true }));
}

for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropping);
document.addEventListener("change", ({ target }) => {
  if (target.closest("#files")) for (const area of areas()) area.classList.add("sending");
});
