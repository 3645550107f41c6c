// Messages to the server, one at a time, as each is the value of one hidden field of a room. It knows no message but its own.

const KNOCKS_MS = [1_000, 3_000, 7_000]; // after the last message
const outbox = [];
let knocking = [];
const listeners = [];

/** Calls `told` with each message that is sent. */
export const onSend = (told) => listeners.push(told);

/** Sends `message` to a room. */
export function send(room, message) {
  for (const told of listeners) told(message);
  outbox.push([room, message]);
  if (outbox.length === 1) post();
}

function post() {
  const [room, message] = outbox[0];
  const field = document.querySelector(`#to-${room} textarea`);
  if (!field) return void setTimeout(post, 60); // the page is not whole yet
  const text = JSON.stringify(message);
  // A trailing space makes a repeated message a changed value; JSON does not mind it.
  field.value = field.value === text ? text + " " : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (message.act !== "knock") {
    knocking.forEach(clearTimeout);
    knocking = KNOCKS_MS.map((ms) => setTimeout(knock, ms));
  }
  setTimeout(() => { outbox.shift(); if (outbox.length) post(); }, 60);
}

/** Gradio ends its line when nothing is under way. What is asked just then is answered, but the answer stays at the server
 *  until somebody speaks again; a busy page may learn so late that its line has ended that a knock is held as well. */
const knock = () => send("frame", { act: "knock" });
