"""In which sense an English word stands for its synonyms: by its neighbours, and by what is asked with it.

Outside of that sense a word stands for itself alone, or for the few words named here. Plain rules over words.
"""

from collections.abc import Callable

from knowledge.scope.kinds import Kind
from knowledge.scope.synonyms import SYNONYMS
from knowledge.scope.words import DETERMINERS, groups, listed
from knowledge.text import content_words

_Words = tuple[str, ...]
_Sense = Callable[[_Words, int, Kind], bool]

_BEFORE_NOUNS = DETERMINERS | listed("this that these those any some no each every and cruise cash car")
_BEFORE_INFINITIVES = listed("do does did can could may might must will would shall should to")
_WHICH = listed("what which")
_BE_OR_GET = listed("be been being get gets got getting")
_STEMS = {stem: first for word, first in SYNONYMS.items() for stem in content_words(word)[:1]}
_BY_ITSELF = "·"  # before the stem of a word in another sense: no ending makes one of the other
_OTHERWISE = groups(  # what a word stands for outside of the sense that it has in `synonyms.py`
    """
    pay paid pays paying payment payments
    send sent sends sending dispatch dispatched shipped
    large big
    quick fast
    tall high
    """
)


def meaning(word: str, words: _Words, place: int, kind: Kind) -> str:
    """The stem that a word of a question stands for; empty where the word has none."""
    stem = next(iter(content_words(word)), "")
    stands_for = SYNONYMS.get(word) or _STEMS.get(stem)
    if not stem or stands_for is None:
        return stem
    sense = _SENSES.get(word)
    if sense is None or sense(words, place, kind):
        return content_words(stands_for)[0]
    return _BY_ITSELF + content_words(_OTHERWISE.get(word, word))[0]


def is_charge(words: _Words, place: int, kind: Kind) -> bool:
    """Whether a charge is money: an extra charge, you charge for it, I am charged; not: I charge my phone."""
    before, after = _beside(words, place)
    if words[place] == "charged" and (before in _BE_OR_GET or words[max(place - 2, 0)] in ("am", "are")):
        return True
    said_so = DETERMINERS | listed("any no extra additional further you they is it")
    return after in ("for", "extra") or (before in said_so and not (before == "is" and after))


def _beside(words: _Words, place: int) -> tuple[str, str]:
    return (words[place - 1] if place else ""), (*words, "")[place + 1]


def _as_verb(words: _Words, place: int, kind: Kind) -> bool:
    """Not after what stands before nouns, nor with an s after do and can: can I buy covers."""
    is_plural = words[place].endswith("s") and not _BEFORE_INFINITIVES.isdisjoint(words[:place])
    return not is_plural and _beside(words, place)[0] not in _BEFORE_NOUNS


def _as_noun(words: _Words, place: int, kind: Kind) -> bool:
    return not _as_verb(words, place, kind)


def _as_thing(words: _Words, place: int, kind: Kind) -> bool:
    """A noun that says nothing about the next one: my flat, not my flat tyre."""
    before, after = _beside(words, place)
    return before in _WHICH or (before in _BEFORE_NOUNS and not content_words(after))


def _after_how(words: _Words, place: int, kind: Kind) -> bool:
    return _beside(words, place)[0] == "how"


def _with(things: str) -> _Sense:
    """Beside one of these words."""
    listed_things = listed(things)
    return lambda words, place, kind: not listed_things.isdisjoint(words)


def _both(one: _Sense, other: _Sense) -> _Sense:
    return lambda words, place, kind: one(words, place, kind) and other(words, place, kind)


def _not(sense: _Sense) -> _Sense:
    return lambda words, place, kind: not sense(words, place, kind)


def _as_price(words: _Words, place: int, kind: Kind) -> bool:
    """Having to pay for it: it has a price."""
    before, after = _beside(words, place)
    is_due = before == "to" or "must" in words[:place]
    return kind is Kind.YES_NO and is_due and after in ("", "for", "extra", "to", "a", "an")


def _as_delivery(words: _Words, place: int, kind: Kind) -> bool:
    """Do you send to Norway: whether it can be had there, not when it leaves here."""
    return kind is Kind.YES_NO and "to" in words and not {"i", "we"} & set(words)


def _as_reaching(words: _Words, place: int, kind: Kind) -> bool:
    """To reach somebody, not some place."""
    people = "you support someone somebody anyone staff team service reception desk him her them phone telephone email"
    return kind is Kind.PERSON or _with(people)(words, place, kind)


def _as_field(words: _Words, place: int, kind: Kind) -> bool:
    """Of work: what one's field is, not a field of a form."""
    one = listed("a an the this my new another each")
    return _beside(words, place)[1] == "of" or one.isdisjoint(words[max(place - 2, 0) : place])


_CLOTHES = "clothes clothing dress trousers suit coat shirt skirt"
_REPLACED = f"{_CLOTHES} tyre tyres tire tires bulb battery batteries filter oil sheets bedding towels train trains bus"
_CHANGE = _both(_as_verb, _not(_with(f"{_REPLACED} nappy nappies diaper diapers money currency")))
_SOFTWARE = _with("app apps software firmware version system driver drivers browser plugin windows phone computer")
_LUGGAGE = "luggage baggage bag bags suitcase suitcases belongings things coat coats bike bikes skis valuables"
_TRAVEL = "leave leaving left store stored storing storage drop carry checkin checkout flight cabin lost lose missing"
_PEOPLE = _with("you staff people students student worker workers employee cleaner driver guide nanny teacher lawyer")
_APPOINTMENT = _with("appointment appointments meeting meetings visit tour viewing transport transfer pickup call")
_SENSES: dict[str, _Sense] = {
    word: sense
    for words, sense in (
        ("charge charges charged charging", is_charge),
        ("rate rates", _not(_with("exchange interest i to"))),
        ("pay paid pays paying payment payments", _as_price),
        ("ship ships reserve reserves schedule schedules cover covers play plays player players", _as_verb),
        ("call calls contact contacts register registers", _as_verb),
        ("send sent sends sending dispatch dispatched shipped", _as_delivery),
        ("arrange arranges arranged arranging", _APPOINTMENT),
        ("change changes changing changed", _CHANGE),
        ("alter alters altered altering", _not(_with(_CLOTHES))),
        ("update updates updating updated", _both(_as_verb, _not(_SOFTWARE))),
        ("reach", _as_reaching),
        ("part parts", lambda words, place, kind: _beside(words, place)[1] == "of"),
        ("valid validity", lambda words, place, kind: kind is not Kind.YES_NO),
        ("bathroom bathrooms", lambda words, place, kind: kind in (Kind.YES_NO, Kind.PLACE)),
        ("lift lifts", _both(_as_noun, lambda words, place, kind: _beside(words, place)[1] not in ("to", "pass"))),
        ("bag bags suitcase suitcases", _with(_TRAVEL)),
        ("heavy big large high tall hot warm far deep wide fast quick", _after_how),
        ("leave leaves leaving store stores stored storing", _both(_as_verb, _with(_LUGGAGE))),
        ("rent rents", _as_verb),
        ("hire hires hiring hired", _not(_PEOPLE)),
        ("living", lambda words, place, kind: _beside(words, place)[0] == "a"),
        ("found", lambda words, place, kind: False),  # a thing that was lost; founded is established
        ("based", lambda words, place, kind: _beside(words, place)[1] != "on"),
        ("field fields domain domains", _as_field),
        ("flat firm", _as_thing),
    )
    for word in words.split()
}
