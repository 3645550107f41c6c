"""Which models can be trained here, and in which forms they are had."""

import threading
from pathlib import Path

import pytest

from collab.config import Settings
from collab.dialogue.engines import Message
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.packaged import LANGUAGES, NAME, packaged_gguf
from collab.errors import ModelLoadError, TrainingImpossibleError
from collab.learning.trainable import TrainableModel, trainable_model
from tests.collab.learning.tiny_adapters import saved

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # PEFT asks for it


def nothing(stage: str, share: float) -> None:
    pass


def said(engine: object, prompt: str, adapter: str | None = None) -> str:
    asked: list[Message] = [{"role": "user", "content": prompt}]
    stream = engine.stream  # type: ignore[attr-defined]
    return "".join(stream(asked, max_tokens=8, cancel=threading.Event(), adapter=adapter))


def test_a_model_on_another_server_cannot_be_trained(tmp_path: Path) -> None:
    with pytest.raises(TrainingImpossibleError, match="far cannot be trained here: it runs on another server"):
        trainable_model(Settings(data=tmp_path, model_url="http://127.0.0.1:1/v1", model_name="far"))


def test_a_name_on_a_hub_cannot_be_trained(tmp_path: Path) -> None:
    with pytest.raises(TrainingImpossibleError, match="no folder with safetensors"):
        trainable_model(Settings(data=tmp_path, model="someone/some-model"))


def test_the_packaged_model_is_the_one_unless_another_is_set(tmp_path: Path) -> None:
    found = trainable_model(Settings(data=tmp_path))
    assert found == TrainableModel(NAME, LANGUAGES, packaged_gguf(), None, tmp_path / "cache" / "models")


def test_a_folder_of_weights_is_used_as_it_is(tiny: Path, tmp_path: Path) -> None:
    found = trainable_model(Settings(data=tmp_path, model=str(tiny)))
    assert found == TrainableModel("tiny", None, None, tiny, tmp_path / "cache" / "models")
    assert found.folder(nothing) == tiny


@pytest.mark.parametrize("content", [None, b"", b"GGUF" + b"\x00" * 100])
def test_a_file_that_cannot_be_converted_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "my.gguf"
    if content is not None:
        path.write_bytes(content)
    found = trainable_model(Settings(data=tmp_path, model=str(path)))
    assert (found.name, found.gguf) == ("my", path)
    with pytest.raises(TrainingImpossibleError, match="my cannot be trained here"):
        found.folder(nothing)
    assert not list((tmp_path / "cache" / "models").glob("my-*"))


def test_the_gate_hears_a_folder_with_each_adapter(tiny: Path, tmp_path: Path) -> None:
    found = trainable_model(Settings(data=tmp_path, model=str(tiny)))
    engine = found.engine({"one": saved(tiny, tmp_path / "one", 40.0), "none": saved(tiny, tmp_path / "none", 0.0)})
    bare, none = said(engine, "Hello"), said(engine, "Hello", "none")
    assert bare == none == said(engine, "Hello")
    assert said(engine, "Hello", "one") != bare
    engine.close()


def test_a_file_that_no_engine_reads_is_told(tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "my.gguf"
    path.write_bytes(b"no model")
    with pytest.raises(ModelLoadError):
        TrainableModel("my", None, path, tiny, tmp_path / "cache").engine({})


@pytest.mark.models
def test_what_the_gate_hears_does_not_depend_on_what_was_asked_before() -> None:
    prompts = [f"Tell me about the number {n}, and about what comes after it." for n in range(3)]
    engine = LlamaCppModel(packaged_gguf(), is_repeatable=True)
    first = [said(engine, prompt) for prompt in prompts]
    again = [said(engine, prompt) for prompt in reversed(prompts)]
    engine.close()
    assert again[::-1] == first
    assert len(set(first)) > 1
