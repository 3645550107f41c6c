"""Whether a passage supports what somebody else says, and whether that says what a quote says.

Word comparisons alone, meant to err on the side of no. A sentence is held against the one sentence of the passage that
is nearest to it and may only shorten and turn it: all its content words and numbers must be there; what it borrows from
other sentences, adds ("of purchase"), negates or turns into its opposite is not supported. No model, no database.
"""

import re
from collections.abc import Sequence

from knowledge.scope.words import NUMBERS, OPPOSITES
from knowledge.text import content_words, sentences, words
from knowledge.wordlists import SENTENCE_STARTERS, STOP_WORDS

CARRIED = 0.8  # share of what a quote adds to the question that a wording must keep: a condition is soon lost

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]*")
_NO_NAMES = SENTENCE_STARTERS | STOP_WORDS | {"i", "yes", "no"}
_NEGATIONS = frozenset(
    {"not", "no", "never", "without", "neither", "nor", "none", "nobody", "noth", "不", "没", "没有", "无"}
)


def supports(sentence: str, passages: Sequence[str]) -> int | None:
    """The place of the first passage that supports the sentence, or None."""
    for place, passage in enumerate(passages):
        if _supported(sentence, passage):
            return place
    return None


def carries(text: str, quote: str, question: str) -> bool:
    """Whether a wording keeps what the quote adds to the question: its numbers, its names, and most other words."""
    numbers = _numbers(quote) - _numbers(question)
    names = _names(quote) - _stems(question)
    if not numbers <= _numbers(text) or not names <= _stems(text):
        return False
    told = _stems(quote) - _stems(question)
    return len(told & _stems(text)) >= CARRIED * len(told)


def _supported(sentence: str, passage: str) -> bool:
    said = _stems(sentence)
    if not said or not _names(sentence) <= _stems(passage):
        return False
    nearest = max(_parts(passage), key=lambda part: len(_stems(part) & said), default="")
    known = _stems(nearest)
    if not said - _number_stems(sentence) <= known or not _numbers(sentence) <= _numbers(nearest):
        return False
    return bool(said & _NEGATIONS) == bool(known & _NEGATIONS) and not _turned_round(sentence, nearest)


def _parts(passage: str) -> list[str]:
    return [passage[span.start : span.end] for span in sentences(passage)]


def _turned_round(sentence: str, nearest: str) -> bool:
    """Whether one says *before* where the other says *after*."""
    said, known = set(words(sentence)), set(words(nearest))
    only_said, only_known = said - known, known - said
    return any(
        (only_said & one and only_known & other) or (only_said & other and only_known & one) for one, other in OPPOSITES
    )


def _stems(text: str) -> set[str]:
    return set(content_words(text))


def _numbers(text: str) -> set[str]:
    """Numbers in one form, whether written in digits or as words."""
    digits = {number.replace(",", "") for number in _DIGITS.findall(text)}
    return digits | {NUMBERS[word] for word in words(text) if word in NUMBERS}


def _number_stems(text: str) -> set[str]:
    """The stems of number words, which are compared as numbers."""
    return {stem for word in words(text) if word in NUMBERS for stem in content_words(word)}


def _names(text: str) -> set[str]:
    """The stems of capitalised words that are no common way to begin a sentence."""
    found = (name.removesuffix("'s").removesuffix("’s") for name in _CAPITALISED.findall(text))
    return {stem for name in found if name.casefold() not in _NO_NAMES for stem in content_words(name)}
