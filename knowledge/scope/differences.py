"""Where two readings differ in words that are no names. What follows from it is decided in `vetoes.py`."""

from dataclasses import dataclass
from itertools import pairwise

from knowledge.scope.aboutness import is_typo
from knowledge.scope.reading import Reading
from knowledge.scope.synonyms import ALIKE, CONVERSES

_SHORT = 3  # letters of an ending that is no word
_ENDINGS = (
    "ship",
    "ment",
    "ation",
    "ness",
    "able",
    "ance",
    "ence",
    "tion",
    "hood",
    "less",
    "ical",
    "ital",
    "iti",
    "ious",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the question adds to the correction's key, and what of the key is missing in it. All words lower-cased."""

    words_added: tuple[str, ...]
    words_missing: tuple[str, ...]


def difference(question: Reading, key: Reading) -> Difference:
    """Compares the words of two readings that are no names."""
    names = question.names | key.names
    asked = {stem: word for stem, word in question.content.items() if word not in names}
    known = {stem: word for stem, word in key.content.items() if word not in names}
    return Difference(
        tuple(w for stem, w in asked.items() if not _occurs(stem, w, known, key, question)),
        tuple(w for stem, w in known.items() if not _occurs(stem, w, asked, question, key)),
    )


def _occurs(stem: str, word: str, others: dict[str, str], other: Reading, own: Reading) -> bool:
    """Whether a word stands on the other side too: same stem or family, joined or split, or mistyped."""
    if stem in others or word in other.spellings or _is_answered(word, own, other):
        return True
    place = own.words.index(word)
    neighbours = own.words[max(place - 1, 0) : place + 2]
    if any(a + b in other.spellings for a, b in pairwise(neighbours)):
        return True
    return any(is_family(stem, one) for one in others) or any(is_typo(word, one) for one in others.values())


def _is_answered(word: str, own: Reading, other: Reading) -> bool:
    """Whether the other side says the same act: to get, to order; or from the other end of the counter: I pay, you
    accept; but not: you pay.
    """
    if any((word in a and other.spellings & b) or (word in b and other.spellings & a) for a, b in ALIKE):
        return True
    for doing, serving in CONVERSES:
        if word in doing and other.spellings & serving:
            return own.doer != "you" and other.doer not in ("i", "we")
        if word in serving and other.spellings & doing:
            return other.doer != "you" and own.doer not in ("i", "we")
    return False


def is_family(stem: str, other: str) -> bool:
    """Whether one stem begins with the other, of four letters at least, and only an ending follows: citizen,
    citizenship; but a workshop is no work.
    """
    shorter, longer = sorted((stem, other), key=len)
    ending = longer.removeprefix(shorter)
    return len(shorter) >= 4 and longer.startswith(shorter) and (len(ending) <= _SHORT or ending.startswith(_ENDINGS))
