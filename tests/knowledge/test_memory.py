"""The correction memory on a real database, with likeness counted in common words."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from knowledge.candidates import EVERYONE
from knowledge.database import Database
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.memory import CorrectionMemory
from knowledge.scope import Decision, Reason
from knowledge.tables import IndexChange, MemoryKey
from tests.fakes import WordEmbedder

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINE = "person:mel"
OPEN = "Is the museum open on Mondays?"
LIKE = "On Mondays, is the museum open?"  # the same words in another order: likeness 1


@pytest.fixture
def memory(database: Database) -> CorrectionMemory:
    return CorrectionMemory(database, WordEmbedder())


def learn(
    database: Database,
    memory: CorrectionMemory,
    correction: str,
    question: str,
    reach: str = EVERYONE,
    sign: int = 1,
    valid_until: datetime | None = None,
) -> None:
    draft = memory.prepare(question, sign)
    with database.write() as session:
        memory.learn(session, correction, [draft], reach, valid_until)


def move(database: Database, memory: CorrectionMemory, question: str, reach: str) -> None:
    """Gives a correction another reach, as approving does: its keys go, and come anew in the same transaction."""
    draft = memory.prepare(question)
    with database.write() as session:
        memory.forget(session, "a")
        memory.learn(session, "a", [draft], reach)


def found(memory: CorrectionMemory, question: str, *reaches: str, now: datetime = NOW) -> tuple[Decision, str | None]:
    recall = memory.recall(question, reaches or (EVERYONE,), now)
    return recall.decision, recall.correction_id


NOTHING = (Decision.IGNORE, None)


def test_an_empty_memory_has_nothing_to_say(memory: CorrectionMemory) -> None:
    assert found(memory, OPEN) == NOTHING


def test_the_same_question_applies_however_it_is_typed(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    assert found(memory, "  is the MUSEUM open on mondays ") == (Decision.APPLY, "a")


def test_a_question_of_the_same_meaning_applies(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    assert found(memory, LIKE) == (Decision.APPLY, "a")


def test_another_day_is_left_alone(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    assert found(memory, "Is the museum open on Sundays?") == NOTHING


def test_slips_of_the_keyboard_are_put_right(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    recall = memory.recall("Is the museumm open on mondasy?", (EVERYONE,), NOW)
    assert (recall.decision, recall.correction_id) == (Decision.APPLY, "a")
    assert Reason.RESPELLED in recall.reasons


def test_a_no_to_a_mistyped_question_holds(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    teach(database, memory, "Is the museumm open on Mondays", -1)
    assert found(memory, "is the museumm open on Mondays?") == NOTHING


def test_the_right_one_of_several_is_found(database: Database, memory: CorrectionMemory) -> None:
    for correction, day in (("a", "Mondays"), ("b", "Tuesdays"), ("c", "Sundays")):
        learn(database, memory, correction, f"Is the museum open on {day}?")
    assert found(memory, "On Tuesdays, is the museum open?") == (Decision.APPLY, "b")


def test_a_correction_stays_within_its_reach(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN, MINE)
    assert found(memory, OPEN, EVERYONE) == NOTHING
    assert found(memory, LIKE, EVERYONE, "person:oli") == NOTHING
    assert found(memory, LIKE, EVERYONE, MINE) == (Decision.APPLY, "a")


@pytest.mark.parametrize("question", [OPEN, LIKE])
def test_the_askers_own_goes_before_everyones(database: Database, memory: CorrectionMemory, question: str) -> None:
    learn(database, memory, "mine", OPEN, MINE)
    learn(database, memory, "ours", OPEN)
    assert found(memory, question, EVERYONE, MINE) == (Decision.APPLY, "mine")
    assert found(memory, question, EVERYONE) == (Decision.APPLY, "ours")
    how = Reason.SAME_WORDS if question == OPEN else Reason.SAME_MEANING
    assert memory.recall(question, [EVERYONE, MINE], NOW).reasons == (how, Reason.OWN_FIRST)
    assert memory.recall(question, [EVERYONE], NOW).reasons == (how,)


def test_everyones_in_the_same_words_goes_before_the_askers_own_in_others(
    database: Database, memory: CorrectionMemory
) -> None:
    learn(database, memory, "mine", LIKE, MINE)
    learn(database, memory, "ours", OPEN)
    assert found(memory, OPEN, EVERYONE, MINE) == (Decision.APPLY, "ours")


def test_moving_changes_the_reach(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN, MINE)
    memory.refresh()
    move(database, memory, OPEN, EVERYONE)
    assert found(memory, LIKE, EVERYONE) == (Decision.APPLY, "a")
    assert found(memory, LIKE, MINE) == NOTHING


@pytest.mark.parametrize("question", [OPEN, LIKE])
def test_what_is_forgotten_does_not_come_back(database: Database, memory: CorrectionMemory, question: str) -> None:
    learn(database, memory, "a", OPEN)
    memory.refresh()
    with database.write() as session:
        memory.forget(session, "a")
    assert found(memory, question) == NOTHING


@pytest.mark.parametrize("question", [OPEN, LIKE])
def test_a_correction_ends_with_its_validity(database: Database, memory: CorrectionMemory, question: str) -> None:
    learn(database, memory, "a", OPEN, valid_until=NOW)
    assert found(memory, question, now=NOW - timedelta(seconds=1)) == (Decision.APPLY, "a")
    assert found(memory, question, now=NOW) == NOTHING


def test_a_negative_example_silences_its_correction(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "a", LIKE, sign=-1)
    assert found(memory, LIKE) == NOTHING
    assert found(memory, OPEN) == (Decision.APPLY, "a")


def test_somebody_elses_negative_example_does_not_count(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "a", LIKE, "person:oli", sign=-1)
    assert found(memory, LIKE, EVERYONE, MINE) == (Decision.APPLY, "a")


def test_a_question_that_leans_on_its_conversation_is_applied_in_the_same_words_only(
    database: Database, memory: CorrectionMemory
) -> None:
    learn(database, memory, "a", OPEN)
    alike = memory.recall(LIKE, [EVERYONE], NOW, may_apply=False)
    assert (alike.decision, alike.correction_id) == (Decision.SUGGEST, "a")
    assert alike.reasons[-1] == Reason.LEANS_ON_CONVERSATION
    same = memory.recall(OPEN, [EVERYONE], NOW, may_apply=False)
    assert (same.decision, same.reasons) == (Decision.APPLY, (Reason.SAME_WORDS,))


def test_chinese_is_found_in_the_same_words_only(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", "博物馆星期一开放吗？")
    assert found(memory, "博物馆星期一开放吗") == (Decision.APPLY, "a")
    assert found(memory, "星期一博物馆开放吗") == NOTHING
    with database.read() as session:
        assert session.scalars(sa.select(MemoryKey.vector)).all() == [None]


def test_nothing_is_learned_when_the_transaction_fails(database: Database, memory: CorrectionMemory) -> None:
    draft = memory.prepare(OPEN)
    with pytest.raises(RuntimeError, match="disk"), database.write() as session:
        memory.learn(session, "a", [draft], EVERYONE)
        raise RuntimeError("disk")
    assert found(memory, OPEN) == NOTHING
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(IndexChange)) == 0


def test_another_process_may_write(database: Database, memory: CorrectionMemory) -> None:
    memory.refresh()
    other = CorrectionMemory(database, WordEmbedder())
    learn(database, other, "a", OPEN)
    assert found(memory, LIKE) == (Decision.APPLY, "a")
    assert memory.sequence == 1


def test_a_new_memory_finds_what_was_learned_before(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "b", "Who designed the roof garden?")
    again = CorrectionMemory(database, WordEmbedder())
    assert found(again, LIKE) == (Decision.APPLY, "a")
    assert again.sequence == 2


def test_readers_never_see_half_a_change(database: Database, memory: CorrectionMemory) -> None:
    """While one thread moves a correction to and fro between two reaches, who has both reaches always finds it."""
    learn(database, memory, "a", OPEN)
    moving = threading.Event()
    moving.set()

    def to_and_fro() -> None:
        for turn in range(30):
            move(database, memory, OPEN, MINE if turn % 2 else EVERYONE)
        moving.clear()

    mover = threading.Thread(target=to_and_fro)
    mover.start()
    seen = [found(memory, LIKE, EVERYONE, MINE)]
    while moving.is_set():
        seen.append(found(memory, LIKE, EVERYONE, MINE))
    mover.join()
    assert set(seen) == {(Decision.APPLY, "a")}


@pytest.mark.models
def test_other_words_of_the_same_meaning_with_the_packaged_model(database: Database) -> None:
    memory = CorrectionMemory(database, SentenceEmbedder(packaged_embedder_path()))
    learn(database, memory, "a", OPEN)
    assert found(memory, "Is the museum open Mondays?") == (Decision.APPLY, "a")
    assert found(memory, "Can I visit the museum on a Monday?")[0] != Decision.IGNORE
    assert found(memory, "How much is a ticket on Mondays?")[0] != Decision.APPLY
    assert found(memory, "Who designed the roof garden?") == NOTHING


def test_many_are_learned_at_once_and_found_by_every_question(database: Database, memory: CorrectionMemory) -> None:
    drafts = memory.prepare_all([OPEN, "Where is the cloakroom?", "没有人读", OPEN])
    assert list(drafts) == [OPEN, "Where is the cloakroom?", "没有人读"]
    assert [draft.vector is None for draft in drafts.values()] == [False, False, True]
    with database.write() as session:
        memory.learn_all(session, {"a": [drafts[OPEN], drafts["没有人读"]]}, EVERYONE)
        memory.learn_all(session, {"b": [drafts["Where is the cloakroom?"]]}, MINE)
    assert found(memory, LIKE) == (Decision.APPLY, "a")
    assert found(memory, "没有人读") == (Decision.APPLY, "a")
    assert found(memory, "where is the cloakroom", MINE) == (Decision.APPLY, "b")


def test_who_holds_a_question_is_told_oldest_first(database: Database, memory: CorrectionMemory) -> None:
    for correction, reach, sign in (("a", EVERYONE, 1), ("b", MINE, 1), ("c", EVERYONE, -1), ("d", EVERYONE, 1)):
        learn(database, memory, correction, OPEN, reach, sign)
    with database.read() as session:
        normal = "is the museum open on mondays"
        assert memory.holders(session, [normal, "other"], [EVERYONE]) == [(normal, "a"), (normal, "d")]
        assert memory.holders(session, [normal], [MINE]) == [(normal, "b")]
        assert memory.holders(session, [], [EVERYONE]) == []


# --- examples ---------------------------------------------------------------------------------------------------------


def teach(database: Database, memory: CorrectionMemory, text: str, sign: int, reach: str = EVERYONE) -> None:
    draft = memory.prepare(text, sign)
    with database.write() as session:
        memory.learn(session, "a", [draft], reach)


def test_an_example_applies_in_its_own_words_and_one_that_it_must_not_goes_before_it(
    database: Database, memory: CorrectionMemory
) -> None:
    learn(database, memory, "a", OPEN)
    teach(database, memory, "Monday closed?", 1)
    assert found(memory, "monday closed") == (Decision.APPLY, "a")
    teach(database, memory, "Monday CLOSED?", -1)
    assert found(memory, "monday closed") == NOTHING


def test_somebody_elses_example_stands_beside_ones_own(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    teach(database, memory, "Monday closed?", 1, MINE)
    teach(database, memory, "Monday closed?", -1, "person:oli")
    assert found(memory, "Monday closed?", EVERYONE, MINE) == (Decision.APPLY, "a")
    assert found(memory, "Monday closed?", EVERYONE, "person:oli") == NOTHING


def test_ones_own_example_goes_before_the_other_one_of_everyone(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    teach(database, memory, "Monday closed?", -1, EVERYONE)
    teach(database, memory, "Monday closed?", 1, MINE)
    assert found(memory, "Monday closed?", EVERYONE, MINE) == (Decision.APPLY, "a")
    assert found(memory, "Monday closed?", EVERYONE) == NOTHING


def test_judging_says_what_this_correction_does_with_a_question(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "b", "Is the museum open on Sundays?")
    assert memory.judge(LIKE, "a", [EVERYONE], NOW).decision == Decision.APPLY
    other = memory.judge(LIKE, "b", [EVERYONE], NOW)
    assert (other.decision, other.correction_id) == (Decision.IGNORE, None)


def test_a_recall_tells_what_was_considered(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "b", "Is the museum open on Sundays?")
    first, second = memory.recall(LIKE, [EVERYONE], NOW).considered
    assert (first.correction_id, first.reasons) == ("a", (Reason.SAME_MEANING,))
    assert (second.correction_id, second.reasons) == ("b", (Reason.OTHER_TIME,))
    assert second.details == ("“monday” in place of “sunday”",)
    assert first.margin == pytest.approx(-second.margin)
    assert first.margin > 0


def test_a_proof_judges_paraphrases_and_near_misses(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "b", "Is the museum free?")
    proof = memory.proof(OPEN, "a", [EVERYONE], NOW)
    assert len(proof.will) == 5
    judged = dict(proof.will_not)
    assert judged["Is the museum free?"].decision == Decision.IGNORE
    assert judged["Is the museum open on Sundays?"].decision == Decision.IGNORE


def test_a_correction_that_is_left_aside_leaves_its_place_to_the_next(
    database: Database, memory: CorrectionMemory
) -> None:
    learn(database, memory, "a", OPEN)
    learn(database, memory, "b", LIKE)
    assert memory.recall(OPEN, [EVERYONE], NOW).correction_id == "a"
    assert memory.recall(OPEN, [EVERYONE], NOW, without=["a"]).correction_id == "b"
    assert memory.recall(OPEN, [EVERYONE], NOW, without=["a", "b"]).correction_id is None
