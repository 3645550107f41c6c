// The page's own behaviour: clicks become messages to the server, and what comes back keeps what a person was doing.
// All markup comes from the server; this file makes none but copies of its patterns.

import { closeKeys, draft, openEditor, openReasons, restore, saveEdit, sendReason, showError, showKeys } from "./forms.js";
import { draw } from "./diff.js";

const root = document.documentElement;
const region = (id) => document.getElementById(id);
const REGIONS = ["top", "side", "history", "running", "panel", "review", "knowledge", "toast"];

// --- messages to the server --------------------------------------------------------------------------------------------

const outbox = [];

/** Sends `message` to a room; one at a time, as each is the value of one hidden field. */
export function send(room, message) {
  outbox.push([room, message]);
  if (outbox.length === 1) post();
}

function post() {
  const [room, message] = outbox[0];
  const field = document.querySelector(`#to-${room} textarea`);
  const text = JSON.stringify(message);
  // A trailing space makes a repeated message a changed value; JSON does not mind it.
  field.value = field.value === text ? text + " " : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => { outbox.shift(); if (outbox.length) post(); }, 60);
}

// --- where the reader is -----------------------------------------------------------------------------------------------

let view = new URLSearchParams(location.search).get("c") ?? "";
let visit = 0; // tells one new conversation, which has no id yet, from the next
let run = null; // {id, view, visit, text}: the answer that is being written, and where it was asked

function go(room, conversation = "", { isNew = false, remember = true } = {}) {
  root.dataset.room = room;
  root.classList.remove("drawer-open");
  if (room === "chat") {
    view = conversation;
    if (isNew) visit++;
    root.classList.remove("panel-open");
  }
  if (remember) writeAddress();
  send("frame", { act: "go", room, conversation: view });
  if (room === "chat" && !conversation) region("composer").querySelector("textarea").focus();
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

/** The running turn belongs to the conversation it was asked in: elsewhere it stays out of sight. */
function placeRunning() {
  const turn = region("running").querySelector("[data-run]");
  if (!turn) return;
  const isMine = run?.id === turn.dataset.run;
  if (!turn.hasAttribute("data-done")) return void (turn.hidden = !isMine || !isHere(run));
  if (isMine) {
    if (isHere(run)) view = turn.dataset.view, writeAddress();
    endRun(false);
  }
  const id = turn.querySelector("[data-turn]").dataset.turn;
  turn.hidden = turn.dataset.view !== view || region("history").querySelector(`[data-turn="${id}"]`) !== null;
}

// --- what comes back ---------------------------------------------------------------------------------------------------

const atBottom = () => scrollY + innerHeight >= document.body.scrollHeight - 160;
let wasAtBottom = true;
addEventListener("scroll", () => (wasAtBottom = atBottom()), { passive: true });

let focused = "";
addEventListener("focusin", (event) => (focused = path(event.target)));

/** A control that stands again after its region was drawn anew has the same test id within the same turn. */
function path(element) {
  const owner = element.closest("[data-turn], [data-case], [data-document]");
  const id = element.dataset.testid;
  if (!id) return "";
  const within = owner ? `[${["turn", "case", "document"].filter((n) => n in owner.dataset).map((n) => `data-${n}="${owner.dataset[n]}"`)}] ` : "";
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
  restore(region(id));
  for (const details of region(id).querySelectorAll("details")) details.open = unfolded.has(path(details.firstElementChild));
  if (id === "history" || id === "running") {
    region("running").ariaBusy = String(Boolean(run)); // read out once it is whole
    placeRunning();
    if (id === "running" && run && wasAtBottom) scrollTo({ top: document.body.scrollHeight });
  }
  if (id === "panel" && region(id).querySelector(".panel")) {
    root.classList.add("panel-open");
    region(id).querySelector('[data-do="close-panel"]').focus();
  }
  if (id === "toast") showToast();
  for (const place of region(id).querySelectorAll("[data-diff]")) drawCase(place);
  if (document.activeElement === document.body && focused) document.querySelector(focused)?.focus({ preventScroll: true });
}

function drawCase(place) {
  const answer = place.dataset.new ?? place.closest("[data-case]")?.querySelector('[data-name="answer"]').value;
  if (answer !== undefined) draw(place, place.dataset.old ?? "", answer);
}

// Where something is still under way, the page looks again.
setInterval(() => {
  const waits = [...document.querySelectorAll("[data-poll]")].some((element) => element.offsetParent);
  if (waits && !run && !document.hidden) send("frame", { act: "go", room: root.dataset.room, conversation: view });
}, 2_000);

let toastTimer = 0;
function showToast() {
  const toast = region("toast").querySelector(".toast");
  if (!toast) return;
  const isError = toast.classList.contains("error");
  const about = toast.dataset.about;
  if (isError && run && (about === run.id || !about)) endRun(true);
  if (isError && about && showError(about, toast.querySelector("p").textContent)) toast.hidden = true;
  clearTimeout(toastTimer);
  if (!isError) toastTimer = setTimeout(() => (toast.hidden = true), 10_000);
}

// --- clicks and keys ---------------------------------------------------------------------------------------------------

const acts = {
  send: sendQuestion,
  stop: stopRun,
  sidebar: toggleSidebar,
  theme: toggleTheme,
  language: (link) => {
    document.cookie = `language=${link.lang}; path=/; max-age=31536000; samesite=lax`;
    link.href = `/${link.lang}/${location.search}`;
  },
  submit: (button) => button.form.requestSubmit(),
  "close-panel": () => root.classList.remove("panel-open"),
  "close-toast": () => (region("toast").querySelector(".toast").hidden = true),
  "close-details": (button) => (button.closest("details").open = false),
  "close-keys": closeKeys,
  copy: (button) => navigator.clipboard?.writeText(button.closest(".turn").dataset.answer),
  edit: (button) => openEditor(button.closest(".turn")),
  "cancel-edit": (button) => draft.close(button.closest(".turn")),
  "save-edit": (button) => saveEdit(button.closest(".turn"), send),
  reason: (button) => {
    for (const other of button.parentElement.children) other.ariaPressed = String(other === button && other.ariaPressed !== "true");
  },
  "send-reason": (button) => sendReason(button.closest(".turn"), send),
  approve: (button) => decide(button, "approve"),
  reject: (button) => decide(button, "reject"),
  "choose-files": () => document.querySelector("#files input[type=file]").click(),
};

function stopRun() {
  const stopped = run;
  send("chat", { act: "stop", run: run.id });
  setTimeout(() => run === stopped && endRun(true), 5_000); // the server is away: the question comes back
}

function decide(button, act) {
  const place = button.closest("[data-case]");
  const value = (name) => place.querySelector(`[data-name="${name}"]`).value;
  const message = { act, correction: place.dataset.case, reason: value("reason") };
  if (act === "approve") Object.assign(message, { question: value("question"), answer: value("answer") });
  send("review", message);
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.me[open]")) if (!open.contains(event.target)) open.open = false;
  if (root.classList.contains("drawer-open") && !event.target.closest("#side, .drawer")) root.classList.remove("drawer-open");
  const target = event.target.closest("[data-act], [data-do], [data-go]");
  if (!target) return;
  const { act, do: own, go: room, conversation, testid, keep, ...values } = target.dataset;
  if (room) return go(room, conversation ?? view, { isNew: conversation === "" });
  if (own) return acts[own]?.(target);
  const [to, name] = act.split(".");
  if ("n" in values) values.n = Number(values.n);
  if (name === "retry") return ask({ act: name, ...values }, "");
  if (name === "sample") { root.dataset.room = "knowledge"; writeAddress(); send("frame", { act: "go", room: "knowledge", conversation: view }); }
  if (name === "rate" && values.rating === "down") openReasons(target.closest(".turn"));
  if (name === "rate" && values.rating === "up") draft.close(target.closest(".turn"));
  send(to, { act: name, ...values });
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const typing = target.matches("input, textarea");
  const editor = target.closest(".editor");
  if (event.isComposing) return;
  if (target.matches(".ask") && key === "Enter" && !event.shiftKey) event.preventDefault(), sendQuestion();
  else if (editor && key === "Enter" && (event.ctrlKey || event.metaKey)) saveEdit(editor.closest(".turn"), send);
  else if (target.matches('[data-testid="comment"]') && key === "Enter") sendReason(target.closest(".turn"), send);
  else if (key === "Escape") escape(target);
  else if (!typing && key === "/") event.preventDefault(), field().focus();
  else if (!typing && key === "?") showKeys();
});

function escape(target) {
  const turn = target.closest(".turn");
  if (target.closest(".editor, .reasons")) return draft.close(turn);
  for (const open of document.querySelectorAll("details.me[open]")) open.open = false;
  root.classList.remove("panel-open", "drawer-open");
}

document.addEventListener("input", ({ target }) => {
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

// --- files -------------------------------------------------------------------------------------------------------------

function dropping(event) {
  const area = event.target.closest?.(".drop");
  if (!area || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  area.classList.toggle("over", event.type === "dragover");
  if (event.type !== "drop") return;
  const input = document.querySelector("#files input[type=file]");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropping);
document.addEventListener("change", ({ target }) => target.closest("#files") && document.querySelector(".drop")?.classList.add("sending"));

// --- start -------------------------------------------------------------------------------------------------------------

function start() {
  if (!REGIONS.every(region) || !region("composer")) return false;
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
