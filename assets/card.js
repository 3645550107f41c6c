// The card of a correction, in the panel beside the chat and beside the review: it keeps its place and the focus when it
// is drawn anew, stays closed once it was closed, and what stands around it follows when the correction changes.

import { lock, unkeep } from "./forms.js";
import { send } from "./messages.js";
import { look, region, root } from "./place.js";

const card = () => region("panel").querySelector("[data-card]");
const one = (selector) => document.querySelector(`#review ${selector}`);
let shown = {}; // of the card that was drawn last: its id, state and proof
let opened = ""; // the wish to see a card that was followed last
let scrolled = 0;

/** Whether the panel opens for it: a card that was closed while an act was under way stays closed. */
export function opens({ dataset }) {
  if (!("card" in dataset) || root.classList.contains("panel-open")) return true;
  return "opens" in dataset && dataset.opens !== opened;
}

/** After the panel was drawn anew; true where it is the same card as before. */
export function drawn(panel) {
  const { card: id, state, proof, opens: wish } = panel.dataset;
  const isSame = id !== undefined && id === shown.id && (!wish || wish === opened);
  if (wish) opened = wish;
  if (isSame) panel.scrollTop = scrolled;
  else scrolled = 0;
  panel.addEventListener("scroll", () => (scrolled = panel.scrollTop), { passive: true });
  if ("added" in panel.dataset) unkeep(panel.querySelector("[data-keep]"));
  if (isSame && state && shown.state) follow(state !== shown.state, proof !== shown.proof);
  shown = { id, state, proof };
  return isSame;
}

/** What else shows the correction is drawn anew. */
function follow(isOtherState, isOtherProof) {
  if (root.dataset.room === "chat" && isOtherState) look();
  if (root.dataset.room === "review" && (isOtherState || isOtherProof))
    send("review", { act: "case", view: JSON.parse(one("[data-view]")?.dataset.view ?? "{}"), case: one("[data-case]")?.dataset.ref ?? "" });
}

/** The control that had the focus is gone: what says so has it, or the card. */
export function keepFocus() {
  if (!card() || document.activeElement !== document.body || !root.classList.contains("panel-open")) return;
  (card().querySelector('[data-testid="card-undo"]') ?? card()).focus({ preventScroll: true });
}

/** Where its answer was edited: the form that opened it is gone by then. */
export const origin = () => card()?.dataset.from ? document.querySelector(`[data-turn="${card().dataset.from}"] [data-testid="edit"]`) : null;

/** One act at a time, and something moves while it is under way. */
function begin(name) {
  card().dataset.going = name;
  lock(...card().querySelectorAll('[data-act^="card."], [type="submit"]'));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest('#panel [data-act^="card."]');
  if (button) begin(button.dataset.act.slice(5));
  const taken = target.closest('[data-act="chat.undo"], [data-do="review-withdraw"], [data-do="review-undo"]');
  if (taken && taken.dataset.correction === card()?.dataset.card) root.classList.remove("panel-open"); // it tells of what is over
});
document.addEventListener("submit", ({ target }) => target.closest("#panel [data-card]") && setTimeout(begin, 0, "form"));
