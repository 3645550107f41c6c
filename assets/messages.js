// Messages to the server, one at a time, as each is the value of one hidden field of a room. It knows no message.

const outbox = [];

/** Sends `message` to a room. */
export function send(room, message) {
  outbox.push([room, message]);
  if (outbox.length === 1) post();
}

function post() {
  const [room, message] = outbox[0];
  const field = document.querySelector(`#to-${room} textarea`);
  const text = JSON.stringify(message);
  // A trailing space makes a repeated message a changed value; JSON does not mind it.
  field.value = field.value === text ? text + " " : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => { outbox.shift(); if (outbox.length) post(); }, 60);
}
