// Asking: the composer, and the answers under way. Several may be, one in each conversation; each is shown in a place of
// its own, and goes on at the server for a minute although no page looks on.

import { arrive, become, onMove, place, region, root } from "./place.js";
import { send } from "./messages.js";
import { clear, closeToast } from "./notices.js";

export const SLOTS = ["running", "running-2", "running-3"];
const runs = new Map(); // id -> {id, slot, view, visit, text, isTemporary}: asked by this page, and not over yet
const over = new Set(); // ids of those that ended here: an older history may still show them
const began = new Map(); // id -> when, on this page's clock
let returned = sessionStorage.getItem("returned") ?? ""; // a question that came back, as nobody seemed to answer

const field = () => region("composer").querySelector("textarea");
const problem = () => region("composer").querySelector("[data-ask-error]");
const words = () => region("composer").querySelector(".composer").dataset;
const isHere = (run) => run.view === place.view && (place.view !== "" || run.visit === place.visit);
const mine = () => [...runs.values()].find(isHere);
/** An answer that another page asked for, or this one before it was opened anew. */
const theirs = () => [...region("history").querySelectorAll(".running[data-run]:not([hidden])")]
  .find((turn) => turn.dataset.view === place.view && !root.classList.contains("elsewhere"));

/** Whether this page follows an answer in this conversation. */
export const isFollowing = () => Boolean(mine());

/** The same of a conversation that may be another one. */
export const follows = (view) => [...runs.values()].some((run) => run.view === view);

/** Sends a question, unless one is being answered here already; false then. */
export function ask(message, text) {
  if (mine() || theirs()) return say(words().busy), false;
  const slot = SLOTS.findIndex((name, at) => ![...runs.values()].some((run) => run.slot === at));
  if (slot < 0) return say(words().full), false;
  const run = { id: crypto.randomUUID?.() ?? String(Math.random()), slot, view: place.view, visit: place.visit, text };
  run.isTemporary = place.view === "" && isTemporaryWanted();
  runs.set(run.id, run);
  began.set(run.id, performance.now());
  if (message.act === "ask" && run.isTemporary) message.is_temporary = true;
  arrive();
  say(""), clear(), closeToast();
  root.classList.remove("panel-open");
  mark();
  send("ask", { ...message, run: run.id, slot });
  requestAnimationFrame(() => scrollTo({ top: document.body.scrollHeight }));
  return true;
}

function sendQuestion() {
  const text = field().value;
  if (!text.trim()) return field().focus();
  const last = [...region("history").querySelectorAll(".transcript > .turn[data-turn]"), ...SLOTS.flatMap(finishedIn)];
  const after = place.view && last.length ? last.at(-1).dataset.turn : "";
  if (ask({ act: "ask", text, conversation: place.view, after }, text)) field().value = "";
  else field().focus();
}

const finishedIn = (slot) => [...region(slot).querySelectorAll(`[data-done][data-view="${place.view}"] [data-turn]`)];

/** A question that the page offers is asked as if one had typed it. */
const askThis = (button) => ask({ act: "ask", text: button.dataset.question, conversation: place.view }, button.dataset.question);

function stop() {
  const run = mine();
  const id = run?.id ?? theirs()?.dataset.run;
  if (!id) return;
  send("ask", { act: "stop", run: id });
  if (run) setTimeout(() => runs.has(run.id) && end(run, true), 5_000); // the server is away: the question comes back
}

function end(run, failed) {
  runs.delete(run.id);
  over.add(run.id);
  if (failed && run.text && isHere(run) && !field().value) sessionStorage.setItem("returned", (returned = field().value = run.text));
  mark();
}

/** Nothing more will come for what was asked; true where an error about it was shown beside the composer. */
export function failed(about, why) {
  const run = runs.get(about);
  if (!run) return false;
  const wasHere = isHere(run);
  end(run, true);
  if (wasHere) say(why);
  return wasHere;
}

/** The server seems to be away: what was asked can be asked again. */
export function lost() {
  for (const run of [...runs.values()]) {
    region(SLOTS[run.slot]).querySelector("[data-run]:not([data-done])")?.setAttribute("hidden", "");
    end(run, true);
    over.delete(run.id); // it may go on at the server
  }
}

/** What came back to the composer and is answered all the same need not be asked twice. */
export function forgetReturned() {
  const asked = [...document.querySelectorAll("#history .turn .question-text")].at(-1)?.textContent;
  if (!returned || asked?.trim() !== returned.trim() || field().value !== returned) return;
  field().value = returned = "";
  sessionStorage.removeItem("returned");
}

const say = (what) => (problem().textContent = what);

/** Send where nothing is being answered, Stop where something is. */
function mark() {
  const isBusy = Boolean(mine() || theirs());
  root.classList.toggle("busy", isBusy);
  if (!isBusy && problem().textContent === words().busy) say("");
  for (const slot of SLOTS) region(slot).ariaBusy = String([...runs.values()].some((run) => SLOTS[run.slot] === slot)); // read out once whole
}

/** An answer under way is seen only in its conversation, and once it is done only until the history has it. */
export function placeRunning() {
  for (const slot of SLOTS) placeOne(region(slot).querySelector("[data-run]"));
  for (const turn of region("history").querySelectorAll(".running[data-run]"))
    if (runs.has(turn.dataset.run) || over.has(turn.dataset.run)) turn.remove();
  mark(), count();
}

function placeOne(turn) {
  if (!turn) return;
  const run = runs.get(turn.dataset.run);
  if (run && !run.view) {
    const wasHere = isHere(run);
    run.view = turn.dataset.view;
    if (wasHere) become(run.view, run.isTemporary);
    else if (run.isTemporary) send("frame", { act: "leave", conversation: run.view }); // left before it had a name
  }
  if (!turn.hasAttribute("data-done")) return void (turn.hidden = !run || !isHere(run));
  if (run) end(run, false);
  const shown = region("history").querySelector(`.transcript[data-view="${turn.dataset.view}"]`);
  const isKnown = shown && Number(shown.dataset.turns) > Number(turn.dataset.position); // whether it shows it or another version
  if (turn.dataset.view !== place.view || isKnown) turn.replaceChildren();
}

/** How long each answer has been under way. */
function count() {
  for (const place of document.querySelectorAll("[data-elapsed]")) {
    const { runId, elapsed, unit } = place.dataset;
    if (!began.has(runId)) began.set(runId, performance.now() - 1000 * elapsed);
    place.textContent = `${Math.floor((performance.now() - began.get(runId)) / 1000)} ${unit}`;
  }
}
setInterval(count, 1_000);

const temporary = () => region("composer").querySelector(".temporary");
const isTemporaryWanted = () => temporary().ariaPressed === "true";

onMove((isElsewhere) => {
  if (isElsewhere) say(""), (temporary().ariaPressed = "false");
  placeRunning();
  if (isElsewhere && place.view === "" && root.dataset.room === "chat") field().focus();
});

document.addEventListener("input", ({ target }) => {
  if (target === field()) say("");
});

export const acts = {
  send: sendQuestion,
  stop,
  "ask-this": askThis,
  temporary: (button) => (button.ariaPressed = String(button.ariaPressed !== "true"), field().focus()),
};
