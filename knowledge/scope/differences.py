"""Where two readings differ: names, numbers, times and words that one has and the other has not.

It says what differs, and what of that narrows a question to another thing. What follows from it is decided in
`vetoes.py` and in the package itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from knowledge.scope.reading import Reading
from knowledge.scope.synonyms import CONVERSES
from knowledge.scope.words import DETERMINERS

_NARROWING = frozenset({"for", "by", "with", "via"})
_UNSAID = frozenset({"original", "official", "main", "actual", "exact"})  # where there is no other


@dataclass(frozen=True, slots=True)
class Difference:
    """What the question adds to the correction's key, and what of the key is missing in it. All words lower-cased.

    `narrowing` are those of the words that make one question's thing another: the express of express delivery.
    """

    names_added: tuple[str, ...]
    names_missing: tuple[str, ...]
    names_shared: bool
    words_added: tuple[str, ...]
    words_missing: tuple[str, ...]
    words_shared: int
    narrowing: tuple[str, ...]


def difference(question: Reading, key: Reading) -> Difference:
    """Compares the names and the remaining words of two readings."""
    names = question.names | key.names
    asked = {stem: word for stem, word in question.content.items() if word not in names}
    known = {stem: word for stem, word in key.content.items() if word not in names}
    names_missing = _unmatched(key.names, _spelled(question, key))
    names_added = _unmatched(question.names, _spelled(key, question))
    asked_spellings, known_spellings = question.spellings, key.spellings
    added = [word for stem, word in asked.items() if not _occurs(stem, word, known, known_spellings, question)]
    missing = [word for stem, word in known.items() if not _occurs(stem, word, asked, asked_spellings, key)]
    return Difference(
        names_added=tuple(sorted(names_added)),
        names_missing=tuple(sorted(names_missing)),
        names_shared=bool(names) and len(names_missing) + len(names_added) < len(names),
        words_added=tuple(added),
        words_missing=tuple(missing),
        words_shared=len(asked) - len(added),
        narrowing=(
            *_narrowing(question, {*asked.values()}, added, missing),
            *_narrowing(key, {*known.values()}, missing, added),
        ),
    )


def _narrowing(own: Reading, content: set[str], lone: list[str], theirs: list[str]) -> list[str]:
    """Those of the lone words that stand right before a common one (express delivery), or after for or by.

    What follows which or what is asked for, and is no part of what the question is about. Adverbs narrow nothing, and
    for or by only where the other side has no lone word that may say the same.
    """
    common = content.difference(lone)
    found = []
    for place, word in enumerate(own.words):
        if word not in lone or word.endswith("ly") or word in _UNSAID:
            continue
        before = next((w for w in own.words[:place][::-1] if w not in DETERMINERS), "")
        head = next((w for w in own.words[place + 1 :] if w not in own.names), "")
        if (before in _NARROWING and not theirs) or (head in common and before not in ("what", "which")):
            found.append(word)
    return found


def _spelled(own: Reading, other: Reading) -> frozenset[str]:
    """The spellings of one side; initials of the other's names are those names."""
    named = (words for short, words in other.initials.items() if short in own.names)
    return own.spellings.union(own.initials, *named)


def _unmatched(names: Iterable[str], spellings: frozenset[str]) -> list[str]:
    return [name for name in names if name not in spellings and not any(is_typo(name, other) for other in spellings)]


def _occurs(stem: str, word: str, others: dict[str, str], spellings: frozenset[str], own: Reading) -> bool:
    """Whether a word stands on the other side too: same stem or family, joined or split, or mistyped."""
    if stem in others or word in spellings or _is_answered(word, spellings):
        return True
    place = own.words.index(word)
    neighbours = own.words[max(place - 1, 0) : place + 2]
    if any(a + b in spellings for a, b in pairwise(neighbours)):
        return True
    return any(is_family(stem, other) for other in others) or any(is_typo(word, other) for other in others.values())


def _is_answered(word: str, spellings: frozenset[str]) -> bool:
    """Whether the other side says the same act from the other end of the counter: pay, accept."""
    return any(
        (word in doing and spellings & serving) or (word in serving and spellings & doing)
        for doing, serving in CONVERSES
    )


def is_family(stem: str, other: str) -> bool:
    """Whether one stem begins with the other, of four letters at least: citizen, citizenship."""
    shorter, longer = sorted((stem, other), key=len)
    return len(shorter) >= 4 and longer.startswith(shorter)


def is_typo(word: str, other: str) -> bool:
    """Whether two words of five letters or more are one letter apart: added, left out, replaced, or two swapped.

    The first letter is right, and words with digits are never slips of each other.
    """
    if word[0] != other[0] or min(len(word), len(other)) < 5 or abs(len(word) - len(other)) > 1:
        return False
    if not (word.isalpha() and other.isalpha()):
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    )
