"""Whether a passage supports what somebody else says, and whether that says what a quote says.

Word comparisons alone, meant to err on the side of no. A sentence is held against the one sentence of the passage that
is nearest to it and may only shorten and turn it: all its content words and numbers must be there, names and numbers
after the same prepositions; what it borrows from other sentences, adds ("of purchase", "The answer is"), negates or
turns into its opposite is not supported, nor is a preposition, a conjunction or a modal verb that does not stand before
the same words there ("within 30 days of being unworn"). No model, no database.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from knowledge.scope.words import NUMBERS, OPPOSITES, listed
from knowledge.text import content_words, sentences, words
from knowledge.wordlists import NEGATIONS, NO_NAMES

CARRIED = 0.8  # share of what a quote adds to the question that a wording must keep: a condition is soon lost

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]*")
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_][\w'’-]*")
_PREPOSITIONS = listed(
    "about above after at before below between by during for from in into on onto of over per since through till to "
    "under until via with within without"
)
_LISTING = frozenset(["and", "or"])
_TURNING = listed("if unless until till except only when while because without not no never but")  # never left out
_BINDING = (
    _PREPOSITIONS
    | _LISTING
    | _TURNING
    | listed(
        "against along although among around behind beside besides beyond despite inside near nor off out outside past "
        "so than that though through toward towards up upon where whereas whether as via yet "
        "can could may might must need needs ought shall should will would"
    )
)
_BETWEEN = listed("the a an our your its all each every both most least")
_PREAMBLE = re.compile(
    r"(?:so,? |yes,? |no,? )?(?:(?:the|your|a|my|here is the) (?:\w+ )?(?:answer|response)\b|answer:|"
    r"according to\b|based on\b)"
    r"|答案|回答|根据",
    re.IGNORECASE,
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


def adds(sentence: str, said: Sequence[str], question: str) -> bool:
    """Whether most of what a sentence says beyond the question was not said before."""
    known = {stem for one in said for stem in _stems(one)}
    told = _stems(sentence) - _stems(question)
    return not said or len(told - known) > len(told) / 2


def _supported(sentence: str, passage: str) -> bool:
    said = _stems(sentence)
    if not said or not _names(sentence) <= _stems(passage):
        return False
    nearest = max(_parts(passage), key=lambda part: len(_stems(part) & said), default="")
    known = _stems(nearest)
    if not said - _number_stems(sentence) <= known or not _numbers(sentence) <= _numbers(nearest):
        return False
    if _PREAMBLE.match(sentence) and not _PREAMBLE.match(nearest):
        return False
    if _says_twice(sentence, nearest) or not _keeps_prepositions(sentence, nearest) or not _binds(sentence, nearest):
        return False
    return bool(said & NEGATIONS) == bool(known & NEGATIONS) and not _turned_round(sentence, nearest)


def _says_twice(sentence: str, nearest: str) -> bool:
    """Whether a word comes back that the passage says once: open on Sundays from noon on Sundays."""
    known = Counter(content_words(nearest))
    return any(count > 1 and count > known[stem] for stem, count in Counter(content_words(sentence)).items())


def _keeps_prepositions(sentence: str, nearest: str) -> bool:
    """Whether each name and number stands after the preposition, or none, that it has in the passage: to Austria."""
    known = _governed(nearest)
    return all(said <= known[word] for word, said in _governed(sentence).items() if word in known)


def _binds(sentence: str, nearest: str) -> bool:
    """Whether each preposition, conjunction and modal verb stands before a word that it stands before in the passage,
    too, and none is left out there that turns the words which are kept: if, unless, only.
    """
    said, known = _bound(sentence), _bound(nearest)
    kept = _stems(sentence) | _numbers(sentence)
    is_there = all(
        any(word == other and (not after or after[0] in among) for other, among in known) for word, after in said
    )
    return is_there and all(
        any(word == other for other, _ in said) or (bool(after) and after[0] not in kept)
        for word, after in known
        if word in _TURNING
    )


def _bound(text: str) -> list[tuple[str, list[str]]]:
    """The binding words of a text, each with the content words up to the next; and, or reach over the other kinds."""
    found: list[tuple[str, list[str]]] = []
    after: list[str] = []
    listed_after: list[str] = []
    for word in words(text):
        word = "not" if word.endswith("n't") or word == "cannot" else word
        if word in _BINDING:
            after = []
            listed_after = after if word in _LISTING else listed_after
            found.append((word, after))
            continue
        stems = [NUMBERS[word]] if word in NUMBERS else content_words(word)
        after += stems
        if listed_after is not after:
            listed_after += stems
    return found


def _governed(text: str) -> dict[str, set[str]]:
    """The names and numbers of a text with the prepositions before them; that of a list stands before each part."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    before, is_open, end, ends_name = "", False, 0, False
    for match in _WORD.finditer(text):
        word, gap = match[0].casefold(), text[end : match.start()]
        if key := _name_or_number(match[0]):
            goes_on = ends_name and (gap in (" ", "-") or (gap == ", " and not key[0].isdigit()))
            before = before if is_open or goes_on else ""
            found[key].add(before)
            is_open, ends_name = False, True
        elif ends_name and word in _LISTING:
            is_open, ends_name = True, False
        elif not (is_open and word in _BETWEEN):
            before = word if word in _PREPOSITIONS else ""
            is_open, ends_name = bool(before), False
        end = match.end()
    return dict(found)


def _name_or_number(word: str) -> str:
    """The form in which a name or number is compared; empty for any other word."""
    if word[0].isdigit():
        return word.replace(",", "")
    return NUMBERS.get(word.casefold()) or next(iter(_names(word)), "")


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
    return {stem for name in found if name.casefold() not in NO_NAMES for stem in content_words(name)}
