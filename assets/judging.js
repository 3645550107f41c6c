// What follows a thumb down: each reason is saved on the click and leads on, to the edit, to a source, or to the passage
// that would have been right, and the form stays for a word on it; and what follows where somebody says in the chat what
// is right.

import { close, draft, lock, note, openEditor, pattern, slot } from "./forms.js";
import { root } from "./place.js";
import { send } from "./messages.js";

export function openReasons(turn) {
  const kept = (draft(turn).reasons ??= { reason: "", comment: "" });
  Object.assign(kept, { isFolded: false, isSent: false });
  note(turn)?.remove();
  drawReasons(turn, kept);
  slot(turn, "reasons").scrollIntoView({ block: "nearest" });
}

/** A thumb the other way: the reasons step aside, and stand again with what was written when it turns back. */
export function foldReasons(turn) {
  const kept = draft(turn).reasons;
  if (kept) kept.isFolded = true;
  slot(turn, "reasons").replaceChildren();
}

export function drawReasons(turn, kept) {
  const place = slot(turn, "reasons");
  place.replaceChildren(pattern("reasons"));
  for (const chip of place.querySelectorAll("[data-reason]"))
    chip.addEventListener("click", () => choose(turn, kept, chip.dataset.reason));
  press(turn, kept);
  const comment = place.querySelector("input");
  comment.value = kept.comment;
  comment.addEventListener("input", () => Object.assign(kept, { comment: comment.value, isSent: false }));
}

function press(turn, kept) {
  for (const chip of slot(turn, "reasons").querySelectorAll("[data-reason]"))
    chip.ariaPressed = String(chip.dataset.reason === kept.reason);
  const sources = turn.querySelector('[data-pattern="outdated"]');
  const which = slot(turn, "reasons").querySelector("[data-which]");
  const isOpen = kept.reason === "outdated" && kept.passage === undefined && sources;
  which.replaceChildren(...(isOpen ? [sources.content.cloneNode(true)] : []));
}

function choose(turn, kept, reason) {
  const sources = turn.querySelector('[data-pattern="outdated"]')?.content.querySelectorAll("[data-passage]") ?? [];
  const isOne = reason === "outdated" && sources.length === 1;
  Object.assign(kept, { reason, passage: isOne ? sources[0].dataset.passage : undefined });
  rate(turn, kept);
  press(turn, kept);
  if (reason === "wrong_fact") openEditor(turn, { kind: "fact" });
  if (reason === "style") openEditor(turn, { kind: "style" });
  if (reason === "not_relevant") send("chat", { act: "pick", turn: turn.dataset.turn });
}

function rate(turn, { reason, comment, passage }) {
  const message = { act: "rate", turn: turn.dataset.turn, rating: "down" };
  if (reason) message.reason = reason;
  if (comment.trim()) message.comment = comment;
  if (passage) message.passage = Number(passage);
  send("chat", message);
}

export function sendReason(turn) {
  const kept = draft(turn).reasons;
  if (!kept.comment.trim()) return close(turn, "reasons"); // the thumb and its reason are saved already
  const button = slot(turn, "reasons").querySelector('[data-do="send-reason"]');
  if (button.disabled) return;
  kept.isSent = true;
  lock(button);
  rate(turn, kept);
}

function outdated(button) {
  const turn = button.closest(".turn");
  const kept = draft(turn).reasons;
  kept.passage = button.dataset.passage;
  rate(turn, kept);
  press(turn, kept);
}

// --- the right passage -------------------------------------------------------------------------------------------------

const field = () => document.querySelector('#panel [data-testid="pick-text"]');

export const search = () =>
  send("chat", { act: "pick", turn: field().closest("[data-pick]").dataset.pick, text: field().value });

/** The sentence goes into the edit, where it can still be changed. */
function pick(button) {
  const { for: id, passage, sentence } = button.dataset;
  const turn = document.querySelector(`.turn[data-turn="${id}"]`);
  root.classList.remove("panel-open");
  if (!turn) return;
  const kept = Object.assign(draft(turn).reasons ?? { comment: "" }, { reason: "not_relevant", passage });
  rate(turn, kept);
  openEditor(turn, { kind: "fact", answer: sentence });
}

// --- what was said against an answer -----------------------------------------------------------------------------------

const opened = new Set(); // turns whose offer has opened the edit by itself, which it does once

/** The words stand in the edit of the answer that they are about; nothing is saved before the person does. */
function offer(button) {
  const { for: id, answer } = button.dataset;
  const turn = document.querySelector(`.turn[data-turn="${id}"]`);
  if (turn) openEditor(turn, { kind: "fact", answer });
  return Boolean(turn);
}

/** An offer that has just come opens the edit by itself: as soon as the answer that it is about is drawn as well. */
export function offered(view) {
  for (const button of document.querySelectorAll(`[data-done][data-view="${view}"] [data-do="offer"]`)) {
    const { turn } = button.closest(".turn").dataset;
    if (!opened.has(turn) && offer(button)) opened.add(turn);
  }
}

export const acts = {
  offer,
  outdated,
  pick,
  "pick-search": search,
  "send-reason": (button) => sendReason(button.closest(".turn")),
};
