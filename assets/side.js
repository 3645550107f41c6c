// The list of conversations: find, rename in place, and the menu of each. What was looked for stays when it is drawn anew.

import { go, place, region, root } from "./place.js";
import { send } from "./messages.js";

const FIND_MS = 150;
const finder = () => region("side").querySelector("[data-find]");
let waiting = 0;

document.addEventListener("input", ({ target }) => {
  if (target !== finder()) return;
  clearTimeout(waiting);
  waiting = setTimeout(search, FIND_MS);
});

const search = () => send("frame", { act: "find", text: finder().value, conversation: place.view });

/** What is listed is what was looked for. */
export function listed() {
  const field = finder();
  if (field && field.value.trim() !== region("side").querySelector(".side").dataset.query) search();
}

/** Goes to the search, wherever one is. */
export function find() {
  root.classList.remove("side-closed");
  if (innerWidth <= 760) root.classList.add("drawer-open");
  finder().focus();
}

/** Empties the search; true where there was one. */
export function endSearch(field) {
  if (field !== finder() || !field.value) return false;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function rename(button) {
  const row = button.closest("[data-entry]");
  row.querySelector("details").open = false;
  const label = row.querySelector(".conversation");
  const field = document.getElementById("rename-pattern").content.cloneNode(true).querySelector("input");
  field.value = row.dataset.title;
  label.hidden = true;
  label.before(field);
  field.select(), field.focus();
  field.addEventListener("blur", () => (field.remove(), (label.hidden = false)));
}

/** Enter in a title: it is the new one. Esc leaves it as it was. True where it was one of these. */
export function renameKey(event) {
  const { target: field, key } = event;
  if (!("rename" in field.dataset) || (key !== "Enter" && key !== "Escape")) return false;
  event.preventDefault(); // the focus goes to a button, which Enter would press
  const row = field.closest("[data-entry]");
  const title = field.value.trim();
  if (key === "Enter" && title && title !== row.dataset.title) {
    row.querySelector(".conversation > span").textContent = row.dataset.title = title;
    send("frame", { act: "rename", conversation: row.dataset.entry, title });
  }
  field.blur();
  row.querySelector(".conversation").focus();
  return true;
}

/** The menu of a conversation stands beside its button, wherever the list is scrolled. */
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".row-menu") || !target.open) return;
  const { bottom, right, top } = target.getBoundingClientRect();
  const menu = target.querySelector(".menu");
  const isBelow = bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.insetBlockStart = `${isBelow ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px`;
  menu.style.insetInlineStart = `${Math.max(8, right - menu.offsetWidth)}px`;
}, true);

/** What else follows from an act on a conversation: who deletes the one they read begins a new one. */
export function acted(name, conversation) {
  if (name === "delete" && conversation === place.view) go("chat", "", { isNew: true });
  if (name === "restore") go("chat", conversation);
}

export const acts = { rename };
