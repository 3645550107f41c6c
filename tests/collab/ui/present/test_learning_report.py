"""The report: the verdict first, examples that open and are escaped, every figure, and what one may do with it."""

import re
from dataclasses import replace

import pytest

from collab.learning.report import Earlier, ProbeGroup, Report
from collab.learning.verdict import unjudged
from collab.texts import load_texts
from collab.ui.present.learning_report import EXAMPLES, report
from tests.collab.learning.figures import FIGURES, ITEM
from tests.collab.ui.present.learned import BROKEN, PASSED, REFUSED, adapter, done, steps

EN = load_texts("en")


def cells(markup: str, row: str) -> list[str]:
    found = re.search(rf'data-testid="{row}">(.*?)</tr>', markup)
    assert found is not None
    return re.findall(r"<td[^>]*>([^<]*)</td>", found[1])


def test_what_passed_can_be_promoted_with_one_click() -> None:
    found = report(EN, done(), PASSED, adapter(), steps())
    assert 'data-testid="verdict">The new version may be promoted: of 6 held-out lessons it fixed 6' in found
    assert 'class="primary" data-act="learning.promote" data-adapter="3f9a1c20deadbeef" data-training="r1"' in found
    assert "disabled" not in found
    assert 'data-testid="override"' not in found
    assert "Quick · lessons: 7 · Ada · 7 min" in found
    assert found.count("<svg viewBox") == 1


def test_what_did_not_pass_needs_a_written_reason() -> None:
    found = report(EN, done(REFUSED), REFUSED, adapter(is_passed=False), ())
    first, *others = (reason.key for reason in REFUSED.verdict.reasons)
    assert first == "gate.verdict.leaks"
    assert others == ["gate.verdict.not_better"]
    assert 'data-testid="verdict">What was taught leaks' in found
    assert "<li>The new version is not better" in found
    assert "data-act" not in found, "the button does nothing"
    assert re.search(r'disabled data-testid="promote"', found)
    assert re.search(r'<textarea name="reason"[^>]* required', found)
    assert '<input type="hidden" name="adapter" value="3f9a1c20deadbeef">' in found


def test_what_is_live_or_was_not_kept_cannot_be_promoted() -> None:
    live = report(EN, done(), PASSED, adapter(is_live=True), ())
    assert 'data-testid="is-live"' in live
    assert 'data-testid="promote"' not in live
    gone = report(EN, done(), PASSED, None, ())
    assert "No version was kept" in gone
    assert 'data-testid="promote"' not in gone


def test_each_example_opens_to_three_answers_that_are_text_alone() -> None:
    found = report(EN, done(REFUSED), REFUSED, adapter(), ())
    counts = re.findall(r'data-testid="change-(\w+)".*?class="number">(\d+)<', found)
    assert counts == [("fixed", "1"), ("broken", "1"), ("kept", "0"), ("missed", "0")]
    broken = found[found.index('data-row="broken-0"') :]
    assert "And &lt;b&gt;box&lt;/b&gt; 2?" in broken
    said = re.findall(r"<dt>([^<]+)</dt><dd dir=\"auto\">([^<]*)</dd>", broken)
    assert said[:4] == [
        ("Taught answer", "Shelf 5."),
        ("As it came", "Eh."),
        ("Live", "Shelf 5."),
        ("New", "&lt;i&gt;Shelf 9.&lt;/i&gt;"),
    ]
    assert "Taught answers where they do not belong: 1" in found
    assert "Where is bin 1?" in found


def test_a_page_does_not_carry_every_example() -> None:
    many = replace(FIGURES, lessons=(ITEM,) * (EXAMPLES + 3))
    found = report(EN, done(), Report(PASSED.verdict, many), adapter(), ())
    assert found.count('data-testid="example"') == EXAMPLES
    assert "And 3 more." in found


def test_the_figures_stand_side_by_side() -> None:
    found = report(EN, done(REFUSED), REFUSED, adapter(), ())
    assert cells(found, "figure-right") == ["0 %", "50 %", "50 %"]
    assert cells(found, "figure-right.fact") == ["0 %", "0 %", "100 %"]
    assert cells(found, "figure-leaked") == ["0 %", "0 %", "15 %"]
    assert cells(found, "figure-earlier") == ["", "100 %", "100 %"]
    assert cells(found, "figure-drift") == ["0 %", "12 %", "25 %"]
    assert cells(found, "probes-safety") == ["100 %", "100 %", "100 %", "0"]
    assert "1 got better and 1 got worse. Exact test: better p = 0.750, worse p = 0.750." in found


def test_what_was_lost_or_forgotten_is_shown() -> None:
    first, *rest = FIGURES.probes
    figures = replace(
        FIGURES,
        probes=(ProbeGroup(first.group, first.passed, first.test, (replace(BROKEN, expected=""),)), *rest),
        earlier=Earlier(20, 20, 0.95, (replace(ITEM, asked="Where was it?"),)),
    )
    found = report(EN, done(), Report(PASSED.verdict, figures), adapter(), ())
    assert "Lost in: general ability" in found
    assert "Forgotten: 1" in found
    assert "Where was it?" in found


def test_nothing_is_said_of_nothing() -> None:
    empty = replace(FIGURES, earlier=Earlier(0, 0, 1, ()), near_misses=replace(FIGURES.near_misses, items=0))
    found = report(EN, done(), Report(PASSED.verdict, empty), adapter(), ())
    assert cells(found, "figure-earlier") == ["–", "–", "–"]
    assert cells(found, "figure-leaked") == ["–", "–", "–"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_could_not_be_judged_says_why(language: str) -> None:
    t = load_texts(language)
    none = Report(unjudged("error.answer_missing", {"question": "Where?"}), None)
    found = report(t, done(none, adapter_id=None), none, None, ())
    assert "condition crash" in found
    assert "Where?" in found
    assert "learn." not in report(t, done(REFUSED), REFUSED, adapter(is_passed=False), steps()).replace(
        "learning.", ""
    ), "every word has its text"
