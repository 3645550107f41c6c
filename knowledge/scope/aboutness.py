"""What two questions are about: which names they share, which only one of them has, and what is left without them.

Names that are shared are masked, the same name by the same letter on both sides, so that what is *asked* can be judged
apart from what it is asked *about*. Plain rules; it decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.scope.reading import Reading
from knowledge.scope.words import listed

MASKS = "xyzvw"
_LINKS = listed("of the a an and de la le du von van der den di da in on for at &")
_SHORTEST = 3  # letters of a name whose plural is known; iPhone X and XS are two
_MOST_LINKS = 3  # words between two words of one name: Lord of the Rings


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two questions side by side. `question` and `key` are their words with the shared names masked, in lower case.

    `is_other` when plainly another thing is asked about: names on both sides that are not the same, or none of the
    key's, unless those are acronyms, which people write out as they like.
    """

    question: str
    key: str
    shared: int
    added: tuple[str, ...]
    missing: tuple[str, ...]
    is_other: bool


def align(question: Reading, key: Reading) -> Alignment:
    """Finds the names of each in the other, whole or word by word, in any case, mistyped or by their initials."""
    asked, known = list(question.words), list(key.words)
    names = question.names | key.names
    matched = {word: other for word in known if (other := _twin(word, asked, question, key)) is not None}
    shared = _spans(known, {word for word in matched if word in names or matched[word] in names})
    for mask, span in zip(MASKS, shared, strict=False):
        twin = [matched.get(word, word) for word in span]
        known, asked = _masked(known, span, mask), _masked(asked, twin, mask)
    there, here = _with_initials(question, key), _with_initials(key, question)
    added, missing = _unmatched(question.names, here, question, key), _unmatched(key.names, there, question, key)
    return Alignment(
        question=" ".join(asked),
        key=" ".join(known),
        shared=min(len(shared), len(MASKS)),
        added=tuple(sorted(added)),
        missing=tuple(sorted(missing)),
        is_other=bool(missing) and (bool(added) or not (shared or key.acronyms.issuperset(missing))),
    )


def _twin(word: str, others: Sequence[str], question: Reading, key: Reading) -> str | None:
    """The same word on the other side; a name may be mistyped there."""
    if word in others:
        return word
    names = question.names | key.names
    return next((other for other in others if word in names and _is_same(word, other, question, key)), None)


def _is_same(name: str, other: str, question: Reading, key: Reading) -> bool:
    """Whether one is the other mistyped, or several of it: ATM, ATMs. Two that are written as names, as long, with
    other letters, are two names.
    """
    if min(len(name), len(other)) >= _SHORTEST and (name == other + "s" or other == name + "s"):
        return True
    both = {name, other} <= question.names | key.names and not {name, other} <= question.names
    return is_typo(name, other) and not (both and len(name) == len(other) and sorted(name) != sorted(other))


def _spans(words: Sequence[str], shared: set[str]) -> list[list[str]]:
    """The shared words, those that stand together as one name, with the small words between them."""
    spans: list[list[str]] = []
    start, end = None, 0
    for place, word in enumerate(words):
        if word not in shared:
            continue
        between = words[end:place]
        if start is not None and len(between) <= _MOST_LINKS and all(link in _LINKS for link in between):
            spans[-1] = list(words[start : place + 1])
        else:
            start = place
            spans.append([word])
        end = place + 1
    return [span for place, span in enumerate(spans) if span not in spans[:place]]


def _masked(words: Sequence[str], span: Sequence[str], mask: str) -> list[str]:
    """The words with a mask for each run of the span's words, in their order or not."""
    inner = set(span)
    names = inner - _LINKS or inner
    masked: list[str] = []
    for place, word in enumerate(words):
        if word in names:
            if masked[-1:] != [mask]:
                masked.append(mask)
        elif not (word in inner and masked[-1:] == [mask] and names & set(words[place + 1 : place + 1 + _MOST_LINKS])):
            masked.append(word)
    return masked


def _with_initials(own: Reading, other: Reading) -> frozenset[str]:
    """The spellings of one side; initials of the other's names are those names."""
    named = (words for short, words in other.initials.items() if short in own.names)
    return own.spellings.union(own.initials, *named)


def _unmatched(names: Iterable[str], spellings: frozenset[str], question: Reading, key: Reading) -> list[str]:
    return [
        name
        for name in names
        if name not in spellings and not any(_is_same(name, other, question, key) for other in spellings)
    ]


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
