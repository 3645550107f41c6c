"""The same question in another surface: what must not change a decision."""

import re
from collections.abc import Callable

from opencc import OpenCC

from knowledge.text import has_chinese


def _typo(text: str) -> str:
    """Two letters swapped inside the longest word; Chinese characters, which nobody swaps, stay where they are."""
    word = max(re.findall(r"[^\W\d_\u4e00-\u9fff]+", text), key=len, default="")
    return text.replace(word, word[0] + word[2] + word[1] + word[3:], 1) if len(word) > 4 else text


_SYNONYMS = (("What is the", "What's the"), ("Who is", "Who's"), ("How do I", "How can I"), ("get", "obtain"),
             ("How can I", "How do I"), ("which", "what"), ("Which", "What"), ("located", "situated"))  # fmt: skip


def _synonym(text: str) -> str:
    one = next(((word, other) for word, other in _SYNONYMS if f"{word} " in text), None)
    return text.replace(*one, 1) if one else text


def _traditional(text: str) -> str:
    return str(OpenCC("s2t").convert(text)) if has_chinese(text) else text


SURFACES: dict[str, Callable[[str], str]] = {
    "typo": _typo,
    "lower": str.lower,
    "unmarked": lambda text: text.rstrip("?？"),
    "synonym": _synonym,
    "traditional": _traditional,
    "full_width": lambda text: "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in text),
}
