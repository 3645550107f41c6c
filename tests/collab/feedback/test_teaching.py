"""What a reader says about a correction in a turn teaches it, at once for them, and for others after review."""

import pytest

from collab.dialogue.records import Decision, Done, TurnRecord
from collab.errors import ConversationTemporaryError, ExampleStateError, NothingToTeachError
from collab.feedback.tables import ExampleState, Origin, Side
from collab.people.access import EVERYONE, Actor, personal
from collab.services import Services
from knowledge.errors import NotFoundError

GUIDE = b"# Tickets\nAdults pay 14 euros. Students pay 9 euros."
QUESTION = "How much do students pay?"
ALIKE = "How much must students pay on Sundays?"
SAID = "Students enter free."


@pytest.fixture
def offered(services: Services, expert: Actor) -> str:
    """A correction of everyone's that is only suggested for a like question."""
    services.library.add("guide.md", GUIDE, EVERYONE)
    return services.corrections.submit(expert, question=QUESTION, answer=SAID).id


def ask(services: Services, actor: Actor, text: str, conversation: str | None = None, **more: object) -> TurnRecord:
    *_, done = services.assistant.reply(actor, conversation, text, **more)  # type: ignore[arg-type]
    assert isinstance(done, Done)
    return done.turn


class TestYes:
    def test_the_turn_has_another_version_in_the_human_words(
        self, services: Services, member: Actor, offered: str
    ) -> None:
        turn = ask(services, member, ALIKE)
        assert turn.decision is Decision.SUGGESTED
        version = services.teaching.same(member, turn.id)
        assert (version.decision, version.answer, version.correction_id) == (Decision.CORRECTED, SAID, offered)
        assert (version.retry_of, version.previous_id, version.reasons) == (turn.id, None, ("why.you_said_so",))
        assert services.conversations.get(member, turn.conversation_id).current_turn_id == version.id

    def test_it_holds_for_who_said_it_until_it_is_reviewed(
        self, services: Services, member: Actor, other: Actor, expert: Actor, offered: str
    ) -> None:
        turn = ask(services, member, ALIKE)
        version = services.teaching.same(member, turn.id)
        known = services.teaching.of(member, [turn, version])
        assert {known[turn.id].whom, known[version.id].whom} == {"author"}
        example = known[turn.id].example
        assert (example.side, example.origin, example.state) == (Side.WILL, Origin.YES, ExampleState.PENDING)
        assert (example.text, example.correction_id) == (ALIKE, offered)
        assert ask(services, member, ALIKE).decision is Decision.CORRECTED
        assert ask(services, other, ALIKE).decision is Decision.SUGGESTED
        services.examples.approve(expert, example.id)
        assert ask(services, other, ALIKE).decision is Decision.CORRECTED
        assert services.teaching.of(member, [turn])[turn.id].whom == "everyone"

    def test_it_is_said_where_it_was_said_and_nowhere_else(
        self, services: Services, member: Actor, expert: Actor, offered: str
    ) -> None:
        """Not in a new conversation that it answers; and of what came with a file, nowhere."""
        turn = ask(services, member, ALIKE)
        version = services.teaching.same(member, turn.id)
        later = ask(services, member, ALIKE)
        assert (later.decision, later.correction_id) == (Decision.CORRECTED, offered)
        assert services.teaching.of(member, [turn, version, later]).keys() == {turn.id, version.id}

        other = "How much must students pay on Mondays?"
        suggested = ask(services, expert, other)
        assert suggested.offered == (offered,)
        services.examples.add(expert, offered, other, "will", origin=Origin.ALIAS)
        answered = ask(services, expert, other)
        assert answered.decision is Decision.CORRECTED
        assert services.teaching.of(expert, [suggested, answered]) == {}

    def test_an_experts_holds_for_everyone(
        self, services: Services, expert: Actor, member: Actor, offered: str
    ) -> None:
        turn = ask(services, expert, ALIKE)
        services.teaching.same(expert, turn.id)
        assert services.teaching.of(expert, [turn])[turn.id].whom == "everyone"
        assert ask(services, member, ALIKE).decision is Decision.CORRECTED

    def test_twice_is_once(self, services: Services, member: Actor, offered: str) -> None:
        turn = ask(services, member, ALIKE)
        first = services.teaching.same(member, turn.id)
        assert services.teaching.same(member, turn.id) == first
        assert len(services.conversations.turns(member, turn.conversation_id)) == 2

    def test_undone_the_suggestion_is_back(self, services: Services, member: Actor, offered: str) -> None:
        turn = ask(services, member, ALIKE)
        version = services.teaching.same(member, turn.id)
        services.teaching.undo(member, services.teaching.of(member, [version])[version.id].example.id)
        assert services.conversations.get(member, turn.conversation_id).current_turn_id == turn.id
        assert services.teaching.of(member, [turn, version]) == {}
        assert ask(services, member, ALIKE).decision is Decision.SUGGESTED

    def test_a_question_that_says_nothing_by_itself_teaches_nothing(self, services: Services, expert: Actor) -> None:
        """It is answered all the same: the person has said what they mean."""
        services.corrections.submit(expert, question="And how much is it?", answer="3 euros.")
        turn = ask(services, expert, "And how much is it?")
        assert turn.decision is Decision.SUGGESTED
        version = services.teaching.same(expert, turn.id)
        assert (version.answer, services.teaching.of(expert, [version])) == ("3 euros.", {})

    def test_a_private_answer_stays_private(self, services: Services, member: Actor) -> None:
        services.library.add("own.md", b"# Codes\nThe garage code is 7731.", personal(member))
        wrong = ask(services, member, "What is the garage code?")
        services.corrections.submit(member, turn_id=wrong.id, answer="It is 9915.")
        turn = ask(services, member, "What must the garage code be on Sundays?")
        assert turn.decision is Decision.SUGGESTED
        version = services.teaching.same(member, turn.id)
        assert (version.reach, services.teaching.of(member, [version])[version.id].whom) == (
            personal(member),
            "private",
        )


class TestNo:
    def test_the_suggestion_goes_away_and_does_not_come_back(
        self, services: Services, member: Actor, other: Actor, offered: str
    ) -> None:
        turn = ask(services, member, ALIKE)
        (example,) = services.teaching.different(member, turn.id)
        assert (example.side, example.origin, example.state) == (Side.WILL_NOT, Origin.NO, ExampleState.PENDING)
        assert ask(services, member, ALIKE).decision is Decision.GROUNDED
        assert ask(services, other, ALIKE).decision is Decision.SUGGESTED
        services.teaching.undo(member, example.id)
        assert ask(services, member, ALIKE).decision is Decision.SUGGESTED


class TestNotAsked:
    @pytest.fixture
    def hijacked(self, services: Services, expert: Actor, offered: str) -> str:
        """The like question is answered by the correction, wrongly."""
        services.examples.add(expert, offered, ALIKE, "will")
        return offered

    def test_it_is_answered_without_the_correction(self, services: Services, member: Actor, hijacked: str) -> None:
        turn = ask(services, member, ALIKE)
        assert turn.decision is Decision.CORRECTED
        example = services.teaching.not_asked(member, turn.id)
        assert example is not None
        assert (example.side, example.origin, example.turn_id) == (Side.WILL_NOT, Origin.NOT_ASKED, turn.id)
        again = ask(services, member, ALIKE, turn.conversation_id, retry_of=turn.id, without=[hijacked])
        assert (again.decision, again.correction_id) == (Decision.GROUNDED, None)
        assert services.teaching.of(member, [turn, again]).keys() == {turn.id, again.id}
        assert ask(services, member, ALIKE).decision is Decision.GROUNDED

    def test_undone_it_answers_again(self, services: Services, member: Actor, hijacked: str) -> None:
        turn = ask(services, member, ALIKE)
        example = services.teaching.not_asked(member, turn.id)
        assert example is not None
        ask(services, member, ALIKE, turn.conversation_id, retry_of=turn.id, without=[hijacked])
        services.teaching.undo(member, example.id)
        assert services.conversations.get(member, turn.conversation_id).current_turn_id == turn.id
        assert ask(services, member, ALIKE).decision is Decision.CORRECTED

    def test_of_its_very_own_question_nothing_is_learned(self, services: Services, member: Actor, offered: str) -> None:
        turn = ask(services, member, QUESTION)
        assert services.teaching.not_asked(member, turn.id) is None
        again = ask(services, member, QUESTION, turn.conversation_id, retry_of=turn.id, without=[offered])
        assert again.decision is Decision.GROUNDED
        assert ask(services, member, QUESTION).decision is Decision.CORRECTED

    def test_a_chat_that_is_not_kept_teaches_nothing(self, services: Services, member: Actor, hijacked: str) -> None:
        chat = services.conversations.begin(member, ALIKE, is_temporary=True)
        turn = ask(services, member, ALIKE, chat.id)
        assert services.teaching.not_asked(member, turn.id) is None

    def test_of_one_that_was_withdrawn_nothing_is_learned(
        self, services: Services, member: Actor, expert: Actor, hijacked: str
    ) -> None:
        turn = ask(services, member, ALIKE)
        services.corrections.withdraw(expert, hijacked)
        assert services.teaching.not_asked(member, turn.id) is None


class TestSeveral:
    """Where no name tells which question it is, several corrections are offered."""

    LATE = "My card is still not here"
    CARDS = ("Is my card still mine?", "Where is my card?", "How do I freeze my card?")

    @pytest.fixture
    def cards(self, services: Services, expert: Actor) -> list[str]:
        """Three corrections, the likest to LATE first: two of three words in common, one of one, one of two."""
        return [services.corrections.submit(expert, question=text, answer=f"On {text}").id for text in self.CARDS]

    def test_yes_to_another_one_answers_in_its_words(self, services: Services, member: Actor, cards: list[str]) -> None:
        turn = ask(services, member, self.LATE)
        assert turn.offered == tuple(cards)
        shown = services.teaching.alternatives(member, [turn])[turn.id]
        assert [one.question for one in shown] == list(self.CARDS[1:])
        version = services.teaching.same(member, turn.id, cards[1])
        assert (version.answer, version.correction_id, version.offered) == (f"On {self.CARDS[1]}", cards[1], ())
        assert services.teaching.same(member, turn.id, cards[1]) == version
        known = services.teaching.of(member, [turn, version])
        assert {one.example.correction_id for one in known.values()} == {cards[1]}
        again = ask(services, member, self.LATE)
        assert (again.decision, again.correction_id) == (Decision.CORRECTED, cards[1])

    def test_yes_is_known_in_the_turns_before_it(self, services: Services, member: Actor, cards: list[str]) -> None:
        earlier, turn = ask(services, member, self.LATE), ask(services, member, self.LATE)
        services.teaching.same(member, turn.id, cards[2])
        assert services.teaching.of(member, [earlier])[earlier.id].example.correction_id == cards[2]

    def test_a_no_to_another_one_elsewhere_leaves_the_first_as_it_is(
        self, services: Services, member: Actor, cards: list[str]
    ) -> None:
        turn = ask(services, member, self.LATE)
        services.examples.add(member, cards[1], self.LATE, "will_not")
        assert services.teaching.of(member, [turn]) == {}
        assert ask(services, member, self.LATE).offered == (cards[0], cards[2])

    def test_of_what_is_not_offered_there_is_nothing_to_say(
        self, services: Services, member: Actor, other: Actor, cards: list[str]
    ) -> None:
        private = services.corrections.submit(other, question="Is my card late?", answer="Yes.").id
        turn = ask(services, member, self.LATE)
        assert turn.offered == tuple(cards)
        for unknown in (private, "nobody's"):
            with pytest.raises(NothingToTeachError):
                services.teaching.same(member, turn.id, unknown)

    def test_what_was_withdrawn_is_neither_shown_nor_taken_nor_refused(
        self, services: Services, member: Actor, expert: Actor, cards: list[str]
    ) -> None:
        turn = ask(services, member, self.LATE)
        services.corrections.withdraw(expert, cards[1])
        assert [one.correction_id for one in services.teaching.alternatives(member, [turn])[turn.id]] == [cards[2]]
        with pytest.raises(NotFoundError):
            services.teaching.same(member, turn.id, cards[1])
        assert [one.correction_id for one in services.teaching.different(member, turn.id)] == [cards[0], cards[2]]

    def test_its_author_is_not_offered_it_either(self, services: Services, expert: Actor, cards: list[str]) -> None:
        """They may read what they withdrew; it answers nobody."""
        turn = ask(services, expert, self.LATE)
        services.corrections.withdraw(expert, cards[0])
        assert [one.correction_id for one in services.teaching.different(expert, turn.id)] == cards[1:]

    def test_no_is_to_all_of_them_and_so_is_its_undo(
        self, services: Services, member: Actor, other: Actor, cards: list[str]
    ) -> None:
        turn = ask(services, member, self.LATE)
        examples = services.teaching.different(member, turn.id)
        assert [one.correction_id for one in examples] == cards
        assert {(one.text, one.side, one.origin, one.author) for one in examples} == {
            (self.LATE, Side.WILL_NOT, Origin.NO, "Mel")
        }
        assert services.teaching.of(member, [turn])[turn.id].example == examples[0]
        assert ask(services, member, self.LATE).offered == ()
        assert ask(services, other, self.LATE).offered == tuple(cards)
        services.teaching.undo(member, examples[1].id)
        assert services.teaching.of(member, [turn]) == {}
        assert ask(services, member, self.LATE).offered == tuple(cards)

    def test_of_a_no_that_was_reviewed_in_part_the_rest_is_taken_back(
        self, services: Services, member: Actor, expert: Actor, cards: list[str]
    ) -> None:
        turn = ask(services, member, self.LATE)
        examples = services.teaching.different(member, turn.id)
        services.examples.approve(expert, examples[1].id)
        services.teaching.undo(member, examples[0].id)
        assert ask(services, member, self.LATE).offered == (cards[0], cards[2])


def test_nothing_rests_on_a_chat_that_is_not_kept(services: Services, member: Actor, offered: str) -> None:
    chat = services.conversations.begin(member, ALIKE, is_temporary=True)
    turn = ask(services, member, ALIKE, chat.id)
    for say in (services.teaching.same, services.teaching.different):
        with pytest.raises(ConversationTemporaryError):
            say(member, turn.id)


def test_there_is_nothing_to_say_beside_an_answer_without_a_correction(services: Services, member: Actor) -> None:
    turn = ask(services, member, ALIKE)
    for say in (services.teaching.same, services.teaching.different, services.teaching.not_asked):
        with pytest.raises(NothingToTeachError):
            say(member, turn.id)


def test_somebody_elses_turn_is_not_found(services: Services, member: Actor, other: Actor, offered: str) -> None:
    turn = ask(services, member, ALIKE)
    services.teaching.same(member, turn.id)
    for say in (services.teaching.same, services.teaching.different, services.teaching.not_asked):
        with pytest.raises(NotFoundError):
            say(other, turn.id)
    assert services.teaching.of(other, [turn]) == {}


def test_what_was_reviewed_is_not_taken_back_by_its_author(
    services: Services, member: Actor, expert: Actor, offered: str
) -> None:
    turn = ask(services, member, ALIKE)
    (example,) = services.teaching.different(member, turn.id)
    services.examples.approve(expert, example.id)
    with pytest.raises(ExampleStateError):
        services.teaching.undo(member, example.id)
