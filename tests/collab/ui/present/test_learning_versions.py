"""Versions: where each comes from, who promoted it, and what one may do with it now."""

from dataclasses import replace

from collab.learning.run_records import Promoted
from collab.learning.tables import RunState
from collab.texts import load_texts
from collab.ui.present.learning_versions import earlier, versions
from tests.collab.ui.present.learned import REFUSED, START, adapter, done, run

EN = load_texts("en")
PROMOTED = Promoted("3f9a1c20deadbeef", None, "Ada", START, is_rollback=False, reason="For the <fair>")


def test_the_live_one_can_be_left_with_one_click() -> None:
    found = versions(EN, [adapter(is_live=True, parent_id="aaaaaaaabbbb", promotions=(PROMOTED,))])
    assert 'data-act="learning.roll_back" data-adapter="3f9a1c20deadbeef"' in found
    assert "Promoted by Ada, 22 Nov 2026 14:05" in found
    assert "For the &lt;fair&gt;" in found
    assert "Version aaaaaaaa" in found
    assert 'data-act="learning.watch" data-training="r1"' in found
    back = replace(PROMOTED, is_rollback=True, by="")
    assert "Rolled back to by the schedule or the command line" in versions(EN, [adapter(promotions=(back,))])


def test_one_that_passed_can_be_promoted_and_one_that_did_not_needs_its_report() -> None:
    assert 'data-act="learning.promote"' in versions(EN, [adapter()])
    assert 'data-testid="promote"' not in versions(EN, [adapter(is_passed=False)])
    imported = versions(EN, [adapter(is_passed=False, run_id=None)])
    assert "Imported" in imported
    assert 'data-testid="override"' in imported
    assert "Each training that is judged makes one." in versions(EN, [])


def test_trainings_before_are_listed_with_what_came_of_them() -> None:
    found = earlier(EN, [done(REFUSED), run(state=RunState.FAILED, lessons=None, by="")])
    assert '<span class="pill pending" data-testid="outcome">Not passed</span>' in found
    assert '<span class="pill failed" data-testid="outcome">Failed</span>' in found
    assert found.count('data-testid="open-run"') == 2
    assert earlier(EN, []) == ""
