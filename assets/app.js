// The page's own behaviour: clicks become messages to the server, and what comes back keeps what a person was doing.
// All markup comes from the server; this file makes none but copies of its patterns.

import { draw } from "./diff.js";
import * as files from "./files.js";
import * as forms from "./forms.js";
import { send } from "./messages.js";
import * as notices from "./notices.js";
import * as people from "./people.js";

const root = document.documentElement;
const region = (id) => document.getElementById(id);
const REGIONS = ["top", "side", "history", "running", "panel", "review", "knowledge", "people", "account", "toast"];

// --- where the reader is -----------------------------------------------------------------------------------------------

let view = new URLSearchParams(location.search).get("c") ?? "";
let isArriving = true; // what the address names may be gone: the first conversation shown is then the server's choice
let visit = 0; // tells one new conversation, which has no id yet, from the next
let run = null; // {id, view, visit, text}: the answer that is being written, and where it was asked

function go(room, conversation = "", { isNew = false, remember = true } = {}) {
  root.dataset.room = room;
  root.classList.remove("drawer-open");
  if (room === "chat") {
    if (isNew || view !== conversation) closeToast(); // it spoke of the one before
    view = conversation;
    if (isNew) visit++;
    isArriving = false;
    root.classList.remove("panel-open");
  }
  if (remember) writeAddress();
  markPlace(), hideOther(), placeRunning();
  look();
  if (room === "chat" && !conversation) region("composer").querySelector("textarea").focus();
}

const look = () => send("frame", { act: "go", room: root.dataset.room, conversation: view });

/** The side marks where the reader is, also when what the server last said of it is older. */
function markPlace() {
  for (const button of region("side").querySelectorAll("[data-go]")) {
    const { go: room, conversation } = button.dataset;
    const isHere = room === root.dataset.room && (conversation ?? view) === view && conversation !== "";
    button.ariaCurrent = isHere ? "page" : null;
  }
}

/** A conversation other than the one that the next question goes to stays out of sight. */
function hideOther() {
  const shown = region("history").querySelector(".transcript");
  return root.classList.toggle("elsewhere", shown !== null && shown.dataset.view !== view);
}

let askingAgain = 0; // answers to two quick clicks may come in either order
function placeHistory() {
  const shown = region("history").querySelector(".transcript");
  if (isArriving && shown) view = shown.dataset.view, isArriving = false, writeAddress();
  clearTimeout(askingAgain);
  if (hideOther()) askingAgain = setTimeout(() => hideOther() && look(), 200);
}

function writeAddress() {
  const query = new URLSearchParams(location.search);
  query.delete("room"), query.delete("c");
  if (root.dataset.room !== "chat") query.set("room", root.dataset.room);
  if (view) query.set("c", view);
  const address = query.size ? `${location.pathname}?${query}` : location.pathname;
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
}

addEventListener("popstate", () => {
  const query = new URLSearchParams(location.search);
  go(query.get("room") ?? "chat", query.get("c") ?? "", { remember: false });
});

// --- asking ------------------------------------------------------------------------------------------------------------

const field = () => region("composer").querySelector("textarea");

function ask(message, text) {
  if (run) return;
  run = { id: crypto.randomUUID?.() ?? String(Math.random()), view, visit, text };
  isArriving = false;
  closeToast();
  root.classList.add("busy");
  root.classList.remove("panel-open");
  send("ask", { ...message, run: run.id });
  requestAnimationFrame(() => scrollTo({ top: document.body.scrollHeight }));
}

function sendQuestion() {
  const text = field().value;
  if (!text.trim() || run) return field().focus();
  field().value = "";
  ask({ act: "ask", text, conversation: view }, text);
}

function endRun(failed) {
  if (failed && run?.text && !field().value) field().value = run.text;
  run = null;
  root.classList.remove("busy");
}

const isHere = (asked) => asked.view === view && (view !== "" || asked.visit === visit);
/** The running turn is seen only in the conversation it was asked in, and once it is done only until the history has it. */
function placeRunning() {
  const turn = region("running").querySelector("[data-run]");
  if (!turn) return;
  const isMine = run?.id === turn.dataset.run;
  if (!turn.hasAttribute("data-done")) return void (turn.hidden = !isMine || !isHere(run));
  if (isMine) {
    if (isHere(run)) view = turn.dataset.view, writeAddress(), markPlace();
    endRun(false);
  }
  const id = turn.querySelector("[data-turn]")?.dataset.turn;
  if (turn.dataset.view !== view || region("history").querySelector(`[data-turn="${id}"]`)) turn.replaceChildren();
}

// --- what comes back ---------------------------------------------------------------------------------------------------

let wasAtBottom = true;
addEventListener("scroll", () => (wasAtBottom = scrollY + innerHeight >= document.body.scrollHeight - 160), { passive: true });

let focused = "";
addEventListener("focusin", (event) => (focused = path(event.target)));

/** A control that stands again after its region was drawn anew has the same test id within the same turn. */
function path(element) {
  const owner = element.closest("[data-turn], [data-case], [data-document], [data-row]");
  const id = element.dataset.testid;
  if (!id) return "";
  const within = owner ? `[${["turn", "case", "document", "row"].filter((n) => n in owner.dataset).map((n) => `data-${n}="${owner.dataset[n]}"`)}] ` : "";
  return `${within}[data-testid="${id}"]`;
}

const unfolded = new Set(); // what the reader has opened stays open when its region is drawn anew
document.addEventListener("toggle", ({ target }) => {
  if (target.isConnected) unfolded[target.open ? "add" : "delete"](path(target.firstElementChild));
}, true);

const drawn = new Map(); // region -> the markup that was last seen in it

function changed(id) {
  const markup = region(id).querySelector(".md")?.firstElementChild ?? null;
  if (drawn.get(id) === markup) return; // Gradio touched its own parts only
  drawn.set(id, markup);
  notices.answered();
  forms.restore(region(id));
  for (const details of region(id).querySelectorAll("details")) details.open = unfolded.has(path(details.firstElementChild));
  if (id === "side") markPlace();
  if (id === "history") placeHistory(), region(id).querySelector('[data-testid="note"]')?.scrollIntoView({ block: "nearest" });
  if (id === "history" || id === "running") {
    region("running").ariaBusy = String(Boolean(run)); // read out once it is whole
    placeRunning();
    if (id === "running" && run && wasAtBottom) scrollTo({ top: document.body.scrollHeight });
  }
  if (id === "panel" && region(id).querySelector(".panel")?.dataset.view === view) {
    root.classList.add("panel-open");
    region(id).querySelector('[data-do="close-panel"]').focus();
  }
  if (id === "review") forms.showCase(region(id));
  if (id === "people" || id === "account") people.showSecret(region(id));
  if (id === "toast") notices.clear(), files.arrived(), showToast();
  for (const place of region(id).querySelectorAll("[data-diff]")) drawCase(place);
  if (document.activeElement === document.body && focused) document.querySelector(focused)?.focus({ preventScroll: true });
}

function drawCase(place) {
  const answer = place.dataset.new ?? place.closest("[data-case]")?.querySelector('[data-name="answer"]').value;
  if (answer !== undefined) draw(place, place.dataset.old ?? "", answer);
}

setInterval(() => { // where something is still under way, the page looks again
  const waits = [...document.querySelectorAll("[data-poll]")].some((element) => element.offsetParent);
  if (waits && !run && !document.hidden) look();
}, 2_000);

let toastTimer = 0;
const closeToast = () => region("toast").querySelector(".toast")?.setAttribute("hidden", "");
function showToast() {
  const toast = region("toast").querySelector(".toast");
  if (!toast) return;
  const isError = toast.classList.contains("error");
  const about = toast.dataset.about;
  if (isError) forms.unlock();
  if (isError && run && (about === run.id || !about)) endRun(true);
  if (isError && about && forms.showError(about, toast.querySelector("p").textContent)) closeToast();
  clearTimeout(toastTimer);
  if (!isError) toastTimer = setTimeout(closeToast, 10_000);
}

notices.watchFailures((words) => { // nothing will come back for what was sent, so it can be done again
  if (!files.failed(words)) notices.say("lost");
  forms.unlock();
  if (run) region("running").querySelector("[data-run]:not([data-done])")?.setAttribute("hidden", ""), endRun(true);
});

// --- clicks and keys ---------------------------------------------------------------------------------------------------

const ONCE = new Set(["undo", "withdraw", "remove", "sample"]); // what must not be sent twice by a double click
const acts = {
  send: sendQuestion,
  stop: stopRun,
  sidebar: toggleSidebar,
  theme: toggleTheme,
  language: (link) => {
    document.cookie = `language=${link.lang}; path=/; max-age=31536000; samesite=lax`;
    link.href = `/${link.lang}/${location.search}`;
    people.keepLanguage(link.lang);
  },
  submit: (button) => (forms.forget(), button.form.requestSubmit()),
  "close-panel": () => root.classList.remove("panel-open"),
  "close-toast": (button) => (button.closest(".toast").hidden = true),
  "close-details": (button) => (button.closest("details").open = false),
  "close-keys": forms.closeKeys,
  copy: (button) => notices.copy(button.closest(".turn").dataset.answer),
  edit: (button) => forms.openEditor(button.closest(".turn")),
  "cancel-edit": (button) => forms.close(button.closest(".turn"), "editor"),
  "save-edit": (button) => forms.saveEdit(button.closest(".turn")),
  "send-reason": (button) => forms.sendReason(button.closest(".turn")),
  approve: (button) => forms.decide(button, "approve"),
  reject: (button) => forms.decide(button, "reject"),
  "choose-files": files.choose,
};

function stopRun() {
  const stopped = run;
  send("chat", { act: "stop", run: run.id });
  setTimeout(() => run === stopped && endRun(true), 5_000); // the server is away: the question comes back
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.me[open]")) if (!open.contains(event.target)) open.open = false;
  if (root.classList.contains("drawer-open") && !event.target.closest("#side, .drawer")) root.classList.remove("drawer-open");
  const target = event.target.closest("[data-act], [data-do], [data-go]");
  if (!target) return;
  const { act, do: own, go: room, conversation, testid, sent, ...values } = target.dataset;
  if (own) return acts[own]?.(target);
  notices.clear();
  if (room) return go(room, conversation ?? view, { isNew: conversation === "" });
  const [to, name] = act.split(".");
  if ("n" in values) values.n = Number(values.n);
  if (name === "retry") return ask({ act: name, ...values }, "");
  if (name === "sample") { root.dataset.room = "knowledge"; writeAddress(), markPlace(), look(); }
  if (name === "rate") (values.rating === "down" ? forms.openReasons : forms.foldReasons)(target.closest(".turn"));
  if (ONCE.has(name)) forms.lock(target);
  send(to, { act: name, ...values });
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const typing = target.matches("input, textarea");
  const editor = target.closest(".editor");
  if (event.isComposing) return;
  if (target.matches(".ask") && key === "Enter" && !event.shiftKey) event.preventDefault(), event.repeat || sendQuestion();
  else if (editor && key === "Enter" && (event.ctrlKey || event.metaKey)) event.repeat || forms.saveEdit(editor.closest(".turn"));
  else if (target.matches('[data-testid="comment"]') && key === "Enter") event.repeat || forms.sendReason(target.closest(".turn"));
  else if (key === "Escape") escape(target);
  else if (!typing && key === "/") event.preventDefault(), field().focus();
  else if (!typing && key === "?") forms.showKeys();
});

function escape(target) {
  const form = target.closest("[data-slot]");
  if (form) return forms.close(target.closest(".turn"), form.dataset.slot);
  for (const open of document.querySelectorAll("details.me[open]")) open.open = false;
  root.classList.remove("panel-open", "drawer-open");
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.keep) forms.keep(target);
  if (target.dataset.name === "answer") target.closest("[data-case]").querySelectorAll("[data-diff]").forEach(drawCase);
});

function toggleSidebar() {
  if (innerWidth <= 760) return root.classList.toggle("drawer-open");
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
  if (!REGIONS.every(region) || !region("composer") || !field()) return false;
  forms.takeUp();
  for (const id of REGIONS) {
    new MutationObserver(() => changed(id)).observe(region(id), { childList: true, subtree: true });
    changed(id);
  }
  region("running").setAttribute("aria-live", "polite");
  return true;
}
if (!start()) {
  const wait = new MutationObserver(() => start() && wait.disconnect());
  wait.observe(root, { childList: true, subtree: true });
}
