"""A training as it goes, and as it ended: stages, time left, the drawn losses, the log, a crash."""

import re
from datetime import timedelta

import pytest

from collab.learning.run_records import LoggedStep, Stage
from collab.learning.tables import RunState
from collab.texts import load_texts
from collab.ui.present.learning_run import LOGGED, curves, ended, log, under_way
from tests.collab.ui.present.learned import START, run, steps

EN = load_texts("en")
NOW = START + timedelta(seconds=24)


def test_the_stages_stand_in_their_order_with_how_far_the_present_one_is() -> None:
    found = under_way(EN, run(), steps(), NOW)
    marked = re.findall(r'<li class="(\w+)"[^>]*data-testid="stage-(\w+)"', found)
    classes = {stage: name for name, stage in marked}
    assert list(classes) == [str(stage) for stage in Stage if stage not in (Stage.PREFERENCE, Stage.UNPAIRED)]
    assert [classes[name] for name in ("lessons", "sft", "strength")] == ["done", "now", "next"]
    assert '<progress value="24" max="96" aria-label="Learning the answers">' in found
    assert "24 of 96 · about 1 min left in this stage" in found, "24 in 24 s leave 72 s"
    assert "For 24 s, begun by Ada" in found


def test_what_is_seldom_done_stands_there_once_it_is() -> None:
    now = run(stage=Stage.PREFERENCE, done=0, count=4)
    assert "Learning from what was edited" in under_way(EN, now, steps(), NOW)
    assert "Learning from ratings" not in under_way(EN, now, steps(), NOW)


@pytest.mark.parametrize(("done", "count", "seconds"), [(0, 96, 60), (0, 0, 60), (1, 96, 4)])
def test_no_time_is_told_that_nobody_can_know(done: int, count: int, seconds: int) -> None:
    found = under_way(EN, run(done=done, count=count), steps(1), START + timedelta(seconds=seconds))
    assert "left in this stage" not in found


def test_the_losses_are_drawn_as_the_mean_of_the_last_updates() -> None:
    found = curves(EN, steps(3))
    # Facts 2.4, 2.3, 2.2: means 2.4, 2.35, 2.3 of the most, 2.4, over 104 units from 8 down to 112.
    assert 'class="taught" points="0.0,8.0 160.0,10.2 320.0,12.3"' in found
    assert "New lessons: 2.40 → 2.30" in found
    assert "What keeps it as it is: 1.00 → 1.00" in found
    assert "Learning the answers" in found
    assert curves(EN, steps(1)) == "", "one point is no line"


def test_a_later_stage_has_a_drawing_of_its_own() -> None:
    pairs = [LoggedStep(Stage.PREFERENCE, n, {"preference": 1 / n}, START) for n in (1, 2)]
    assert curves(EN, [*steps(), *pairs]).count("<svg") == 2


def test_the_log_shows_its_last_lines_the_newest_first() -> None:
    lines = re.findall(r"<li>(.*?)</li>", log(EN, steps(100)))
    assert len(lines) == LOGGED
    assert lines[0] == "<time>14:06:40</time><span>step 100 (1.0 s): facts -7.500, general 1.000</span>"
    assert "<strong>Learning the answers</strong>" in log(EN, steps(1))
    assert log(EN, ()) == ""


def test_a_crash_is_shown_as_one_with_its_reason() -> None:
    failed = run(state=RunState.FAILED, error="worker_memory", error_params={"limit": 4000}, ended_at=NOW)
    found = ended(EN, failed, steps())
    assert 'class="condition crash" data-testid="crash"' in found
    assert "The training has failed at: Learning the answers" in found
    assert "4000 MB" in found
    cancelled = run(state=RunState.CANCELLED, error="training_cancelled", ended_at=NOW)
    assert 'data-testid="crash"' not in ended(EN, cancelled, ())
    assert "The training was cancelled" in ended(EN, cancelled, ())
