"""An answer that ends early, by a person or by a fault: the computation ends too, and what was said is kept."""

import threading
from collections.abc import Iterator

import pytest

from collab.dialogue.records import Delta, Done, Event
from collab.errors import EngineBrokenError
from collab.people.access import Actor
from collab.services import Services
from tests.fakes import EchoModel


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
