// What the page says by itself, where no answer of the server comes: copied, nobody answers. The words are the server's.

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
