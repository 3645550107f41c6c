// Where the reader is: the room and the conversation, in the address and on the screen. It knows no message but "go".

import { send } from "./messages.js";

export const root = document.documentElement;
export const region = (id) => document.getElementById(id);

/** `view` is the conversation, empty for a new one; `visit` tells one new conversation, which has no id yet, from the
 *  next; a temporary one stands in no address. */
export const place = { view: new URLSearchParams(location.search).get("c") ?? "", visit: 0, isTemporary: false };

let isArriving = true; // what the address names may be gone: the first conversation shown is then the server's choice
const review = {}; // what it lists and which case is open, as it says itself
function readReview(query) {
  if (query.get("room") === "review") for (const name of ["cases", "case"]) review[name] = query.get(name) ?? "";
}
readReview(new URLSearchParams(location.search));
const movers = [];

/** Calls `moved` whenever the reader goes somewhere else. */
export const onMove = (moved) => movers.push(moved);

export const look = () => send("frame", { act: "go", room: root.dataset.room, conversation: place.view, ...review });

export function go(room, conversation = "", { isNew = false, remember = true } = {}) {
  const isElsewhere = room === "chat" && (isNew || place.view !== conversation);
  if (isElsewhere) leave();
  root.dataset.room = room;
  root.classList.remove("drawer-open");
  if (room === "chat") {
    place.view = conversation;
    if (isNew) place.visit++;
    isArriving = false;
  }
  root.classList.remove("panel-open");
  if (remember) writeAddress();
  settle(isElsewhere);
  look();
}

/** The conversation has an id from now on, or another one. */
export function become(view, isTemporary = false) {
  Object.assign(place, { view, isTemporary });
  isArriving = false;
  writeAddress();
  settle(false);
}

export const arrive = () => (isArriving = false);

function settle(isElsewhere) {
  markPlace(), hideOther();
  root.classList.toggle("fresh", place.view === "");
  for (const moved of movers) moved(isElsewhere);
}

function leave() {
  if (place.isTemporary && place.view) send("frame", { act: "leave", conversation: place.view });
  place.isTemporary = false;
}

addEventListener("pagehide", () => {
  if (place.isTemporary && place.view) navigator.sendBeacon(`/leave/${place.view}`);
});

/** The side marks where the reader is, also when what the server last said of it is older. */
export function markPlace() {
  for (const button of region("side").querySelectorAll("[data-go]")) {
    const { go: room, conversation } = button.dataset;
    const isHere = room === root.dataset.room && (conversation ?? place.view) === place.view && conversation !== "";
    button.ariaCurrent = isHere ? "page" : null;
  }
  nameTab();
}

/** The tab says which room it is, and how much waits for whoever reviews. */
function nameTab() {
  const waiting = region("side").querySelector(".room .count")?.textContent;
  const room = region("side").querySelector(`.room[data-go="${root.dataset.room}"] > span`) ?? region("top").querySelector(`[data-go="${root.dataset.room}"] > span`);
  const app = region("side").querySelector(".brand")?.textContent;
  if (app) document.title = [waiting && `(${waiting})`, [room?.textContent, app].filter(Boolean).join(" · ")].filter(Boolean).join(" ");
}

/** A conversation other than the one that the next question goes to stays out of sight. */
function hideOther() {
  const shown = region("history").querySelector(".transcript");
  return root.classList.toggle("elsewhere", shown !== null && shown.dataset.view !== place.view);
}

let askingAgain = 0; // answers to two quick clicks may come in either order
export function placeHistory() {
  const shown = region("history").querySelector(".transcript");
  if (isArriving && shown) become(shown.dataset.view, "temporary" in shown.dataset);
  const isTemporary = shown ? "temporary" in shown.dataset : false;
  if (shown?.dataset.view === place.view && place.isTemporary !== isTemporary) become(place.view, isTemporary); // kept now
  clearTimeout(askingAgain);
  askAgain();
}

/** Not while what a person did is answered: that comes with the right one, and says what was done. */
function askAgain() {
  if (!hideOther()) return;
  askingAgain = setTimeout(() => document.querySelector("[data-sent]") ? askAgain() : hideOther() && look(), 400);
}

/** The review lists something else, or another case is open; who comes back to it, or opens it anew, finds it so. */
export function reviewing(view, ref) {
  Object.assign(review, { cases: view === "{}" ? "" : view, case: ref });
  writeAddress({ isNew: false });
}

export function writeAddress({ isNew = true } = {}) {
  const query = new URLSearchParams(location.search);
  for (const name of ["room", "c", "cases", "case"]) query.delete(name);
  if (root.dataset.room !== "chat") query.set("room", root.dataset.room);
  if (root.dataset.room === "review") for (const [name, value] of Object.entries(review)) if (value) query.set(name, value);
  if (place.view && !place.isTemporary) query.set("c", place.view);
  const address = query.size ? `${location.pathname}?${query}` : location.pathname;
  if (address !== location.pathname + location.search) history[isNew ? "pushState" : "replaceState"](null, "", address);
}

addEventListener("popstate", () => {
  const query = new URLSearchParams(location.search);
  readReview(query);
  go(query.get("room") ?? "chat", query.get("c") ?? "", { remember: false });
});
