// Which words changed: a longest common subsequence over words, drawn as <del> and <ins>. It knows no page.

const MOST_CELLS = 4_000_000;

/** Words and the white space after them; each Chinese character is a word. */
export function words(text) {
  return text.match(/[\u3400-\u9fff\uf900-\ufaff]|[^\s\u3400-\u9fff\uf900-\ufaff]+\s*|\s+/gu) ?? [];
}

/** Runs of [kind, text]; kind is "same", "del" or "ins". */
export function runs(before, after) {
  const a = words(before), b = words(after);
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = calmed(between(a.slice(start, a.length - end), b.slice(start, b.length - end)));
  return [["same", a.slice(0, start).join("")], ...middle, ["same", a.slice(a.length - end).join("")]].filter(([, t]) => t);
}

/** A word or two that happen to stay between changes would only make them hard to read: they count as changed. */
function calmed(found) {
  const calm = [];
  const add = (kind, text) => {
    const at = calm.findLastIndex(([other]) => other === kind);
    const since = calm.findLastIndex(([other]) => other === "same");
    if (at > since) calm[at][1] += text;
    else calm.push([kind, text]);
  };
  found.forEach(([kind, text], place) => {
    const isShort = words(text).length < 3 && place > 0 && place < found.length - 1;
    if (kind === "same" && !isShort) calm.push([kind, text]);
    else for (const one of kind === "same" ? ["del", "ins"] : [kind]) add(one, text);
  });
  return calm;
}

function between(a, b) {
  if (a.length * b.length > MOST_CELLS) return [["del", a.join("")], ["ins", b.join("")]];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i].trim() === b[j].trim()
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const found = [];
  const add = (kind, text) => (found.at(-1)?.[0] === kind ? (found.at(-1)[1] += text) : found.push([kind, text]));
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i].trim() === b[j].trim()) add("same", b[j++]), i++;
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) add("del", a[i++]);
    else add("ins", b[j++]);
  }
  if (i < a.length) add("del", a.slice(i).join(""));
  if (j < b.length) add("ins", b.slice(j).join(""));
  return found;
}

/** Draws the change into `place`; nothing when there is none. */
export function draw(place, before, after) {
  const found = before === after ? [] : runs(before, after);
  place.replaceChildren(...found.map(([kind, text]) => {
    const element = document.createElement(kind === "same" ? "span" : kind);
    element.textContent = text;
    return element;
  }));
}
