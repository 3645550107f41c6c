"""Imports: what they plan, what they keep, and that the same file again goes on where it stopped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from collab.feedback.exchange.importing import Imports
from collab.feedback.exchange.plans import ImportPlan, OnConflict
from collab.feedback.tables import Correction
from collab.people import audit
from collab.people.tables import AuditEntry
from knowledge.keys import KeyDraft
from knowledge.memory import CorrectionMemory
from tests.collab.feedback.conftest import ADA, AFTER, EVE, MEL, QUESTION, START, House, TickingClock
from tests.collab.feedback.exchange.conftest import Desk
from tests.fakes import WordEmbedder

HEAD = "question,other_questions,answer\n"


def counts(plan: ImportPlan) -> dict[str, int]:
    names = ("new", "added", "replacing", "unchanged", "skipped", "refusals")
    return {name: count for name in names if (count := getattr(plan, name))}


def test_an_admins_rows_answer_everybody_by_every_question(desk: Desk) -> None:
    done = desk.take(desk.file(HEAD + f'{QUESTION},"Monday opening?\nMuseum times",{AFTER}\n'))
    assert (done.rows, done.superseded) == (1, 0)
    assert desk.house.everybody() == {"mel": AFTER, "oli": AFTER, "eve": AFTER}
    assert desk.house.answers(MEL, "monday opening") == AFTER
    assert desk.house.answers(MEL, "Museum times?") == AFTER
    (made,) = desk.house.corrections.list(ADA)
    assert (made.author, made.state, made.aliases) == ("Ada", "live", ("Monday opening?", "Museum times"))
    assert made.import_id == done.import_id
    assert desk.house.lessons() == {made.id}


def test_what_a_row_must_not_answer_is_not_even_offered(desk: Desk) -> None:
    near = "Is the museum open on Mondays in winter?"
    path = desk.file(f"question,answer,will_not\n{QUESTION},{AFTER},{near}\n")
    desk.take(path)
    (made,) = desk.house.corrections.list(ADA)
    assert [(one.text, one.side, one.state) for one in desk.house.examples.of(EVE, made.id)] == [
        (near, "will_not", "live")
    ]
    assert desk.house.answers(MEL) == AFTER
    assert desk.house.memory.recall(near, ("everyone",), START).decision == "ignore"
    desk.take(desk.file(f"question,answer\n{QUESTION},By appointment.\n", "other.csv"), on_conflict=OnConflict.REPLACE)
    assert desk.house.memory.recall(near, ("everyone",), START).decision == "ignore"  # it leaves its limits


def test_what_has_an_end_answers_until_then(desk: Desk) -> None:
    desk.take(desk.file(f"question,other_questions,answer,valid_until\n{QUESTION},Mondays?,{AFTER},2026-11-30\n"))
    (made,) = desk.house.corrections.list(ADA)
    end = datetime(2026, 12, 1, tzinfo=UTC)
    assert made.valid_until == end
    for question in (QUESTION, "Mondays?"):
        for moment, known in ((end - timedelta(seconds=1), made.id), (end, None)):
            assert desk.house.memory.recall(question, ("everyone",), moment).correction_id == known


def test_what_is_over_is_not_taken_and_leaves_its_question_to_others(desk: Desk) -> None:
    over, at_once = (START - timedelta(days=1)).date().isoformat(), (START + timedelta(seconds=1)).isoformat()
    rows = f"{QUESTION},Never.,{over}\n{QUESTION},{AFTER},\nWho?,Mel,{at_once}\n"
    plan = desk.plan(desk.file("question,answer,valid_until\n" + rows))
    assert counts(plan) == {"new": 1, "refusals": 2}
    assert [(one.number, one.reason) for one in plan.refused] == [
        (2, "its valid_until is over since 2026-11-22 00:00 UTC; give it a later one, or none"),
        (4, "its valid_until is over since 2026-11-22 12:00 UTC; give it a later one, or none"),
    ]
    assert plan.written == {3}


def test_a_members_rows_wait(desk: Desk) -> None:
    desk.take(desk.file(HEAD + f"{QUESTION},,{AFTER}\n"), MEL)
    assert desk.house.everybody() == {"mel": AFTER, "oli": None, "eve": None}
    assert [made.state for made in desk.house.corrections.list(EVE)] == ["pending"]


def test_every_batch_has_an_audit_entry(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    done = desk.take(desk.file(HEAD + "Who?,,a\nWhat?,,b\nWhere?,,c\n"), told=lambda *at: told.append(at))
    assert told == [(2, 3), (3, 3)]
    with desk.house.database.read() as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert audit.verify(session) == 2
    assert {(one.act, one.object_id, one.actor_id) for one in entries} == {
        ("corrections_imported", done.import_id, "ada")
    }
    assert [(one.details["file"], one.details["rows"], len(one.details["corrections"])) for one in entries] == [
        ("rows.csv", [2, 3], 2),
        ("rows.csv", [4, 4], 1),
    ]


def test_the_plan_writes_nothing_and_says_what_would_happen(desk: Desk) -> None:
    desk.house.corrections.submit(EVE, question="What?", answer="b")
    desk.house.corrections.submit(EVE, question="Where?", answer="over there")
    plan = desk.plan(desk.file(HEAD + "Who?,,a\nWhat?,,b\nWhere?,,c\nwho,,a\nWho,,z\nWhen?,,\n"))
    assert counts(plan) == {"new": 1, "unchanged": 2, "skipped": 2, "refusals": 1}
    assert [(one.number, one.question, one.reason) for one in plan.repeated] == [
        (3, "What?", "what is there"),
        (5, "who", "row 2 of the file"),
    ]
    assert [(one.number, one.reason) for one in plan.conflicts] == [
        (6, "row 2 of the file has another answer"),
        (4, "there already: over there"),
    ]
    assert [(one.number, one.reason[:19]) for one in plan.refused] == [(7, "The answer is empty")]
    assert plan.written == {2}
    assert len(desk.house.corrections.list(ADA)) == 2


def test_a_conflict_is_skipped_or_replaced(desk: Desk) -> None:
    old = desk.house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    path = desk.file(HEAD + f"{QUESTION},,{AFTER}\n")
    assert desk.take(path).rows == 0
    assert desk.house.answers(MEL) == "By appointment."
    assert counts(desk.plan(path, on_conflict=OnConflict.REPLACE)) == {"replacing": 1}
    assert desk.take(path, on_conflict=OnConflict.REPLACE).superseded == 1
    assert desk.house.answers(MEL) == AFTER
    assert desk.house.corrections.get(EVE, old.id).state == "superseded"


def test_whose_answer_a_file_replaces_is_told(desk: Desk) -> None:
    desk.house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    desk.house.corrections.submit(ADA, question="Who?", answer="Nobody.")
    path = desk.file(HEAD + f"{QUESTION},,{AFTER}\nWho?,,Mel\n")
    assert desk.take(path, on_conflict=OnConflict.REPLACE).superseded == 2
    told = [(one.kind, one.params) for one in desk.house.notices.unread(EVE)]
    assert told == [("replaced", {"name": "Ada", "question": QUESTION})]
    assert desk.house.notices.unread(ADA) == []  # it was their own act


def test_whoever_replaces_takes_over_the_other_questions(desk: Desk) -> None:
    desk.take(desk.file(HEAD + '"Where is it?","Its place?\nHow do I find it?",Left.\n'))
    desk.take(desk.file(HEAD + "Its place?,,Right.\n"), on_conflict=OnConflict.REPLACE)
    for question in ("Its place?", "Where is it?", "How do I find it?"):
        assert desk.house.answers(MEL, question) == "Right."
    live = [made for made in desk.house.corrections.list(ADA) if made.state == "live"]
    assert [(made.question, made.aliases) for made in live] == [("Its place?", ("Where is it?", "How do I find it?"))]


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    path = desk.file(HEAD + 'Who?,"Whoever?\nWhom?",a\n"Whom?",Whose?,a\nWhat?,,b\n')
    assert desk.take(path).rows == 3
    assert counts(desk.plan(path)) == {"unchanged": 3}
    assert desk.take(path).rows == 0
    assert desk.house.answers(MEL, "Whose?") == "a"


def test_what_was_cut_off_goes_on(desk: Desk) -> None:
    path = desk.file(HEAD + "".join(f"Where is house {n}?,,Road {n}\n" for n in range(5)))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.take(path, told=stop)
    assert counts(desk.plan(path)) == {"new": 3, "unchanged": 2}
    assert desk.take(path).rows == 3
    with desk.house.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Correction)) == 5


def test_ones_own_pending_words_step_back(desk: Desk) -> None:
    desk.take(desk.file(HEAD.replace("answer", "answer,state") + f"{QUESTION},Mondays?,By appointment.,pending\n"))
    assert desk.house.everybody() == {"mel": None, "oli": None, "eve": None}
    assert desk.house.answers(ADA) == "By appointment."
    done = desk.take(desk.file(HEAD + f"{QUESTION},,{AFTER}\n"))
    assert (done.rows, done.superseded) == (1, 1)
    assert desk.house.answers(ADA) == desk.house.answers(MEL) == AFTER
    assert desk.house.answers(MEL, "Mondays?") is None


def test_what_waits_beside_a_live_answer_is_a_conflict(desk: Desk) -> None:
    desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    path = desk.file(HEAD.replace("answer", "answer,state") + f"{QUESTION},,By appointment.,pending\n")
    assert counts(desk.plan(path)) == {"skipped": 1}
    desk.take(path, on_conflict=OnConflict.REPLACE)
    assert desk.house.answers(MEL) == AFTER
    assert desk.house.answers(ADA) == "By appointment."


def test_style_contradicts_nothing_and_is_taken_once(desk: Desk) -> None:
    path = desk.file("question,answer,kind\nWho?,a,style\nWho?,b,style\nWho?,c,fact\n")
    assert desk.take(path).rows == 3
    assert counts(desk.plan(path)) == {"unchanged": 3}
    assert desk.house.answers(MEL, "Who?") == "c"


def test_other_questions_survive_withdrawal_and_review(desk: Desk) -> None:
    desk.take(desk.file(HEAD + "Who is it?,Its name?,Mel\n"))
    (made,) = desk.house.corrections.list(ADA)
    desk.house.corrections.withdraw(ADA, made.id)
    assert desk.house.answers(MEL, "Its name?") is None
    desk.house.corrections.undo(ADA, made.id)
    assert desk.house.answers(MEL, "Its name?") == "Mel"
    desk.take(desk.file(HEAD + "When was it?,What year?,1999\n"), MEL)
    waiting = next(one for one in desk.house.corrections.list(EVE) if one.state == "pending")
    desk.house.corrections.approve(EVE, waiting.id, question="When was that?")
    assert desk.house.answers(ADA, "What year?") == "1999"


def test_a_rejected_proposal_does_not_come_again(desk: Desk) -> None:
    path = desk.file(HEAD.replace("answer", "answer,state") + f"{QUESTION},Mondays?,{AFTER},pending\n")
    desk.take(path)
    (waiting,) = desk.house.corrections.list(EVE)
    desk.house.corrections.reject(EVE, waiting.id, "No.")
    assert counts(desk.plan(path)) == {"unchanged": 1}
    other = desk.file(HEAD.replace("answer", "answer,state") + f"{QUESTION},Mondays?,By appointment.,pending\n")
    assert counts(desk.plan(other)) == {"new": 1}


@pytest.mark.parametrize("on_conflict", list(OnConflict))
def test_another_answer_that_was_written_since_the_plan_stays(desk: Desk, on_conflict: OnConflict) -> None:
    path = desk.file(HEAD + f"{QUESTION},,{AFTER}\nWhere?,,Here.\n")
    plan = desk.plan(path, on_conflict=on_conflict)
    newer = desk.house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    done = desk.imports.write(ADA, desk.entries(path), plan, path.name, lambda done, total: None)
    assert (done.rows, done.superseded) == (1, 0)
    assert desk.house.answers(MEL) == "By appointment."
    assert desk.house.corrections.get(ADA, newer.id).state == "live"


class Interrupted(CorrectionMemory):
    """A memory during whose embedding somebody else writes an answer, once."""

    def __init__(self, house: House) -> None:
        super().__init__(house.database, WordEmbedder())
        self._house = house
        self._is_first = True

    def prepare_all(self, texts: Sequence[str], sign: int = 1) -> dict[str, KeyDraft]:
        if self._is_first:
            self._is_first = False
            self._house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
        return super().prepare_all(texts, sign)


def test_another_answer_that_is_written_during_a_batch_stays(desk: Desk) -> None:
    path = desk.file(HEAD + f"{QUESTION},,{AFTER}\nWhere?,,Here.\n")
    imports = Imports(desk.house.database, Interrupted(desk.house), TickingClock())
    plan = imports.plan(ADA, desk.entries(path))
    done = imports.write(ADA, desk.entries(path), plan, path.name, lambda done, total: None)
    assert (done.rows, done.superseded) == (1, 0)
    assert (desk.house.answers(MEL), desk.house.answers(MEL, "Where?")) == ("By appointment.", "Here.")


def test_thumbs_on_other_questions_of_the_same_answer_are_resolved_too(desk: Desk) -> None:
    turn = desk.house.turn(MEL, "Can I come on Mondays?")
    desk.house.ratings.rate(MEL, turn, "down", "wrong_fact")
    desk.take(desk.file(f"question,other_questions,answer\n{QUESTION},can i come on MONDAYS,{AFTER}\n"))
    assert [one.kind for one in desk.house.notices.unread(MEL)] == ["fixed"]
