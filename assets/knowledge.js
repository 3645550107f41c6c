// Knowledge: passages that are corrected in place, documents that are found by name, questions that are tried out.

import { chooseFolder, chooseFor } from "./files.js";
import { lock } from "./forms.js";
import { send } from "./messages.js";
import { say } from "./notices.js";

const drafts = new Map(); // passage -> {text, isSent}: what is written, until the page shows it
let sought = ""; // by name, in the table
const finder = () => document.querySelector("#knowledge [data-find]");

const acts = {
  "choose-folder": chooseFolder,
  "replace-file": (button) => chooseFor(button.dataset.document),
  rewrite: save,
  "cancel-rewrite": (button) => {
    const passage = button.closest("[data-passage]");
    drafts.delete(passage.dataset.passage);
    passage.querySelector(".rewrite textarea").value = passage.dataset.text;
    passage.querySelector("[data-error]").textContent = "";
    fold(passage);
  },
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) acts[button.dataset.do]?.(button);
  const asked = target.closest("#knowledge details.me [data-act]");
  if (asked) asked.closest("details").open = false; // a document that is brought back does not ask again
});

document.addEventListener("click", ({ target }) => { // its button is gone once the form is open
  const form = target.closest(".rewrite > summary")?.parentElement;
  if (form) requestAnimationFrame(() => form.open && form.querySelector("textarea").focus());
});

document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("#knowledge details.me")) target.querySelector(".menu").scrollIntoView({ block: "nearest" });
}, true);

function save(button) {
  const passage = button.closest("[data-passage]");
  const text = passage.querySelector(".rewrite textarea").value;
  if (button.disabled) return;
  if (text.trim() === passage.dataset.text) return fold(passage);
  drafts.set(passage.dataset.passage, { text, isSent: true });
  passage.querySelector("[data-error]").textContent = "";
  lock(button);
  send("knowledge", { act: "rewrite", passage: passage.dataset.passage, text, seen: passage.dataset.text });
}

function fold(passage) {
  const form = passage.querySelector("details.rewrite");
  form.open = false;
  form.querySelector("summary").focus({ preventScroll: true });
}

document.addEventListener("input", ({ target }) => {
  if (target.matches(".rewrite textarea")) drafts.set(target.closest("[data-passage]").dataset.passage, { text: target.value });
  if (target === finder()) (sought = target.value), find();
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.isComposing || !target.matches(".rewrite textarea")) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) save(target.closest("[data-passage]").querySelector('[data-do="rewrite"]'));
  if (key === "Escape") acts["cancel-rewrite"](target);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-try]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  const field = form.querySelector("input");
  if (button.disabled) return;
  if (!field.value.trim()) return field.focus();
  lock(button);
  send("knowledge", { act: "try", question: field.value });
});

function find() {
  const words = sought.toLowerCase().trim();
  for (const row of document.querySelectorAll(".documents [data-name]")) row.hidden = !row.dataset.name.includes(words);
}

/** After the room was drawn anew: what was written stands there again, and what was saved is folded. */
function restore() {
  const field = finder();
  if (field && field.value !== sought) field.value = sought;
  if (field) find();
  for (const [id, draft] of drafts) {
    const passage = document.getElementById(`passage-${id}`);
    if (!passage) continue;
    if (draft.isSent && draft.text.trim() === passage.dataset.text) drafts.delete(id), fold(passage);
    else passage.querySelector(".rewrite textarea").value = draft.text;
  }
}

let isSampling = false; // the sample handbook was asked for, and nothing came back yet
export const sampled = () => (isSampling = false);
export function sampling() {
  isSampling = true;
  say("sampling");
  lockSample();
}
const lockSample = () => lock(...document.querySelectorAll('[data-act="knowledge.sample"]'));

let top = ""; // what the room shows: from one page of it to the next, one begins at the top
export function drawn() {
  restore();
  if (isSampling) lockSample();
  const page = document.querySelector("#knowledge [data-testid=search-test], #knowledge [data-testid=document] h1, #knowledge .documents");
  const name = page?.tagName === "H1" ? page.textContent : (page?.dataset.testid ?? "");
  if (name !== top && top) scrollTo({ top: 0 });
  top = name;
}
