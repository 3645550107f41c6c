"""What a question says, read by plain rules: its kind, names, numbers, times, units, negation and the other words.

One question at a time and English only. It compares nothing and knows no correction.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from knowledge.initials import initials, spelled_out
from knowledge.scope.kinds import Kind, kind_of
from knowledge.scope.polarity import acts, cost_of, names_a_cost
from knowledge.scope.senses import meaning
from knowledge.scope.synonyms import LIGHT_WORDS
from knowledge.scope.words import AUXILIARIES, DETERMINERS, MAY, MUST, NEGATIONS, NUMBERS, PREAMBLES, TIMES, UNITS
from knowledge.text import content_words

_TOKEN = re.compile(r"[^\W_]+(?:[-'.,/&+#][^\W_]+)*[#+]*|[%€$£¥]")
_CONTRACTIONS = (
    (re.compile(r"\b(?:can't|cannot)\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"n't\b", re.I), " not"),
    (re.compile(r"\b(what|where|when|who|how|why|it|that|there)'s\b", re.I), r"\1 is"),
    (re.compile(r"'(?:s|re|ve|ll|d|m)\b|(?<=s)'(?!\w)", re.I), ""),
    (re.compile(r"\b(check|log|sign)(ed|ging|ing)?[ -](in|out)\b", re.I), r"\1\3"),
    (re.compile(r"\b([a-z]+)-free\b", re.I), r"without \1"),
    (re.compile(r"\b(?:free of charge|(?:for|at) no (?:extra |additional )?(?:cost|charge))\b", re.I), "free"),
    (re.compile(r"\bmoney back\b", re.I), "refund"),
    (re.compile(r"\b(?:last|latest|final|closing) (?:day|date)\b", re.I), "deadline"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"(?<=\d)\s?am\b", re.I), " a.m"),
    (re.compile(r"(\d)(?=(?:km|cm|mm|kg|g|gb|mb|pm|h|eur|usd|ml)\b)", re.I), r"\1 "),
)
_SOME = frozenset({"some", "ever", "anyo", "anyt", "anyb", "noth", "nobo"})  # someone, everything, nobody
_SWITCH = frozenset({"on", "off"})
_DOERS = frozenset({"i", "we", "you"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A question taken apart, all in lower case.

    `content` maps the stem of each remaining word to the word; `spellings` are all words and every two neighbours
    written as one, where wi-fi, wi fi and wifi meet. `acronyms` are the names in capitals alone. `doer` is who acts,
    I, we or you, or empty. `initials` maps those of the names to the names' words. `cost` says whether it is taken for
    free or for paid; `doing` and `undergone` who does what and to whom what is done.
    """

    words: tuple[str, ...]
    kind: Kind
    names: frozenset[str]
    acronyms: frozenset[str]
    numbers: frozenset[str]
    times: frozenset[str]
    units: frozenset[str]
    polar: frozenset[str]
    negated: bool
    may: bool
    must: bool
    doer: str
    content: dict[str, str]
    spellings: frozenset[str]
    initials: dict[str, frozenset[str]]
    cost: frozenset[str]
    is_about_cost: bool
    doing: frozenset[tuple[str, str]]
    undergone: frozenset[tuple[str, str]]


def read(question: str) -> Reading:
    """Takes a question apart."""
    text = spelled_out(unicodedata.normalize("NFKC", question).replace("’", "'"))
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    written = [(match[0].replace("-", ""), _starts_sentence(text, match.start())) for match in _TOKEN.finditer(text)]
    spoken = tuple(word.casefold() for word, _ in written)
    words = _without_preamble(spoken)
    names = _names(written).intersection(words)  # the hello of a greeting is none
    numbers = frozenset(number for word in words if (number := _number(word)) is not None)
    times = frozenset(TIMES[word] for word in words if word in TIMES)
    kind = kind_of(words)
    if kind == Kind.NONE and words != spoken:
        kind = Kind.THING
    doing, undergone = acts(words, kind)
    return Reading(
        words=words,
        kind=kind,
        names=names,
        acronyms=names & {word.casefold() for word, _ in written if word.rstrip("s").isupper()},
        numbers=numbers,
        times=times | ({"may"} if _is_month_may(words) else frozenset()),
        units=frozenset(UNITS[word] for word in words if word in UNITS),
        polar=frozenset(_polar(words, names)),
        negated=any(word in NEGATIONS for word in words),
        may=bool(MAY & set(words)),
        must=bool(MUST & set(words)) or _has_pair(words, ("have", "has"), ("to",)),
        doer=next((word for word in words if word in _DOERS), ""),
        content=_content(words, kind),
        spellings=frozenset(words) | {a + b for a, b in pairwise(words)},
        initials=initials(text),
        cost=cost_of(words, kind),
        is_about_cost=names_a_cost(words, kind),
        doing=doing,
        undergone=undergone,
    )


def _starts_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \t\n\"'(")
    return not before or before[-1] in ".?!:"


def _without_preamble(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leaves out how a polite question begins: hello, can you tell me, I would like to know."""
    words = tuple(word for word in words if word not in ("please", "kindly"))
    while preamble := max((one for one in PREAMBLES if words[: len(one)] == one), key=len, default=None):
        if len(words) == len(preamble):
            break
        words = words[len(preamble) :]
    return words


def _number(word: str) -> str | None:
    if re.fullmatch(r"\d+(?:[.,]\d+)*", word):
        return word.replace(",", ".").removesuffix(".0")
    return NUMBERS.get(word)


def _names(written: list[tuple[str, bool]]) -> frozenset[str]:
    """Words that are written as names: a capital inside a sentence, an inner capital, letters with digits.

    At the start of a sentence a capital counts only when another capitalised word follows. Where every word has a
    capital, capitals say nothing.
    """
    alphabetic = [word for word, starts in written if word.isalpha() and not starts]
    shouting = len(alphabetic) > 2 and all(word[0].isupper() for word in alphabetic)
    names = set()
    for place, (word, starts) in enumerate(written):
        folded = word.casefold()
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and folded not in NUMBERS:
            names.add(folded)
        if shouting or not word[0].isupper() or folded in TIMES or folded in NUMBERS or not content_words(folded):
            continue
        follower = written[place + 1][0] if place + 1 < len(written) else ""
        is_subject = place == 0 and not names and folded[:4] not in _SOME and _is_verb(follower.casefold())
        is_followed = follower[:1].isupper() and bool(content_words(follower))
        if not starts or word[1:] != word[1:].lower() or is_followed or is_subject:
            names.add(folded)
    return frozenset(names)


def _is_verb(verb: str) -> bool:
    """Whether a name may stand before it, to begin the sentence: Cali is a sister city, Samsonite got its name."""
    return verb in AUXILIARIES or verb == "got" or (verb.endswith(("ed", "s")) and bool(content_words(verb)))


def _has_pair(words: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return any(a in first and b in second for a, b in pairwise(words))


def _is_month_may(words: tuple[str, ...]) -> bool:
    """May is a month after a preposition of time or beside a number."""
    return any(
        word == "may"
        and ((place and words[place - 1] in ("in", "of", "until", "since", "by", "during")) or follower.isdigit())
        for place, (word, follower) in enumerate(zip_longest(words, words[1:], fillvalue=""))
    )


def _polar(words: tuple[str, ...], names: frozenset[str]) -> list[str]:
    """The words that opposites are looked up by; `to` only as a direction, not before a verb, and of on and off the
    first: turn off Bluetooth on the headset.
    """
    switch = next((word for word in words if word in _SWITCH), None)
    return [
        word
        for word, follower in zip_longest(words, words[1:], fillvalue="")
        if (word != "to" or follower in DETERMINERS or follower in names or follower.isdigit())
        and (word not in _SWITCH or word == switch)
    ]


def _is_second_hand(words: tuple[str, ...], place: int) -> bool:
    """Whether a word is the `used` of used shoes, and not that of what it is used for."""
    before, after = words[place - 1] if place else "", (*words, "")[place + 1]
    return words[place] == "used" and before not in AUXILIARIES | _DOERS and bool(content_words(after))


def _content(words: tuple[str, ...], kind: Kind) -> dict[str, str]:
    """Stem (or common synonym) -> the word, for what is neither light nor said by the kind of the question."""
    content = {}
    for place, word in enumerate(words):
        if (
            (word in LIGHT_WORDS and not _is_second_hand(words, place))
            or word in TIMES
            or word in NEGATIONS
            or _number(word) is not None
            or word in kind.said_by
        ):
            continue
        if stem := meaning(word, words, place, kind):
            content[stem] = word
    return content
