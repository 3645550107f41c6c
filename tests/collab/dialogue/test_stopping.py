"""An answer that ends early, by a person or by a fault: the computation ends too, and what was said is kept."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from collab.config import Settings
from collab.dialogue.engines import Message
from collab.dialogue.records import Delta, Done, Event, TurnRecord
from collab.errors import EngineBrokenError
from collab.people.access import EVERYONE, Actor
from collab.services import Services
from tests.fakes import EchoModel, WordEmbedder


class TestStopping:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel(" ".join(f"word{n}" for n in range(1_000)), delay_s=0.001)

    def read_until(self, events: Iterator[Event], words: int) -> None:
        for event in events:
            words -= isinstance(event, Delta)
            if words == 0:
                return

    def test_stop_ends_the_computation_and_keeps_what_was_said(
        self, services: Services, member: Actor, engine: EchoModel
    ) -> None:
        cancel = threading.Event()
        events = services.assistant.reply(member, None, "Write a poem", cancel=cancel)
        self.read_until(events, 3)
        cancel.set()
        done = list(events)[-1]
        assert isinstance(done, Done)
        assert (done.turn.is_stopped, done.turn.answer.split()[:3]) == (True, ["word0", "word1", "word2"])
        assert engine.told <= 4

    def test_a_reader_who_leaves_stops_it_too(self, services: Services, member: Actor, engine: EchoModel) -> None:
        events = services.assistant.reply(member, None, "Write a poem")
        self.read_until(events, 3)
        events.close()  # type: ignore[attr-defined]
        (conversation,) = services.conversations.list(member)
        (turn,) = services.conversations.turns(member, conversation.id)
        assert (turn.is_stopped, turn.answer, engine.told) == (True, "word0 word1 word2", 3)


class TestAModelThatBreaksHalfway:
    @pytest.fixture
    def engine(self) -> EchoModel:
        class Breaking(EchoModel):
            def stream(self, *args: object, **more: object) -> Iterator[str]:
                yield "Hello "
                yield "there "
                raise EngineBrokenError(reason="out of memory")

        return Breaking()

    def test_what_was_shown_is_kept(self, services: Services, member: Actor) -> None:
        with pytest.raises(EngineBrokenError):
            list(services.assistant.reply(member, None, "Write a poem"))
        (conversation,) = services.conversations.list(member)
        (turn,) = services.conversations.turns(member, conversation.id)
        assert (turn.answer, turn.is_stopped) == ("Hello there", True)


class TestAnAnswerThatTakesTooLong:
    """The model writes a sentence and then nothing more until it is stopped; or nothing at all."""

    FEES = b"# Fees\n\nStudents pay 9 euros on showing a valid card.\n"
    SENTENCE = "On showing a valid card, students pay 9 euros. "

    class Stuck(EchoModel):
        is_silent = False

        def stream(
            self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
        ) -> Iterator[str]:
            if not self.is_silent:
                yield from super().stream(messages, max_tokens=max_tokens, cancel=cancel)
                yield "And "
            assert cancel.wait(60)

    @pytest.fixture
    def engine(self) -> Stuck:
        return self.Stuck(self.SENTENCE)

    @pytest.fixture
    def services(self, tmp_path: Path, migrated: Path, engine: EchoModel) -> Iterator[Services]:
        shutil.copy(migrated, tmp_path)
        services = Services(Settings(data=tmp_path, answer_seconds=0.2), embedder=WordEmbedder(), engine=engine)
        services.models.load()
        services.library.add("fees.md", self.FEES, EVERYONE)
        yield services
        services.close()

    def ask(self, services: Services, member: Actor, text: str) -> TurnRecord:
        done = list(services.assistant.reply(member, None, text))[-1]
        assert isinstance(done, Done)
        return done.turn

    def test_what_is_whole_and_supported_stays(self, services: Services, member: Actor) -> None:
        turn = self.ask(services, member, "What do students pay?")
        assert (turn.answer, turn.is_stopped) == (f"{self.SENTENCE}[1]", False)
        assert turn.reasons == ("why.quoted", "why.time_limit")

    def test_without_a_word_the_quotes_are_the_answer(self, services: Services, member: Actor, engine: Stuck) -> None:
        engine.is_silent = True
        turn = self.ask(services, member, "What do students pay?")
        assert turn.answer == "Students pay 9 euros on showing a valid card. [1]"
        assert turn.reasons == ("why.quoted", "why.time_limit", "why.only_quotes")

    def test_a_task_keeps_what_was_written(self, services: Services, member: Actor) -> None:
        turn = self.ask(services, member, "Write a poem")
        assert (turn.answer, turn.is_stopped) == (f"{self.SENTENCE}And", False)
        assert turn.reasons == ("why.no_sources_needed", "why.time_limit")

    def test_a_task_of_which_nothing_was_written_fails(self, services: Services, member: Actor, engine: Stuck) -> None:
        engine.is_silent = True
        with pytest.raises(EngineBrokenError, match="nothing in the time"):
            self.ask(services, member, "Write a poem")
        assert services.conversations.list(member) == []
