"""From one engine to the next, while answers are written."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from collab.dialogue.engines import LanguageModel, Message
from collab.dialogue.engines.switching import SwitchingModel
from collab.errors import EngineBrokenError, ModelLoadError
from tests.fakes import EchoModel

HELLO: list[Message] = [{"role": "user", "content": "hello"}]


class NamedModel(EchoModel):
    """Says its own name and its adapter's again and again; fails once it is closed, as real ones do."""

    def __init__(self, name: str, delay_s: float = 0) -> None:
        super().__init__(" ".join([name] * 10), delay_s)
        self.name = name
        self.slots = len(name)
        self.closed = 0

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        for word in super().stream(messages, max_tokens=max_tokens, cancel=cancel):
            if self.closed:
                raise EngineBrokenError(reason="it has been closed")
            yield f"{word.strip()}/{adapter} "

    def close(self) -> None:
        self.closed += 1


def words(model: LanguageModel) -> list[str]:
    return "".join(model.stream(HELLO, max_tokens=99, cancel=threading.Event())).split()


def test_an_answer_stays_with_its_engine_and_a_later_one_has_the_new() -> None:
    first, second = NamedModel("one"), NamedModel("three")
    model = SwitchingModel(first)
    begun = model.stream(HELLO, max_tokens=99, cancel=threading.Event())
    said = [next(begun)]
    model.switch(lambda: second, "b")
    assert (model.name, model.slots, model.adapter, model.draining) == ("three", 5, "b", 1)
    assert set(words(model)) == {"three/b"}
    assert first.closed == 0
    assert [*said, *begun] == ["one/None "] * 10
    assert (first.closed, second.closed, model.draining) == (1, 0, 0)


def test_what_is_pinned_tells_who_writes_and_stays_so() -> None:
    first = NamedModel("one")
    model = SwitchingModel(first, "a")
    with model.pinned() as pinned:
        model.switch(lambda: NamedModel("two"), None)
        assert (pinned.name, pinned.adapter, model.adapter) == ("one", "a", None)
        assert words(pinned) == ["one/a"] * 10
        assert first.closed == 0
    assert first.closed == 1


def test_an_engine_without_answers_is_closed_at_once_and_an_answer_not_read_holds_none() -> None:
    first = NamedModel("one")
    model = SwitchingModel(first)
    waiting = model.stream(HELLO, max_tokens=99, cancel=threading.Event())
    model.switch(lambda: NamedModel("two"), "b")
    assert first.closed == 1
    assert next(waiting) == "two/b "


def test_a_reader_who_leaves_lets_the_old_engine_go() -> None:
    first = NamedModel("one")
    model = SwitchingModel(first)
    begun = model.stream(HELLO, max_tokens=99, cancel=threading.Event())
    next(begun)
    model.switch(lambda: NamedModel("two"), None)
    begun.close()  # type: ignore[attr-defined]
    assert first.closed == 1


def test_an_engine_that_does_not_start_changes_nothing() -> None:
    def fail() -> LanguageModel:
        raise ModelLoadError(model="two", reason="it is damaged")

    first = NamedModel("one")
    model = SwitchingModel(first, "a")
    with pytest.raises(ModelLoadError):
        model.switch(fail, "b")
    assert (model.name, model.adapter, first.closed) == ("one", "a", 0)
    model.switch(lambda: NamedModel("two"), "b")  # and the next one is not held up
    assert model.adapter == "b"


def test_of_two_switches_the_second_waits_for_the_first() -> None:
    started, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def slowly() -> LanguageModel:
        started.set()
        go_on.wait(30)
        order.append("slow")
        return NamedModel("slow")

    def quickly() -> LanguageModel:
        order.append("quick")
        return NamedModel("quick")

    model = SwitchingModel(NamedModel("one"))
    threads = [threading.Thread(target=model.switch, args=(make, None)) for make in (slowly, quickly)]
    threads[0].start()
    started.wait(30)
    threads[1].start()
    assert words(model) == ["one/None"] * 10  # answers go on meanwhile
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert (order, model.name, model.draining) == (["slow", "quick"], "quick", 0)


def test_closing_stops_old_and_new_and_lets_none_begin() -> None:
    first, second, third = NamedModel("one"), NamedModel("two"), NamedModel("three")
    model = SwitchingModel(first)
    begun = model.stream(HELLO, max_tokens=99, cancel=threading.Event())
    next(begun)
    model.switch(lambda: second, None)
    model.close()
    assert min(first.closed, second.closed) == 1
    with pytest.raises(EngineBrokenError):
        next(begun)
    with pytest.raises(EngineBrokenError, match="closed"):
        model.switch(lambda: third, None)
    assert third.closed == 1


def test_twenty_answers_under_three_switches_are_whole_and_of_one_adapter_each() -> None:
    engines = [NamedModel(name, delay_s=0.002) for name in ("zero", "one", "two", "three")]
    model = SwitchingModel(engines[0], "0")
    answers: list[list[str]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(words(model))

    readers = [threading.Thread(target=ask) for _ in range(20)]
    for reader in readers:
        reader.start()
    for number, engine in enumerate(engines):
        if number:
            model.switch(lambda: engine, str(number))  # noqa: B023 - called before the next round
        while not any(answer[0] == f"{engine.name}/{number}" for answer in list(answers)):
            threading.Event().wait(0.001)
    done.set()
    for reader in readers:
        reader.join(60)
    assert all(len(answer) == 10 and len(set(answer)) == 1 for answer in answers)
    assert {answer[0] for answer in answers} == {"zero/0", "one/1", "two/2", "three/3"}
    assert [engine.closed for engine in engines] == [1, 1, 1, 0]
