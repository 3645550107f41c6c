"""Other wordings of a question: by rules, in English and Chinese, and by a model where one is handed in.

Every wording is a candidate until the scope decision has said that it asks the same. The same question always gives
the same wordings. It knows no lessons and no corrections.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from collab.learning.sameness import SameQuestions
from knowledge.scope.examples import are_same_but_for_politeness, will_and_will_not
from knowledge.text import is_chinese, normalise

Rephrase = Callable[[Sequence[str]], Sequence[Sequence[str]]]
"""Other wordings that a model made of each question, in their order."""

MOST = 12  # wordings of a question that are looked at
LONGEST = 600  # characters; a longer question is a story, which no rule rewords

_LEADS = (
    "Could you please tell me {}",
    "Quick question: {}",
    "I was wondering: {}",
    "Hi there, {}",
    "Good morning! {}",
    "Sorry to bother you, but {}",
)
_LEADS_ZH = ("请问，{}", "您好，{}", "想请教一下，{}", "麻烦您了，{}", "打扰一下，{}", "帮我看一下，{}")
_THANKS, _THANKS_ZH = "{} Thank you!", "{}谢谢！"
_CONTRACTED = (  # written out and drawn together; each stands for the other
    ("what is", "what's"),
    ("where is", "where's"),
    ("who is", "who's"),
    ("when is", "when's"),
    ("how is", "how's"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
    ("cannot", "can't"),
    ("will not", "won't"),
    ("should not", "shouldn't"),
    ("I am", "I'm"),
    ("I have", "I've"),
    ("we are", "we're"),
)
_OPENERS = (  # ways to begin that ask the same
    ("how do I", "how can I", "how should I", "how would I", "what do I have to do to"),
    ("can I", "may I", "could I", "am I able to", "is it OK to"),
    ("where can I", "where do I", "where could I", "where should I"),
    ("is there", "do you have", "have you got"),
    ("do I need to", "do I have to", "must I", "am I required to"),
    ("when does", "at what time does", "what time does"),
    ("when do", "at what time do", "what time do"),
    ("how long does", "how much time does"),
    ("what happens if", "what if", "what is going to happen if"),
    ("who do I", "whom do I", "who should I"),
    ("which", "what"),
)
_OPENERS_ZH = (
    ("怎么", "如何", "怎样"),
    ("什么时候", "何时"),
    ("在哪里", "在哪儿", "在什么地方"),
    ("为什么", "为何"),
    ("能不能", "可不可以", "是否可以"),
    ("多少钱", "什么价格"),
    ("需要多久", "要多长时间"),
)
LONG_WORD = re.compile(r"(?<![\w'’@./-])[a-z]{6,}(?![\w'’@/-])")
_NAME_OR_I = re.compile(r"I\b|[A-Z]\w*[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Wording:
    """Another wording. One that only differs `on_surface` (typos, politeness, contractions) tests less than others."""

    text: str
    on_surface: bool = False


def paraphrases(
    questions: Sequence[str], same: SameQuestions, rephrase: Rephrase | None = None
) -> list[tuple[Wording, ...]]:
    """Of each question its other wordings, those in other words first. None equals it by the house's rule; each was
    found to ask the same. All that have to be compared are compared in one call.
    """
    written = rephrase(questions) if rephrase and questions else [()] * len(questions)
    made = [_candidates(text, more) for text, more in zip(questions, written, strict=True)]
    pairs = [(text, one.text) for text, own in zip(questions, made, strict=True) for one in own]
    agreed = iter(same(pairs) if pairs else [])
    return [tuple(one for one in own if next(agreed)) for own in made]


def by_rules(question: str) -> Iterator[Wording]:
    """The candidates that rules make."""
    if len(question) > LONGEST:
        return
    forms, _ = will_and_will_not(question)
    begun = _openers_zh(question) if is_chinese(question) else chain(_openers(question), _contractions(question))
    for text in chain(forms, begun):
        yield Wording(text, on_surface=are_same_but_for_politeness(text, question))
    polite = _polite_zh(question) if is_chinese(question) else _polite(question)
    yield from (Wording(text, on_surface=True) for text in chain(polite, _mistyped(question)))


def _candidates(question: str, written: Sequence[str]) -> list[Wording]:
    taken = {normalise(question)}
    found = []
    for one in chain((Wording(" ".join(text.split())) for text in written), by_rules(question)):
        if (normal := normalise(one.text)) and normal not in taken:
            taken.add(normal)
            found.append(one)
    deep = [one for one in found if not one.on_surface][: MOST * 2 // 3]
    surface = [one for one in found if one.on_surface]
    return [*deep, *surface[: MOST // 3]]


# --- English ----------------------------------------------------------------------------------------------------------


def _openers(question: str) -> Iterator[str]:
    for ways in _OPENERS:
        for way in ways:
            if question.casefold().startswith(way.casefold() + " "):
                rest = question[len(way) :]
                yield from (_capital(other) + rest for other in ways if other != way)
                return


def _contractions(question: str) -> Iterator[str]:
    for pair in _CONTRACTED:
        for one, other in (pair, pair[::-1]):
            found = re.search(rf"\b{re.escape(one)}\b", question, re.IGNORECASE)
            if found:
                yield question[: found.start()] + _like(found[0], other) + question[found.end() :]
                break


def _polite(question: str) -> Iterator[str]:
    """Which lead comes first depends on the question, so that no lead goes with every lesson."""
    inner = question if _NAME_OR_I.match(question) else question[:1].lower() + question[1:]
    for lead in _turned(_LEADS, question):
        yield lead.format(question if lead.endswith(("! {}", ": {}")) else inner)
    yield _THANKS.format(question)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _like(found: str, text: str) -> str:
    return _capital(text) if found[:1].isupper() else text


# --- Chinese ----------------------------------------------------------------------------------------------------------


def _openers_zh(question: str) -> Iterator[str]:
    for ways in _OPENERS_ZH:
        if found := next((way for way in ways if way in question), None):
            yield from (question.replace(found, other, 1) for other in ways if other != found)


def _polite_zh(question: str) -> Iterator[str]:
    yield from (lead.format(question) for lead in _turned(_LEADS_ZH, question))
    yield _THANKS_ZH.format(question)


# --- both -------------------------------------------------------------------------------------------------------------


def _mistyped(question: str) -> Iterator[str]:
    """One slip of the keyboard in a long word in lower case: two letters swapped, one left out, one twice."""
    for word in islice(LONG_WORD.finditer(question), 2):
        place = 1 + number_of(word[0]) % (len(word[0]) - 3)  # neither the first letter nor the last
        before, first, second, after = word[0][:place], word[0][place], word[0][place + 1], word[0][place + 2 :]
        slips = (second + first, second, first + first + second)
        slip = slips[number_of(question) % len(slips)]
        yield question[: word.start()] + before + slip + after + question[word.end() :]


def _turned(leads: Sequence[str], question: str) -> Sequence[str]:
    """The same, each question beginning at another one."""
    start = number_of(question) % len(leads)
    return [*leads[start:], *leads[:start]]


def number_of(*texts: str) -> int:
    """A number that is fixed by texts alone, evenly spread."""
    return int.from_bytes(hashlib.sha256("\x1f".join(texts).encode()).digest()[:8])
