// Learning: a training that is under way is shown again every two seconds while somebody looks at it.

import { send } from "./messages.js";
import { region, root } from "./place.js";

const AGAIN_MS = 2_000;
const room = () => region("learning")?.querySelector("[data-running]");

function watch() {
  const { running, training } = room()?.dataset ?? {};
  if (running && !document.hidden && root.dataset.room === "learning") send("learning", { act: "watch", running, training });
}

setInterval(watch, AGAIN_MS);
document.addEventListener("visibilitychange", watch);

document.addEventListener("invalid", ({ target }) => { // a field in a closed fold could not say what is wrong with it
  const fold = target.closest(":is(#learning, #comparison, #unaided) details");
  if (fold) fold.open = true;
}, true);

document.addEventListener("click", ({ target }) => { // what was opened from a list stands above it
  if (target.closest('#learning [data-act="learning.watch"]')) scrollTo({ top: 0 });
});
