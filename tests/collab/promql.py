"""The few forms of PromQL that our alerts are written in, evaluated over scrapes as Prometheus would.

It knows numbers, selectors with `=`, `rate`, `histogram_quantile`, `sum by`, `and`, comparisons, `+` and `/`. `rate` is
the growth from the first scrape in the range to the last, without Prometheus' extrapolation to the range's ends.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
Value = float | Vector

_TOKEN = re.compile(r"\s*(\d[\d.]*(?:e\d+)?|[A-Za-z_:][\w:]*|\"[^\"]*\"|>=|<=|==|[(){}\[\],=<>+/*-])")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "==": operator.eq,
}  # fmt: skip
_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Scrape:
    """The samples of one moment, in seconds: by their names, each with the label `instance` that Prometheus adds."""

    at: float
    samples: Mapping[str, Vector]

    @classmethod
    def of(cls, text: str, at: float) -> "Scrape":
        """From what `/metrics` says."""
        samples: dict[str, Vector] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = frozenset({**sample.labels, "instance": "here"}.items())
                samples.setdefault(sample.name, {})[labels] = sample.value
        return cls(at, samples)


def fires(expression: str, scrapes: Sequence[Scrape]) -> Vector:
    """The series for which the alert fires at the last scrape, and their values; none where all is well."""
    value = _Reader(expression, scrapes).whole()
    assert isinstance(value, dict), "an alert compares series"
    return value


def value(expression: str, scrapes: Sequence[Scrape]) -> Value:
    """What the expression is at the last scrape."""
    return _Reader(expression, scrapes).whole()


def names(expression: str) -> set[str]:
    """The metrics that an expression asks for."""
    return set(re.findall(r"\b(?:collab|process)_[a-z0-9_]+", expression))


class _Reader:
    def __init__(self, expression: str, scrapes: Sequence[Scrape]) -> None:
        self._tokens = _TOKEN.findall(expression)
        assert "".join(self._tokens) == re.sub(r"\s", "", expression), f"not understood: {expression}"
        self._scrapes = scrapes

    def whole(self) -> Value:
        found = self._both()
        assert not self._tokens, f"left over: {self._tokens}"
        return found

    def _both(self) -> Value:
        left = self._comparison()
        while self._is_next("and"):
            right = self._comparison()
            assert isinstance(left, dict)
            assert isinstance(right, dict)
            left = {labels: number for labels, number in left.items() if labels in right}
        return left

    def _comparison(self) -> Value:
        left = self._sum()
        if self._tokens and self._tokens[0] in _COMPARE:
            holds, right = _COMPARE[self._tokens.pop(0)], self._sum()
            assert isinstance(left, dict)
            assert isinstance(right, float)
            left = {labels: number for labels, number in left.items() if holds(number, right)}
        return left

    def _sum(self) -> Value:
        left = self._quotient()
        while self._is_next("+"):
            left = _joined(left, self._quotient(), operator.add)
        return left

    def _quotient(self) -> Value:
        left = self._one()
        while self._is_next("/"):
            left = _joined(left, self._one(), _divided)
        return left

    def _one(self) -> Value:
        token = self._tokens.pop(0)
        if token == "(":
            return self._closed()
        if token[0].isdigit():
            return float(token)
        if token == "sum":
            return self._summed()
        if token == "rate":
            self._expect("(")
            return self._rate()
        if token == "histogram_quantile":
            self._expect("(")
            share = self._one()
            self._expect(",")
            assert isinstance(share, float)
            return _quantiles(share, self._closed())
        return _chosen(self._scrapes[-1], token, self._matchers())

    def _closed(self) -> Value:
        inner = self._both()
        self._expect(")")
        return inner

    def _summed(self) -> Vector:
        by: list[str] = []
        if self._is_next("by"):
            self._expect("(")
            while not self._is_next(")"):
                by.append(self._tokens.pop(0))
                self._is_next(",")
        self._expect("(")
        inner, sums = self._closed(), Vector()
        assert isinstance(inner, dict)
        for labels, number in inner.items():
            kept = frozenset((name, text) for name, text in labels if name in by)
            sums[kept] = sums.get(kept, 0.0) + number
        return sums

    def _rate(self) -> Vector:
        name, matchers = self._tokens.pop(0), self._matchers()
        self._expect("[")
        seconds = float(self._tokens.pop(0)) * _UNITS[self._tokens.pop(0)]
        self._expect("]")
        self._expect(")")
        last = self._scrapes[-1]
        first = next(scrape for scrape in self._scrapes if scrape.at >= last.at - seconds)
        before, now = _chosen(first, name, matchers), _chosen(last, name, matchers)
        return {labels: (now[labels] - before[labels]) / (last.at - first.at) for labels in now if labels in before}

    def _matchers(self) -> Labels:
        found: set[tuple[str, str]] = set()
        if self._is_next("{"):
            while not self._is_next("}"):
                name = self._tokens.pop(0)
                self._expect("=")
                found.add((name, self._tokens.pop(0).strip('"')))
                self._is_next(",")
        return frozenset(found)

    def _is_next(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        assert self._tokens.pop(0) == token


def _chosen(scrape: Scrape, name: str, matchers: Labels) -> Vector:
    return {labels: number for labels, number in scrape.samples.get(name, {}).items() if matchers <= labels}


def _divided(left: float, right: float) -> float:
    return left / right if right else math.nan


def _joined(left: Value, right: Value, operate: Callable[[float, float], float]) -> Vector:
    """Series of the same labels; or each with a number."""
    assert isinstance(left, dict)
    if isinstance(right, dict):
        return {labels: operate(number, right[labels]) for labels, number in left.items() if labels in right}
    return {labels: operate(number, right) for labels, number in left.items()}


def _quantiles(share: float, buckets: Value) -> Vector:
    """Prometheus' own interpolation: within a bucket values are spread evenly; above the last bound is that bound."""
    assert isinstance(buckets, dict)
    grouped: dict[Labels, list[tuple[float, float]]] = {}
    for labels, number in buckets.items():
        bound = float(dict(labels)["le"])
        grouped.setdefault(frozenset(pair for pair in labels if pair[0] != "le"), []).append((bound, number))
    return {labels: _quantile(share, sorted(found)) for labels, found in grouped.items()}


def _quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    rank = share * buckets[-1][1]
    if not rank:
        return math.nan
    below = lower = 0.0
    for bound, count in buckets:
        if count >= rank:
            return lower if bound == math.inf else lower + (bound - lower) * (rank - below) / (count - below)
        below, lower = count, bound
    return lower
