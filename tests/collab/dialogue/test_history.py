"""What was said before, as it is told again."""

from dataclasses import replace
from datetime import UTC, datetime

from collab.dialogue import history
from collab.dialogue.records import Decision, TurnRecord
from collab.dialogue.understanding import Exchange

TURN = TurnRecord(
    id="t1",
    conversation_id="c1",
    position=0,
    question="What do lockers take?",
    standalone="What do lockers take?",
    is_follow_up=False,
    language="en",
    reach="everyone",
    answer="A coin.",
    decision=Decision.GROUNDED,
    confidence=0.9,
    reasons=(),
    sources=(),
    correction_id=None,
    model=None,
    adapter=None,
    completion_tokens=0,
    memory_seq=0,
    is_stopped=False,
    retry_of=None,
    created_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
)


def test_a_hidden_answer_is_not_told_again() -> None:
    path = [TURN, replace(TURN, is_hidden=True)]
    assert [exchange.answer for exchange in history.kept(path)] == ["A coin.", ""]


def test_only_what_everybody_may_read_is_open() -> None:
    path = [TURN, replace(TURN, reach="person:mel"), replace(TURN, correction_id="k1")]
    assert [exchange.is_open for exchange in history.kept(path)] == [True, False, False]


def test_what_found_nothing_is_known_to_have_no_answer() -> None:
    path = [TURN, replace(TURN, decision=Decision.NOT_FOUND), replace(TURN, decision=Decision.SUGGESTED)]
    assert [exchange.is_answered for exchange in history.kept(path)] == [True, False, True]


def test_what_asked_nothing_is_not_leant_on() -> None:
    path = [TURN, replace(TURN, reasons=("why.you_know_better",)), replace(TURN, reasons=("why.small_talk",))]
    assert len(history.kept(path)) == 1


def test_the_last_eight_turns_are_told() -> None:
    path = [replace(TURN, question=f"Question {n}?") for n in range(10)]
    assert [exchange.question for exchange in history.kept(path)] == [f"Question {n}?" for n in range(2, 10)]


def test_what_a_caller_tells_is_cut_and_open_to_nobody() -> None:
    assert history.told([("What do lockers take?" + "x" * 8_000, "A\u200b coin." + "x" * 20_000)]) == [
        Exchange("What do lockers take?" + "x" * 7_979, "A coin." + "x" * 19_993, False, False)
    ]
