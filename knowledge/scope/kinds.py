"""Which kind of answer a question wants: a price, a time, a place, yes or no. Plain rules over lower-cased words."""

from enum import StrEnum

from knowledge.scope.words import AUXILIARIES, DETERMINERS, listed

_NOUNS = {
    "PRICE": "price prices cost costs fee fees charge charges",
    "TIME": "time times hour hours date dates day deadline year month",
    "PLACE": "place address city town room floor street country location site whereabouts continent",
    "DURATION": "period duration length term",
    "AGE": "age ages",
    "COUNT": "number amount quantity",
    "MANNER": "way procedure process steps",
    "REASON": "reason cause",
    "PERSON": "person people employee colleague doctor author creator company firm organization organisation",
}
_SPANS = listed("second seconds minute minutes hour hours day days night nights week weeks month months year years")
_COINS = listed("euro euros dollar dollars pounds money yuan yen")
_STOPS = listed("of for to in on at from by with per that")
_MEASURES = listed("deep big large tall heavy high wide far hot strong thick loud good busy")
_MONEY = listed("deposit fine excess surcharge fare rent tariff tip discount refund salary") | frozenset(
    _NOUNS["PRICE"].split()
)
_MOMENTS = listed("opening closing arrival departure checkin checkout start starting end visiting boarding")
_PAYING = frozenset({"pay", "pays", "paid", "cost"})
_SUBJECTS = frozenset((word,) for word in ("i", "we", "you", "my", "it", "they"))  # when I travel, can I ...


class Kind(StrEnum):
    """The kind of answer that is wanted. THING is any other what or which; NONE is no question in form."""

    YES_NO = "whether"
    PRICE = "how much"
    COUNT = "how many"
    DURATION = "how long"
    FREQUENCY = "how often"
    AGE = "which age"
    MEASURE = "how big"
    MANNER = "how"
    TIME = "when"
    PLACE = "where"
    PERSON = "who"
    REASON = "why"
    THING = "what"
    NONE = "no question"

    @property
    def said_by(self) -> frozenset[str]:
        """The nouns that say no more than the kind does: what *time*, what is the *price*."""
        return _SAID_BY.get(self, frozenset())


_KIND_OF_NOUN = {noun: Kind[kind] for kind, nouns in _NOUNS.items() for noun in nouns.split()}
_SAID_BY = {
    Kind[kind]: frozenset(nouns.split()) for kind, nouns in _NOUNS.items() if kind != "PLACE" and kind != "PERSON"
}
_SAID_BY[Kind.PRICE] |= {"pay", "pays", "paid", "charged", "costing", "expensive", "cheap", "high", *_COINS}
_SAID_BY[Kind.DURATION] |= _SPANS | {"last", "lasts", "wait", "waiting", "time", "quickly", "fast"}
_SAID_BY[Kind.AGE] |= {"old", "years", "minimum", "maximum"}
_SAID_BY[Kind.PLACE] = frozenset({"place", "city", "town", "location", "site", "address", "whereabouts"})
_SAID_BY[Kind.PERSON] = frozenset(
    {"person", "people", "responsible", "company", "firm", "organization", "organisation"}
)
_SAID_BY[Kind.COUNT] |= {"maximum", "max", "limit"}
_SAID_BY[Kind.TIME] |= {"place", "until", "late", "early", "soon"}

_SIMPLE = {
    "when": Kind.TIME,
    "where": Kind.PLACE,
    "who": Kind.PERSON,
    "whom": Kind.PERSON,
    "whose": Kind.PERSON,
    "why": Kind.REASON,
}


def kind_of(words: tuple[str, ...]) -> Kind:
    """The kind of a question  # words: lower-cased, in order, contractions resolved, polite preamble gone."""
    if words and words[0] in AUXILIARIES:
        return Kind.YES_NO
    for place, word in enumerate(words):
        if word in _SIMPLE and not (word == "when" and words[place + 1 : place + 2] in _SUBJECTS):
            return _SIMPLE[word]
        if word == "how":
            return _how(words[place + 1 :])
        if word in ("what", "which"):
            return _what(words[place + 1 :])
    nouns = [_KIND_OF_NOUN[word] for word in words if word in _KIND_OF_NOUN]
    return nouns[0] if nouns else Kind.NONE


def _how(rest: tuple[str, ...]) -> Kind:
    first, second = (*rest, "", "")[:2]
    if first == "much":
        return (
            Kind.PRICE
            if not second
            or second in AUXILIARIES
            or second in _STOPS | _COINS | _MONEY | {"you", "we", "a", "an", "the", "my"}
            else Kind.COUNT
        )
    if first == "many":
        return Kind.DURATION if second in _SPANS else Kind.PRICE if second in _COINS else Kind.COUNT
    if first in _MEASURES:
        return Kind.PRICE if first == "high" and _MONEY.intersection(rest) else Kind.MEASURE
    return {
        "long": Kind.DURATION,
        "quickly": Kind.DURATION,
        "fast": Kind.DURATION,
        "often": Kind.FREQUENCY,
        "frequently": Kind.FREQUENCY,
        "old": Kind.AGE,
        "late": Kind.TIME,
        "early": Kind.TIME,
        "soon": Kind.TIME,
        "come": Kind.REASON,
        "expensive": Kind.PRICE,
    }.get(first, Kind.MANNER)


def _what(rest: tuple[str, ...]) -> Kind:
    """The first noun of a known kind in the noun phrase after what or which decides."""
    asks_directly = bool(rest) and rest[0] in AUXILIARIES
    if asks_directly and rest[1:3] in (("i", "do"), ("we", "do"), ("you", "do")):
        return Kind.MANNER
    phrase = rest[1:6] if asks_directly else rest[:3]
    for before, word, after in zip(("", *phrase), phrase, (*phrase[1:], ""), strict=False):
        if word == "time" and asks_directly and before not in _MOMENTS | DETERMINERS:
            return Kind.DURATION  # the waiting time, the delivery time
        if word in _KIND_OF_NOUN:
            return _KIND_OF_NOUN[word]
        if word in _MONEY and (not after or after in _STOPS | AUXILIARIES):
            return Kind.PRICE
        if word in _STOPS or word in AUXILIARIES:
            break
    asks_amount = asks_directly and _PAYING.intersection(rest) and rest[-1] not in _STOPS  # not: what do I pay *for*
    return Kind.PRICE if asks_amount else Kind.THING
