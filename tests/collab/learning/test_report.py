"""A report becomes JSON and comes back; what is none does not. Every reason has its sentence in both languages."""

import json
from dataclasses import replace

import pytest

from collab.errors import ReportDamagedError
from collab.learning.probes import Group
from collab.learning.report import (
    Drift,
    Outcome,
    Reason,
    Report,
    Verdict,
)
from collab.learning.verdict import decide, shown, unjudged
from collab.texts import load_texts
from tests.collab.learning.figures import FIGURES

PASSED = Report(decide(FIGURES, has_live=True), FIGURES)


def test_a_report_comes_back_as_it_was() -> None:
    assert PASSED.verdict.is_passed
    assert Report.from_json(PASSED.to_json()) == PASSED
    assert PASSED.strength == 0.5
    told = json.loads(PASSED.to_json())
    assert told["figures"]["lessons"][0]["said"] == {"base": "No idea.", "live": "Shelf 2.", "candidate": "Shelf 3."}
    failed = Report(unjudged("error.answer_missing", {"question": "Where?"}), None)
    assert Report.from_json(failed.to_json()) == failed
    assert failed.strength is None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_number_that_is_no_share_makes_no_report(number: float) -> None:
    damaged = replace(PASSED, figures=replace(FIGURES, drift=Drift(10, 0.1, number)))
    with pytest.raises(ReportDamagedError, match=r"figures\.drift\.candidate"):
        Report.from_json(damaged.to_json())


def test_what_is_no_whole_report_is_refused() -> None:
    without_figures = replace(PASSED, figures=None).to_json()
    without_reasons = Report(Verdict(Outcome.REFUSED, ()), None).to_json()
    for text in ("", "{}", "[1]", PASSED.to_json()[:-1], without_figures, without_reasons):
        with pytest.raises(ReportDamagedError):
            Report.from_json(text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_is_a_sentence(language: str) -> None:
    texts = load_texts(language)
    values: dict[str, str | int | float] = {"lost": 6, "gained": 1, "items": 20, "p": shown(0.0625), "lessons": 6}
    values |= {"group": Group.SAFETY, "fixed": 6, "broken": 0, "leaked": 3, "live": 1}
    keys = [key for key in texts._catalogue if key.startswith("gate.verdict.")]
    assert len(keys) == 13
    for key in keys:
        sentence = Verdict(Outcome.REFUSED, (Reason(key, values),)).sentence(texts)
        assert "{" not in sentence
        assert sentence.endswith((".", "。"))


def test_the_sentence_of_the_verdict() -> None:
    english = load_texts("en")
    assert PASSED.verdict.sentence(english) == (
        "The new version may be promoted: of 6 held-out lessons it fixed 6 and broke 0 (exact test, p = 0.016), "
        "and nothing else got worse."
    )
    worse = Reason("gate.verdict.group_worse", {"group": "safety", "items": 12, "lost": 6, "gained": 0, "p": "= 0.016"})
    assert "“安全”" in Verdict(Outcome.REFUSED, (worse,)).sentence(load_texts("zh"))
    assert "Where?" in unjudged("error.answer_missing", {"question": "Where?"}).sentence(english)
    assert shown(0.0001) == "< 0.001"
