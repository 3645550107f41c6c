// What the page says by itself, where no answer of the server comes: copied, nobody answers. The words are the server's.

import { onSend } from "./messages.js";

const ASK_MS = 2_000;
const place = document.createElement("div");
place.className = "notices";
place.ariaLive = "polite";
document.body.append(place);
let timer = 0;

/** Shows the pattern `name` until another takes its place; a good one goes by itself. */
export function say(name) {
  if (place.firstElementChild?.dataset.notice === name && name !== "copied") return;
  clearTimeout(timer);
  place.replaceChildren(document.getElementById(`${name}-pattern`).content.cloneNode(true));
  place.firstElementChild.dataset.notice = name;
  if (name === "copied") timer = setTimeout(clear, 3_000);
}

/** Something arrived from the server: what was said of it being away is over. */
export function answered() {
  if (place.firstElementChild?.dataset.notice === "lost") clear();
}

/** A new act: what was said of the one before is over. */
export const clear = () => place.replaceChildren();

/** The same for what the server said. */
export const closeToast = () => document.querySelector("#toast .toast")?.setAttribute("hidden", "");

/** Copies and says so. A page that came over plain http has no clipboard of its own. */
export async function copy(text) {
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  say(isCopied || copyBySelection(text) ? "copied" : "not-copied");
}

function copyBySelection(text) {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  before?.focus({ preventScroll: true });
  return isCopied;
}

/** Calls `ended` once the server does not know any more who this is, or takes who is here for somebody else than the one
 *  whom it `hasServed`, as another tab may have signed in anew; of that Gradio tells nothing. */
export function watchSession(hasServed, ended) {
  const isRefused = ({ name, responseStatus: status }) => status === 401 || (status === 403 && name.includes("/queue/join") && hasServed());
  if (!("responseStatus" in PerformanceResourceTiming.prototype)) return watchAsking(ended);
  new PerformanceObserver((seen, watch) => seen.getEntries().some(isRefused) && (watch.disconnect(), ended())).observe({ type: "resource" });
}

/** The same where a browser does not tell how a request ended, as Safari: a while after each message it is asked for. */
function watchAsking(ended) {
  let waiting = 0;
  onSend(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => fetch("/en/gradio_api/app_id").then(({ status }) => status === 401 && ended(), () => {}), ASK_MS);
  });
}

/** Calls `told` with what Gradio's own messages say of failed requests, and puts those away: they are hidden, and in English. */
export function watchFailures(told) {
  const seen = new WeakMap(); // each goes slowly
  const look = () => {
    for (const message of document.querySelectorAll('[data-testid="toast-body"].error')) {
      const words = message.textContent;
      if (seen.get(message) === words) continue;
      seen.set(message, words);
      message.querySelector('[data-testid="toast-close"]')?.click();
      told(words);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
