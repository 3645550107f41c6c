// Files that are dropped or chosen go to Gradio's upload; while they are on their way, and when they do not arrive, the drop area says so.

import { clear, say } from "./notices.js";

const input = () => document.querySelector("#files input[type=file]");

export const choose = () => input().click();

/** The server has said what became of them. */
export function arrived() {
  for (const area of document.querySelectorAll(".drop.sending")) area.classList.remove("sending");
}

/** True when files were on their way: they did not arrive, and `words` of the failure tell why. */
export function failed(words) {
  if (!document.querySelector(".drop.sending")) return false;
  arrived();
  say(/\b413\b/.test(words) ? "too-large" : "not-sent");
  return true;
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
  if (!target.closest("#files")) return;
  clear();
  for (const area of document.querySelectorAll(".drop")) area.classList.add("sending");
});
