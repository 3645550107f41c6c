"""The recipe of the training pairs: what is the same question, and what only looks like it.

Half of the pairs are from templates with the subject masked, as the model sees them when a name is shared; the others
keep their words: subjects that are no names, narrowing phrases, negation, halves of names, and whole requests of
CLINC150. Negatives are neighbours: groups or intents that are likest in the packaged encoder's eyes.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.scope.reading import read
from knowledge.scope.templates import Group, Templates

UNKNOWN = -1.0
NEIGHBOURS = 14  # groups or intents
FEW = 300  # subjects of a kind that is written down by hand
RICH = 0.35  # of the draws are from the relations of ParaRel
ALIKE = 0.75  # cosine of two requests of one intent that are taken for the same question in the strict sense
_CHAT = frozenset(["yes", "no", "maybe", "greeting", "goodbye", "thank_you", "repeat", "cancel"])
_OPENINGS = ("please tell me ", "can you tell me ", "do you know ", "i would like to know ", "hi, ", "hello, ")

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, whether they are strictly the same, and whether they are the same request in the wide sense."""

    first: str
    second: str
    same: float
    wide: float


class Recipe:
    """Draws pairs from templates and intents."""

    def __init__(self, templates: Templates, intents: dict[str, list[str]], encode: Encode, seed: int) -> None:
        self._random = random.Random(seed)
        self._templates = templates
        self._intents = intents
        self._encode = encode
        self._rich = [n for n, group in enumerate(templates.groups) if re.fullmatch(r"P\d+", group.name)]
        self._owners: dict[str, set[str]] = defaultdict(set)
        for group in templates.groups:
            for question in group.questions:
                self._owners[question].add(group.name)
        self._near_groups = self._neighbours(
            [self._random.sample(g.questions, min(8, len(g.questions))) for g in templates.groups]
        )
        self._names = sorted(intents)
        self._near_intents = self._neighbours([intents[name][:12] for name in self._names])
        self._subject_vectors: dict[str, NDArray[np.float32]] = {}
        self._likeness: dict[str, NDArray[np.float32]] = {}

    def _neighbours(self, texts: Sequence[Sequence[str]]) -> list[list[int]]:
        """For each list of texts the places of the likest others, likest first."""
        if not texts:
            return []
        centres = np.stack([self._encode([t.replace("X", "x") for t in some]).mean(0) for some in texts])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        likeness = centres @ centres.T
        np.fill_diagonal(likeness, -1)
        return [list(np.argsort(-row)) for row in likeness]

    def draw(self, count: int) -> list[Pair]:
        """So many pairs, in no order."""
        makers: list[tuple[float, Callable[[], Pair | None]]] = [
            (0.20, self._same_masked),
            (0.28, self._neighbour_masked),
            (0.09, self._same_named),
            (0.05, self._neighbour_named),
            (0.05, self._other_subject),
            (0.05, self._narrowed),
            (0.03, self._negated),
            (0.02, self._half_named),
            (0.10, self._same_intent),
            (0.13, self._other_intent),
        ]
        weights, drawn = [weight for weight, _ in makers], list[Pair]()
        while len(drawn) < count:
            ((_, make),) = self._random.choices(makers, weights)
            pair = make()
            if pair is not None:
                drawn.append(self._noisy(pair))
        return drawn

    # --- templates ----------------------------------------------------------------------------------------------------

    def _group(self) -> tuple[int, Group]:
        """Any group; those with statement patterns, which are the richest, more often."""
        place = self._random.choice(self._rich if self._random.random() < RICH else range(len(self._templates.groups)))
        return place, self._templates.groups[place]

    def _two(self, group: Group) -> tuple[str, str]:
        first, second = self._random.sample(group.questions, 2)
        return first, second

    def _neighbour(self) -> tuple[Group, str, str] | None:
        """A group, a question of it, and one of a neighbour that is of its kind; now and then of any other group."""
        place, group = self._group()
        groups = self._templates.groups
        if self._random.random() < 0.1:
            other = self._random.choice(groups)
        else:
            near = [n for n in self._near_groups[place] if groups[n].kinds & group.kinds][:NEIGHBOURS]
            other = groups[near[min(int(self._random.expovariate(0.25)), len(near) - 1)]]
        if "trip" in group.kinds ^ other.kinds:
            return None
        first, second = self._random.choice(group.questions), self._random.choice(other.questions)
        if other is group or group.name in self._owners[second] or other.name in self._owners[first]:
            return None
        return group, first, second

    def _same_masked(self) -> Pair:
        _, group = self._group()
        first, second = self._two(group)
        return self._turned(group, first, second)

    def _turned(self, group: Group, first: str, second: str) -> Pair:
        """Masked; where there are two subjects, every other time they have changed places, which is another question
        unless the distance is asked for.
        """
        masked = first.replace("X", "x").replace("Y", "y")
        if "Y" in second and self._random.random() < 0.5:
            swapped = second.replace("X", "#").replace("Y", "x").replace("#", "y")
            same = float(group.name == "distance")
            return Pair(masked, swapped, same, same)
        return Pair(masked, second.replace("X", "x").replace("Y", "y"), 1, 1)

    def _neighbour_masked(self) -> Pair | None:
        if (found := self._neighbour()) is None:
            return None
        _, first, second = found
        first, second = (text.replace("X", "x").replace("Y", "y") for text in (first, second))
        return Pair(first, second, 0, 0)

    def _subjects(self, group: Group) -> list[str]:
        kinds = [kind for kind in sorted(group.kinds) if kind in self._templates.subjects]
        return self._templates.subjects[self._random.choice(kinds) if kinds else "any"]

    def _wordy(self) -> Group:
        """A group whose subjects are words rather than names, most of the time."""
        while True:
            _, group = self._group()
            if group.kinds & {"service", "product"} or self._random.random() < 0.15:
                return group

    def _same_named(self) -> Pair:
        group = self._wordy()
        first, second = self._two(group)
        subject = self._random.choice(self._subjects(group))
        if self._random.random() < 0.25:
            narrow = " " + self._random.choice(self._templates.narrowing)
            first, second = _narrow(first, narrow), _narrow(second, narrow)
        return Pair(_filled(first, subject), _filled(second, subject), 1, 1)

    def _neighbour_named(self) -> Pair | None:
        if (found := self._neighbour()) is None:
            return None
        group, first, second = found
        subject = self._random.choice(self._subjects(group))
        return Pair(_filled(first, subject), _filled(second, subject), 0, 0)

    def _other_subject(self) -> Pair | None:
        group = self._wordy()
        first, second = self._two(group) if self._random.random() < 0.5 else [self._random.choice(group.questions)] * 2
        one, *others = self._random.sample(subjects := self._subjects(group), min(6, len(subjects)))
        if len(subjects) < FEW and self._random.random() < 0.5:  # the likest of some
            others.sort(key=lambda other: -float(self._vector(one) @ self._vector(other)))
        return Pair(_filled(first, one), _filled(second, others[0]), 0, 0) if one != others[0] else None

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self._subject_vectors:
            self._subject_vectors[text] = self._encode([text])[0]
        return self._subject_vectors[text]

    def _narrowed(self) -> Pair:
        """One side is about less than the other, or both about different parts."""
        group = self._wordy()
        first, second = self._two(group)
        subject = "x" if self._random.random() < 0.4 else self._random.choice(self._subjects(group))
        one, other = self._random.sample(self._templates.narrowing, 2)
        first = _narrow(first, " " + one)
        if self._random.random() < 0.5:
            second = _narrow(second, " " + other)
        return self._either_way(_filled(first, subject), _filled(second, subject), 0, UNKNOWN)

    def _negated(self) -> Pair | None:
        group = self._wordy()
        first, second = self._two(group)
        negated = re.sub(r"\b(can|do|does|did|is|are|was|may|must|should|will)( \w+)\b", r"\1\2 not", first, count=1)
        if negated == first:
            return None
        subject = "x" if self._random.random() < 0.5 else self._random.choice(self._subjects(group))
        return self._either_way(_filled(negated, subject), _filled(second, subject), 0, UNKNOWN)

    def _half_named(self) -> Pair:
        """Two people with one name in common, which is masked."""
        group = next(
            g for g in iter(lambda: self._group()[1], None) if g.kinds & {"person", "place", "work", "service"}
        )
        first, second = self._two(group)
        names = self._templates.subjects["any"]
        one, other = (self._random.choice(names).split()[0] for _ in range(2))
        form = "{} x" if self._random.random() < 0.5 else "x {}"
        if self._random.random() < 0.3:
            return self._either_way(_filled(first, form.format(one)), _filled(second, "x"), 0, UNKNOWN)
        return Pair(_filled(first, form.format(one)), _filled(second, form.format(other)), 0, 0)

    # --- intents ------------------------------------------------------------------------------------------------------

    def _vectors(self, name: str) -> NDArray[np.float32]:
        if name not in self._likeness:
            self._likeness[name] = self._encode(self._intents[name])
        return self._likeness[name]

    def _same_intent(self) -> Pair:
        name = self._random.choice(self._names)
        one, other = self._random.sample(range(len(self._intents[name])), 2)
        vectors = self._vectors(name)
        strictly = 1.0 if float(vectors[one] @ vectors[other]) > ALIKE else UNKNOWN
        return Pair(self._intents[name][one], self._intents[name][other], strictly, 1)

    def _other_intent(self) -> Pair:
        """Of a neighbouring intent, every other time the likest of some."""
        place = self._random.randrange(len(self._names))
        near = self._near_intents[place][min(int(self._random.expovariate(0.3)), NEIGHBOURS)]
        name, other = self._names[place], self._names[near]
        one = self._random.randrange(len(self._intents[name]))
        some = self._random.sample(range(len(self._intents[other])), 8 if self._random.random() < 0.5 else 1)
        likest = max(some, key=lambda two: float(self._vectors(name)[one] @ self._vectors(other)[two]))
        return Pair(self._intents[name][one], self._intents[other][likest], 0, 0)

    # --- surface ------------------------------------------------------------------------------------------------------

    def _either_way(self, first: str, second: str, same: float, wide: float) -> Pair:
        return Pair(first, second, same, wide) if self._random.random() < 0.5 else Pair(second, first, same, wide)

    def _noisy(self, pair: Pair) -> Pair:
        first, second = (" ".join(read(self._surface(text)).words) for text in (pair.first, pair.second))
        return Pair(first, second, pair.same, pair.wide)

    def _surface(self, text: str) -> str:
        """Now and then without its question mark, with a polite opening, or with a slip of the keyboard."""
        if self._random.random() < 0.3:
            text = text.rstrip("?. ")
        if self._random.random() < 0.05:
            text = self._random.choice(_OPENINGS) + text
        if self._random.random() < 0.08:
            text = self._slip(text)
        return text

    def _slip(self, text: str) -> str:
        words = text.split(" ")
        long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if not long:
            return text
        place = self._random.choice(long)
        at = self._random.randrange(1, len(words[place]) - 1)
        word = words[place]
        words[place] = self._random.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
            ]
        )
        return " ".join(words)


def _filled(question: str, subject: str) -> str:
    first, _, second = subject.partition(" & ")
    return question.replace("X", first).replace("Y", second or "y")


def _narrow(question: str, narrowing: str) -> str:
    return question[:-1] + narrowing + "?" if question.endswith("?") else question + narrowing


def read_intents(path: Path) -> dict[str, list[str]]:
    """The training part of CLINC150 by intent, without small talk."""
    intents: dict[str, list[str]] = defaultdict(list)
    for text, name in json.loads(path.read_text("utf-8"))["train"]:
        if name not in _CHAT:
            intents[name].append(text)
    return dict(intents)
