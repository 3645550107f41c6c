"""Fits the constants of `combination.py` on questions of known scope, through the same steps as a decision.

Each question is put to a memory that holds the whole set. The sets count the same, and in each the questions that have
no correction, unrelated ones among them, half as much again as those that have one. Where a name is shared, only the
strict sense of asking the same is used, and what a veto decides is left out of the last step; elsewhere, that there is
no veto is evidence of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from knowledge.scope.askedness import Asked, Askedness
from knowledge.scope.combination import FURTHEST, NOWHERE, Constants
from knowledge.scope.decision import COMPARED_FROM, JUDGED, Key, Pairing, pair_with
from knowledge.scope.reading import read
from knowledge.text import normalise

STRENGTH = 3.0  # inverse of the regularisation
WITHOUT = 1.5  # so many questions without a correction are taken to be asked for each that has one

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the key that is right for it; None where no key is."""

    text: str
    right: str | None


@dataclass(frozen=True, slots=True)
class DevelopmentSet:
    """Keys that stand in a memory together, and questions to it."""

    keys: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A compared pair: its features, whether it is the right one, and whether something vetoes it."""

    key: str
    is_named: bool
    features: tuple[float, float, float]
    is_right: bool
    is_vetoed: bool


def fit(sets: Sequence[DevelopmentSet], encode: Encode, askedness: Askedness) -> dict[bool, Constants]:
    """The constants of questions that share a name with the right or wrong key, and of those that do not."""
    compared = [_compared(one, encode, askedness) for one in sets]
    counts = [_counts(one) for one in sets]
    first = {is_named: _first(compared, is_named) for is_named in (True, False)}
    fitted = {}
    for is_named in (True, False):
        leaders = [
            [
                best
                for rows in one
                if (best := _leader(rows, first)) and best[0].is_named == is_named
                if not (is_named and best[0].is_vetoed)
            ]
            for one in compared
        ]
        weights, last = _regression(
            [[(score, lead, not (is_named or row.is_vetoed)) for row, score, lead in some] for some in leaders],
            [[row.is_right for row, _, _ in some] for some in leaders],
            counts,
        )
        pair, intercept = first[is_named]
        fitted[is_named] = Constants(*(round(float(value), 4) for value in (*pair, intercept, *weights, last)))
    return fitted


def _first(compared: Sequence[list[list[_Row]]], is_named: bool) -> tuple[NDArray[np.float64], float]:
    """Weights and intercept of the pairs by themselves."""
    rows = [[row for rows in one for row in rows if row.is_named == is_named] for one in compared]
    right = [[row.is_right for row in some] for some in rows]
    counts = [(sum(some), len(some) - sum(some)) for some in right]
    return _regression([[row.features for row in some] for some in rows], right, counts)


def _counts(one: DevelopmentSet) -> tuple[float, float]:
    """Questions with and without a correction, so that those without weigh half as much again."""
    have = sum(question.right is not None for question in one.questions)
    return have, (len(one.questions) - have) / WITHOUT


def _compared(one: DevelopmentSet, encode: Encode, askedness: Askedness) -> list[list[_Row]]:
    """For each question the pairs with its likest keys that are worth comparing."""
    cosines = encode([question.text for question in one.questions]) @ encode(one.keys).T
    pairings = [
        [pairing for pairing in _pairings(question.text, one.keys, row) if not pairing.is_other]
        for question, row in zip(one.questions, cosines, strict=True)
    ]
    distinct = sorted({_masked(pairing) for some in pairings for pairing in some}, key=lambda pair: len("".join(pair)))
    asked: dict[tuple[str, str], Asked] = {}
    for start in range(0, len(distinct), 64):
        part = distinct[start : start + 64]
        asked.update(zip(part, askedness.compare(part), strict=True))
    return [
        [
            _Row(
                key=pairing.key.text,
                is_named=pairing.alignment.shared > 0,
                features=_features(asked[_masked(pairing)], pairing),
                is_right=pairing.key.text == question.right,
                is_vetoed=bool(pairing.against),
            )
            for pairing in some
        ]
        for question, some in zip(one.questions, pairings, strict=True)
    ]


def _features(asked: Asked, pairing: Pairing) -> tuple[float, float, float]:
    return asked.same, 0.0 if pairing.alignment.shared else asked.wide, pairing.key.cosine


def _masked(pairing: Pairing) -> tuple[str, str]:
    return pairing.alignment.question, pairing.alignment.key


def _pairings(text: str, keys: Sequence[str], cosines: NDArray[np.float32]) -> list[Pairing]:
    asked, same = read(text), normalise(text)
    likest = [int(place) for place in np.argsort(-cosines)[:JUDGED] if cosines[place] >= COMPARED_FROM]
    return [
        pair_with(asked, Key(place, keys[place], keys[place], float(cosines[place])))
        for place in likest
        if normalise(keys[place]) != same
    ]


def _leader(
    rows: Sequence[_Row], first: dict[bool, tuple[NDArray[np.float64], float]]
) -> tuple[_Row, float, float] | None:
    """The row with the highest score, that score, and its lead over the next."""
    scored = sorted(
        ((float(first[row.is_named][0] @ np.array(row.features)) + first[row.is_named][1], row) for row in rows),
        key=lambda pair: -pair[0],
    )
    if not scored:
        return None
    next_best = scored[1][0] if len(scored) > 1 else NOWHERE
    return scored[0][1], scored[0][0], float(np.clip(scored[0][0] - next_best, -FURTHEST, FURTHEST))


def _regression(
    features: Sequence[Sequence[Sequence[float]]],
    right: Sequence[Sequence[bool]],
    counts: Sequence[tuple[float, float]],
) -> tuple[NDArray[np.float64], float]:
    """Weights and intercept of a logistic regression; each right or wrong one counts one share of its set's number."""
    values, wanted, weights = list[Sequence[float]](), list[bool](), list[float]()
    for some, is_right, (have, have_not) in zip(features, right, counts, strict=True):
        values.extend(some)
        wanted.extend(is_right)
        weights.extend(1 / have if one else 1 / have_not for one in is_right)
    mean = sum(weights) / len(weights)
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(np.array(values), wanted, sample_weight=np.array(weights) / mean)
    return model.coef_[0], float(model.intercept_[0])
