"""Finds in a support dialogue the question that the customer had, and the reply that answered it. Pure functions.

Greetings, thanks and phrases of courtesy are left out first. The question is the first substantial message of the
customer. Every reply that says something and does not only ask back may answer it: support seldom repeats the words of
a question. Of several the best is taken: it speaks of the same things, is long enough to answer, came early, and was
thanked for. What identifies people is masked in both.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collab.feedback.dialogues.courtesy import SAYS_MORE, without_courtesy
from collab.feedback.dialogues.messages import Message
from collab.people.privacy import mask, names_in
from knowledge.text import content_words, sentences

QUESTION_CHARS = 400  # a longer story is cut down to its questions
REPLY_WORDS = 2
REPLY_CHARS = 8_000  # a longer one was pasted, not answered
ENOUGH_WORDS = 30  # a longer reply is not likelier to answer

_AGENTS = re.compile(
    r"(?i)\b(agents?|support|assistant|operator|advis[eo]r|representative|rep|staff|employee|helpdesk|bot|system"
    r"|services?|care|success|relations|team|desk|hotline|csr|seller|moderator|admin)\b|客服|坐席|机器人|助手|系统|商家"
)
_CUSTOMERS = re.compile(
    r"(?i)\b(customers?|users?|clients?|visitors?|guests?|buyers?|caller|human|consumer)\b|客户|用户|顾客|买家|访客"
)
_THANKS = re.compile(
    r"(?i)\b(?:thanks|thank you|thx|perfect|that (?:works|worked|helps|helped)|solved|great|brilliant)\b"
    r"|谢谢|感谢|解决了|可以了"
)
_ASKING_MARKS = ("?", "？")
_ASKS = re.compile(
    r"(?i)[?？]\s*$|^(?:how|what|when|where|why|who|which|can|could|do|does|did|is|are|may|should|will)\b|吗|怎么|如何|为什么|多少"
)
_ASKS_OPENLY = re.compile(  # "When do you open?" says enough
    r"(?i)^(?:how|what|when|where|who|which)\b.*\?\s*$|(?:怎么|如何|什么|为什么|哪|多少|多久|几).*[?？]\s*$"
)
_ASIDE = re.compile(r"[:：/|,;()（）\[\]–—]+|\s-\s")  # between a name and a role
_FULL_NAME = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){1,2}")
_ROLE_OF_ONE = re.compile(
    r"(?i:agent|operator|advis[eo]r|rep(?:resentative)?|customer|client|visitor|guest|buyer|caller|user)\s+(?=[A-ZÀ-Þ][a-zà-ÿ])"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its reply, masked; the message where the question begins, and how good the reply seems."""

    number: int
    question: str
    reply: str
    score: float


class Lacking(StrEnum):
    """What a dialogue lacks from which nothing is proposed."""

    QUESTION = "question"
    REPLY = "reply"


def mine(told: Sequence[Message]) -> Pair | Lacking:
    """The question and its best reply, or what the dialogue lacks."""
    customer = _customer(told)
    runs = _runs(told)
    asked = next(
        (place for place, run in enumerate(runs) if run.speaker == customer and _is_substantial(run.text)), None
    )
    if customer is None or asked is None:
        return Lacking.QUESTION
    question = _question(runs[asked].text)
    replies = _replies(runs[asked + 1 :], customer)
    scored = [(_score(question, reply, place, thanked), reply) for place, (reply, thanked) in enumerate(replies)]
    if not scored:
        return Lacking.REPLY
    score, reply = max(scored, key=lambda one: one[0])
    names = _names(told)
    return Pair(runs[asked].number, mask(question, names), mask(reply, names), score)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one speaker said without being interrupted."""

    number: int
    speaker: str
    text: str


def _runs(told: Sequence[Message]) -> list[_Run]:
    runs: list[_Run] = []
    for message in told:
        if runs and runs[-1].speaker == message.speaker:
            last = runs.pop()
            runs.append(_Run(last.number, last.speaker, f"{last.text}\n{message.text}"))
        else:
            runs.append(_Run(message.number, message.speaker, message.text))
    return runs


def _customer(told: Sequence[Message]) -> str | None:
    """Whoever the file names so; else the first who is no agent and says something substantial."""
    named = (one.speaker for one in told if _CUSTOMERS.search(one.speaker) and not _AGENTS.search(one.speaker))
    others = (one.speaker for one in told if not _AGENTS.search(one.speaker) and _is_substantial(one.text))
    return next(named, None) or next(others, None)


def _is_substantial(text: str) -> bool:
    kept = without_courtesy(text)
    enough = 1 if _ASKS_OPENLY.search(kept) else 2 if _ASKS.search(kept) else 3
    return len(content_words(kept)) >= enough


def _question(text: str) -> str:
    """The question in the customer's words; of a long story only the sentences that ask, or else the first ones."""
    kept = " ".join(without_courtesy(text).split())
    if len(kept) <= QUESTION_CHARS:
        return kept
    told = [kept[span.start : span.end] for span in sentences(kept)]
    asking = [sentence for sentence in told if _ASKS.search(sentence)] or told
    return " ".join(asking[:2])[:QUESTION_CHARS].strip()


def _replies(runs: Sequence[_Run], customer: str) -> list[tuple[str, bool]]:
    """What others said after the question, without courtesy and questions back, and whether it was thanked for."""
    replies = []
    for place, run in enumerate(runs):
        if run.speaker == customer:
            continue
        following = next((one.text for one in runs[place + 1 :] if one.speaker == customer), "")
        text = without_courtesy(run.text)
        if len(text) <= REPLY_CHARS and _says_something(text) and not _only_asks_back(text):
            replies.append((text, bool(_THANKS.search(following))))
    return replies


def _says_something(text: str) -> bool:
    """Whether a reply has words enough, or a figure: "At 9." is an answer."""
    return len(content_words(text)) >= REPLY_WORDS or any(character.isdigit() for character in text)


def _only_asks_back(text: str) -> bool:
    """Whether a reply ends with a question, and says little beside its questions."""
    told = [text[span.start : span.end] for span in sentences(text)]
    telling = [sentence for sentence in told if not sentence.endswith(_ASKING_MARKS)]
    return told[-1].endswith(_ASKING_MARKS) and len(content_words(" ".join(telling))) < SAYS_MORE


def _score(question: str, reply: str, place: int, thanked: bool) -> float:
    """How well a reply seems to answer, 0 to about 2: overlap, length, place, thanks; less where it also asks back."""
    asked, told = set(content_words(question)), content_words(reply)
    overlap = len(asked & set(told)) / max(1, len(asked))
    length = min(len(told), ENOUGH_WORDS) / ENOUGH_WORDS
    asks_back = reply.rstrip().endswith(_ASKING_MARKS)
    return overlap + 0.5 * length + 0.3 / (1 + place) + 0.4 * thanked - 0.6 * asks_back


def _names(told: Iterable[Message]) -> set[str]:
    """The people of a dialogue: what greetings and signatures give away, and speakers that are no roles."""
    names = {name for message in told for name in names_in(message.text)}
    for speaker in {message.speaker for message in told}:
        for name in _called(speaker):
            names |= {name, *(part for part in name.split() if len(part) > 2)}
    return names


def _called(speaker: str) -> list[str]:
    """The names in what a file calls a speaker: all of it, or what stands beside a role. A word alone beside that of an
    agent is rather a company's.
    """
    parts = [_ROLE_OF_ONE.sub("", part.strip(), count=1) for part in _ASIDE.split(speaker)]
    names = [part for part in parts if part and not _AGENTS.search(part) and not _CUSTOMERS.search(part)]
    is_company = _AGENTS.search(speaker) and not _ROLE_OF_ONE.match(speaker)
    return [name for name in names if not is_company or _FULL_NAME.fullmatch(name)]
