"""Finds in a support dialogue the question that the customer had, and the reply that answered it. Pure functions.

Greetings, thanks and phrases of courtesy are left out first. The question is the first substantial message of the
customer. The reply is the agent's that scores best: it speaks of the same things, is long enough to answer, came early,
does not ask back, and was thanked for. What identifies people is masked in both.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collab.feedback.dialogues.courtesy import without_courtesy
from collab.feedback.dialogues.messages import Message
from collab.people.privacy import mask, names_in
from knowledge.text import content_words, sentences

QUESTION_CHARS = 400  # a longer story is cut down to its questions
REPLY_WORDS = 3
REPLY_CHARS = 8_000  # a longer one was pasted, not answered
ENOUGH_WORDS = 30  # a longer reply is not likelier to answer
ACCEPTED = 0.5  # the score from which a reply is proposed at all

_AGENTS = re.compile(
    r"(?i)\b(agents?|support|assistant|operator|advis[eo]r|representative|rep|staff|employee|helpdesk|bot|system|service|"
    r"csr|seller|moderator|admin)\b|客服|坐席|机器人|助手|系统|商家"
)
_CUSTOMERS = re.compile(
    r"(?i)\b(customers?|users?|clients?|visitors?|guests?|buyers?|caller|human|consumer)\b|客户|用户|顾客|买家|访客"
)
_THANKS = re.compile(
    r"(?i)\b(?:thanks|thank you|thx|perfect|that (?:works|worked|helps|helped)|solved|great|brilliant)\b"
    r"|谢谢|感谢|解决了|可以了"
)
_ASKS = re.compile(
    r"(?i)[?？]\s*$|^(?:how|what|when|where|why|who|which|can|could|do|does|did|is|are|may|should|will)\b|吗|怎么|如何|为什么|多少"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its reply, masked; the message where the question begins, and how good the reply seems."""

    number: int
    question: str
    reply: str
    score: float


def mine(told: Sequence[Message]) -> Pair | None:
    """The question and its best reply; None where the dialogue has none."""
    customer = _customer(told)
    runs = _runs(told)
    asked = next(
        (place for place, run in enumerate(runs) if run.speaker == customer and _is_substantial(run.text)), None
    )
    if customer is None or asked is None:
        return None
    question = _question(runs[asked].text)
    replies = _replies(runs[asked + 1 :], customer)
    scored = [(_score(question, reply, place, thanked), reply) for place, (reply, thanked) in enumerate(replies)]
    score, reply = max(scored, key=lambda one: one[0], default=(0.0, ""))
    if score < ACCEPTED:
        return None
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
    return len(content_words(kept)) >= (2 if _ASKS.search(kept) else 3)


def _question(text: str) -> str:
    """The question in the customer's words; of a long story only the sentences that ask, or else the first ones."""
    kept = " ".join(without_courtesy(text).split())
    if len(kept) <= QUESTION_CHARS:
        return kept
    told = [kept[span.start : span.end] for span in sentences(kept)]
    asking = [sentence for sentence in told if _ASKS.search(sentence)] or told
    return " ".join(asking[:2])[:QUESTION_CHARS].strip()


def _replies(runs: Sequence[_Run], customer: str) -> list[tuple[str, bool]]:
    """What others said after the question, without courtesy, and whether the customer thanked for it."""
    replies = []
    for place, run in enumerate(runs):
        if run.speaker == customer:
            continue
        following = next((one.text for one in runs[place + 1 :] if one.speaker == customer), "")
        text = without_courtesy(run.text)
        if len(text) <= REPLY_CHARS and len(content_words(text)) >= REPLY_WORDS:
            replies.append((text, bool(_THANKS.search(following))))
    return replies


def _score(question: str, reply: str, place: int, thanked: bool) -> float:
    """How well a reply seems to answer, 0 to about 2: overlap, length, place, thanks; less where it asks back."""
    asked, told = set(content_words(question)), content_words(reply)
    overlap = len(asked & set(told)) / max(1, len(asked))
    length = min(len(told), ENOUGH_WORDS) / ENOUGH_WORDS
    asks_back = reply.rstrip().endswith(("?", "？"))
    return overlap + 0.5 * length + 0.3 / (1 + place) + 0.4 * thanked - 0.6 * asks_back


def _names(told: Iterable[Message]) -> set[str]:
    """The people of a dialogue: what greetings and signatures give away, and speakers that are no roles."""
    names = {name for message in told for name in names_in(message.text)}
    for message in told:
        if not _AGENTS.search(message.speaker) and not _CUSTOMERS.search(message.speaker):
            names |= {message.speaker, *(part for part in message.speaker.split() if len(part) > 2)}
    return names
