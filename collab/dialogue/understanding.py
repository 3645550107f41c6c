"""What a person means: a question that stands on its own, its language, and whether it is a question at all.

Rules over words, no model. A follow-up is resolved by quoting what was asked before, never by rewriting: the person's
own words are always part of the standalone question. What they replace ("to Germany" by "And to France?") is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from collab.dialogue.small_talk import is_small_talk
from knowledge.measures import WORDS as MEASURES
from knowledge.text import content_words, is_chinese, words


class Intent(StrEnum):
    """What kind of text it is. A `task` asks for writing, so it may be answered without sources."""

    QUESTION = "question"
    SMALL_TALK = "small_talk"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the same conversation, with its answer.

    `is_open` says that the answer rests on nothing that not everyone may read. One that is not `is_answered` found
    nothing: what follows does not lean on it, but on what it leant on.
    """

    question: str
    answer: str
    is_follow_up: bool
    is_open: bool = True
    is_answered: bool = True


@dataclass(frozen=True, slots=True)
class Understood:
    """`focus` is what the person just said; `standalone` is that with the earlier questions it leans on.

    `leans` says that it leans on a conversation, whether there is one or not; `is_open` that nothing in `standalone`
    says what it is about. One that `is_unclear` asks of "it" what can be asked of anything; nobody has said of what.
    One that `names_nothing` begins a conversation with such a question, without any "it": What is the price?
    """

    standalone: str
    focus: str
    is_follow_up: bool
    language: str
    intent: Intent
    leans: bool = False
    is_open: bool = False
    is_unclear: bool = False
    names_nothing: bool = False


QUOTED_TURNS = 2  # earlier follow-ups that are quoted beside the question which opened the subject
MOST_OF_A_NAME = 4  # words of content
EARLIER_CHARS = 1_000  # of quoted questions; the newest are kept

_TASK = re.compile(
    r"(?:(?:please|can you|could you|would you)\s+(?:please\s+)?)?"
    r"(?:write|draft|compose|translate|rewrite|rephrase|summari[sz]e|shorten|proofread)\b"
    r"|(?:请)?(?:帮我)?(?:写|翻译|改写|总结|润色)",
    re.IGNORECASE,
)
_ON_WHAT_WAS_SAID = re.compile(  # ... that in one sentence; not: this: ..., nor: this letter
    r"\s+(?:that|this|it|them|these|those)"
    r"(?:[\s.!?]*$|\s+(?:again|as|down|for|in|into|more|please|so|to|up|with)\b[^:\n]*$)",
    re.IGNORECASE,
)
_MEANT = re.compile(  # what comes before another subject: No, I meant shoes
    r"(?:(?:no|nope|not that|sorry|wait|actually|oh)\b[\s,.!–-]*)*"
    r"(?:i (?:meant|mean|asked (?:about|for))|(?:i was|i am|i['’]m) (?:asking|talking) about|my question is about)"
    r"\b[\s,:]*"
    r"|(?:不是?|不对)?[,，、。\s]*我(?:是说|是问|问的是|说的是|指的是|的意思是)[,，:：\s]*",
    re.IGNORECASE,
)
_LEANING_START = re.compile(
    r"(?:and|or|but|what about|how about|same for|what if not|else|instead)\b|(?:那么?|还有|如果不|换成)", re.IGNORECASE
)
_LOOSE_START = re.compile(r"(?:also|so|then)\b", re.IGNORECASE)  # leans only when little else is said
_THERE_IS = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could)\s+there\b|\bthere\s+(?:is|are|was|were)\b", re.IGNORECASE
)
_ASKS = re.compile(r"\b(?:what|when|where|who|why|how|which|do|does|did|is|are|can|could|may|will)\b", re.IGNORECASE)
_PREPOSITION_START = re.compile(r"(?:for|in|with|without|to|on|at|from|by|during|after|before|as)\b", re.IGNORECASE)
_REPLACING = re.compile(
    r"(?:and|or|but|what about|how about)?[ ,]*(?P<preposition>for|in|with|to|on|at|from|of)(?: [^\s?]+){1,4}\??",
    re.IGNORECASE,
)
_NAMED = r"(?:the |an? )?[A-Z][\w'’-]*(?: (?:[A-Z][\w'’-]*|\d+))*"
_LAST = r"(?:the |an? |my )?[^\W\d_]+(?=\s*[?.!]*$)"
_POINTING = frozenset(
    {
        "it",
        "its",
        "they",
        "them",
        "their",
        "theirs",
        "those",
        "these",
        "this",
        "that",
        "he",
        "she",
        "his",
        "her",
        "him",
        "one",
        "ones",
        "there",
    }
)


def _contents(english: str, chinese: str) -> frozenset[str]:
    """Words of content as they are compared. Chinese ones stand apart: to part them takes a dictionary."""
    return frozenset([*content_words(english), *chinese.split()])


_ASKED_OF_ANYTHING = MEASURES | _contents("much many often take happen mean", "钱 价格 贵 费用 重 大 长")
_PRICES = _contents("price cost fee rate charge", "价格 费用 钱 贵")
_RATES = _contents("per day days hour hours week weeks month months year years night nights person people", "每天 一天")
_DOES_IT = re.compile(r"\b(?:does|has) it (?!costs?\b|takes?\b|matters?\b|happens?\b|mean\b)", re.IGNORECASE)
_POINTING_CHINESE = re.compile(r"[它他她]们?|这个|那个|这些|那些")
_PLURAL_POINTING = frozenset({"them", "they", "their", "theirs", "those", "these"})


def read(text: str, history: Sequence[Exchange] = ()) -> Understood:
    """Understands `text` (already cleaned) in the light of the earlier exchanges, oldest first."""
    language = "zh" if is_chinese(text) else "en"
    if is_small_talk(text):
        return Understood(text, text, False, language, Intent.SMALL_TALK)
    intent = Intent.TASK if _TASK.match(text.strip()) else Intent.QUESTION
    says_which = _says_which(text.strip(), history)
    if not says_which and not _leans_on_history(text.strip()):
        is_open, names_nothing = _works_on_what_was_said(text.strip()), not history and _names_nothing(text)
        return Understood(
            text, text, False, language, intent, leans=is_open, is_open=is_open, names_nothing=names_nothing
        )
    if not history:
        is_open, is_unclear = _says_nothing_itself(text.strip()), _points_only(text)
        return Understood(text, text, False, language, intent, leans=True, is_open=is_open, is_unclear=is_unclear)
    focus = _meant(text)
    subject = [history[-1].question] if says_which else _subject(history, text)
    standalone = " ".join([*(_ended(_without_replaced(question, focus)) for question in subject), focus])
    is_unclear = all(map(_points_only, [*subject, text]))
    return Understood(standalone, focus, True, language, intent, leans=True, is_open=is_unclear, is_unclear=is_unclear)


def _meant(text: str) -> str:
    """What is left of No, I meant shoes: the other subject."""
    return _MEANT.sub("", text.strip(), count=1) or text


def _leans_on_history(text: str) -> bool:
    if _LEANING_START.match(text) or _MEANT.match(text):
        return True
    content = set(content_words(text)) - _RATES
    begins_loosely = _LOOSE_START.match(text) or _PREPOSITION_START.match(text)
    if begins_loosely and len(content) <= 3 and not _ASKS.search(text):
        return True
    if _POINTING_CHINESE.search(text):
        return len(content) <= 3
    pointing = _POINTING.intersection(words(_THERE_IS.sub("", text)))
    most = 4 if _DOES_IT.search(text) else 3 if pointing & _PLURAL_POINTING else 2
    return not content or bool(pointing and len(content) <= most)


def _works_on_what_was_said(text: str) -> bool:
    """Whether it is a task whose object is only pointed at: Summarise that in one sentence."""
    task = _TASK.match(text)
    return task is not None and _ON_WHAT_WAS_SAID.match(text, task.end()) is not None


def _says_nothing_itself(text: str) -> bool:
    if _LEANING_START.match(text) or _MEANT.match(text) or _works_on_what_was_said(text):
        return True
    return _points_only(text)


def _points_only(text: str) -> bool:
    """Whether it asks of what it points at, and of nothing else, what can be asked of anything: how much is it?"""
    is_pointing = _POINTING_CHINESE.search(text) or _POINTING.intersection(words(_THERE_IS.sub("", text)))
    return bool(is_pointing) and set(content_words(text)) - _RATES <= _ASKED_OF_ANYTHING


def _names_nothing(text: str) -> bool:
    """Whether it asks for a measure, and says nothing else: What is the price?"""
    content = set(content_words(text)) - _RATES
    return bool(content & (MEASURES | _PRICES)) and content <= _ASKED_OF_ANYTHING | _PRICES


def _says_which(text: str, history: Sequence[Exchange]) -> bool:
    """Whether it is the mere name that a question before was lacking, in which nothing said what it was about."""
    if not history or history[-1].is_answered:
        return False
    if not _points_only(history[-1].question) and not _names_nothing(history[-1].question):
        return False
    return len(content_words(text)) <= MOST_OF_A_NAME and not _ASKS.search(text)


def _subject(history: Sequence[Exchange], text: str) -> list[str]:
    """The question that opened the subject and the last follow-ups on it that found something.

    A bare phrase takes the place of an earlier one: of What about boots? once one says And socks?
    """
    opening = len(history) - 1
    while opening > 0 and history[opening].is_follow_up:
        opening -= 1
    taken = {_place(text)} - {None}
    chain: list[str] = []
    for exchange in reversed(history[opening + 1 :]):
        place = _place(exchange.question)
        if exchange.is_answered and place not in taken and len(chain) < QUOTED_TURNS:
            chain.insert(0, _meant(exchange.question))
            taken |= {place} - {None}
    chain.insert(0, _meant(history[opening].question))
    while len(chain) > 1 and sum(map(len, chain)) > EARLIER_CHARS:
        chain.pop(0)
    return [question[-EARLIER_CHARS:] for question in chain]


def _place(text: str) -> str | None:
    """Which place in the question before it a bare phrase takes: that after a preposition, or that of the thing."""
    phrase = _LEANING_START.sub("", _meant(text), count=1).lstrip(" ,")
    if phrase == text.strip() and not _PREPOSITION_START.match(phrase):
        return None
    if _ASKS.search(phrase) or (is_chinese(text) and not phrase.rstrip("？?。 ").endswith("呢")):
        return None
    start = _PREPOSITION_START.match(phrase)
    preposition = start[0].lower() if start else "for"
    return {"from": "to", "without": "with", "as": "for"}.get(preposition, preposition)


def _without_replaced(question: str, text: str) -> str:
    """The question without its name or last word after the preposition with which a bare phrase follows it up.

    To and from replace each other, where there is one of them.
    """
    following = _REPLACING.fullmatch(text.strip())
    if following is None or _ASKS.search(text):
        return question
    preposition = following["preposition"].lower()
    for tried in (preposition, {"to": "from", "from": "to"}.get(preposition, preposition)):
        rest = re.sub(rf"\s\b{tried} (?:{_NAMED}|{_LAST})", "", question, count=1)
        if rest != question:
            return rest
    return question


def _ended(question: str) -> str:
    question = question.strip()
    return question if question.endswith(("?", "!", ".", "。", "？", "！")) else question + "?"
