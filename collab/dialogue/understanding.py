"""What a person means: a question that stands on its own, its language, and whether it is a question at all.

Rules over words, no model. A follow-up is resolved by quoting what was asked before, never by rewriting: the person's
own words are always part of the standalone question. What they replace ("to Germany" by "And to France?") is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.text import content_words, is_chinese, words


class Intent(StrEnum):
    """What kind of text it is. A `task` asks for writing, so it may be answered without sources."""

    QUESTION = "question"
    SMALL_TALK = "small_talk"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the same conversation, with its answer.

    `is_open` says that the answer rests on nothing that not everyone may read.
    """

    question: str
    answer: str
    is_follow_up: bool
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Understood:
    """`focus` is what the person just said; `standalone` is that with the earlier questions it leans on."""

    standalone: str
    focus: str
    is_follow_up: bool
    language: str
    intent: Intent


QUOTED_TURNS = 2  # earlier follow-ups that are quoted beside the question which opened the subject
EARLIER_CHARS = 1_000  # of quoted questions; the newest are kept

_SMALL_TALK = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks?|thank you|thx|bye|goodbye|see you|cheers|"
    r"ok(?:ay)?|great|perfect|how are you|who are you|what can you do)"
    r"(?:[ ,!.]+(?:there|all|everyone|again|so much|very much|a lot|for (?:your|the) help|you too))*[ ,!.?]*)+"
    r"|(?:你好|您好|嗨|早上好|晚上好|谢谢(?:你|您)?|多谢|再见|拜拜|好的|你是谁|你能做什么)[呀啊吗呢了!,。！？， ]*",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"(?:(?:please|can you|could you|would you)\s+(?:please\s+)?)?"
    r"(?:write|draft|compose|translate|rewrite|rephrase|summari[sz]e|shorten|proofread)\b"
    r"|(?:请)?(?:帮我)?(?:写|翻译|改写|总结|润色)",
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
_POINTING_CHINESE = re.compile(r"[它他她]们?|这个|那个|这些|那些")
_PLURAL_POINTING = frozenset({"them", "they", "their", "theirs", "those", "these"})


def read(text: str, history: Sequence[Exchange] = ()) -> Understood:
    """Understands `text` (already cleaned) in the light of the earlier exchanges, oldest first."""
    language = "zh" if is_chinese(text) else "en"
    if _SMALL_TALK.fullmatch(text.strip()):
        return Understood(text, text, False, language, Intent.SMALL_TALK)
    intent = Intent.TASK if _TASK.match(text.strip()) else Intent.QUESTION
    if not history or not _leans_on_history(text.strip()):
        return Understood(text, text, False, language, intent)
    standalone = " ".join([*(_ended(_without_replaced(question, text)) for question in _subject(history)), text])
    return Understood(standalone, text, True, language, intent)


def _leans_on_history(text: str) -> bool:
    if _LEANING_START.match(text):
        return True
    content = set(content_words(text))
    begins_loosely = _LOOSE_START.match(text) or _PREPOSITION_START.match(text)
    if begins_loosely and len(content) <= 3 and not _ASKS.search(text):
        return True
    if _POINTING_CHINESE.search(text):
        return len(content) <= 3
    pointing = _POINTING.intersection(words(_THERE_IS.sub("", text)))
    return not content or bool(pointing and len(content) <= (3 if pointing & _PLURAL_POINTING else 2))


def _subject(history: Sequence[Exchange]) -> list[str]:
    """The question that opened the subject and the last follow-ups on it."""
    opening = len(history) - 1
    while opening > 0 and history[opening].is_follow_up:
        opening -= 1
    chain = [exchange.question for exchange in history[opening:]]
    chain = chain if len(chain) <= 1 + QUOTED_TURNS else [chain[0], *chain[-QUOTED_TURNS:]]
    while len(chain) > 1 and sum(map(len, chain)) > EARLIER_CHARS:
        chain.pop(0)
    return [question[-EARLIER_CHARS:] for question in chain]


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
