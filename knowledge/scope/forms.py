"""A question as an instance of our templates: which group of them it belongs to, and with what subject."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from knowledge.scope.templates import Group, read_templates
from knowledge.text import content_words
from knowledge.wordlists import STOP_WORDS

MOST_WORDS = 6  # of a subject
_IN_NAMES = {"of", "the", "and"}
_MANY = {"is": "are", "was": "were", "does": "do", "has": "have"}
_ONE = re.compile(r"\b(?:is|was|does|has)\b(?= (?:there )?(?:the )?X\b)|(?<=X )(?:is|was|does|has)\b", re.IGNORECASE)
_TWO_ARTICLES = re.compile(r"\b(?:there|any|an?|the) (?:the|my|your|our|an?)\b", re.IGNORECASE)
_COMMON = {"service", "product", "thing", "event", "illness", "trip"}  # kinds of what has no name of its own


@cache
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the file: neighbours ask something similar."""
    return tuple(read_templates().groups)


@lru_cache(maxsize=64)
def form_of(question: str) -> tuple[Group | None, str]:
    """The group of the likest template that the question is an instance of, and its subject. What is asked of people,
    works and places is asked of names alone: the return period has no running time.
    """
    plain = question.strip().rstrip("?!. ")
    low = plain.casefold()
    for before, after, group in _patterns():
        subject = plain[len(before) : len(plain) - len(after)]
        if not (low.startswith(before) and low.endswith(after) and _is_thing(subject)):
            continue
        if group.kinds & _COMMON or any(not letter.islower() and not letter.isspace() for letter in subject):
            return group, subject.strip()
    return None, ""


def filled(text: str, subject: str) -> str:
    """A template as a question about the subject, about one of it or many."""
    last = subject.split()[-1] if subject else ""
    if last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is")):
        text = _ONE.sub(lambda found: _MANY[found[0]] if found[0].islower() else capital(_MANY[found[0].lower()]), text)
    return capital(text.replace("X", subject))


def is_sound(text: str) -> bool:
    """Whether no article stands before another: not, is there the room."""
    return not _TWO_ARTICLES.search(text)


def capital(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]


def in_turn(sorts: Sequence[Iterator[str]]) -> Iterator[str]:
    """The first of each sort, then the second of each, and so on."""
    left = list(sorts)
    while left:
        for sort in list(left):
            text = next(sort, None)
            if text is None:
                left.remove(sort)
            else:
                yield text


@cache
def _patterns() -> tuple[tuple[str, str, Group], ...]:
    """What stands before and after the one subject of each template, in lower case, the longest first."""
    parts = []
    for group in groups():
        for text in group.questions:
            before, _, after = text.rstrip("?. ").casefold().partition("x")
            says_something = content_words(f"{before} {after}")  # when is X: anything may be asked so
            if "x" not in after and "Y" not in text and says_something:
                parts.append((before, after, group))
    return tuple(sorted(parts, key=lambda part: -len(part[0] + part[1])))


def _is_thing(subject: str) -> bool:
    """Whether it can be the name of a thing: my dog, the capital of Norway; not: my dog into the store."""
    inner = subject.casefold().split()[1:]
    return 0 < len(subject.split()) <= MOST_WORDS and not (STOP_WORDS - _IN_NAMES).intersection(inner)
