"""Whether a passage supports what somebody else says, and whether that says what a quote says.

Word comparisons alone, meant to err on the side of no: numbers and names must be there, most content words too, and a
negation on one side only is a contradiction. No model, no database.
"""

import re
from collections.abc import Sequence

from knowledge.text import content_words, sentences

CONTENT = 0.7  # share of a sentence's content words that its passage must have
CARRIED = 0.5  # share of what a quote adds to the question that a wording must keep

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w'’-]*")  # a capital inside a sentence
_SAYING_NOTHING = frozenset({"I", "I'm", "I’m"})
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
    """Whether a wording keeps what the quote adds to the question: its numbers, its names, and half its other words."""
    added = _facts(quote) - _facts(question)
    if not added <= _facts(text):
        return False
    told = set(content_words(quote)) - set(content_words(question))
    return len(told & set(content_words(text))) >= CARRIED * len(told)


def _supported(sentence: str, passage: str) -> bool:
    words = set(content_words(sentence))
    known = set(content_words(passage))
    if not words or len(words & known) < CONTENT * len(words):
        return False
    if not _facts(sentence) <= _facts(passage) | set(_all_words(passage)):
        return False
    return bool(words & _NEGATIONS) == bool(_nearest(words, passage) & _NEGATIONS)


def _nearest(words: set[str], passage: str) -> set[str]:
    """The content words of the passage's sentence that shares most with `words`."""
    candidates = [set(content_words(passage[span.start : span.end])) for span in sentences(passage)]
    return max(candidates, key=lambda candidate: len(candidate & words), default=set())


def _facts(text: str) -> set[str]:
    """Numbers and names, in a form that can be compared."""
    numbers = {number.replace(",", "") for number in _NUMBER.findall(text)}
    names = {
        name.removesuffix("'s").removesuffix("’s").casefold()
        for name in _NAME.findall(text)
        if name not in _SAYING_NOTHING
    }
    return numbers | names


def _all_words(text: str) -> list[str]:
    return [word.removesuffix("'s").casefold() for word in re.findall(r"\w[\w'-]*", text)]
