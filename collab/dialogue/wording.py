"""How the texts of conversations are cut for search: words, and Chinese by characters. It knows no rows."""

import re

MOST_WORDS = 12  # of what somebody looks for

_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w")


def searched(text: str) -> str:
    """A text as it is kept for full-text search; the characters of Chinese are words of their own there."""
    return _CHINESE.sub(r" \g<0> ", text)


def query(text: str) -> str | None:
    """What finds texts that hold every word of `text`, the last letters of each may be missing; None finds nothing."""
    words = [word.replace('"', " ") for word in text.split()[:MOST_WORDS] if _WORD.search(word)]
    return " AND ".join(f'"{searched(word).strip()}" *' for word in words) or None
