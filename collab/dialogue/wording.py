"""How the texts of conversations are cut for search: words, and Chinese by characters. It knows no rows."""

import re

from collab.dialogue.records import Excerpt

BEFORE, AFTER = 24, 56  # characters around what was looked for
BOUND = r"\b"
MOST_WORDS = 12  # of what somebody looks for

_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w")


def searched(text: str) -> str:
    """A text as it is kept for full-text search; the characters of Chinese are words of their own there."""
    return _CHINESE.sub(r" \g<0> ", text)


def sought(text: str) -> list[str]:
    """The words that are looked for."""
    return [word for word in text.split()[:MOST_WORDS] if _WORD.search(word)]


def excerpt(text: str, looked_for: str) -> Excerpt:
    """Where the first of the words stands that are looked for, with what is around it; nothing where none does."""
    words = [f"{'' if _CHINESE.match(word) else BOUND}{re.escape(word)}" for word in sought(looked_for)]
    text, pattern = " ".join(text.split()), re.compile(f"({'|'.join(words)})", re.IGNORECASE)
    first = pattern.search(text) if words else None
    if first is None:
        return ()
    start, end = max(0, first.start() - BEFORE), first.end() + AFTER
    if start:  # with a whole word, where words are apart
        start += text[start : first.start()].find(" ") + 1
    shown = f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"
    return tuple((part, n % 2 == 1) for n, part in enumerate(pattern.split(shown)) if part)


def query(text: str) -> str | None:
    """What finds texts that hold every word of `text`, the last letters of each may be missing; None finds nothing."""
    words = [word.replace('"', " ") for word in sought(text)]
    return " AND ".join(f'"{searched(word).strip()}" *' for word in words) or None
