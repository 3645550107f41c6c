// System: shown again every few seconds while somebody looks at it.

import { send } from "./messages.js";
import { root } from "./place.js";

const AGAIN_MS = 5_000;
const watch = () => !document.hidden && root.dataset.room === "system" && send("system", { act: "watch" });

setInterval(watch, AGAIN_MS);
document.addEventListener("visibilitychange", watch);
