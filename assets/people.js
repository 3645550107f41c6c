// People and my account: forms that are sent as one message, secrets that are copied, acts that fold after they are done.

import { lock } from "./forms.js";
import { send } from "./messages.js";
import { copy } from "./notices.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-form]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (button.disabled) return;
  const [room, act] = form.dataset.form.split(".");
  form.querySelector("[data-error]").textContent = "";
  const written = Object.fromEntries(new FormData(form, event.submitter)); // which a locked button would not stand in
  lock(button);
  send(room, { act, ...written });
});

document.addEventListener("click", ({ target }) => {
  const secret = target.closest("[data-copy]");
  if (secret) copy(secret.dataset.copy);
  const done = target.closest("details.act [data-act], details.me [data-go]");
  for (let open = done?.closest("details"); open; open = open.parentElement.closest("details")) open.open = false;
});

document.addEventListener("input", ({ target }) => target.matches(".find-person") && find(target));

function find(field) {
  const sought = field.value.trim().toLowerCase();
  for (const row of field.closest("section").querySelectorAll('[data-testid="people-row"]'))
    row.hidden = !row.querySelector("strong").textContent.toLowerCase().includes(sought);
}

let shown = "";

/** After the room was drawn anew: those who were looked for, and a new link or key, with the focus on the button that copies it. */
export function drawn(region) {
  const field = region.querySelector(".find-person");
  if (field) find(field);
  showSecret(region);
}

function showSecret(region) {
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
