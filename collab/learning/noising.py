"""A wording as people in a hurry write it: small words left out, words swapped, a letter missing, no capitals.

Trained on many of them, a small model learns what is asked and not how it is spelt (Wei and Zou, arXiv 1901.11196). The
same wording always gives the same ones. It knows no lessons; whether a wording may be used is decided elsewhere.
"""

import random

from collab.learning.paraphrasing import number_of
from knowledge.text import is_chinese, normalise
from knowledge.wordlists import NEGATIONS, STOP_WORDS

_ASKING = frozenset({"who", "whom", "whose", "what", "which", "when", "where", "why", "how", "many", "much", "long"})
_KEPT = _ASKING | NEGATIONS
_DROPPED, _SWAPPED, _MISTYPED, _LOWERED = 0.45, 0.15, 0.15, 0.4  # how often each happens: to a small word, to a text
_SMALL_ZH = frozenset("的了吗呢啊呀吧请")
_TRIES = 4


def noised(text: str, count: int) -> list[str]:
    """Up to `count` of them, each another text by the house's rule; fewer of a short one."""
    draw = random.Random(number_of("noise", text))
    found: dict[str, str] = {normalise(text): ""}
    for _ in range(_TRIES * count):
        made = _chinese(text, draw) if is_chinese(text) else _english(text, draw)
        if len(found) <= count and normalise(made):
            found.setdefault(normalise(made), made)
    return [made for made in found.values() if made]


def _english(text: str, draw: random.Random) -> str:
    words = text.rstrip("?.! ").split()
    words = [word for word in words if _stays(word.casefold().strip(",.:;'\""), draw)] or words
    if draw.random() < _SWAPPED and len(words) > 2:
        at = draw.randrange(len(words) - 1)
        words[at : at + 2] = words[at + 1], words[at]
    made = " ".join(words)
    letters = [at for at in range(1, len(made) - 1) if made[at].isalpha()]
    if draw.random() < _MISTYPED and letters:
        at = draw.choice(letters)
        made = made[:at] + made[at + 1 :]
    made = made.lower() if draw.random() < _LOWERED else made
    return made + text[len(text.rstrip("?.! ")) :] * (draw.random() < 0.5)


def _stays(word: str, draw: random.Random) -> bool:
    return word not in STOP_WORDS or word in _KEPT or draw.random() >= _DROPPED


def _chinese(text: str, draw: random.Random) -> str:
    return "".join(letter for letter in text if letter not in _SMALL_ZH or draw.random() >= _DROPPED)
