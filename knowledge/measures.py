"""Words of measure and their nouns: how heavy asks for the weight, how expensive for the price, what color for the
colour.

A closed list, and English alone: the words of a measure are one when a question is searched for, quoted and judged.
Nothing else is a synonym of anything here.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from knowledge.text import content_words

PRICE = "=price"
COLOUR = "=colour"  # the one without numbers
_NAMES = {  # a measure and its words
    "=weight": "heavy weight weigh",
    PRICE: "expensive price cost",
    "=height": "tall high height",
    "=length": "long length",
    "=width": "wide width",
    "=depth": "deep depth",
    "=speed": "fast speed",
    "=size": "big large size",
    "=age": "old age",
    "=distance": "far distance",
    COLOUR: "colour color",
}
_MEASURES = {stem: name for name, words in _NAMES.items() for stem in content_words(words)}
WORDS = frozenset(_MEASURES)
"""The stems of all words of measure."""

_LONG = (  # how long is it, but not how long can I keep it, nor how long are you open or is it valid
    r"long(?= (?:is|are|was|were)\b(?! (?:you|we|i|he|she)\b)"
    r"(?!.*\b(?:open|shut|valid|available|good|free|kept|held|sold|lent|left|away|\w{3,}(?<!e)ed)\b))"
)
_ASKED = re.compile(  # how far, but not how far in advance
    rf"\bhow (heavy|expensive|tall|high|{_LONG}|wide|deep|fast|big|large|old|far(?! in\b))\b"
    r"|\b(weights?|weighs?|prices?|costs?|heights?|lengths?|widths?|depths?|speeds?|sizes?|ages?|distances?"
    r"|colou?rs?)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(  # how high may be a price
    rf"\bhow (?:heavy|tall|wide|expensive|{_LONG}|fast(?= (?:is|are|can)\b))\b|\bweighs?\b"
    r"|\b(?:what|which) colou?rs?\b|\bcolou?rs?(?= of\b)",
    re.IGNORECASE,
)
_PROSE = r"^(?!.*; )"  # what is no row of a table may tell it in other words
_LENGTH = r"\d\s?(?:[ckm]?m|(?:centi|milli|kilo)?met(?:er|re)s?|inch(?:es)?|feet|foot|ft|yards?|miles?)\b"
_UNITS = {
    "=weight": re.compile(
        r"\d\s?(?:k?g|t|lbs?|oz|(?:kilo)?grams?|kilos?|pounds?|ounces?|tons?|tonnes?)\b", re.IGNORECASE
    ),
    PRICE: re.compile(r"[$€£¥]|\d\s?(?:euros?|dollars?|cents?|pence|pounds?|francs?|yen|yuan|[A-Z]{3})\b"),
    "=height": re.compile(_LENGTH, re.IGNORECASE),
    "=width": re.compile(_LENGTH, re.IGNORECASE),
    "=length": re.compile(
        _LENGTH + r"|\d\s?(?:seconds?|min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?)\b"
        r"|\d:\d\d\b.*\d:\d\d\b|" + _PROSE,
        re.I,
    ),
    "=speed": re.compile(
        r"\d\s?(?:km/?h|kmh|kph|mph|m/s|knots?|(?:kilo)?met(?:er|re)s (?:per|an|a) |miles (?:per|an) )|" + _PROSE, re.I
    ),
    COLOUR: re.compile(
        r"\b(?:red|orange|yellow|green|blue|purple|violet|pink|brown|black|white|gr[ae]y|silver|gold|beige)\b|"
        + _PROSE,
        re.I,
    ),
}


def measures(stems: Iterable[str]) -> set[str]:
    """The measures that a text names, given the stems of its words."""
    return {_MEASURES[stem] for stem in stems if stem in _MEASURES}


def meanings(stems: Iterable[str]) -> set[str]:
    """What the stems of words say: words of measure the measure, all others themselves."""
    return {_MEASURES.get(stem, stem) for stem in stems}


def asked_words(question: str) -> dict[str, str]:
    """The stems of the words that ask for a measure, each with the measure."""
    found = (match[1] or match[2] for match in _ASKED.finditer(question))
    return {stem: _MEASURES[stem] for word in found for stem in content_words(word)}


def words_of(asked: Mapping[str, str]) -> str:
    """All words of the measures that are asked for, to search for."""
    return " ".join(_NAMES[name] for name in dict.fromkeys(asked.values()))


def as_one_word(idf: Mapping[str, float], asked: Mapping[str, str]) -> dict[str, float]:
    """How telling the words are, with those of each measure that is asked for as one: as telling as the commonest."""
    own = {stem for stem in _MEASURES if _MEASURES[stem] in asked.values()}
    merged = {asked.get(word, word): weight for word, weight in idf.items() if word in asked or word not in own}
    for word in own & idf.keys():
        if (name := _MEASURES[word]) in merged:
            merged[name] = min(merged[name], idf[word])
    return merged


def wants(question: str) -> str | None:
    """The measure without which a sentence is no answer to the question, if there is one."""
    plain = [match[0].split()[-1] for match in _PLAIN.finditer(question)]
    return _MEASURES[content_words(plain[-1])[0]] if plain else None


def tells(measure: str, text: str, stems: Collection[str]) -> bool:
    """Whether a text names the measure, or a number of one of its units."""
    return measure in measures(stems) or _UNITS[measure].search(text) is not None
