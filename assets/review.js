// Review: the list and its filters, the case that is open, several at once, and all of it by keyboard. Each message
// carries the view, so that the list stays as it was.

import { lock, unkeep } from "./forms.js";
import { send } from "./messages.js";
import { go, reviewing } from "./place.js";

const SEARCH_MS = 300;
const AWAIT_MS = 10_000;
const room = () => document.getElementById("review");
const one = (selector) => room().querySelector(selector);
const all = (selector) => [...room().querySelectorAll(selector)];
const current = () => one("[data-case]");
const entries = () => all("[data-entry]");

const view = () => JSON.parse(one("[data-view]")?.dataset.view ?? "{}");
const tell = (act, values = {}) => send("review", { act, view: view(), ...values });

// --- the list ----------------------------------------------------------------------------------------------------------

let searched = null; // what is being typed in the search, before the list answers to it
let waiting = 0;

function filter(field) {
  const { filter: name } = field.dataset;
  const value = name === "days" ? Number(field.value) : field.value;
  send("review", { act: "case", view: { ...view(), ...(searched === null ? {} : { text: searched }), [name]: value, pages: 1 } });
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("select[data-filter]")) filter(target);
  if (target.matches("[data-assign]")) tell("assign", { case: target.dataset.assign, person: target.value });
  if (target.matches("[data-choose]")) choose(target);
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches('[data-filter="text"]')) return;
  searched = target.value;
  clearTimeout(waiting);
  waiting = setTimeout(() => filter(target), SEARCH_MS);
});

/** Where the list goes on after the open case is decided: the one below it, or else the one above. */
function next(ref = current()?.dataset.ref) {
  const refs = entries().map((entry) => entry.dataset.entry);
  const at = refs.indexOf(ref);
  return refs[at + 1] ?? refs[at - 1] ?? "";
}

function open(ref) {
  reading = true;
  if (document.documentElement.dataset.room !== "review") go("review");
  const isOnItsWay = isAwaiting();
  const isThere = ref === current()?.dataset.ref; // already, and is not drawn anew
  expect(isThere && !isOnItsWay ? "" : ref);
  if (isOnItsWay) return; // it is asked for once the one before is there, as answers may come in any order
  if (isThere) return showReading(true);
  demand(ref);
}

let asked = ""; // the case that was asked for last
let awaited = ""; // the one that is wanted: until it is drawn, nothing is decided about the one before

function demand(ref) {
  asked = ref;
  tell("case", { case: ref });
}

function expect(ref) {
  awaited = ref;
  current()?.toggleAttribute("data-waiting", isAwaiting());
  if (ref) setTimeout(() => ref === awaited && expect(""), AWAIT_MS); // the server is away
}

const isAwaiting = () => awaited !== "" && awaited !== current()?.dataset.ref;

function move(step) {
  const refs = entries().map((entry) => entry.dataset.entry);
  const ref = refs[refs.indexOf(isAwaiting() ? awaited : current()?.dataset.ref) + step];
  if (ref) open(ref);
}

// --- the case ----------------------------------------------------------------------------------------------------------

let decided = { ref: "", at: 0 };
let reading = false; // on a phone one sees the list or the case

const value = (name) => current().querySelector(`[data-name="${name}"]`)?.value ?? "";

/** Sends what a reviewer decided about the open case. */
function decide(name, more = {}) {
  if (isAwaiting()) return;
  const { case: id, ref, revision } = current().dataset;
  // The next case slides under the pointer: the second half of a double click is not about it.
  if (ref !== decided.ref && performance.now() - decided.at < 1_000) return;
  const buttons = [...current().querySelectorAll(".row [data-do]")];
  if (!buttons.length || buttons.some((button) => button.disabled)) return;
  decided = { ref, at: performance.now() };
  if (ref.startsWith("example:")) return decideExample(ref, name, buttons);
  const isTurn = ref.startsWith("turn:");
  const message = { next: next(), ...more };
  if (isTurn) message.turn = id;
  else message.correction = id;
  if (revision && name !== "replace") message.revision = Number(revision);
  if (name === "approve" || name === "replace") Object.assign(message, { question: value("question"), answer: value("answer") });
  if (name === "approve" || name === "reject" || name === "resolve") message.reason = value("reason");
  if (name === "answer") Object.assign(message, { answer: value("answer"), kind: one('[name="case-kind"]:checked').value });
  lock(...buttons);
  chosen.delete(ref); // decided alone, it is none of several
  tell(name, message);
}

/** An example is decided as one of several: nothing in it can be worded anew. */
function decideExample(ref, name, buttons) {
  const reason = value("reason");
  if (name === "reject" && !reason.trim()) return void edit("reason");
  lock(...buttons);
  chosen.delete(ref);
  tell("decide", { chosen: { [ref]: null }, verdict: name, reason, next: next() });
}

const isTurn = () => current().dataset.ref.startsWith("turn:");

function undo(button) {
  lock(button);
  const { turn, correction, cases } = button.dataset;
  if (cases) return tell("undecide", { decided: cases.split(" ") });
  tell(...(turn ? ["reopen", { turn }] : ["undo", { correction }]));
}

export const acts = {
  "open-case": (button) => open(button.dataset.ref),
  "more-cases": () => send("review", { act: "case", view: { ...view(), pages: (view().pages ?? 1) + 1 }, case: current()?.dataset.ref ?? "" }),
  "clear-filters": () => ((searched = null), send("review", { act: "case", view: { text: view().text ?? "" } })),
  careful: () => send("review", { act: "case", view: { ...view(), careful: true } }),
  "all-cases": () => send("review", { act: "case", view: { ...view(), careful: false } }),
  "compute-curve": (button) => (lock(button), tell("compute")),
  "case-back": () => showReading(false),
  "case-skip": () => open(next()),
  approve: () => decide(isTurn() ? "answer" : "approve"),
  reject: () => decide(isTurn() ? "resolve" : "reject"),
  replace: () => decide("replace"),
  "show-again": () => decide("resolve", { show_again: true }),
  "review-undo": undo,
  "review-withdraw": (button) => (lock(button), tell("withdraw", { correction: button.dataset.correction, next: next() })),
  "bulk-approve": (button) => bulk(button, "approve"),
  "bulk-reject": (button) => bulk(button, "reject"),
  "bulk-clear": () => (chosen.clear(), settleChosen(), showChosen()),
};

// --- several at once ---------------------------------------------------------------------------------------------------

const chosen = new Map(); // case -> the revision that was read
const sent = new Set(); // those of them that were sent to be decided: chosen until the list is without them

function choose({ checked, dataset }) {
  sent.clear();
  if (checked) chosen.set(dataset.choose, dataset.revision ? Number(dataset.revision) : null);
  else chosen.delete(dataset.choose);
  showChosen();
}

function showChosen() {
  for (const box of all("[data-choose]")) box.checked = chosen.has(box.dataset.choose);
  const bar = one(".bulk");
  if (!bar) return;
  bar.hidden = chosen.size === 0;
  const count = bar.querySelector("[data-bulk-count]");
  count.textContent = count.dataset.bulkCount.replace("{count}", chosen.size);
}

function bulk(button, verdict) {
  const reason = one("[data-bulk-reason]");
  if (button.disabled) return;
  const error = one("[data-bulk-error]");
  const isMissing = verdict === "reject" && !reason.value.trim();
  error.textContent = isMissing ? error.dataset.bulkError : "";
  if (isMissing) return reason.focus();
  lock(button);
  for (const ref of chosen.keys()) sent.add(ref);
  const ref = current()?.dataset.ref ?? "";
  tell("decide", { chosen: Object.fromEntries(chosen), verdict, reason: reason.value, next: chosen.has(ref) ? "" : ref });
}

/** What was decided is chosen no more; what could not be, and all where nobody answers, is chosen still. */
function settleChosen() {
  const listed = new Set(entries().map((entry) => entry.dataset.entry));
  for (const ref of sent) if (!listed.has(ref)) chosen.delete(ref), sent.delete(ref);
  if (chosen.size === 0) unkeep(one("[data-bulk-reason]"));
}

// --- by keyboard -------------------------------------------------------------------------------------------------------

const approve = () => acts[current().querySelector('.row [data-do="approve"], .row [data-do="replace"]')?.dataset.do]?.();

/** With several chosen, the verdicts are about those, as the bar says. */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => chosen.size ? one('[data-do="bulk-approve"]').click() : approve(),
  e: () => edit("answer"),
  r: () => chosen.size ? one('[data-do="bulk-reject"]').click() : value("reason").trim() ? acts.reject() : edit("reason"),
  u: () => document.querySelector('#toast .toast:not([hidden]) [data-testid="undo-review"]')?.click(),
  x: () => one(`[data-entry="${current().dataset.ref}"] [data-choose]`)?.click(),
};

function edit(name) {
  const field = current().querySelector(`[data-name="${name}"]`);
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

/** True when the key was meant for the review. */
export function key(event) {
  const { target } = event;
  if (document.documentElement.dataset.room !== "review" || !current() || document.querySelector("dialog")) return false;
  if (target.matches("[data-case] textarea")) return keyInField(event);
  if (target.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key) || !(event.key in KEYS)) return false;
  event.preventDefault();
  if (!isAwaiting() || "jk".includes(event.key)) KEYS[event.key]();
  return true;
}

/** Esc goes back to the case; Ctrl+Enter sends what the field is for. */
function keyInField(event) {
  const isSent = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (event.key !== "Escape" && !isSent) return false;
  event.preventDefault();
  if (isSent && !event.repeat) event.target.dataset.name === "reason" ? acts.reject() : approve();
  if (!isSent) current().focus({ preventScroll: true });
  return true;
}

// --- after the room was drawn anew -------------------------------------------------------------------------------------

let scrolled = 0;
let seen = "";

function showReading(isReading) {
  reading = isReading;
  one(".reviewing")?.classList.toggle("reading", reading);
  if (reading) current()?.focus({ preventScroll: true });
}

/** The list keeps its place, the search what was typed, and the next case slides in and has the keys. */
export function drawn() {
  const list = one(".cases");
  if (list) list.scrollTop = scrolled, list.addEventListener("scroll", () => (scrolled = list.scrollTop), { passive: true });
  const search = one('[data-filter="text"]');
  if (search && searched !== null && search.value !== searched) search.value = searched;
  if (search && search.value === (view().text ?? "")) searched = null;
  settleChosen(), showChosen();
  const place = current();
  expect(isAwaiting() && entries().some((entry) => entry.dataset.entry === awaited) ? awaited : "");
  if (awaited && asked !== awaited) demand(awaited);
  if (one("[data-view]")) reviewing(one("[data-view]").dataset.view, place?.dataset.ref ?? "");
  one(".reviewing")?.classList.toggle("reading", reading && place !== null);
  if (!place) return void (reading = false);
  const isNew = seen !== "" && seen !== place.dataset.ref;
  seen = place.dataset.ref;
  if (!isNew) return;
  place.classList.add("arriving");
  one(`[data-entry="${seen}"]`)?.scrollIntoView({ block: "nearest" });
  if (!document.activeElement?.matches("#review input, #review select")) place.focus({ preventScroll: true });
}
