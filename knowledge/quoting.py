"""Which sentences of what was found answer the question: a plain sum of likeness and shared words.

It knows no model and no database. There is always a best sentence; whether it is an answer is for `answerability` to
say, and whether somebody else's wording says the same is for `support`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from knowledge import measures
from knowledge.evidence import Evidence, Found
from knowledge.initials import initials
from knowledge.negation import asks_not, tells_not
from knowledge.records import PassageRecord, SentenceRecord
from knowledge.subjects import LEANING, NUMBER, Subjects, questions
from knowledge.text import content_words, words
from knowledge.variants import is_other, named
from knowledge.wordlists import DAYS_AND_MONTHS

PASSAGES = 3  # the best of what was found; one of their sentences holds the answer to 98.8 % of XQuAD's questions

SHORT = 25  # words; two short sentences are as quickly read as one long one
LONG = 50  # words of a quote that begins with a pronoun, and of the sentence before it
LONGER = 40  # ... with those further back that it leans on
AS_GOOD = 0.05  # of the score

# Weights of the sum; chosen on the even articles of XQuAD. Only the penalty on words had the odd ones in view too.
COVERED = 0.3  # the share of the question's idf in the sentence
COVERED_IN_CONTEXT = 0.4  # ... in the sentence, the one before it, or its heading
PASSAGE = 0.05  # the score of the passage
PRICE = 0.25  # a price where one is asked for
NOT_SO = 0.25  # what is not so where that is asked for
EXPECTED = 0.1  # a number where one is asked for, a name where one is, a rate where one is
WORD = -0.001  # each word of the sentence: between equals, the shorter

_ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|old|far|tall|high|large|big|often|late|early|fast|deep|wide|soon|heavy)|when"
    r"|(?:what|which) (?:year|date|day|time|percentage|number|age|century|month|price|fee|amount|hour)s?)\b"
    r"|多少|几|何时|什么时候|多久|多长|多大|多远|多重",
    re.IGNORECASE,
)
_ASKS_PRICE = re.compile(
    r"\bhow much\b|\b(?:what|which)\b[^.?]*\b(?:costs?|pay|prices?|fees?|charges?|fines?|penalty|deposit|rent)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:each|every|per)\b|每", re.IGNORECASE)
_BOUND = re.compile(  # a number that says when, not how much: above 80 euros, 80 euros or more
    r"\b(?:above|over|under|below|from|least) \d[\d.,]*|\d[\d.,]*(?: \w+)? or (?:more|less|over|under)\b",
    re.IGNORECASE,
)
_QUANTITIES = frozenset({"much", "mani", "long", "often"})  # stems; how much asks for what no answer repeats
_ASKS_REASON = re.compile(r"\b(?:why|how come)\b|为什么|为何", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|reasons?|therefore|thus|hence|caus\w+|in order|led to"
    r"|to (?:allow|avoid|help|keep|make|prevent|protect|save))\b|因为|由于|所以|因此|为了",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(r"\b(?:who|whom|whose)\b|谁", re.IGNORECASE)
PRONOUN = re.compile(
    r"(?!(?:it is|it['’]s|it was) (?:not )?(?:allowed|best|better|clear|forbidden|important|impossible|known|necessary"
    r"|possible|prohibited|recommended|said|thought|believed|estimated)\b)"
    r"(?:it|its|they|them|their|this|these|those|he|she|his|her|such)\b|它|他|她|这|那|其",
    re.IGNORECASE,
)
_ASKS_ITSELF = re.compile(
    r"\b(?:who|whom|whose|when|where|why|which|how(?! about)|what(?! about)|is|are|was|were|do|does|did|can|could|may"
    r"|must|will)\b|[吗谁哪几]|多少|什么|怎么|为何",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[\w,;)] )[A-Z][\w'’-]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters `start` to `end` of a passage, which are `text`, with the score that chose them.

    `cosine` is the likeness of its meaning to the question's, absent where one of them cannot be embedded. `told` is
    what of it answers: of the row of a table its name and the cells that are asked for, of all else everything.
    """

    passage_id: int
    start: int
    end: int
    text: str
    score: float
    cosine: float | None
    told: str


def best_quotes(evidence: Evidence) -> tuple[Quote, ...]:
    """What answers the question best: one sentence, or the best two where both are short and about as good."""
    ranked = _expected_first(asking(evidence), _ranked(evidence))
    if not ranked:
        return ()
    passages = {found.passage.id: found.passage for found in evidence.found}
    first = _with_subject(ranked[0], passages[ranked[0].passage_id])
    if (other := _second(evidence.question, ranked)) is None:
        return (first,)
    second = _with_subject(other, passages[other.passage_id])
    if second.text in first.text or first.text in second.text:
        return (max(first, second, key=lambda quote: len(quote.text)),)
    if _overlap(first, second):
        return (_joined(first, second, passages[first.passage_id]),)
    return (first, second)


def _ranked(evidence: Evidence) -> list[Quote]:
    """The sentences of the best passages, best first; one that two passages share is one."""
    quotes: dict[str, Quote] = {}
    subjects = Subjects(evidence)
    with_own = (list(_scored(evidence, found, subjects)) for found in evidence.found)
    for scored in islice(filter(None, with_own), PASSAGES):
        for quote in scored:
            if quote.text not in quotes or quotes[quote.text].score < quote.score:
                quotes[quote.text] = quote
    return sorted(quotes.values(), key=lambda quote: -quote.score)


def _expected_first(question: str, ranked: list[Quote]) -> list[Quote]:
    """Of those as good as the best, the first that holds what is asked for goes before them."""
    for place, quote in enumerate(ranked):
        if ranked[0].score - quote.score > AS_GOOD:
            break
        if holds_expected(question, quote.text):
            return [quote, *ranked[:place], *ranked[place + 1 :]]
    return ranked


def _second(question: str, ranked: list[Quote]) -> Quote | None:
    """What is as good as the best, adds something to it and goes with it: the same of another variant, which the
    question does not tell apart, or the next where both are short.
    """
    first = ranked[0]
    known = said(first.text) | said(question)
    as_good = [quote for quote in ranked[1:] if first.score - quote.score <= AS_GOOD and not said(quote.text) <= known]
    variant = next((quote for quote in as_good if is_other(named(first.text), named(quote.text))), None)
    if variant or not as_good:
        return variant
    return as_good[0] if len(f"{first.told} {as_good[0].told}".split()) <= SHORT else None


def _with_subject(quote: Quote, passage: PassageRecord) -> Quote:
    """The quote with the sentences before it that it leans on: They take coins. One that begins with a pronoun never
    stands alone; further back, and for other beginnings, all of it is short.
    """
    starts = [sentence.start for sentence in passage.sentences if sentence.start < quote.start]
    longest = LONG if PRONOUN.match(quote.text) else SHORT
    text, start = quote.text, quote.start
    while starts and LEANING.match(text):
        start = starts.pop()
        text = passage.text[start : quote.end]
        if len(text.split()) > longest:
            break
        quote, longest = replace(quote, start=start, text=text, told=text), LONGER
    return quote


def _overlap(first: Quote, second: Quote) -> bool:
    return first.passage_id == second.passage_id and first.start < second.end and second.start < first.end


def _joined(first: Quote, second: Quote, passage: PassageRecord) -> Quote:
    start, end = min(first.start, second.start), max(first.end, second.end)
    text = passage.text[start:end]
    return replace(first, start=start, end=end, text=text, told=text)


def _scored(evidence: Evidence, found: Found, subjects: Subjects) -> Iterator[Quote]:
    """The sentences of a passage, but for those about another thing than is asked about."""
    passage, before = found.passage, frozenset[str]()
    question = asking(evidence)
    measure = measures.wants(question)
    weight = PRICE if _ASKS_PRICE.search(question) and not measure else EXPECTED
    weight = NOT_SO if asks_not(question) else weight
    for told in subjects.told(passage):
        own = frozenset(said(told.text))
        if own and not told.is_title and not told.is_other:
            cosine = _cosine(evidence, told.sentence)
            score = (
                (cosine or 0.0)
                + COVERED * covered(subjects.idf, own)
                + COVERED_IN_CONTEXT * covered(subjects.idf, own | before | said(told.above))
                + PASSAGE * found.score
                + weight * holds_expected(question, told.text)
                + EXPECTED * tells_rate(question, told.text)
                + WORD * len(told.text.split())
            )
            short = subjects.shortened(told.text, question)
            if holds_expected(question, told.text) and not holds_expected(
                question, short
            ):  # which cell has it, who knows
                short = told.text
            yield Quote(passage.id, told.sentence.start, told.sentence.end, told.text, score, cosine, short)
        before = own


def _cosine(evidence: Evidence, sentence: SentenceRecord) -> float | None:
    if evidence.vector is None or sentence.vector is None:
        return None
    return float(evidence.vector @ sentence.vector)


def likest(evidence: Evidence, passage: PassageRecord) -> float:
    """The highest likeness (cosine) of a sentence of the passage to the question; 0 where none can be compared."""
    return max((_cosine(evidence, sentence) or 0.0 for sentence in passage.sentences), default=0.0)


def said(text: str) -> set[str]:
    """The content words of a text, and what they say too: United Kingdom says UK, and returned, sent back."""
    stems = {*content_words(text), *initials(text)}
    stems |= measures.measures(stems)
    return stems | {"back"} if "return" in stems else stems


def covered(idf: Mapping[str, float], said: Collection[str]) -> float:
    """The share (0 to 1) of what the question's words say that the words `said` say too."""
    told = {word: weight for word, weight in idf.items() if word not in _QUANTITIES}
    total = sum(told.values())
    return sum(weight for word, weight in told.items() if word in said) / total if total else 0.0


def asking(evidence: Evidence) -> str:
    """What says which kind of answer is wanted: what the person just said where it asks by itself, else all of it; of
    several earlier questions the last.
    """
    if _ASKS_ITSELF.search(evidence.focus):
        return evidence.focus
    earlier = [part.strip() for part in questions(evidence)[1:] if _ASKS_ITSELF.search(part)]
    return f"{earlier[0]} {evidence.focus}" if earlier else evidence.question


def asks_for(question: str) -> Callable[[str], set[str]] | None:
    """What finds numbers and dates, reasons, or names in a sentence where the question asks for such; else None."""
    if asks_why(question):
        return _reasons
    if (measure := measures.wants(question)) is not None:
        return partial(_measured, measure)
    if _ASKS_PRICE.search(question):
        return _amounts
    if _ASKS_NUMBER.search(question):
        return _numbers
    return _names if _ASKS_NAME.search(question) else None


def asks_why(question: str) -> bool:
    """Whether a reason is wanted."""
    return _ASKS_REASON.search(question) is not None


def holds_expected(question: str, sentence: str) -> bool:
    """Whether the sentence has a number, a name or a reason that the question asks for and does not have itself, or
    tells of what is not so where that is asked for.
    """
    if asks_not(question):
        return tells_not(question, sentence)
    told = asks_for(question)
    return told is not None and bool(told(sentence) - told(question))


def tells_rate(question: str, sentence: str) -> bool:
    """Whether how many or how much is asked for each of something, and the sentence has a number for each."""
    asks = _RATE.search(question) and (_ASKS_NUMBER.search(question) or _ASKS_PRICE.search(question))
    return bool(asks and _RATE.search(sentence) and holds_expected(question, sentence))


def _numbers(text: str) -> set[str]:
    dates = {word for word in words(text) if word.removesuffix("s") in DAYS_AND_MONTHS}
    return dates | {number.casefold() for number in NUMBER.findall(text)}


def _amounts(text: str) -> set[str]:
    return set() if _BOUND.search(text) else _numbers(text)


def _measured(measure: str, text: str) -> set[str]:
    if not measures.tells(measure, text, content_words(text)):
        return set()
    return {text} if measure == measures.COLOUR else _numbers(text)


def _reasons(text: str) -> set[str]:
    return {reason.casefold() for reason in _REASON.findall(text)}


def _names(text: str) -> set[str]:
    names = {name.casefold().removesuffix("'s") for name in _NAME.findall(text)}
    return {name for name in names if name.removesuffix("s") not in DAYS_AND_MONTHS}
