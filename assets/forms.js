// The forms that open inside a turn: the editor of a correction and the reasons of a rating.
// What a person has typed is kept here, so that a region that is drawn anew loses nothing.

import { draw } from "./diff.js";

const open = new Map(); // turn id -> {pattern, values}

const pattern = (name) => document.getElementById(`${name}-pattern`).content.cloneNode(true);
const note = (turn) => turn.querySelector(":scope > .reply > .note");
const slot = (turn, name) => turn.querySelector(`[data-slot="${name}"]`);

export const draft = {
  close(turn) {
    open.delete(turn.dataset.turn);
    for (const name of ["editor", "reasons"]) slot(turn, name).replaceChildren();
    turn.querySelector('[data-do="edit"]').focus({ preventScroll: true });
  },
};

export function openEditor(turn) {
  if (open.get(turn.dataset.turn)?.pattern === "editor") return draft.close(turn);
  open.set(turn.dataset.turn, { pattern: "editor", answer: turn.dataset.answer, kind: "fact", error: "" });
  slot(turn, "reasons").replaceChildren();
  note(turn)?.remove();
  drawEditor(turn).focus();
  slot(turn, "editor").scrollIntoView({ block: "nearest" });
}

export function openReasons(turn) {
  open.set(turn.dataset.turn, { pattern: "reasons", reason: "", comment: "" });
  slot(turn, "editor").replaceChildren();
  note(turn)?.remove();
  drawReasons(turn);
}

function drawEditor(turn) {
  const kept = open.get(turn.dataset.turn);
  const place = slot(turn, "editor");
  place.replaceChildren(pattern("editor"));
  const area = place.querySelector("textarea");
  area.value = kept.answer;
  for (const radio of place.querySelectorAll("input[type=radio]")) {
    radio.name = `kind-${turn.dataset.turn}`;
    radio.checked = radio.value === kept.kind;
    radio.addEventListener("change", () => (kept.kind = radio.value));
  }
  const show = () => draw(place.querySelector("[data-diff]"), turn.dataset.answer, area.value);
  area.addEventListener("input", () => { kept.answer = area.value; kept.error = ""; place.querySelector("[data-error]").textContent = ""; show(); });
  place.querySelector("[data-error]").textContent = kept.error;
  show();
  return area;
}

function drawReasons(turn) {
  const place = slot(turn, "reasons");
  place.replaceChildren(pattern("reasons"));
  const kept = open.get(turn.dataset.turn);
  for (const chip of place.querySelectorAll("[data-reason]")) {
    chip.ariaPressed = String(chip.dataset.reason === kept.reason);
    chip.addEventListener("click", () => setTimeout(() => (kept.reason = pressed(place))));
  }
  const comment = place.querySelector("input");
  comment.value = kept.comment;
  comment.addEventListener("input", () => (kept.comment = comment.value));
}

const pressed = (place) => place.querySelector('[data-reason][aria-pressed="true"]')?.dataset.reason ?? "";

/** The server closes the form by drawing the turn with a note; until then it stays as it is. */
export function saveEdit(turn, send) {
  const { answer, kind } = open.get(turn.dataset.turn);
  send("chat", { act: "correct", turn: turn.dataset.turn, answer, kind });
}

export function sendReason(turn, send) {
  const { reason, comment } = open.get(turn.dataset.turn);
  const message = { act: "rate", turn: turn.dataset.turn, rating: "down" };
  if (reason) message.reason = reason;
  if (comment.trim()) message.comment = comment;
  send("chat", message);
}

/** After a region was drawn anew: forms that were open stand open again; a turn with a note is done with its form. */
export function restore(region) {
  for (const turn of region.querySelectorAll("[data-turn]:has([data-slot])")) {
    const kept = open.get(turn.dataset.turn);
    if (!kept) continue;
    if (note(turn)) open.delete(turn.dataset.turn);
    else if (!slot(turn, kept.pattern).hasChildNodes()) kept.pattern === "editor" ? drawEditor(turn) : drawReasons(turn);
  }
}

/** Shows an error in the form it is about; false when there is no such form. */
export function showError(about, message) {
  const [kind, id] = about.split(":");
  const place = kind === "editor" ? document.querySelector(`[data-turn="${id}"] .editor [data-error]`) : document.querySelector(`[data-case="${id}"] [data-error]`);
  if (!place) return false;
  if (open.has(id)) open.get(id).error = message;
  place.textContent = message;
  return true;
}

export function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.append(document.getElementById("keys-pattern").content.cloneNode(true));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export const closeKeys = (button) => button.closest("dialog").close();
