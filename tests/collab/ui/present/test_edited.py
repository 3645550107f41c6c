"""What stands under a turn that the person has corrected."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collab.feedback.records import CorrectionRecord, Replaced
from collab.feedback.tables import Kind, State
from collab.texts import load_texts
from collab.ui.present.edited import edited

T = load_texts("en")
NOON = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
PENDING = CorrectionRecord(
    id="k1",
    turn_id="t1",
    author_id="mel",
    author="Mel",
    kind=Kind.FACT,
    state=State.PENDING,
    reach="everyone",
    live_for="author",
    may_take_back=True,
    may_restore=False,
    question="What do students pay?",
    answer="Students pay <nothing>.",
    before="Students pay 9 euros.",
    original_question=None,
    original_answer=None,
    invisible_at=(),
    sources=(),
    reviewer_id=None,
    reviewer=None,
    review_reason=None,
    withdrawn_by=None,
    superseded_by=None,
    created_at=NOON,
    decided_at=None,
)
LIVE = replace(PENDING, state=State.LIVE, live_for="everyone", decided_at=NOON)
APPROVED = replace(LIVE, may_take_back=False, reviewer_id="eve", reviewer="Eve")
REJECTED = replace(APPROVED, state=State.REJECTED, live_for=None, review_reason="Only on Sundays.")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (PENDING, "Only you see this yet; it waits for review."),
        (LIVE, "Live for everyone."),
        (replace(LIVE, live_for="author", reach="person:mel"), "Live for you alone"),
        (APPROVED, "Approved by Eve on 3 Nov 2026."),
        (replace(APPROVED, review_reason="Checked."), "Approved by Eve on 3 Nov 2026: Checked."),
        (REJECTED, "Rejected by Eve: Only on Sundays."),
        (replace(LIVE, state=State.SUPERSEDED, live_for=None), "Replaced by a newer one."),
        (replace(PENDING, kind=Kind.STYLE), "Waits for review. It teaches how to write"),
        (replace(LIVE, kind=Kind.STYLE), "Accepted. It teaches how to write"),
    ],
)
def test_the_state_is_said_in_words(record: CorrectionRecord, words: str) -> None:
    markup = edited(T, record, is_saved=False)
    assert words in markup
    assert "Students pay &lt;nothing&gt;." in markup
    assert 'data-testid="note"' not in markup


def test_what_waits_carries_an_hourglass() -> None:
    assert "#hourglass" in edited(T, PENDING, is_saved=False)
    assert "#hourglass" not in edited(T, LIVE, is_saved=False)


def test_undo_stands_there_once_and_only_where_it_is_possible() -> None:
    counts = [edited(T, record, is_saved=False).count('data-testid="undo"') for record in (PENDING, LIVE, APPROVED)]
    assert counts == [1, 1, 0]
    assert edited(T, PENDING, is_saved=True).count('data-testid="undo"') == 1


def test_right_after_saving_the_notice_stands_in_place_of_the_state() -> None:
    markup = edited(T, PENDING, is_saved=True)
    assert "Saved. From now on you get this answer; an expert will look at it for everyone." in markup
    assert 'data-testid="turn-correction-state"' not in markup


def test_what_the_edit_replaces_is_said_with_its_undo() -> None:
    old = Replaced("k0", "ann", "Ann", "How much is a <helmet>?")
    markup = edited(T, replace(LIVE, replaces=(old,)), is_saved=True)
    assert "gets this answer. Replaces Ann&#x27;s answer to “How much is a &lt;helmet&gt;?”.</span>" in markup
    assert markup.count('data-testid="undo"') == 1
    own = replace(PENDING, replaces=(replace(old, author_id="mel"),))
    assert "Once approved, it replaces your answer to “How much" in edited(T, own, is_saved=True)


def test_nobody_is_said_to_review_what_rests_on_private_sources() -> None:
    record = replace(LIVE, live_for="author", reach="person:mel")
    assert "It stays with you" in edited(T, record, is_saved=True)
    assert "expert" not in edited(T, record, is_saved=True)


def test_a_style_is_said_to_wait_for_the_next_training() -> None:
    live = replace(LIVE, kind=Kind.STYLE, live_for=None)
    assert "Saved. It takes effect with the next training" in edited(T, live, is_saved=True)
    pending = replace(PENDING, kind=Kind.STYLE, live_for=None)
    assert "Once it is approved, it takes effect with the next training" in edited(T, pending, is_saved=True)
    private = replace(live, reach="person:mel")
    assert "nothing is trained on it" in edited(T, private, is_saved=True)


def test_the_author_sees_what_the_reviewer_changed() -> None:
    record = replace(APPROVED, original_answer="They pay <nought>.", original_question="And students?")
    markup = edited(T, record, is_saved=False)
    assert 'data-old="They pay &lt;nought&gt;." data-new="Students pay &lt;nothing&gt;."' in markup
    assert 'data-old="And students?" data-new="What do students pay?"' in markup
    assert "Eve changed your words:" in markup


def test_a_reviewer_whose_name_is_gone_is_somebody() -> None:
    assert "Rejected by A reviewer: " in edited(T, replace(REJECTED, reviewer=None), is_saved=False)


def test_chinese_says_the_same() -> None:
    assert "仅你可见，待审核。" in edited(load_texts("zh"), PENDING, is_saved=False)
