"""Questions tried out: every stage, and what would be answered."""

import pytest

from collab.dialogue.rehearsal import Rehearsals
from collab.errors import QuestionEmptyError, QuestionTooLongError
from collab.people.access import Actor
from collab.services import Services
from knowledge.database import utc_now
from tests.collab.dialogue.test_citations import GUIDE


@pytest.fixture
def guided(services: Services, expert: Actor) -> Services:
    services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    return services


def test_sources_answer_where_no_correction_does(guided: Services, member: Actor) -> None:
    tried = guided.rehearsals.rehearse(member, " What coin do lockers take? ")
    assert (tried.question, tried.is_small_talk, tried.correction) == ("What coin do lockers take?", False, None)
    assert tried.stages.fused[0].passage.heading == "Guide › Lockers"
    assert tried.stages.answer.quotes[0].text == "Lockers take a 2 euro coin."
    assert tried.stages.answer.is_answered
    assert guided.conversations.list(member) == []


def test_a_correction_that_applies_is_told_with_its_reason(guided: Services, member: Actor, expert: Actor) -> None:
    guided.corrections.submit(expert, question="What coin do lockers take?", answer="A token.")
    tried = guided.rehearsals.rehearse(member, "what coin do lockers take")
    assert tried.applies
    assert tried.correction is not None
    assert (tried.correction.answer, tried.correction.author) == ("A token.", "Eve")
    assert tried.reasons == ("why.same_words",)


def test_every_correction_that_was_thought_of_is_told_with_its_reason_as_far_as_the_person_may_read_it(
    guided: Services, member: Actor, other: Actor, expert: Actor
) -> None:
    guided.corrections.submit(expert, question="What coin do lockers take?", answer="A token.")
    guided.corrections.submit(expert, question="What coin do lockers 7 take?", answer="A 1 euro coin.")
    guided.corrections.submit(other, question="What coin do lockers 8 take?", answer="None.")  # nobody else's yet
    tried = guided.rehearsals.rehearse(member, "Which coin do lockers take?")
    assert tried.correction is not None
    assert tried.correction.answer == "A token."
    ((known, one),) = tried.considered
    assert (known.question, known.answer, known.author) == ("What coin do lockers 7 take?", "A 1 euro coin.", "Eve")
    assert one.probability < tried.likelihood
    assert "why.other_number" in one.reasons
    assert len(guided.rehearsals.rehearse(other, "Which coin do lockers take?").considered) == 2


def test_a_correction_that_has_just_stopped_answering_does_not_apply(
    guided: Services, member: Actor, expert: Actor
) -> None:
    guided.corrections.submit(expert, question="What coin do lockers take?", answer="A token.")
    rehearsals = Rehearsals(guided.memory, guided.retriever, lambda actor, ids: {}, utc_now)
    tried = rehearsals.rehearse(member, "What coin do lockers take?")
    assert (tried.correction, tried.applies) == (None, False)


def test_small_talk_is_told(guided: Services, member: Actor) -> None:
    assert guided.rehearsals.rehearse(member, "Thank you!").is_small_talk


@pytest.mark.parametrize(
    ("text", "error"),
    [("", QuestionEmptyError), (" \u200b?", QuestionEmptyError), ("q" * 8_001, QuestionTooLongError)],
)
def test_what_is_no_question_is_refused(guided: Services, member: Actor, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        guided.rehearsals.rehearse(member, text)
