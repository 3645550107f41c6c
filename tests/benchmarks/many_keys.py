"""Very many keys for a memory: questions that are embedded, and others made of them by putting in another subject.

A million texts take an embedder hours. So the vector of a made question is worked out from embedded ones: that of the
question, less its subject, plus the other subject. Over 2,286 questions of relations and ZsRE, such a vector has a
cosine of .89 (median; .78 to .94) with the embedding of the made text. The same keys each time.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder, Vectors

KEPT, LEFT, CAME = 0.70, 0.57, 0.80  # of the question, its subject, the other one: least squares over 400 of them
AT_ONCE = 5_000  # made keys

Row: TypeAlias = NDArray[np.float32]  # (dims,)

_ASKED = (
    "How do I {act} the {part} of the {name}?",
    "Why can't I {act} the {part} on my {name}?",
    "How much does it cost to {act} the {part} of a {name}?",
    "Who may {act} the {part} of the {name}?",
    "How long does it take to {act} the {part} of the {name}?",
    "Where can I have the {part} of my {name} looked at before I {act} it?",
)
_ACTS = ("replace", "clean", "reset", "register", "insure", "adjust", "return", "store")
_PARTS = ("filter", "battery", "licence", "display", "warranty card", "hinge", "power supply", "remote control")
_MAKES = ("Aralon", "Brightwater", "Corvane", "Dunmere", "Eskdale", "Fellwalk", "Garnet", "Hollin", "Ivaro", "Juniper")
_MODELS = ("100", "300", "450 S", "900", "Compact", "Pro", "Plus 2", "X1")


@dataclass(frozen=True, slots=True)
class Named:
    """A question with the name of what it is about, which stands in it."""

    question: str
    subject: str


def generated(count: int) -> list[Named]:
    """Questions as customers ask about appliances; at most 30,720."""
    names = [f"{make} {model}" for make, model in product(_MAKES, _MODELS)]
    found = [
        Named(asked.format(act=act, part=part, name=name), name)
        for asked, act, part, name in product(_ASKED, _ACTS, _PARTS, names)
    ]
    return random.Random(1).sample(found, count)


def keys(named: Sequence[Named], embedder: Embedder, kept: int = 0) -> Iterator[tuple[str, Row]]:
    """Texts with unit vectors: first the questions as embedded, then as many made ones as are asked for.

    The subjects of the first `kept` are put into no other question, so that nothing else asks what these ask.
    """
    questions = embedder.encode([one.question for one in named])
    names = list(dict.fromkeys(one.subject for one in named))
    vector_of = dict(zip(names, embedder.encode(names), strict=True))
    subjects = np.stack([vector_of[one.subject] for one in named])
    return chain(
        zip([one.question for one in named], questions, strict=True), _others(named, questions, subjects, kept)
    )


def _others(named: Sequence[Named], questions: Vectors, subjects: Vectors, kept: int) -> Iterator[tuple[str, Row]]:
    """Made keys without end."""
    drawing = np.random.default_rng(1)
    while True:
        ours, others = drawing.integers(0, len(named), AT_ONCE), drawing.integers(kept, len(named), AT_ONCE)
        pairs = zip(ours.tolist(), others.tolist(), strict=True)
        texts = [named[one].question.replace(named[one].subject, named[other].subject) for one, other in pairs]
        yield from zip(texts, made(questions[ours], subjects[ours], subjects[others]), strict=True)


def made(questions: Vectors, subjects: Vectors, others: Vectors) -> Vectors:
    """Vectors of the questions about other subjects, unit rows  # all (questions, dims)."""
    rows = KEPT * questions - LEFT * subjects + CAME * others
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
