"""An engine that fails, before or amid its answer: the quotes or a clear error; then the next question is answered."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from collab.dialogue.engines import Message
from collab.errors import EngineBrokenError
from tests.fakes import EchoModel
from tests.faults.conftest import POEM, QUOTED, STUDENTS, House, answer_of, told

VERSE = "Spring is here. "


class OutOfMemoryError(RuntimeError):
    """As torch's, which is a RuntimeError too."""


class Failing(EchoModel):
    """Says so many verses, and fails; once it is repaired, it says them all."""

    def __init__(self) -> None:
        super().__init__(VERSE * 5)
        self.error: BaseException | None = None
        self.verses = 0

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        if self.error is None:
            yield from super().stream(messages, max_tokens=max_tokens, cancel=cancel)
            return
        for _ in range(self.verses):
            yield VERSE
        raise self.error


@pytest.fixture
def engine() -> Failing:
    return Failing()


FAULTS = [
    (EngineBrokenError(reason="it lost its voice"), "it lost its voice"),
    (MemoryError(), "there is not enough memory"),
    (OutOfMemoryError("secret: tried to allocate 2 GiB"), "OutOfMemoryError"),
    (RuntimeError("secret"), "RuntimeError"),
    (OSError(5, "secret"), "OSError"),
]


@pytest.fixture(params=FAULTS, ids=lambda fault: type(fault[0]).__name__)
def why(request: pytest.FixtureRequest, engine: Failing) -> str:
    """The engine fails; what of it a person is told."""
    engine.error, why = request.param
    return str(why)


@pytest.mark.parametrize("verses", [0, 2])
def test_a_question_is_answered_by_its_quotes(house: House, engine: Failing, why: str, verses: int) -> None:
    engine.verses = verses
    reply = house.ask(STUDENTS)
    assert answer_of(reply) == QUOTED
    assert reply.json()["collab"]["decision"] == "grounded"
    assert "9 euros" in house.ask_on_the_page(STUDENTS)["running"]
    assert [(turn.answer, turn.is_stopped) for turn in house.turns()] == [(QUOTED, False)] * 2
    engine.error = None
    assert answer_of(house.ask(POEM)) == (VERSE * 5).strip()


def test_a_task_is_refused_with_the_reason(house: House, engine: Failing, why: str) -> None:
    reply = house.ask(POEM)
    assert (reply.status_code, reply.json()["error"]["code"]) == (502, "engine_broken")
    shown = told(house.ask_on_the_page(POEM))
    for message in (reply.json()["error"]["message"], shown):
        assert why in message
        assert "Ask again" in message
        assert "secret" not in message
    assert house.turns() == []
    engine.error = None
    assert answer_of(house.ask(POEM)) == (VERSE * 5).strip()


def test_what_was_said_of_a_task_is_kept_as_a_stopped_turn(house: House, engine: Failing, why: str) -> None:
    engine.verses = 2
    streamed = house.ask(POEM, stream=True).text
    assert [streamed.count(words) for words in ("Spring is here. ", why, "[DONE]")] == [2, 1, 0]
    assert why in told(house.ask_on_the_page(POEM))
    assert [(turn.answer, turn.is_stopped) for turn in house.turns()] == [((VERSE * 2).strip(), True)] * 2
    engine.error = None
    conversation = house.turns()[0].conversation_id
    assert answer_of(house.ask(POEM, conversation_id=conversation)) == (VERSE * 5).strip()
    assert [turn.position for turn in house.services.conversations.turns(house.mel, conversation)] == [0, 1]
