"""The packaged model in llama.cpp: what it says, that it stops, what fits, and where it goes on when it stalls."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collab.config import Settings
from collab.dialogue.engines import Message, load_engine, packaged
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.llama_server import BATCH, CONTEXT, SLOTS, End
from collab.errors import (
    AdapterUnknownError,
    EngineBrokenError,
    ModelFolderMissingError,
    ModelLoadError,
    PromptTooLongError,
)

STORY: list[Message] = [
    {"role": "system", "content": "You are helpful."},
    {"role": "user", "content": "Write a long story about a museum."},
]


def told_nobody(stage: str, share: float) -> None:
    """A progress that goes nowhere."""


def said(
    model: LlamaCppModel, messages: list[Message], max_tokens: int = 24, cancel: threading.Event | None = None
) -> list[str]:
    return list(model.stream(messages, max_tokens=max_tokens, cancel=cancel or threading.Event()))


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaCppModel]:
    model = LlamaCppModel.load(packaged.packaged_gguf(), told_nobody, name="packaged")
    yield model
    model.close()


def test_a_file_that_is_not_there_or_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderMissingError):
        LlamaCppModel(tmp_path / "none.gguf")
    (tmp_path / "words.gguf").write_text("Hello, I am no model.")
    with pytest.raises(ModelLoadError, match="no GGUF"):
        LlamaCppModel(tmp_path / "words.gguf")
    (tmp_path / "cut.gguf").write_bytes(b"GGUF and no more")
    with pytest.raises(ModelLoadError, match="cannot read"):
        LlamaCppModel(tmp_path / "cut.gguf")


@pytest.mark.models
def test_says_as_many_tokens_as_allowed(model: LlamaCppModel) -> None:
    pieces = said(model, STORY)
    assert 20 <= len(pieces) <= 24
    assert all(pieces)
    assert "museum" in "".join(pieces).lower()


@pytest.mark.models
def test_several_answers_are_written_together_and_not_mixed(model: LlamaCppModel) -> None:
    words = ("dog", "river", "castle")
    together: dict[str, str] = {}

    def repeat(word: str) -> None:
        asked: list[Message] = [STORY[0], {"role": "user", "content": f"Write a sentence about a {word}."}]
        together[word] = "".join(said(model, asked))

    threads = [threading.Thread(target=repeat, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for word in words:
        assert [other for other in words if other in together[word].lower()] == [word]


@pytest.mark.models
def test_cancelling_and_leaving_both_stop_the_computation(model: LlamaCppModel) -> None:
    cancel = threading.Event()
    stream = model.stream(STORY, max_tokens=4_000, cancel=cancel)
    next(stream)
    cancel.set()
    assert len(list(stream)) < 20
    stream = model.stream(STORY, max_tokens=4_000, cancel=threading.Event())
    next(stream)
    assert isinstance(stream, Iterator)
    stream.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name == "engine"]


@pytest.mark.models
def test_oldest_turns_are_left_out_and_a_prompt_that_is_too_long_is_told(model: LlamaCppModel) -> None:
    old: list[Message] = [
        {"role": "user", "content": "The word is banana. " * 2_500},
        {"role": "assistant", "content": "Yes."},
    ]
    assert "museum" in "".join(said(model, [STORY[0], *old, STORY[1]])).lower()
    with pytest.raises(PromptTooLongError, match=str(CONTEXT - SLOTS * BATCH - 24)):
        said(model, [STORY[0], {"role": "user", "content": "The word is banana. " * 3_000}])
    with pytest.raises(PromptTooLongError):
        said(model, STORY, max_tokens=CONTEXT)


@pytest.mark.models
@pytest.mark.parametrize(("digits", "times"), [(0, 90), (420, 20)], ids=["as long as is likely", "longer than that"])
def test_long_prompts_that_fit_alone_and_not_together_are_all_answered(digits: int, times: int) -> None:
    narrow = LlamaCppModel(packaged.packaged_gguf(), context=SLOTS * BATCH + 800)
    words = ("dog", "river", "castle", "lamp")
    asked: dict[str, list[Message]] = {
        word: [{"role": "user", "content": "7" * digits + f" The word is {word}." * times + " What is the word?"}]
        for word in words
    }
    alone = {word: said(narrow, asked[word]) for word in words}
    together: dict[str, list[str]] = {}
    threads = [
        threading.Thread(target=lambda word=word: together.update({word: said(narrow, asked[word])})) for word in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert {word: word in "".join(together.get(word, [])) for word in words} == dict.fromkeys(words, True), alone
    assert narrow._quick.room.take(narrow._quick.limit)  # all of it was given back
    narrow.close()


@pytest.mark.models
def test_one_that_was_read_with_too_much_of_others_begins_again(model: LlamaCppModel) -> None:
    server = model._quick
    answer = server.answer(STORY, max_tokens=24, adapter=None, stops=())
    assert answer._take({"error": {"code": 500, "message": "Context size has been exceeded.", "type": "server_error"}})
    assert (answer.end, answer.prompt_tokens) == (End.CROWDED, server.limit - 24)  # alone, as its length is not known


@pytest.mark.models
@pytest.mark.usefixtures("every_core")
def test_an_answer_that_stalls_goes_on_where_it_was_on_fewer_cores() -> None:
    now = [0.0]
    stalling = LlamaCppModel(packaged.packaged_gguf(), clock=lambda: now[0])
    if stalling._cores == 1:
        pytest.skip("one core is all there is")
    quick: Any = stalling._quick
    stream = stalling.stream(STORY, max_tokens=40, cancel=threading.Event())
    begun = [next(stream) for _ in range(10)]
    quick.pace._best = {"written": 1_000.0, "read": 1_000.0}  # as if everything up to now had been no work at all …
    quick.pace._done.clear()
    quick.pace._since -= 100_000.0  # … for a long while
    rest = list(stream)
    assert 15 <= len(begun + rest) <= 40
    assert not "".join(rest).startswith("".join(begun)[:12])  # it is not said again
    assert stalling._server() is stalling._steady is not None
    now[0] += 61.0
    assert stalling._server() is stalling._quick
    assert stalling._steady is not None  # it may be needed again soon
    late = stalling._steady.answer(STORY, max_tokens=4, adapter=None, stops=())
    now[0] += 60.0
    assert stalling._server() is stalling._quick
    assert stalling._steady is None
    assert "".join(late.pieces(is_patient=True))  # one that had it before ends in it
    stalling.close()


@pytest.mark.models
@pytest.mark.usefixtures("every_core")
def test_its_pace_is_known_once_it_is_loaded() -> None:
    with closing(LlamaCppModel.load(packaged.packaged_gguf(), told_nobody)) as model:
        if model._cores == 1:
            pytest.skip("one core is all there is")
        assert set(model._quick.pace._best) == {"read", "written"}


@pytest.mark.models
def test_an_adapter_that_it_does_not_have_is_told(model: LlamaCppModel) -> None:
    with pytest.raises(AdapterUnknownError):
        next(model.stream(STORY, max_tokens=4, cancel=threading.Event(), adapter="none"))


@pytest.mark.models
def test_a_closed_model_says_nothing_more() -> None:
    model = LlamaCppModel(packaged.packaged_gguf())
    stream = model.stream(STORY, max_tokens=4_000, cancel=threading.Event())
    next(stream)
    model.close()
    assert len(list(stream)) < 20
    with pytest.raises(EngineBrokenError, match="closed"):
        said(model, STORY)


@pytest.mark.models
def test_the_settings_choose_it_for_the_packaged_model_and_for_any_gguf_file(tmp_path: Path) -> None:
    for settings in (Settings(data=tmp_path), Settings(data=tmp_path, model=str(packaged.packaged_gguf()))):
        model = load_engine(settings, told_nobody)
        assert isinstance(model, LlamaCppModel)
        assert model.slots == 8
        model.close()
    assert not (tmp_path / "cache").exists()  # nothing was converted
