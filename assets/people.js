// People and my account: forms that are sent as one message, secrets that are copied, acts that fold after they are done.

import { lock } from "./forms.js";
import { send } from "./messages.js";
import { copy } from "./notices.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-form]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  const [room, act] = form.dataset.form.split(".");
  form.querySelector("[data-error]").textContent = "";
  lock(button);
  send(room, { act, ...Object.fromEntries(new FormData(form)) });
});

document.addEventListener("click", ({ target }) => {
  const secret = target.closest("[data-copy]");
  if (secret) copy(secret.dataset.copy);
  const done = target.closest("details.act [data-act], details.me [data-go]");
  if (done) done.closest("details").open = false;
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-filter]")) return;
  const sought = target.value.trim().toLowerCase();
  for (const row of target.closest("section").querySelectorAll(`[data-testid="${target.dataset.filter}-row"]`))
    row.hidden = !row.querySelector("strong").textContent.toLowerCase().includes(sought);
});

let shown = "";

/** A new link or key comes into sight, with the focus on the button that copies it. */
export function showSecret(region) {
  const button = region.querySelector("[data-copy]");
  if (!button || button.dataset.copy === shown) return;
  shown = button.dataset.copy;
  for (const form of region.querySelectorAll("details.invitation")) form.open = false;
  button.scrollIntoView({ block: "center" });
  button.focus({ preventScroll: true });
}

/** The language goes with the person to their other browsers. The page is left at once, and this is sent all the same. */
export const keepLanguage = (language) =>
  fetch("/language", { method: "POST", body: new URLSearchParams({ language }), keepalive: true }).catch(() => {});
