// Files and folders that are dropped or chosen go to Gradio's upload under the names that they have within what was sent.
// While they are on their way, and when they do not arrive, the drop area says so.

import { clear, say } from "./notices.js";

const input = () => document.querySelector("#files input[type=file]");
const folder = () => document.querySelector(".drop-area input[webkitdirectory]");
const MOST = 1_000;

export const choose = () => chooseFor("");

/** Lets a person choose the file that takes the place of a document. */
export function chooseFor(id) {
  replace(id);
  input().click();
}

export const chooseFolder = () => folder().click();

/** Says which document the next file is a version of. */
function replace(id) {
  const field = document.querySelector("#to-replace textarea");
  field.value = id;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

let isSending = false;

/** The server has said what became of them. */
export function arrived() {
  for (const area of document.querySelectorAll(".drop.sending")) area.classList.remove("sending");
  if (isSending) replace("");
  isSending = false;
}

/** True when files were on their way: they did not arrive, and `words` of the failure tell why. */
export function failed(words) {
  if (!isSending) return false;
  arrived();
  say(/\b413\b/.test(words) ? "too-large" : /\b507\b/.test(words) ? "no-room" : "not-sent");
  return true;
}

/** Hands them to Gradio, each a file with its path in it. */
function send(files) {
  if (!files.length) return say("empty-folder");
  const most = Number(document.querySelector(".drop-area")?.dataset.most ?? MOST);
  if (files.length > most) return say("too-many");
  const all = new DataTransfer();
  for (const { file, path } of files) all.items.add(path === file.name ? file : new File([file], path, { type: file.type }));
  replace("");
  input().files = all.files;
  input().dispatchEvent(new Event("change", { bubbles: true }));
}

const isHidden = (path) => path.split("/").some((part) => part.startsWith(".") || part.startsWith("~$"));

/** The files in what was dropped. The browser forgets what was dropped once the event is over, so it is asked at once. */
async function dropped(items) {
  const things = [...items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = await Promise.all(things.map((thing) => (thing instanceof File ? { path: thing.name, file: thing } : within(thing))));
  return found.flat().filter(({ path }) => !isHidden(path));
}

async function within(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return [{ path, file: await new Promise((done, fail) => entry.file(done, fail)) }];
  const reader = entry.createReader();
  const inside = [];
  for (;;) { // it tells a hundred at a time
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(within))).flat();
}

function dropping(event) {
  const area = event.target.closest?.(".drop");
  if (!area || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  area.classList.toggle("over", event.type === "dragover");
  if (event.type !== "drop") return;
  clear();
  dropped(event.dataTransfer.items).then(send, () => say("not-sent"));
}

for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropping);
document.addEventListener("change", ({ target }) => {
  if (target === folder()) {
    send([...target.files].map((file) => ({ file, path: file.webkitRelativePath })).filter(({ path }) => !isHidden(path)));
    target.value = "";
  }
  if (!target.closest("#files")) return;
  clear();
  isSending = true;
  for (const area of document.querySelectorAll(".drop")) area.classList.add("sending");
});
