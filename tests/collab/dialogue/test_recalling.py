"""A question that leans on its conversation is resolved before it is recalled; where it cannot be, nothing applies."""

import pytest

from collab.dialogue.records import Decision, Done, TurnRecord
from collab.dialogue.understanding import read
from collab.people.access import EVERYONE, Actor
from collab.services import Services

GUIDE = b"# Coins\nA locker takes a 2 euro coin.\n\n# Cards\nA museum card costs 60 euros."


def ask(services: Services, actor: Actor, text: str, conversation: str | None = None, **more: object) -> TurnRecord:
    *_, done = services.assistant.reply(actor, conversation, text, **more)  # type: ignore[arg-type]
    assert isinstance(done, Done)
    return done.turn


@pytest.mark.parametrize(
    "text",
    [
        "And how much is it?",
        "how much is it",
        "What about it?",
        "那它呢？",
        "and for adults?",
        "Summarise that in one sentence.",
        "Please translate it into German for the desk",
        "Rewrite this!",
    ],
)
def test_what_says_nothing_by_itself_is_never_answered_by_a_correction(
    services: Services, expert: Actor, text: str
) -> None:
    """Not even in the very same words, for they mean something else in each conversation."""
    services.corrections.submit(expert, question=text, answer="60 euros.")
    turn = ask(services, expert, text)
    assert turn.decision is Decision.SUGGESTED
    assert "why.leans_on_conversation" in turn.reasons


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset it?",
        "Where is the museum?",
        "Is there parking?",
        "How much?",
        "Translate this: good morning",
        "Write that letter to the mayor of Bergen",
    ],
)
def test_what_says_something_is_answered_in_the_same_words(services: Services, expert: Actor, text: str) -> None:
    services.corrections.submit(expert, question=text, answer="Ask at the desk.")
    assert ask(services, expert, text).decision is Decision.CORRECTED


def test_what_points_at_something_unsaid_is_not_answered_for_its_likeness(services: Services, expert: Actor) -> None:
    services.corrections.submit(expert, question="Please, how do I reset it?", answer="Hold the button.")
    turn = ask(services, expert, "How do I reset it?")
    assert turn.decision is Decision.SUGGESTED
    assert "why.leans_on_conversation" in turn.reasons


def test_in_a_conversation_it_means_what_was_spoken_of(services: Services, expert: Actor) -> None:
    """The resolved question was corrected; the same words after another question are another question."""
    services.library.add("guide.md", GUIDE, EVERYONE)
    first = ask(services, expert, "What is the museum card?")
    wrong = ask(services, expert, "and how much is it?", first.conversation_id)
    services.corrections.submit(expert, turn_id=wrong.id, answer="It costs 65 euros.")

    again = ask(services, expert, "What is the museum card?")
    assert ask(services, expert, "And how much is it?", again.conversation_id).answer == "It costs 65 euros."
    other = ask(services, expert, "What is the audio guide?")
    assert ask(services, expert, "And how much is it?", other.conversation_id).decision is not Decision.CORRECTED
    assert ask(services, expert, "And how much is it?").decision is not Decision.CORRECTED


def test_the_turn_remembers_what_was_considered_without_words(services: Services, expert: Actor) -> None:
    made = services.corrections.submit(expert, question="How much do students pay?", answer="Students enter free.")
    turn = ask(services, expert, "How much must students pay on Sundays?")
    (one,) = turn.considered
    assert (one.correction_id, one.reasons) == (made.id, ("why.other_time",))
    assert 0 < one.probability <= 1
    assert services.conversations.turn(expert, turn.id).considered == turn.considered
    assert ask(services, expert, "Hello!").considered == ()


def test_where_no_name_tells_which_is_meant_the_turn_offers_up_to_four(services: Services, expert: Actor) -> None:
    questions = ("Where is my card?", "When is my card sent?", "How can I track my card?", "How do I freeze my card?",
                 "May I keep a lost card?")  # fmt: skip
    made = [services.corrections.submit(expert, question=text, answer="Soon.").id for text in questions]
    turn = ask(services, expert, "My card is still not here")
    assert (turn.decision, turn.correction_id) == (Decision.SUGGESTED, made[0])
    assert [one.is_offered for one in turn.considered] == [True, True, True, True, False]
    assert turn.offered == tuple(one.correction_id for one in turn.considered[:4])
    assert turn.answer.endswith("but a colleague answered a similar question:")


def test_a_correction_that_is_left_aside_does_not_answer(services: Services, expert: Actor) -> None:
    services.library.add("guide.md", GUIDE, EVERYONE)
    made = services.corrections.submit(expert, question="How much is a museum card?", answer="It costs 65 euros.")
    turn = ask(services, expert, "How much is a museum card?", without=[made.id])
    assert (turn.decision, turn.correction_id, turn.considered) == (Decision.GROUNDED, None, ())


def test_a_passage_retired_for_a_question_is_not_cited_for_it(services: Services, expert: Actor) -> None:
    services.library.add("guide.md", GUIDE, EVERYONE)
    question = "How much is a museum card?"
    turn = ask(services, expert, question)
    made = services.corrections.submit(expert, turn_id=turn.id, answer="A museum card costs 65 euros.")
    passage = turn.sources[0].passage_id
    services.conflicts.settle(expert, made.id, "passage", str(passage), "retire")
    again = ask(services, expert, question, without=[made.id])
    assert passage not in {source.passage_id for source in again.sources}
    other = ask(services, expert, "Which museum card costs 60 euros?", without=[made.id])
    assert passage in {source.passage_id for source in other.sources}


def test_a_passage_retired_for_any_of_what_is_offered_is_not_cited_above_it(services: Services, expert: Actor) -> None:
    services.library.add("guide.md", b"# Cards\nMy card is sent within 9 days, it is still not here before.", EVERYONE)
    sent = ask(services, expert, "When is my card sent?")
    services.corrections.submit(expert, question="Where is my card?", answer="At the desk.")
    asked = "My card is still not here"
    offered = ask(services, expert, asked)
    passage = sent.sources[0].passage_id
    assert [source.passage_id for source in offered.sources] == [passage]
    made = services.corrections.submit(expert, turn_id=sent.id, answer="My card is sent within 4 days.")
    services.conflicts.settle(expert, made.id, "passage", str(passage), "retire")
    again = ask(services, expert, asked)
    assert (again.correction_id != made.id, made.id in again.offered, again.sources) == (True, True, ())


def test_what_else_a_retired_passage_says_is_still_cited_beside_what_is_offered(
    services: Services, expert: Actor
) -> None:
    services.library.add("cards.md", b"# Cards\nA bus card costs 60 euros. A bike card costs 20 euros.", EVERYONE)
    sold = ask(services, expert, "How much is a bus card?")
    passage = sold.sources[0].passage_id
    made = services.corrections.submit(expert, turn_id=sold.id, answer="A bus card costs 65 euros.")
    services.conflicts.settle(expert, made.id, "passage", str(passage), "retire")
    other = ask(services, expert, "How much is a bike card?")
    assert (made.id in other.offered, other.sources[0].quote) == (True, "A bike card costs 20 euros.")


def test_beside_an_answer_from_the_sources_what_is_hardly_alike_is_not_offered(
    services: Services, expert: Actor
) -> None:
    services.library.add("house.md", b"# House\nThe bike room is in the basement of the north wing.", EVERYONE)
    made = services.corrections.submit(expert, question="Is the bike room heated?", answer="Yes.")
    near = ask(services, expert, "Where is the bike room?")
    assert (near.decision, near.offered, near.considered[0].probability > 0.5) == (Decision.SUGGESTED, (made.id,), True)
    far = ask(services, expert, "Who cleans the bike room in the basement?")
    assert (far.decision, far.offered, far.considered[0].probability < 0.25) == (Decision.GROUNDED, (), True)


def test_leaning_is_known_with_and_without_a_conversation() -> None:
    assert (read("And how much is it?").leans, read("And how much is it?").is_open) == (True, True)
    assert (read("How do I reset it?").leans, read("How do I reset it?").is_open) == (True, False)
    assert (read("Where is the museum?").leans, read("Where is the museum?").is_open) == (False, False)
