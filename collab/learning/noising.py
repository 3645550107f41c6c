"""A wording as people in a hurry write it: small words left out, a letter missing, no capitals.

Trained on many of them, a small model learns what is asked and not how it is spelt (Wei and Zou, arXiv 1901.11196).
What may turn a question into another one stays: negations, directions, persons, times, names, numbers, and the order.
The same wording always gives the same ones. It knows no lessons; whether a wording may be used is decided elsewhere.
"""

import random
import re

from collab.learning.paraphrasing import LONG_WORD, LONGEST, number_of
from knowledge.text import is_chinese, normalise

_SMALL = frozenset({"a", "an", "the", "is", "are", "am", "do", "does", "of", "there", "please"})
_DROPPED, _MISTYPED, _LOWERED = 0.5, 0.3, 0.5  # how often each happens: to a small word, to a text
_NOT = frozenset({"cannot", "without", "neither", "nobody", "nothing"})
_NAMED = re.compile(r"[A-Z][a-z]+|I")
_ASKING_ZH, _ENDING_ZH = re.compile("^(?:请问|请)[,，]?"), re.compile("[吗呢吧啊呀]?[?？。!！]*$")
_TRIES = 4


def noised(text: str, count: int) -> list[str]:
    """Up to `count` of them, each another text by the house's rule; fewer of a short one, none of a story."""
    draw = random.Random(number_of("noise", text))
    found: dict[str, str] = {normalise(text): ""}
    for _ in range(_TRIES * count if len(text) <= LONGEST else 0):
        made = _chinese(text, draw) if is_chinese(text) else _english(text, draw)
        if normalise(made):
            found.setdefault(normalise(made), made)
        if len(found) > count:
            break
    return [made for made in found.values() if made]


def _english(text: str, draw: random.Random) -> str:
    plain = text.rstrip("?.! ")
    words = [word for place, word in enumerate(plain.split()) if _stays(word, place, draw)]
    made = " ".join(words) or plain
    long = [found for found in LONG_WORD.finditer(made) if found[0] not in _NOT]
    if long and draw.random() < _MISTYPED:
        slip = draw.choice(long)
        at = draw.randrange(slip.start() + 1, slip.end() - 1)
        made = made[:at] + made[at + 1 :]
    if draw.random() < _LOWERED:
        made = " ".join(word.lower() if _NAMED.fullmatch(word) else word for word in made.split())
    return made + text[len(plain) :] * (draw.random() < 0.5)


def _stays(word: str, place: int, draw: random.Random) -> bool:
    """A small word may go, if it is written as one: A is a size, and no article, unless it begins the question."""
    is_small = word in _SMALL or (not place and word.capitalize() == word and word.lower() in _SMALL)
    return not is_small or draw.random() >= _DROPPED


def _chinese(text: str, draw: random.Random) -> str:
    for part in (_ASKING_ZH, _ENDING_ZH):
        text = part.sub("", text) if draw.random() < _DROPPED else text
    return text
