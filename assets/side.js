// The list of conversations: find, rename in place, and the menu of each. What was looked for, how much of it is listed,
// where one is in it, and a title that is being written stay when it is drawn anew.

import { follows } from "./asking.js";
import { go, place, region, root } from "./place.js";
import { send } from "./messages.js";

const FIND_MS = 150;
const LOOK_MS = 2_000;
const finder = () => region("side").querySelector("[data-find]");
const list = () => region("side").querySelector(".conversations");
let waiting = 0;
let pages = 1;
let scrolled = 0;
let renaming = null; // {id, title}: what is being written, and for which conversation

document.addEventListener("input", ({ target }) => {
  if (target !== finder()) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => ((pages = 1), (scrolled = 0), search()), FIND_MS);
});

setInterval(() => { // what another page asked for ends without a word to this one
  const running = [...region("side")?.querySelectorAll(".entry-row:has(.pulse)") ?? []];
  if (!document.hidden && running.some((row) => !follows(row.dataset.entry))) search();
}, LOOK_MS);

/** Asks for the list as it is now, and for how much waits. */
export const search = () => send("frame", { act: "find", text: finder().value, conversation: place.view, pages });

/** What is listed is what was looked for, and as much of it as was wanted; until then the place in it waits. */
export function listed() {
  const field = finder();
  if (!field) return;
  const shown = region("side").querySelector(".side").dataset;
  const isOther = field.value.trim() !== shown.query;
  list().scrollTop = scrolled;
  if (isOther || Number(shown.pages) !== pages) search();
  else list().addEventListener("scroll", ({ target }) => (scrolled = target.scrollTop), { passive: true });
  if (renaming) takeUpRename();
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
  renaming = { id: row.dataset.entry, title: row.dataset.title };
  openRename(row).select();
}

function takeUpRename() {
  const row = region("side").querySelector(`[data-entry="${renaming.id}"]`);
  if (row) openRename(row);
}

function openRename(row) {
  const label = row.querySelector(".conversation");
  const field = document.getElementById("rename-pattern").content.cloneNode(true).querySelector("input");
  field.value = renaming.title;
  label.hidden = true;
  label.before(field);
  field.focus();
  field.addEventListener("input", () => (renaming.title = field.value));
  field.addEventListener("blur", () => setTimeout(() => isLeft(field) && closeRename(field)));
  return field;
}

/** Not where the list was drawn anew, nor where one only looks at another window. */
const isLeft = (field) => field.isConnected && document.activeElement !== field;

function closeRename(field) {
  renaming = null;
  field.nextElementSibling.hidden = false;
  field.remove();
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
  closeRename(field);
  row.querySelector(".conversation").focus();
  return true;
}

/** The menu of a conversation stands beside its button, wherever the list is scrolled. */
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".row-menu") || !target.open) return;
  const { bottom, right, top } = target.getBoundingClientRect();
  const menu = target.querySelector(".menu");
  if (!menu.hasChildNodes()) fill(menu, target.closest("[data-entry]"));
  const isBelow = bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.insetBlockStart = `${isBelow ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px`;
  menu.style.insetInlineStart = `${Math.max(8, right - menu.offsetWidth)}px`;
}, true);

function fill(menu, row) {
  const { entry: id, pinned } = row.dataset;
  menu.append(document.getElementById("menu-pattern").content.cloneNode(true));
  menu.querySelector(`[data-on="${pinned === undefined ? "false" : "true"}"]`).remove();
  for (const item of menu.querySelectorAll("[data-conversation]")) item.dataset.conversation = id;
  for (const link of menu.querySelectorAll("[data-export]")) link.href = `/export/${id}.${link.dataset.export}`;
}

/** What else follows from an act on a conversation: who deletes the one they read begins a new one. */
export function acted(name, conversation) {
  if (name === "delete" && conversation === place.view) go("chat", "", { isNew: true });
  if (name === "restore") go("chat", conversation);
}

export const acts = { rename, "more-conversations": () => (pages++, search()) };
