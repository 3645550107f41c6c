// The other tabs of this browser: what is done in one is seen in the others. The tab in which something was done tells
// them once the server has it; none of them asks again and again. A tab that was out of sight looks when it is seen.

import { isFollowing } from "./asking.js";
import { onSend } from "./messages.js";
import { go, look, place, root } from "./place.js";
import { search } from "./side.js";

const ANSWERED_MS = 10_000; // what comes after an act within this time is taken for its answer
const TELL_MS = 300;
const QUIET_MS = 1_500; // nobody's typing, and no act of one's own, is disturbed
const LOOKS = new Set(["go", "knock", "find", "open", "case", "source", "quote", "pick", "why", "try", "watch"]); // these change nothing
const others = new BroadcastChannel("collab");
let acted = -Infinity; // when this tab last did something
let busy = -Infinity; // when somebody last did something in it
let gone = ""; // the conversation that was deleted here
let telling = 0;
let waiting = 0;
let kept = null; // {id, top}: the turn that is read, and where it stands, until the conversation is drawn anew

onSend(({ act, conversation }) => {
  if (LOOKS.has(act)) return;
  acted = busy = performance.now();
  gone = act === "delete" ? conversation : "";
});
for (const event of ["keydown", "compositionupdate", "pointerdown"]) document.addEventListener(event, () => (busy = performance.now()), true);

/** Something came from the server: if it answers what was done here, the others are told. */
export function answered() {
  if (telling || performance.now() - acted > ANSWERED_MS) return;
  telling = setTimeout(() => (telling = 0, others.postMessage({ gone })), TELL_MS);
}

others.addEventListener("message", ({ data }) => {
  if (data.gone && data.gone === place.view) leaveGone();
  follow();
});
document.addEventListener("visibilitychange", follow);

/** Its conversation is in the list no more; it is left as it is left where it was deleted. */
function leaveGone() {
  if (root.dataset.room === "chat") go("chat", "", { isNew: true });
  else place.view = "";
}

function follow() {
  clearTimeout(waiting);
  if (document.hidden || !document.querySelector("[data-find]")) return; // or it is not whole yet
  const isQuiet = performance.now() - busy > QUIET_MS;
  if (!isQuiet || isFollowing()) return void (waiting = setTimeout(follow, QUIET_MS));
  if (root.dataset.room === "chat") keepPlace(), look();
  else search(); // a case, a document or a form that is open stays as it is
}

function keepPlace() {
  const turns = [...document.querySelectorAll("#history .turn[data-turn]")];
  const turn = turns.find((one) => one.getBoundingClientRect().bottom > innerHeight / 3);
  kept = turn ? { id: turn.dataset.turn, top: turn.getBoundingClientRect().top } : null;
}
addEventListener("scroll", () => kept && keepPlace(), { passive: true });

/** The conversation was drawn anew: what is read stands where it stood, whatever came above it. */
export function drawn() {
  const turn = kept && document.querySelector(`#history .turn[data-turn="${kept.id}"]`);
  if (turn) scrollBy({ top: turn.getBoundingClientRect().top - kept.top, behavior: "instant" });
  kept = null;
}
