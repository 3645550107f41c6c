"""Other wordings of an English question: one of each shape first, and none that plain rules take for another question.

By our templates, another beginning, another order, the noun that is asked for, a synonym, the words as they are typed
into a search box. A polite opening is hardly another wording: those stand last, for where nothing else can be made.
They are candidates: it asks no memory and no model.
"""

import re
from collections.abc import Iterator
from itertools import islice

from knowledge.scope.forms import capital, filled, form_of, in_turn, is_sound
from knowledge.scope.kinds import Kind
from knowledge.scope.reading import Reading, read
from knowledge.scope.words import DETERMINERS, TIMES, listed
from knowledge.text import content_words

EACH = 3  # of a shape
_SPREAD = 6  # questions of a group of templates, before those between them
_BEGINNINGS = (  # ways to begin that ask the same
    ("can i", "is it possible to", "am i allowed to", "may i"),
    ("how do i", "how can i", "what is the way to"),
    ("where can i", "where do i"),
    ("do you have", "is there", "do you offer", "have you got"),
    ("do i have to", "must i", "do i need to", "is it necessary to"),
    ("when is", "what time is", "at what time is"),
    ("when does", "what time does", "at what time does", "from when does"),
    ("when do you", "what time do you", "at what time do you"),
    ("who is the", "what is the name of the"),
    ("what should i do", "what do i do", "what can i do"),
    ("do you ship", "do you deliver"),
    ("why", "for what reason"),
)
_ASKED = (  # for X in other words, the noun last, which also stands alone before "of X"
    ("how much does X cost", "what does X cost", "how much is X", "price"),
    ("how long does X take", "how long does X last", "duration"),
    ("when does X open", "opening time"),
    ("when does X close", "closing time"),
    ("when is X open", "opening hours"),
    ("where is X", "where can I find X", "location"),
    ("how many X are there", "number"),
    ("how heavy is X", "how much does X weigh", "weight"),
    ("how tall is X", "how high is X", "height"),
    ("how wide is X", "width"),
    ("how deep is X", "depth"),
    ("how big is X", "how large is X", "size"),
    ("how old is X", "age"),
)
_OF_NOUN = r"(?:what(?: is| are|'s) )?(?:the )?{0} (?:of|for) (?P<x>.+?)"
_REST = r"(?P<rest> (?:per|a|each|every|for|on|in|at|during|with|without) .+)?"
_MINE = r"(?P<x>(?:the|my|your|our) .*"
_SUM = "fee|price|fare|rent|deposit|rate"
_MEANT = (  # a noun that says how much or how long by itself
    (re.compile(rf"what(?: is|'s) {_MINE}(?:{_SUM}))", re.IGNORECASE), "how much is"),
    (re.compile(rf"what(?: is|'s) {_MINE}(?:period|duration))", re.IGNORECASE), "how long is"),
    (re.compile(rf"how (?:much|long) is {_MINE}(?:{_SUM}|period))", re.IGNORECASE), "what is"),
)  # fmt: skip
_TIME = "|".join(map(re.escape, sorted(TIMES)))
_TAILS = (  # what may stand first as well: a condition after what may have one, and times
    re.compile(r"(?P<head>.+? (?!know|tell|check|see|say|sure|ask)\w+) (?P<tail>if .+)", re.IGNORECASE),
    re.compile(r"(?P<head>what (?:happens|(?:should|do|can|must) i do)) (?P<tail>when .+)", re.IGNORECASE),
    re.compile(r"(?P<head>\S+ \S+ .+?) (?P<tail>(?:without|after|before|during) .+)", re.IGNORECASE),
    re.compile(rf"(?P<head>\S+ .+) (?P<tail>(?:on|in|at) (?=.*\b(?:{_TIME})\b).+)", re.IGNORECASE),
)
SAME = (  # one word in place of another, both of one group in `synonyms.py`
    "phone/telephone telephone/phone bike/bicycle bicycle/bike bikes/bicycles bicycles/bikes luggage/baggage "
    "baggage/luggage sofa/couch couch/sofa film/movie movie/film films/movies movies/films "
    "kids/children children/kids kid/child child/kid photo/picture photos/pictures elevator/lift restroom/toilet "
    "restrooms/toilets bathroom/toilet physician/doctor doctor/physician buy/purchase begin/start begins/starts "
    "deliver/ship delivery/shipping repair/fix mend/repair repaired/fixed erase/delete delete/erase modify/change "
    "alter/change amend/change terminate/cancel reimbursement/refund rebate/discount defective/broken "
    "damaged/broken faulty/defective additional/extra e-mail/email email/e-mail enrol/register"
)
_SYNONYMS = dict(pair.split("/") for pair in SAME.split())
_UNTYPED = listed("do does did is are was were am") | DETERMINERS
_DOERS = listed("i we you they one")  # what should I do
_CAN_I = re.compile(r"^((?:how|where|when|until|which|what)\b.*?) (?:can|may|could) (?:i|we|you|one) ")
_OPENINGS = ("Could you tell me: ", "Please tell me: ", "I would like to know: ", "Can you tell me: ", "Hello, ")
_FINER = listed(  # they ask for less than when, where and who do
    "date dates day days week weeks month months year years city town room floor street country building continent "
    "nation company organisation organization doctor employee"
)
_CLOCK = listed("time times hour hours")
_ON_THE_CLOCK = listed(
    "open opens opened opening close closes closing shut start starts starting end ends begin begins leave leaves "
    "depart departs arrive arrives served"
)


def wordings(question: str) -> Iterator[str]:
    """Other wordings, each once: one of each shape, then the second ones, and those with a polite opening last."""
    plain, asked = question.strip().rstrip("?!. "), read(question)
    said = set[tuple[str, ...]]()

    def new(text: str) -> bool:
        own = read(text)
        words = tuple(word for word in own.words if word not in DETERMINERS)
        is_new = own.words != asked.words and words not in said
        said.add(words)
        return is_new

    others = (_by_form(question), _begun(plain), _by_noun(plain), _turned(plain), _synonyms(plain))
    same = [(text for text in shape if is_sound(text) and _asks_the_same(read(text), asked)) for shape in others]
    shapes = [*same, _typed(plain)]  # of the very words that were asked
    yield from in_turn([islice(filter(new, shape), EACH) for shape in shapes])
    yield from (opening + _inside(question) for opening in _OPENINGS)


def _asks_the_same(text: Reading, question: Reading) -> bool:
    """Whether plain rules find no other kind of answer, nothing asked for that is finer, and nothing narrowed."""
    narrowed = (text.numbers, text.times, text.negated) != (question.numbers, question.times, question.negated)
    kinds = {question.kind, Kind.NONE, Kind.THING if question.kind is Kind.MEASURE else question.kind}
    if narrowed or not text.units <= question.units or text.kind not in kinds:
        return False
    if question.kind is Kind.YES_NO:
        return text.must == question.must and text.cost == question.cost
    if question.kind not in (Kind.TIME, Kind.PLACE, Kind.PERSON):
        return True
    added = set(text.words) - set(question.words)
    is_on_the_clock = bool(question.times or _ON_THE_CLOCK & set(question.words) or _CLOCK & set(question.words))
    return not _FINER & added and (is_on_the_clock or not _CLOCK & added)


# --- the shapes -------------------------------------------------------------------------------------------------------


def _by_form(question: str) -> Iterator[str]:
    """From all over the group of templates: those that stand side by side are alike."""
    group, subject = form_of(question)
    if group is None:
        return
    step = max(-(-len(group.questions) // _SPREAD), 1)
    for start in range(step):
        yield from (filled(text, subject) for text in group.questions[start::step])


def _begun(plain: str) -> Iterator[str]:
    for ways in _BEGINNINGS:
        for way in ways:
            if plain.casefold().startswith(way + " "):
                rest = plain[len(way) :]
                yield from (re.sub(r"\bi\b", "I", f"{capital(other)}{rest}?") for other in ways if other != way)
    if plain.casefold().startswith("which "):
        yield f"What{plain[5:]}?"


def _by_noun(plain: str) -> Iterator[str]:
    """How much it costs, its price: what is asked for by a noun, and without one."""
    for *ways, noun in _ASKED:
        forms = [re.escape(way).replace("X", "(?P<x>.+?)") for way in ways] + [_OF_NOUN.format(noun)]
        asked_by = (re.fullmatch(form + _REST, plain, re.IGNORECASE) for form in forms)
        if found := next((match for match in asked_by if match), None):
            thing, rest = found["x"], found["rest"] or ""
            is_or_are = "are" if noun.endswith("s") else "is"
            yield f"{capital(noun)} of {thing}{rest}"
            yield from (f"{filled(way, thing)}{rest}?" for way in (*ways, f"what {is_or_are} the {noun} of X"))
    for pattern, way in _MEANT:
        if found := pattern.fullmatch(plain):
            yield f"{capital(way)} {found['x']}?"


def _turned(plain: str) -> Iterator[str]:
    """What stands last stands first: on Mondays, if I am late."""
    found = next((found for tail in _TAILS if (found := tail.fullmatch(plain))), None)
    if found is not None and content_words(found["tail"]):
        yield f"{capital(found['tail'])}, {_inside(found['head'])}?"


def _synonyms(plain: str) -> Iterator[str]:
    for word in re.findall(r"[a-z-]+", plain):
        other = re.sub(rf"\b{word}\b", _SYNONYMS.get(word, word), plain, count=1) + "?"
        if word in _SYNONYMS and read(other).content.keys() == read(plain).content.keys():  # in the sense they share
            yield other


def _typed(plain: str) -> Iterator[str]:
    """As into a search box: in lower case, without the small words."""
    words = re.findall(r"[^\s,;:!?]+", plain.replace("’", "'"))
    words = [word if word.isupper() and len(word) > 1 else word.casefold() for word in words]  # the US, and us
    if words[:2] in (["what", "is"], ["what", "are"]) or words[:1] == ["what's"]:
        words = words[2 if words[0] == "what" else 1 :]
    words = _CAN_I.sub(r"\1 ", " ".join(words)).split()
    kept = [word for word, before in zip(words, ["", *words], strict=False) if word not in _UNTYPED or before in _DOERS]
    if len(kept) > 1 and len(kept) < len(plain.split()):
        yield " ".join(kept)


def _inside(text: str) -> str:
    """As it is written inside a sentence, where names and I keep their capital."""
    is_name = text.startswith("I ") or any(content_words(word) for word in text.split()[:1])
    return text if is_name else text[:1].lower() + text[1:]
