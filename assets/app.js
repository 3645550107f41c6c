// The page's own behaviour: clicks become messages to the server, and what comes back keeps what a person was doing.
// All markup comes from the server; this file makes none but copies of its patterns.

import * as asking from "./asking.js";
import * as card from "./card.js";
import { draw } from "./diff.js";
import * as files from "./files.js";
import * as forms from "./forms.js";
import * as judging from "./judging.js";
import * as knowledge from "./knowledge.js";
import "./learning.js";
import { send } from "./messages.js";
import * as notices from "./notices.js";
import * as people from "./people.js";
import { go, look, markPlace, onMove, place, placeHistory, region, root, writeAddress } from "./place.js";
import * as review from "./review.js";
import * as side from "./side.js";
import "./system.js";
import * as tabs from "./tabs.js";

const REGIONS = ["top", "side", "history", ...asking.SLOTS, "panel", "review", "knowledge", "learning", "comparison", "unaided", "alignment", "people", "system", "account", "toast"];

// --- what comes back ---------------------------------------------------------------------------------------------------

let wasAtBottom = true;
addEventListener("scroll", () => (wasAtBottom = scrollY + innerHeight >= document.body.scrollHeight - 160), { passive: true });

let focused = "";
let field = null; // the control that had the focus last, also when it is drawn anew
addEventListener("focusin", ({ target }) => ((focused = path(target)), (field = target)));

/** A control that stands again after its region was drawn anew has the same test id within the same turn. */
function path(element) {
  const owner = element.closest("[data-turn], [data-case], [data-document], [data-row], [data-entry]");
  const id = element.dataset.testid;
  if (!id) return "";
  const within = owner ? `[${["turn", "case", "document", "row", "entry"].filter((n) => n in owner.dataset).map((n) => `data-${n}="${owner.dataset[n]}"`)}] ` : "";
  return `${within}[data-testid="${id}"]`;
}

const unfolded = new Set(); // what the reader has opened stays open when its region is drawn anew
const noteFold = (details) => unfolded[details.open ? "add" : "delete"](path(details.firstElementChild));
document.addEventListener("toggle", ({ target }) => target.isConnected && noteFold(target), true);

const drawn = new Map(); // region -> the markup that was last seen in it

function changed(id) {
  const markup = region(id).querySelector(".md")?.firstElementChild ?? null;
  if (drawn.get(id) === markup) return; // Gradio touched its own parts only
  drawn.get(id)?.querySelectorAll("details").forEach(noteFold); // of what was opened just now, the browser has not told yet
  drawn.set(id, markup);
  notices.answered();
  if (!asking.SLOTS.includes(id)) tabs.answered();
  forms.restore(region(id));
  for (const details of region(id).querySelectorAll("details")) details.open = unfolded.has(path(details.firstElementChild));
  if (id === "side") markPlace(), side.listed();
  if (id === "history") placeHistory(), region(id).querySelector('[data-testid="note"]')?.scrollIntoView({ block: "nearest" });
  if (id === "history" || asking.SLOTS.includes(id)) {
    const wasFollowing = asking.isFollowing(); // to its end: what one can do about the answer stands under it
    judging.offered(place.view); // before the place of an answer is emptied, as the history shows it already
    asking.placeRunning();
    if (id !== "history" && (wasFollowing || asking.isFollowing()) && wasAtBottom) scrollTo({ top: document.body.scrollHeight });
    asking.forgetReturned();
    if (id === "history") tabs.drawn();
  }
  const panel = id === "panel" && region(id).querySelector(".panel");
  if (panel && (panel.dataset.view ?? place.view) === place.view && card.opens(panel)) {
    const isOpen = root.classList.contains("panel-open");
    if (!isOpen) opener = document.activeElement, openerPath = path(opener);
    root.classList.add("panel-open");
    if (!card.drawn(panel) || !isOpen) region(id).querySelector('[data-do="close-panel"]').focus();
  }
  if (id === "review") review.drawn(region(id));
  if (id === "knowledge") knowledge.drawn();
  if (id === "people" || id === "account") people.drawn(region(id));
  if (id === "toast") knowledge.sampled(), notices.clear(), files.arrived(), showToast();
  for (const place of region(id).querySelectorAll("[data-diff]")) drawCase(place);
  if (id === "top") forms.readBy(region(id).querySelector(".who strong")?.textContent);
  if (document.activeElement === document.body && focused) focusAgain();
  if (id === "panel") card.keepFocus();
}

/** The same control has the focus, and one goes on writing where one was. */
function focusAgain() {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const again = document.querySelector(focused);
  again?.focus({ preventScroll: true });
  if (again?.matches("textarea, input[type=text]") && again.value === value) again.setSelectionRange(start, end);
}

function drawCase(place) {
  const answer = place.dataset.new ?? place.closest("[data-case]")?.querySelector('[data-name="answer"]').value;
  if (answer !== undefined) draw(place, place.dataset.old ?? "", answer);
}

setInterval(() => { // where something is still under way, the page looks again
  const waits = [...document.querySelectorAll("[data-poll]")].some((element) => element.offsetParent);
  if (waits && !asking.isFollowing() && !document.hidden) look();
}, 2_000);

const TOAST_MS = 10_000;
let toastTimer = 0;
function showToast() {
  const toast = region("toast").querySelector(".toast");
  if (!toast) return;
  const isError = toast.classList.contains("error");
  const about = toast.dataset.about;
  if (isError) forms.unlock();
  if (isError && about && asking.failed(about, toast.querySelector("p").textContent)) return notices.closeToast();
  if (isError && about && forms.showError(about, toast.querySelector("p").textContent)) notices.closeToast();
  clearTimeout(toastTimer);
  if (!isError) toastTimer = setTimeout(putToastAway, TOAST_MS);
}

/** Not while somebody is about to press its button. */
function putToastAway() {
  if (!region("toast").querySelector(".toast:is(:hover, :focus-within)")) return notices.closeToast();
  toastTimer = setTimeout(putToastAway, TOAST_MS / 5);
}

notices.watchFailures((words) => { // nothing will come back for what was sent, so it can be done again
  if (!files.failed(words)) notices.say("lost");
  forms.unlock();
  asking.lost();
});
const hasServed = () => Boolean(drawn.get("top"));
notices.watchSession(hasServed, () => { // opened anew the page leads to the sign-in, and from there back to here
  asking.lost();
  location.reload();
});

// --- clicks and keys ---------------------------------------------------------------------------------------------------

const question = () => region("composer").querySelector("textarea");
const ONCE = new Set(["undo", "withdraw", "remove", "same", "different", "unteach", "cancel", "promote", "roll_back"]); // what must not be sent twice by a double click
const acts = {
  ...asking.acts,
  ...judging.acts,
  ...side.acts,
  sidebar: toggleSidebar,
  theme: toggleTheme,
  language: (link) => {
    document.cookie = `language=${link.lang}; path=/; max-age=31536000; samesite=lax`;
    link.href = `/${link.lang}/${location.search}`;
    people.keepLanguage(link.lang);
  },
  submit: (button) => (forms.forget(), button.form.requestSubmit()),
  "close-panel": closePanel,
  "close-toast": (button) => (button.closest(".toast").hidden = true),
  "close-details": (button) => fold(button.closest("details")),
  "close-keys": forms.closeKeys,
  copy: (button) => notices.copy(button.closest(".turn").dataset.text),
  edit: (button) => forms.openEditor(button.closest(".turn")),
  "cancel-edit": (button) => forms.close(button.closest(".turn"), "editor"),
  "save-edit": (button) => forms.saveEdit(button.closest(".turn")),
  reword: (button) => forms.openQuestion(button.closest(".turn")),
  "cancel-reword": (button) => forms.close(button.closest(".turn"), "question"),
  "ask-reworded": (button) => askReworded(button.closest(".turn")),
  ...review.acts,
  "choose-files": files.choose,
};

onMove((isElsewhere) => isElsewhere && notices.closeToast()); // it spoke of the conversation before

function askReworded(turn) {
  const text = turn.querySelector('[data-slot="question"] textarea').value;
  if (!text.trim()) return void turn.querySelector('[data-slot="question"] textarea').focus();
  if (asking.ask({ act: "reword", turn: turn.dataset.turn, text }, text)) forms.close(turn, "question");
}

let pressed = null; // a control that is drawn anew between press and release would get no click
const control = ({ target }) => target.closest("button, summary, a");
document.addEventListener("pointerdown", (event) => (pressed = !event.button && control(event)), true);
document.addEventListener("pointerup", (event) => {
  const again = pressed && !pressed.isConnected && control(event);
  if (again && JSON.stringify(again.dataset) === JSON.stringify(pressed.dataset) && path(again) === path(pressed)) again.click();
}, true);

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.me[open]")) if (!open.contains(event.target)) open.open = false;
  if (root.classList.contains("drawer-open") && !event.target.closest("#side, .drawer")) leaveDrawer();
  const target = event.target.closest("[data-act], [data-do], [data-go], .row-menu a");
  if (!target) return;
  target.closest(".row-menu")?.removeAttribute("open");
  const { act, do: own, go: room, conversation, testid, sent, ...values } = target.dataset;
  if (own) return acts[own]?.(target);
  if (!act && !room) return;
  notices.clear(), notices.closeToast();
  if (room && values.notice) send("frame", { act: "read", notice: values.notice });
  if (room) return go(room, conversation ?? place.view, { isNew: conversation === "" });
  const [to, name] = act.split(".");
  if ("n" in values) values.n = Number(values.n);
  if (conversation !== undefined) values.conversation = conversation;
  if (name === "retry" || name === "another") return asking.ask({ act: name, ...values }, "");
  if ("passage" in values) values.passage = Number(values.passage);
  if (name === "sample") { root.dataset.room = "knowledge"; writeAddress(), markPlace(), look(), knowledge.sampling(); }
  if (name === "rate") (values.rating === "down" ? judging.openReasons : judging.foldReasons)(target.closest(".turn"));
  if (ONCE.has(name)) forms.lock(target);
  send(to, { act: name, ...values });
  if (to === "frame") side.acted(name, conversation);
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const typing = target.matches("input, textarea");
  const editor = target.closest(".editor:not(.rewording)");
  const isSent = key === "Enter" && !event.shiftKey;
  if (event.isComposing || side.renameKey(event) || !target.closest("#panel") && review.key(event)) return;
  if (target.matches(".ask") && isSent) event.preventDefault(), event.repeat || asking.acts.send();
  else if (target.matches(".rewording textarea") && isSent) event.preventDefault(), event.repeat || askReworded(target.closest(".turn"));
  else if (target.matches('[data-testid="pick-text"]') && isSent) judging.search();
  else if (editor && key === "Enter" && (event.ctrlKey || event.metaKey)) event.repeat || forms.saveEdit(editor.closest(".turn"));
  else if (target.matches('[data-testid="comment"]') && key === "Enter") event.repeat || judging.sendReason(target.closest(".turn"));
  else if (key === "Escape") side.endSearch(target) || escape(target);
  else if (key === "k" && (event.ctrlKey || event.metaKey)) event.preventDefault(), side.find();
  else if (!typing && key === "/") event.preventDefault(), goAsk();
  else if (!typing && key === "?") forms.showKeys();
});

/** Where one asks is in the chat, wherever one is. */
function goAsk() {
  if (root.dataset.room !== "chat") go("chat", place.view);
  question().focus();
}

function escape(target) {
  const form = target.closest("[data-slot]");
  if (form) return forms.close(target.closest(".turn"), form.dataset.slot);
  for (const open of document.querySelectorAll("details.me[open]")) fold(open);
  if (root.classList.contains("panel-open")) closePanel();
  if (root.classList.contains("drawer-open")) leaveDrawer();
}

/** The focus goes back to the button that opened it. */
function leaveDrawer() {
  root.classList.remove("drawer-open");
  region("top").querySelector(".drawer").focus();
}

/** The focus goes back to what opened it, and does not get lost with what it was on. */
function fold(details) {
  const hadFocus = details.contains(document.activeElement);
  details.open = false;
  if (hadFocus) details.querySelector("summary").focus();
}

let opener = null;
let openerPath = ""; // where it stands once it was drawn anew
function closePanel() {
  const hadFocus = region("panel").contains(document.activeElement);
  root.classList.remove("panel-open");
  const back = opener?.isConnected && opener !== document.body ? opener : openerPath && document.querySelector(openerPath);
  if (hadFocus) (back || card.origin())?.focus({ preventScroll: true });
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.keep) forms.keep(target);
  if (target.dataset.name === "answer") target.closest("[data-case]").querySelectorAll("[data-diff]").forEach(drawCase);
});

function toggleSidebar() {
  if (innerWidth <= 760) return root.classList.toggle("drawer-open") ? region("side").querySelector(".collapse").focus() : leaveDrawer();
  localStorage.setItem("side", root.classList.toggle("side-closed") ? "closed" : "open");
}

function toggleTheme() {
  const dark = root.classList.contains("dark") || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", !dark);
  root.classList.toggle("light", dark);
  localStorage.setItem("theme", dark ? "light" : "dark");
}

// --- start -------------------------------------------------------------------------------------------------------------

function start() {
  if (!REGIONS.every(region) || !region("composer") || !question()) return false;
  forms.takeUp();
  for (const id of REGIONS) {
    new MutationObserver(() => changed(id)).observe(region(id), { childList: true, subtree: true });
    changed(id);
  }
  for (const slot of asking.SLOTS) region(slot).setAttribute("aria-live", "polite");
  root.classList.toggle("fresh", place.view === "");
  return true;
}
if (!start()) {
  const wait = new MutationObserver(() => start() && wait.disconnect());
  wait.observe(root, { childList: true, subtree: true });
}
