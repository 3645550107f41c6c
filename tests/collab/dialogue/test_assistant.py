"""One turn, from the question to the row: memory first, then sources, the model only where they allow it."""

import pytest

from collab.dialogue.records import Decision, Delta, Done, Quoted, TurnRecord
from collab.errors import EngineBrokenError, QuestionEmptyError, QuestionTooLongError
from collab.people.access import EVERYONE, Actor, personal
from collab.services import Services
from knowledge.errors import NotFoundError
from tests.fakes import EchoModel

GUIDE = b"""# Visitor guide

## Tickets
Adults pay 14 euros. Students pay 9 euros on showing a valid card.

## Lockers
Bags larger than 40 centimetres must be left in the lockers.
"""
QUESTION = "How much do students pay?"
QUOTE = "Students pay 9 euros on showing a valid card. [1]"


@pytest.fixture(autouse=True)
def guide(services: Services) -> None:
    services.library.add("guide.md", GUIDE, EVERYONE)


def ask(services: Services, actor: Actor, text: str, conversation: str | None = None, **more: object) -> TurnRecord:
    events = list(services.assistant.reply(actor, conversation, text, **more))  # type: ignore[arg-type]
    assert isinstance(events[-1], Done)
    turn = events[-1].turn
    assert "".join(event.text for event in events if isinstance(event, Delta)).strip() == turn.answer
    return turn


class TestSources:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel("On showing a valid card, students pay 9 euros.")

    def test_the_quotes_come_before_the_first_word_of_the_model(
        self, services: Services, member: Actor, engine: EchoModel
    ) -> None:
        events = services.assistant.reply(member, None, QUESTION)
        first = next(events)
        assert isinstance(first, Quoted)
        assert (first.sources[0].n, first.sources[0].document, first.sources[0].heading) == (
            1,
            "guide.md",
            "Visitor guide › Tickets",
        )
        assert first.sources[0].quote == "Students pay 9 euros on showing a valid card."
        assert engine.told == 0
        list(events)

    def test_a_supported_wording_is_the_answer(self, services: Services, member: Actor) -> None:
        turn = ask(services, member, QUESTION)
        assert turn.answer == "On showing a valid card, students pay 9 euros. [1]"
        assert (turn.decision, turn.model, turn.completion_tokens) == (Decision.GROUNDED, "echo", 9)
        assert turn.confidence >= 0.5

    def test_the_turn_is_there_after_the_answer(self, services: Services, member: Actor) -> None:
        turn = ask(services, member, QUESTION)
        assert services.conversations.turns(member, turn.conversation_id) == [turn]
        (conversation,) = services.conversations.list(member)
        assert (conversation.id, conversation.title) == (turn.conversation_id, QUESTION)


class TestAnInventingModel:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel("Students pay 5 euros. Children ride for free on Sundays.")

    def test_what_no_source_supports_is_not_said(self, services: Services, member: Actor) -> None:
        turn = ask(services, member, QUESTION)
        assert turn.answer == QUOTE
        assert "why.only_quotes" in turn.reasons


class TestABrokenModel:
    @pytest.fixture
    def engine(self) -> EchoModel:
        def fail(messages: object) -> str:
            raise EngineBrokenError(reason="out of memory")

        return EchoModel(fail)

    def test_the_quotes_still_answer(self, services: Services, member: Actor) -> None:
        turn = ask(services, member, QUESTION)
        assert turn.answer == QUOTE
        assert "why.engine_broken" in turn.reasons

    def test_without_sources_the_error_is_told_and_nothing_is_kept(self, services: Services, member: Actor) -> None:
        with pytest.raises(EngineBrokenError, match="out of memory"):
            ask(services, member, "Write a poem about spring")
        assert services.conversations.list(member) == []


class TestAModelOfAnotherLanguage:
    @pytest.fixture
    def engine(self) -> EchoModel:
        engine = EchoModel()
        engine.languages = frozenset({"zh"})
        return engine

    def test_it_is_not_asked(self, services: Services, member: Actor, engine: EchoModel) -> None:
        assert ask(services, member, QUESTION).answer == QUOTE
        assert "does not speak this language" in ask(services, member, "Write a poem").answer
        assert engine.heard == []


def test_nothing_found_is_said_plainly_and_without_the_model(
    services: Services, member: Actor, engine: EchoModel
) -> None:
    turn = ask(services, member, "Who designed the roof garden of the castle?")
    assert (turn.decision, turn.sources, engine.heard) == (Decision.NOT_FOUND, (), [])
    assert turn.answer.startswith("I found nothing about this")


def test_an_empty_library_finds_nothing(services: Services, member: Actor) -> None:
    (document,) = services.library.list((EVERYONE,))
    services.library.remove(document.id)
    assert ask(services, member, QUESTION).decision is Decision.NOT_FOUND


def test_small_talk_is_answered_in_our_own_words(services: Services, member: Actor, engine: EchoModel) -> None:
    turn = ask(services, member, "Hello!")
    assert (turn.decision, turn.model, turn.confidence, engine.heard) == (Decision.MODEL, None, 0.0, [])
    assert turn.answer.startswith("Hello! Ask me about the documents here")
    assert ask(services, member, "谢谢！").answer == "不客气，有问题随时再问。"


def test_a_task_may_be_done_without_sources(services: Services, member: Actor) -> None:
    assert ask(services, member, "Write a poem about spring").decision is Decision.MODEL


def test_a_correction_answers_in_the_persons_words_without_the_model(
    services: Services, expert: Actor, member: Actor, engine: EchoModel
) -> None:
    wrong = ask(services, expert, QUESTION)
    made = services.corrections.submit(expert, turn_id=wrong.id, answer="Students enter free since May 2026.")
    engine.heard.clear()
    turn = ask(services, member, "how much do students pay")
    assert (turn.decision, turn.answer) == (Decision.CORRECTED, "Students enter free since May 2026.")
    assert (turn.correction_id, turn.completion_tokens, turn.sources, engine.heard) == (made.id, 0, (), [])
    assert turn.confidence == 1.0


def test_a_pending_correction_answers_its_author_alone(services: Services, member: Actor, other: Actor) -> None:
    wrong = ask(services, member, QUESTION)
    services.corrections.submit(member, turn_id=wrong.id, answer="Students enter free.")
    assert ask(services, member, QUESTION).decision is Decision.CORRECTED
    assert ask(services, other, QUESTION).decision is Decision.GROUNDED


def test_a_withdrawn_correction_is_gone_from_the_next_question_on(services: Services, expert: Actor) -> None:
    made = services.corrections.submit(expert, question=QUESTION, answer="Students enter free.")
    services.corrections.withdraw(expert, made.id)
    assert ask(services, expert, QUESTION).decision is Decision.GROUNDED


def test_a_follow_up_keeps_the_subject_of_a_corrected_turn(services: Services, expert: Actor) -> None:
    services.corrections.submit(expert, question=QUESTION, answer="Students enter free.")
    first = ask(services, expert, QUESTION)
    second = ask(services, expert, "and for adults?", first.conversation_id)
    assert second.standalone == "How much do students pay? and for adults?"
    assert second.decision is not Decision.CORRECTED
    assert [turn.id for turn in services.conversations.turns(expert, first.conversation_id)] == [first.id, second.id]


def test_a_retry_is_a_new_turn_that_does_not_lean_on_itself(services: Services, member: Actor) -> None:
    first = ask(services, member, QUESTION)
    again = ask(services, member, QUESTION, first.conversation_id, retry_of=first.id)
    assert (again.position, again.retry_of, again.standalone) == (1, first.id, QUESTION)


def test_earlier_messages_resolve_a_question_that_comes_without_a_conversation(
    services: Services, member: Actor
) -> None:
    turn = ask(services, member, "and for adults?", earlier=[("How much is a ticket?", "9 euros.")])
    assert turn.standalone == "How much is a ticket? and for adults?"


def test_a_members_own_document_is_quoted_to_its_owner_alone(services: Services, member: Actor, other: Actor) -> None:
    services.library.add("own.md", b"# Own\nThe garage code is 7731.", personal(member))
    assert "7731" in ask(services, member, "What is the garage code?").answer
    assert "7731" not in ask(services, other, "What is the garage code?").answer


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x00", "\u200b\u202e"])
def test_a_question_with_nothing_to_read_is_refused(services: Services, member: Actor, text: str) -> None:
    with pytest.raises(QuestionEmptyError):
        services.assistant.reply(member, None, text)
    assert services.conversations.list(member) == []


def test_a_question_that_is_too_long_is_refused_at_once(services: Services, member: Actor) -> None:
    with pytest.raises(QuestionTooLongError, match="10000 characters and the limit is 8000"):
        services.assistant.reply(member, None, "a" * 10_000)


def test_invisible_characters_are_taken_out(services: Services, member: Actor) -> None:
    assert ask(services, member, "\u202eHow much\x00 do students\u200b pay?").question == QUESTION


def test_somebody_elses_conversation_is_not_found(services: Services, member: Actor, other: Actor) -> None:
    turn = ask(services, member, QUESTION)
    with pytest.raises(NotFoundError):
        services.assistant.reply(other, turn.conversation_id, QUESTION)
    with pytest.raises(NotFoundError):
        services.assistant.reply(other, None, QUESTION, retry_of=turn.id)


class TestVersions:
    """A conversation is a tree: what is asked again or worded anew stands beside what it replaces."""

    def test_a_question_worded_anew_follows_what_the_old_one_followed(self, services: Services, member: Actor) -> None:
        first = ask(services, member, QUESTION)
        second = ask(services, member, "and for adults?", first.conversation_id)
        edited = ask(services, member, "and the lockers?", first.conversation_id, edit_of=second.id)
        assert (second.previous_id, edited.previous_id, edited.retry_of) == (first.id, first.id, None)
        assert edited.standalone == "How much do students pay? and the lockers?"
        opened = services.conversations.get(member, first.conversation_id)
        assert opened.current_turn_id == edited.id

    def test_a_follow_up_leans_on_the_version_that_is_shown(self, services: Services, member: Actor) -> None:
        first = ask(services, member, QUESTION)
        other = ask(services, member, "Where must bags be left?", first.conversation_id, edit_of=first.id)
        assert other.previous_id is None
        services.conversations.choose(member, first.id)
        third = ask(services, member, "and for adults?", first.conversation_id)
        assert (third.previous_id, third.standalone) == (first.id, "How much do students pay? and for adults?")
        stale = ask(services, member, "and who pays for them?", first.conversation_id, after=other.id)
        assert stale.standalone.startswith("Where must bags be left?")

    def test_a_turn_of_another_conversation_is_not_found(self, services: Services, member: Actor) -> None:
        first, elsewhere = ask(services, member, QUESTION), ask(services, member, QUESTION)
        for where in ("retry_of", "edit_of", "after"):
            with pytest.raises(NotFoundError):
                ask(services, member, QUESTION, first.conversation_id, **{where: elsewhere.id})


class TestAModelWithoutEnd:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel("spring " * 5_000)

    def test_what_was_cut_off_says_so(self, services: Services, member: Actor) -> None:
        turn = ask(services, member, "Write a poem about spring")
        assert turn.reasons[-1] == "why.cut_short"


class TestPrivateWords:
    """What the model was given from a private document must not reach a reviewer through a turn without sources."""

    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel(lambda messages: " ".join(message["content"] for message in messages))

    def test_a_turn_after_a_private_answer_is_private(
        self, services: Services, member: Actor, expert: Actor, engine: EchoModel
    ) -> None:
        services.library.add("own.md", b"# Own\nThe garage code is 7731.", personal(member))
        first = ask(services, member, "What is the garage code?")
        assert first.reach == personal(member)
        poem = ask(services, member, "Write a poem about it", first.conversation_id)
        assert "7731" in poem.answer
        made = services.corrections.submit(member, turn_id=poem.id, answer="Roses are red.")
        assert (poem.reach, made.reach, made.live_for) == (personal(member), personal(member), "author")
        assert services.corrections.list(expert) == []

    def test_a_turn_that_a_private_correction_answers_is_private(
        self, services: Services, member: Actor, expert: Actor
    ) -> None:
        services.library.add("own.md", b"# Own\nThe garage code is 7731.", personal(member))
        first = ask(services, member, "What is the garage code?")
        services.corrections.submit(member, turn_id=first.id, answer="It is 9915 since May.")
        again = ask(services, member, "What is the garage code?")
        assert (again.decision, again.answer, again.reach) == (
            Decision.CORRECTED,
            "It is 9915 since May.",
            personal(member),
        )
        services.ratings.rate(member, again.id, "down", "outdated")
        assert services.cases.page(expert).cases == ()
        with pytest.raises(NotFoundError):
            services.cases.open(expert, f"turn:{again.id}")

    def test_a_turn_after_an_open_answer_is_open(self, services: Services, member: Actor) -> None:
        first = ask(services, member, QUESTION)
        assert ask(services, member, "Write a poem about it", first.conversation_id).reach == EVERYONE


def test_a_corrected_follow_up_answers_in_the_same_conversation(services: Services, expert: Actor) -> None:
    first = ask(services, expert, QUESTION)
    wrong = ask(services, expert, "and for adults?", first.conversation_id)
    services.corrections.submit(expert, turn_id=wrong.id, answer="Adults pay 15 euros.")
    again = ask(services, expert, QUESTION)
    follow_up = ask(services, expert, "And for adults", again.conversation_id)
    assert (follow_up.decision, follow_up.answer) == (Decision.CORRECTED, "Adults pay 15 euros.")


def test_earlier_messages_are_read_as_far_as_they_could_have_been_kept(
    services: Services, member: Actor, engine: EchoModel
) -> None:
    turn = ask(services, member, "and for adults?", earlier=[("x" * 8_000 + "y" * 900_000, "9 euros.")])
    assert turn.standalone == "x" * 1_000 + "? and for adults?"
    ask(services, member, "Write a poem", earlier=[("Hi!", "z" * 900_000)])
    assert [message["content"] for message in engine.heard[-1] if message["role"] == "assistant"] == ["z" * 20_000]


def test_earlier_messages_are_cleaned_too(services: Services, member: Actor) -> None:
    turn = ask(services, member, "and for adults?", earlier=[("How much\x00 do\u202e students pay?", "9\ud800.")])
    assert turn.standalone == "How much do students pay? and for adults?"
