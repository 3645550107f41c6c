"""Answers come in order, none is asked for twice, and none is missing."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from collab.dialogue.engines import Message
from collab.errors import AnswerMissingError, GateCancelledError
from collab.learning.answering import ANSWER_TOKENS, MOST_TOKENS, Answers, Prompt, room_of, through
from collab.learning.records import HeldOut, HeldOutKind
from tests.fakes import EchoModel


def prompt(text: str) -> Prompt:
    return ({"role": "user", "content": text},)


class Upper:
    """Says what was asked in capitals, and counts."""

    def __init__(self) -> None:
        self.heard: list[tuple[str | None, str]] = []

    def __call__(self, key: str | None, messages: Sequence[Message]) -> str:
        self.heard.append((key, messages[-1]["content"]))
        return messages[-1]["content"].upper()


@pytest.mark.parametrize("at_once", [1, 4])
def test_answers_are_in_the_order_of_the_prompts_and_asked_for_once(at_once: int) -> None:
    told: list[int] = []
    upper = Upper()
    answers = Answers(upper, base_id="b", at_once=at_once)
    prompts = [prompt(text) for text in ("one", "two", "one", "three")]
    assert answers.all("live", prompts, told.append) == ["ONE", "TWO", "ONE", "THREE"]
    assert told == [1, 2, 3, 4]  # the repeated one is there from the start
    assert answers.all("live", prompts[:2], told.append) == ["ONE", "TWO"]
    assert sorted(upper.heard) == [("live", "one"), ("live", "three"), ("live", "two")]


def test_what_each_model_said_is_kept_in_the_folder_apart(tmp_path: Path) -> None:
    upper = Upper()
    for _ in range(2):
        answers = Answers(upper, base_id="b", cache=tmp_path)
        answers.all("live", [prompt("one")], lambda done: None)
        answers.all(None, [prompt("one")], lambda done: None)
    assert upper.heard == [("live", "one"), (None, "one")]
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["ONE", "ONE"]


def test_an_empty_answer_is_an_error_and_not_kept(tmp_path: Path) -> None:
    answers = Answers(lambda key, messages: " ", base_id="b", cache=tmp_path)
    with pytest.raises(AnswerMissingError, match="“one”"):
        answers.all(None, [prompt("one")], lambda done: None)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_answer_may_be_allowed_and_is_not_kept_either(tmp_path: Path) -> None:
    said = {"one": "", "two": "2"}
    answers = Answers(lambda key, asked: said[asked[-1]["content"]], base_id="b", cache=tmp_path, may_be_empty=True)
    assert answers.all(None, [prompt("one"), prompt("two")], lambda done: None) == ["", "2"]
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["2"]


def test_an_answer_that_was_stopped_in_the_middle_is_not_kept(tmp_path: Path) -> None:
    cancel = threading.Event()

    def stopped(key: str | None, messages: Sequence[Message]) -> str:
        cancel.set()
        return "half an"

    answers = Answers(stopped, base_id="b", cache=tmp_path, cancel=cancel)
    with pytest.raises(GateCancelledError):
        answers.all(None, [prompt("one")], lambda done: None)
    assert list(tmp_path.iterdir()) == []


def test_an_engine_is_asked_for_as_much_as_was_taught() -> None:
    long = prompt("Long?")
    model = EchoModel(" ".join(map(str, range(2000))))
    items = [
        HeldOut(HeldOutKind.PARAPHRASE, "l", long, "x" * 300, True),
        HeldOut(HeldOutKind.PARAPHRASE, "m", prompt("Endless?"), "x" * 9000, True),
    ]
    answer = through(model, threading.Event(), room_of(items))
    assert len(answer(None, long).split()) == 100
    assert len(answer(None, prompt("Endless?")).split()) == MOST_TOKENS
    assert len(answer(None, prompt("Short?")).split()) == ANSWER_TOKENS
    assert model.heard[0] == [{"role": "user", "content": "Long?"}]


def test_an_engine_that_goes_round_in_circles_is_stopped() -> None:
    model = EchoModel("in the box " * 60)
    said = through(model, threading.Event(), room_of(()))(None, prompt("Where?"))
    assert len(said.split()) < 30


def test_what_had_less_room_is_asked_again(tmp_path: Path) -> None:
    upper = Upper()
    for room in (64, 64, 200):
        answers = Answers(upper, base_id="b", cache=tmp_path, room=lambda messages, room=room: room)
        answers.all("live", [prompt("one")], lambda done: None)
    assert upper.heard == [("live", "one")] * 2
