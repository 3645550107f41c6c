"""The evaluator of alerts, against values worked out by hand."""

import pytest

from tests.collab.promql import Scrape, fires, value

HERE = frozenset({("instance", "here")})
BEFORE = """# TYPE a counter
a_total{code="x"} 4
a_total{code="y"} 1
# TYPE s histogram
s_bucket{le="1"} 0
s_bucket{le="2"} 0
s_bucket{le="+Inf"} 0
s_count 0
s_sum 0
# TYPE g gauge
g 3
"""
AFTER = BEFORE.replace("} 4", "} 10").replace('le="1"} 0', 'le="1"} 8').replace('le="2"} 0', 'le="2"} 10')
SCRAPES = [Scrape.of(BEFORE, 0), Scrape.of(AFTER.replace('le="+Inf"} 0', 'le="+Inf"} 10'), 60)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(rate(a_total[1m]))", {frozenset(): 0.1}),
        ('rate(a_total{code="y"}[1m])', {frozenset({("code", "y"), ("instance", "here")}): 0}),
        ("sum by (instance) (a_total) / g", {HERE: 11 / 3}),
        ("g + g", {HERE: 6}),
        # 9.5 of 10 lie in the second bucket, of which 1.5 of its 2 are below: 1 + 0.75
        ("histogram_quantile(0.95, sum by (le) (rate(s_bucket[1m])))", {frozenset(): 1.75}),
        ("histogram_quantile(0.4, sum by (le) (rate(s_bucket[1m])))", {frozenset(): 0.5}),
        ("unknown", {}),
    ],
)
def test_values(expression: str, expected: dict[frozenset[tuple[str, str]], float]) -> None:
    assert value(expression, SCRAPES) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("expression", "does"),
    [("g > 2", True), ("g > 3", False), ("g < 2e9 and g == 3", True), ("g > 2 and unknown > 0", False)],
)
def test_what_fires(expression: str, does: bool) -> None:
    assert bool(fires(expression, SCRAPES)) is does


def test_nothing_divided_by_nothing_fires_nothing() -> None:
    assert fires("rate(s_count[1m]) / rate(s_sum[1m]) > 0", SCRAPES) == {}
    assert fires("histogram_quantile(0.9, rate(s_bucket[1m])) > 0", [SCRAPES[0], Scrape.of(BEFORE, 60)]) == {}


def test_what_is_not_understood_is_told() -> None:
    with pytest.raises(AssertionError, match="not understood"):
        value("g offset 5m ~ 3", SCRAPES)
