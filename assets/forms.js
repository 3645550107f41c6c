// The forms that a person writes in: the editor of a correction, one's own question in other words, the reasons of a
// rating, which open inside a turn, and the fields of a case. What was typed is kept here, so that a region that is drawn anew loses nothing.

import { draw } from "./diff.js";
import { drawReasons } from "./judging.js";
import { send } from "./messages.js";
import { onMove } from "./place.js";

const LOCK_MS = 10_000;
const drafts = new Map(); // turn id -> {editor, reasons}: what is written in each form, and whether it stands open
const typed = new Map(); // case and field -> what a reviewer has written there

const question = () => document.querySelector("#composer textarea");
let isLeaving = false;

// Gradio opens the page anew by itself once a lost line is back; a person may do so as well.
addEventListener("pagehide", () => {
  if (isLeaving) return sessionStorage.clear();
  endSaved();
  sessionStorage.setItem("typed", JSON.stringify({ question: question()?.value ?? "", drafts: [...drafts], typed: [...typed] }));
});

onMove((isElsewhere) => isElsewhere && endSaved());

/** Reasons that are saved, with no word to keep, need not stand open when somebody comes back. */
function endSaved() {
  for (const kept of drafts.values()) if (kept.reasons?.reason && !kept.reasons.comment.trim()) delete kept.reasons;
}

/** What stood in the forms of this tab before the page was opened anew. */
export function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem("typed") ?? "{}");
  if (!question().value) question().value = kept.question ?? "";
  for (const [turn, written] of kept.drafts ?? []) drafts.set(turn, written);
  for (const [field, written] of kept.typed ?? []) typed.set(field, written);
}

/** Somebody else may have signed in where a session had ended: what was written before is not theirs to see. */
export function readBy(name) {
  const before = sessionStorage.getItem("reader");
  if (!name || name === before) return;
  sessionStorage.setItem("reader", name);
  if (before !== null) forget(), location.reload();
}

/** The person signs out: nothing that they wrote stays in the tab. */
export const forget = () => (isLeaving = true);

export const pattern = (name) => document.getElementById(`${name}-pattern`).content.cloneNode(true);
export const note = (turn) => turn.querySelector(":scope > .reply > .note");
export const slot = (turn, name) => turn.querySelector(`[data-slot="${name}"]`);
export const draft = (turn) => drafts.get(turn.dataset.turn) ?? drafts.set(turn.dataset.turn, {}).get(turn.dataset.turn);
const DRAW = { editor: drawEditor, reasons: (...given) => drawReasons(...given), question: drawQuestion };

/** `given` is what led here: a kind, perhaps words to begin with; without it the pencil opens the editor, or closes it. */
export function openEditor(turn, given) {
  const isNew = !draft(turn).editor;
  const kept = (draft(turn).editor ??= { answer: turn.dataset.answer, kind: "fact", error: "", isSent: false });
  const isUntouched = kept.answer === turn.dataset.answer;
  if (!given && slot(turn, "editor").hasChildNodes() && isUntouched) return close(turn, "editor");
  note(turn)?.remove();
  if (given) Object.assign(kept, { kind: given.kind, answer: (isNew || isUntouched) && given.answer || kept.answer });
  if (given || !slot(turn, "editor").hasChildNodes()) drawEditor(turn, kept);
  slot(turn, "editor").querySelector("textarea").focus();
  slot(turn, "editor").scrollIntoView({ block: "nearest" });
}

/** One's own question, to be asked in other words. */
export function openQuestion(turn) {
  const kept = (draft(turn).question ??= { text: turn.dataset.question });
  drawQuestion(turn, kept);
  slot(turn, "question").querySelector("textarea").focus();
}

function drawQuestion(turn, kept) {
  const place = slot(turn, "question");
  place.replaceChildren(pattern("reword"));
  const area = place.querySelector("textarea");
  area.value = kept.text;
  area.addEventListener("input", () => (kept.text = area.value));
}

/** Ends a form, and with it what was written there. */
export function close(turn, name) {
  delete draft(turn)[name];
  slot(turn, name).replaceChildren();
  turn.querySelector(`[data-do="${name === "question" ? "reword" : "edit"}"]`).focus({ preventScroll: true });
}

function drawEditor(turn, kept) {
  const place = slot(turn, "editor");
  place.replaceChildren(pattern("editor"));
  const area = place.querySelector("textarea");
  const error = place.querySelector("[data-error]");
  const show = () => draw(place.querySelector("[data-diff]"), turn.dataset.answer, area.value);
  area.value = kept.answer;
  error.textContent = kept.error;
  for (const radio of place.querySelectorAll("input[type=radio]")) {
    radio.name = `kind-${turn.dataset.turn}`;
    radio.checked = radio.value === kept.kind;
    radio.addEventListener("change", () => Object.assign(kept, { kind: radio.value, isSent: false }));
  }
  area.addEventListener("input", () => {
    Object.assign(kept, { answer: area.value, error: "", isSent: false });
    error.textContent = "";
    show();
  });
  show();
}

/** The server closes the form by drawing the turn with a note; until then it stands as it is, and is not sent twice. */
export function saveEdit(turn) {
  const button = slot(turn, "editor").querySelector('[data-do="save-edit"]');
  if (button.disabled) return;
  const { editor: kept, reasons } = draft(turn);
  kept.isSent = true;
  if (reasons && !reasons.comment.trim()) reasons.isSent = true; // the edit says it all
  lock(button);
  send("chat", { act: "correct", turn: turn.dataset.turn, answer: kept.answer, kind: kept.kind });
}

/** A button that was pressed waits for its answer, which draws it anew or says what went wrong. */
export function lock(...buttons) {
  for (const button of buttons) Object.assign(button, { disabled: true }).dataset.sent = "";
  setTimeout(() => unlock(buttons), LOCK_MS);
}

export function unlock(buttons = document.querySelectorAll("[data-sent]")) {
  for (const button of buttons) button.disabled = false, delete button.dataset.sent;
}

/** What a reviewer writes stays with its case, also while another is open. */
export const keep = (field) => typed.set(field.dataset.keep, field.value);

/** What was written there has served. */
export function unkeep(field) {
  if (field && typed.delete(field.dataset.keep)) field.value = "";
}

/** After a region was drawn anew: what was written stands there again; a form that was sent ends with the turn's note. */
export function restore(region) {
  for (const turn of region.querySelectorAll("[data-turn]:has([data-slot])")) {
    const kept = drafts.get(turn.dataset.turn) ?? {};
    for (const [name, form] of Object.entries(kept)) {
      if (form.isSent && note(turn)) {
        delete kept[name];
        if (document.activeElement === document.body && !Object.values(kept).some((open) => !open.isSent)) turn.querySelector('[data-do="edit"]').focus({ preventScroll: true });
      }
      else if (!form.isFolded && !slot(turn, name).hasChildNodes()) DRAW[name](turn, form);
    }
  }
  for (const field of region.querySelectorAll("[data-keep]"))
    if (typed.has(field.dataset.keep)) field.value = typed.get(field.dataset.keep);
}

/** Shows an error in the form it is about; false when there is no such form. */
export function showError(about, message) {
  const [kind, id] = about.split(":");
  const form = { editor: `[data-turn="${id}"] .editor`, case: `[data-case="${id}"]`, form: `[data-form="${id}"]`, passage: `[data-passage="${id}"]` }[kind];
  const place = document.querySelector(`${form} [data-error]`);
  if (!place) return false;
  const kept = drafts.get(id)?.editor;
  if (kept) Object.assign(kept, { error: message, isSent: false });
  place.textContent = message;
  return true;
}

export function showKeys() {
  if (document.querySelector("dialog")) return;
  const dialog = document.createElement("dialog");
  dialog.append(pattern("keys"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export const closeKeys = (button) => button.closest("dialog").close();
