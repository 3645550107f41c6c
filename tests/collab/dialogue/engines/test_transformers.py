"""The engine in this process: with a tiny model with random weights, and with the packaged one."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collab.dialogue.engines import Message, packaged
from collab.dialogue.engines.transformers import TransformersModel, pieces
from collab.errors import (
    AdapterUnknownError,
    EngineBrokenError,
    ModelFolderMissingError,
    ModelLoadError,
    PromptTooLongError,
)

HELLO: list[Message] = [{"role": "user", "content": "hello"}]


def told_nobody(stage: str, share: float) -> None:
    """A progress that goes nowhere."""


@pytest.fixture
def tiny(tiny_folder: Path) -> Iterator[TransformersModel]:
    model = TransformersModel.load(str(tiny_folder), told_nobody)
    yield model
    model.close()


def each_step(engine: TransformersModel, act: Callable[[int], object]) -> None:
    """Calls `act` with 1, 2, … whenever the network of the engine has computed a step."""
    steps = iter(range(1, 1_000_000))
    network: Any = engine._model
    network.register_forward_hook(lambda *_: act(next(steps)) and None)


def answer(engine: TransformersModel, max_tokens: int = 20, cancel: threading.Event | None = None) -> Iterator[str]:
    return engine.stream(HELLO, max_tokens=max_tokens, cancel=cancel or threading.Event())


def test_says_as_many_tokens_as_allowed_and_the_same_each_time(tiny: TransformersModel) -> None:
    counted: list[int] = []
    each_step(tiny, counted.append)
    first = "".join(answer(tiny))
    assert counted == list(range(1, 21))
    assert "".join(answer(tiny)) == first


def test_cancelling_stops_the_computation_at_the_next_token(tiny: TransformersModel) -> None:
    cancel = threading.Event()
    counted: list[int] = []

    def cancel_in_the_fifth(step: int) -> None:
        counted.append(step)
        if step == 5:
            cancel.set()

    each_step(tiny, cancel_in_the_fifth)
    list(answer(tiny, max_tokens=300, cancel=cancel))
    assert counted == [1, 2, 3, 4, 5]


def test_cancelled_before_it_began_computes_nothing(tiny: TransformersModel) -> None:
    counted: list[int] = []
    each_step(tiny, counted.append)
    cancel = threading.Event()
    cancel.set()
    assert list(answer(tiny, cancel=cancel)) == []
    assert counted == []


@pytest.mark.parametrize("how", ["iterator", "engine"])
def test_closing_stops_the_computation(tiny: TransformersModel, how: str) -> None:
    first_told, counted = threading.Event(), []

    def hold_the_second(step: int) -> None:
        counted.append(step)
        if step == 2:
            first_told.wait(timeout=30)

    each_step(tiny, hold_the_second)
    answering = answer(tiny, max_tokens=390)
    next(answering)
    first_told.set()
    if how == "iterator":
        answering.close()  # type: ignore[attr-defined]
    else:
        tiny.close()
        list(answering)
    assert len(counted) < 390


def test_a_failure_inside_reaches_the_reader_and_the_engine_lives_on(tiny: TransformersModel) -> None:
    def fail_in_the_third(step: int) -> None:
        if step == 3:
            raise RuntimeError("not enough memory\nand a long trace")

    each_step(tiny, fail_in_the_third)
    told: list[str] = []
    with pytest.raises(EngineBrokenError, match=r"not enough memory\. Ask again"):
        told.extend(answer(tiny))
    assert "".join(answer(tiny))


def test_one_thread_computes_all_that_is_asked_for(tiny: TransformersModel) -> None:
    threads_seen: set[int] = set()
    each_step(tiny, lambda _: threads_seen.add(threading.get_ident()))
    texts: list[str] = []
    readers = [threading.Thread(target=lambda: texts.append("".join(answer(tiny)))) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(timeout=60)
    assert len(threads_seen) == 1
    assert len(set(texts)) == 1
    assert len(texts) == 4


def test_a_closed_engine_says_so(tiny: TransformersModel) -> None:
    tiny.close()
    with pytest.raises(EngineBrokenError, match="closed"):
        list(answer(tiny))


def test_old_turns_are_left_out_when_the_context_is_full(tiny: TransformersModel) -> None:
    talk: list[Message] = [{"role": "user", "content": "x" * 390}, {"role": "assistant", "content": "y"}, *HELLO]
    short = "".join(answer(tiny))
    assert "".join(tiny.stream(talk, max_tokens=20, cancel=threading.Event())) == short


def test_a_question_that_is_longer_than_the_context_is_refused(tiny: TransformersModel) -> None:
    with pytest.raises(PromptTooLongError) as refused:
        list(tiny.stream([{"role": "user", "content": "x" * 377}], max_tokens=20, cancel=threading.Event()))
    assert refused.value.params == {"tokens": 382, "limit": 380}  # "u:", 377 x, ";" and "a:" are 382


def test_instructions_reach_a_model_that_knows_no_system_messages(tiny: TransformersModel) -> None:
    tokenizer: Any = tiny._tokenizer
    refusing = "{% for m in messages if m['role'] == 'system' %}{{ raise_exception('no such role') }}{% endfor %}"
    tokenizer.chat_template = refusing + tokenizer.chat_template
    instructed: list[Message] = [{"role": "system", "content": "be brief"}, *HELLO]
    joined: list[Message] = [{"role": "user", "content": "be brief\n\nhello"}]
    assert tiny._prompt(instructed, 20) == tiny._prompt(joined, 20) != tiny._prompt(HELLO, 20)
    assert "".join(tiny.stream(instructed, max_tokens=20, cancel=threading.Event()))


def test_a_chat_that_no_template_takes_is_an_error_of_the_engine(tiny: TransformersModel) -> None:
    tokenizer: Any = tiny._tokenizer
    tokenizer.chat_template = "{{ raise_exception('users first') }}"
    with pytest.raises(EngineBrokenError, match="users first"):
        list(answer(tiny))


def test_adapters_are_refused(tiny: TransformersModel) -> None:
    with pytest.raises(AdapterUnknownError):
        list(tiny.stream(HELLO, max_tokens=5, cancel=threading.Event(), adapter="v2"))


def test_characters_of_several_bytes_come_out_whole() -> None:
    text = "né €9 票 😀!"
    told = list(pieces(iter(text.encode()), lambda ids: bytes(ids).decode(errors="replace")))
    assert told == list(text)


def test_half_a_character_at_the_end_is_left_out() -> None:
    assert list(pieces(iter("9 €".encode()[:-1]), lambda ids: bytes(ids).decode(errors="replace"))) == ["9", " "]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderMissingError, match="does not exist"):
        TransformersModel.load(str(tmp_path / "nothing"), told_nobody)
    with pytest.raises(ModelFolderMissingError, match=r"no config\.json"):
        TransformersModel.load(str(tmp_path), told_nobody)


@pytest.mark.parametrize(
    ("file", "content"),
    [("config.json", "{"), ("model.safetensors", "weights"), ("tokenizer.json", "{}"), ("chat_template.jinja", "")],
)
def test_a_damaged_folder_is_told(tiny_folder: Path, tmp_path: Path, file: str, content: str) -> None:
    for path in tiny_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / file).write_text(content)
    with pytest.raises(ModelLoadError, match="COLLAB_MODEL"):
        TransformersModel.load(str(tmp_path), told_nobody)


@pytest.mark.models
def test_the_packaged_model_answers_the_same_each_time_and_in_every_script(packaged_folder: Path) -> None:
    engine = TransformersModel.load(str(packaged_folder), told_nobody, name=packaged.NAME)
    capital: list[Message] = [{"role": "user", "content": "What is the capital of France?"}]
    texts = ["".join(engine.stream(capital, max_tokens=24, cancel=threading.Event())) for _ in range(2)]
    assert "Paris" in texts[0]
    assert texts[0] == texts[1]
    smile: list[Message] = [{"role": "user", "content": "Repeat exactly: 😀 票价 café"}]
    told = list(engine.stream(smile, max_tokens=24, cancel=threading.Event()))
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(told)
    engine.close()


@pytest.mark.models
def test_stopping_the_packaged_model_ends_its_computation(packaged_folder: Path) -> None:
    engine = TransformersModel.load(str(packaged_folder), told_nobody)
    cancel = threading.Event()
    counted: list[int] = []

    def cancel_in_the_third(step: int) -> None:
        counted.append(step)
        if step == 3:
            cancel.set()

    each_step(engine, cancel_in_the_third)
    story: list[Message] = [{"role": "user", "content": "Tell a long story about a museum."}]
    list(engine.stream(story, max_tokens=500, cancel=cancel))
    assert counted == [1, 2, 3]
    engine.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("engine")]  # none computes on


@pytest.mark.models
def test_the_packaged_model_needs_no_network(packaged_folder: Path) -> None:
    script = f"""
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit(f"{{event}} {{arguments}}")

sys.addaudithook(refuse)
from collab.dialogue.engines.transformers import TransformersModel
TransformersModel.load({str(packaged_folder)!r}, lambda stage, share: None).close()
print("loaded")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.returncode) == ("loaded\n", 0), done.stderr
