"""Which sentences of what was found answer the question: a plain sum of likeness and shared words.

It knows no model and no database. There is always a best sentence; whether it is an answer is for `answerability` to
say, and whether somebody else's wording says the same is for `support`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from knowledge.evidence import Evidence, Found
from knowledge.initials import initials
from knowledge.records import PassageRecord, SentenceRecord
from knowledge.text import content_words, words
from knowledge.wordlists import DAYS_AND_MONTHS

PASSAGES = 3  # the best of what was found; one of their sentences holds the answer to 98.8 % of XQuAD's questions

TITLE, TITLE_CHARS = 8, 60  # words and characters at most
SHORT = 25  # words; two short sentences are as quickly read as one long one
AS_GOOD = 0.05  # of the score

# Weights of the sum; chosen on the even articles of XQuAD. Only the penalty on words had the odd ones in view too.
COVERED = 0.3  # the share of the question's idf in the sentence
COVERED_IN_CONTEXT = 0.4  # ... in the sentence, the one before it, or its heading
PASSAGE = 0.05  # the score of the passage
PRICE = 0.25  # a price where one is asked for
EXPECTED = 0.1  # a number where one is asked for, a name where one is
WORD = -0.001  # each word of the sentence: between equals, the shorter

_NUMBER = re.compile(
    r"\d+|[零〇一二三四五六七八九十百千万两]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|first|second|third|half"
    r"|once|twice|midnight|noon)\b",
    re.IGNORECASE,
)
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
_BOUND = re.compile(  # a number that says when, not how much: above 80 euros, 80 euros or more
    r"\b(?:above|over|under|below|from|least) \d[\d.,]*|\d[\d.,]*(?: \w+)? or (?:more|less|over|under)\b",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"(?:it|its|they|them|their|this|these|those|he|she|his|her|then|there|such)\b|它|他|她|这|那|其|然后",
    re.IGNORECASE,
)
_ENDS = (".", "!", "?", ";", ":", ",", "…", "。", "！", "？", "；", "：", "，", '"', "”", "’", ")", "]")
_QUANTITIES = frozenset({"much", "mani", "long", "often"})  # stems; how much asks for what no answer repeats
_ASKS_REASON = re.compile(r"\b(?:why|how come)\b|为什么|为何", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|reasons?|therefore|thus|hence|caus\w+|in order|led to"
    r"|to (?:allow|avoid|help|keep|make|prevent|protect|save))\b|因为|由于|所以|因此|为了",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(r"\b(?:who|whom|whose)\b|谁", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;)] )[A-Z][\w'’-]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters `start` to `end` of a passage, which are `text`, with the score that chose them.

    `cosine` is the likeness of its meaning to the question's, absent where one of them cannot be embedded.
    """

    passage_id: int
    start: int
    end: int
    text: str
    score: float
    cosine: float | None


def best_quotes(evidence: Evidence) -> tuple[Quote, ...]:
    """What answers the question best: one sentence, or the best two where both are short and about as good."""
    ranked = _expected_first(evidence.question, _ranked(evidence))
    if not ranked:
        return ()
    passages = {found.passage.id: found.passage for found in evidence.found}
    first = _with_subject(ranked[0], passages[ranked[0].passage_id])
    if len(ranked) == 1 or not _go_together(ranked[0], ranked[1]):
        return (first,)
    second = _with_subject(ranked[1], passages[ranked[1].passage_id])
    if second.text in first.text or first.text in second.text:
        return (max(first, second, key=lambda quote: len(quote.text)),)
    if _overlap(first, second):
        return (_joined(first, second, passages[first.passage_id]),)
    return (first, second)


def _ranked(evidence: Evidence) -> list[Quote]:
    """The sentences of the best passages, best first; one that two passages share is one."""
    quotes: dict[str, Quote] = {}
    for found in evidence.found[:PASSAGES]:
        for quote in _scored(evidence, found):
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


def _go_together(first: Quote, second: Quote) -> bool:
    return first.score - second.score <= AS_GOOD and len(f"{first.text} {second.text}".split()) <= SHORT


def _with_subject(quote: Quote, passage: PassageRecord) -> Quote:
    """The quote with the sentence before it, where it leans on that ("They take coins.") and both are short."""
    before = [sentence.start for sentence in passage.sentences if sentence.end <= quote.start]
    if not before or not _LEANING.match(quote.text):
        return quote
    text = passage.text[before[-1] : quote.end]
    return replace(quote, start=before[-1], text=text) if len(text.split()) <= SHORT else quote


def _overlap(first: Quote, second: Quote) -> bool:
    return first.passage_id == second.passage_id and first.start < second.end and second.start < first.end


def _joined(first: Quote, second: Quote, passage: PassageRecord) -> Quote:
    start, end = min(first.start, second.start), max(first.end, second.end)
    return replace(first, start=start, end=end, text=passage.text[start:end])


def _scored(evidence: Evidence, found: Found) -> Iterator[Quote]:
    passage = found.passage
    heading = frozenset(said(passage.heading))
    before: frozenset[str] = frozenset()
    titles = _titles(passage)
    weight = PRICE if _ASKS_PRICE.search(evidence.question) else EXPECTED
    for place, sentence in enumerate(passage.sentences):
        text = passage.text[sentence.start : sentence.end]
        own = frozenset(said(text))
        if place in titles:  # it is the heading of what follows
            heading = heading | own if place - 1 in titles else frozenset(said(passage.heading)) | own
        elif own:
            cosine = _cosine(evidence, sentence)
            score = (
                (cosine or 0.0)
                + COVERED * covered(evidence.idf, own)
                + COVERED_IN_CONTEXT * covered(evidence.idf, own | before | heading)
                + PASSAGE * found.score
                + weight * holds_expected(evidence.question, text)
                + WORD * len(text.split())
            )
            yield Quote(passage.id, sentence.start, sentence.end, text, score, cosine)
        before = own


def _titles(passage: PassageRecord) -> set[int]:
    """The places of the lines that are no sentences but the titles of those after them, two in a row at most."""
    lines = [passage.text[sentence.start : sentence.end] for sentence in passage.sentences]
    whole = [
        line.endswith(_ENDS) or "; " in line or len(line.split()) > TITLE or len(line) > TITLE_CHARS for line in lines
    ]
    titles: set[int] = set()
    for place in range(len(lines) - 1):
        first = place
        while first and not whole[first - 1]:
            first -= 1
        run = next((end for end in range(first, len(lines)) if whole[end]), len(lines))
        is_listed = first > 0 and lines[first - 1].endswith((":", "："))
        if (
            not whole[place]
            and run < len(lines)
            and run - first <= 2
            and not is_listed
            and not _NUMBER.search(lines[place])
        ):
            titles.add(place)
    return titles


def _cosine(evidence: Evidence, sentence: SentenceRecord) -> float | None:
    if evidence.vector is None or sentence.vector is None:
        return None
    return float(evidence.vector @ sentence.vector)


def likest(evidence: Evidence, passage: PassageRecord) -> float:
    """The highest likeness (cosine) of a sentence of the passage to the question; 0 where none can be compared."""
    return max((_cosine(evidence, sentence) or 0.0 for sentence in passage.sentences), default=0.0)


def said(text: str) -> set[str]:
    """The content words of a text, and the initials of its names: who writes United Kingdom says UK."""
    return {*content_words(text), *initials(text)}


def covered(idf: Mapping[str, float], said: Collection[str]) -> float:
    """The share (0 to 1) of what the question's words say that the words `said` say too."""
    told = {word: weight for word, weight in idf.items() if word not in _QUANTITIES}
    total = sum(told.values())
    return sum(weight for word, weight in told.items() if word in said) / total if total else 0.0


def asks_for(question: str) -> Callable[[str], set[str]] | None:
    """What finds numbers and dates, reasons, or names in a sentence where the question asks for such; else None."""
    if asks_why(question):
        return _reasons
    if _ASKS_PRICE.search(question):
        return _amounts
    if _ASKS_NUMBER.search(question):
        return _numbers
    return _names if _ASKS_NAME.search(question) else None


def asks_why(question: str) -> bool:
    """Whether a reason is wanted."""
    return _ASKS_REASON.search(question) is not None


def holds_expected(question: str, sentence: str) -> bool:
    """Whether the sentence has a number, a name or a reason that the question asks for and does not have itself."""
    told = asks_for(question)
    return told is not None and bool(told(sentence) - told(question))


def _numbers(text: str) -> set[str]:
    dates = {word for word in words(text) if word.removesuffix("s") in DAYS_AND_MONTHS}
    return dates | {number.casefold() for number in _NUMBER.findall(text)}


def _amounts(text: str) -> set[str]:
    return set() if _BOUND.search(text) else _numbers(text)


def _reasons(text: str) -> set[str]:
    return {reason.casefold() for reason in _REASON.findall(text)}


def _names(text: str) -> set[str]:
    names = {name.casefold().removesuffix("'s") for name in _NAME.findall(text)}
    return {name for name in names if name.removesuffix("s") not in DAYS_AND_MONTHS}
