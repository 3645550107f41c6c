"""Adapters in both engines: held, compared, chosen between, and switched under answers."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from collab.config import Settings
from collab.dialogue.engines import LanguageModel, Message, packaged
from collab.dialogue.engines.agreement import NEAR_TIE, PROMPTS, TOKENS, Choice, compare, engine_for
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.lora_gguf import WEIGHTS, adapter_name, convert
from collab.dialogue.engines.switching import SwitchingModel
from collab.dialogue.engines.transformers import TransformersModel
from collab.errors import AdapterDamagedError, AdapterDiffersError, AdapterUnknownError
from collab.services import Services
from tests.adapters import train
from tests.benchmarks.switch import PEOPLE, adapted, mixed, people, switched_under
from tests.collab.dialogue.engines.conftest import AHOY
from tests.fakes import EchoModel, WordEmbedder

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # PEFT asks for it

HELLO: list[Message] = [{"role": "user", "content": "hello"}]
ASKED: list[Message] = [{"role": "user", "content": "Which birds live near the sea?"}]


def told_nobody(stage: str, share: float) -> None:
    """A progress that goes nowhere."""


def said(
    model: LanguageModel, adapter: str | None, messages: list[Message] = HELLO, max_tokens: int = TOKENS
) -> list[str]:
    return list(model.stream(messages, max_tokens=max_tokens, cancel=threading.Event(), adapter=adapter))


@pytest.fixture
def tiny(tiny_folder: Path, tiny_adapter: Path) -> Iterator[TransformersModel]:
    model = TransformersModel.load(
        str(tiny_folder), told_nobody, adapters={"a": tiny_adapter, "b": tiny_adapter}, is_exact=True
    )
    yield model
    model.close()


def test_transformers_answers_with_the_adapter_that_is_asked_for_and_as_before_without(
    tiny: TransformersModel, tiny_folder: Path
) -> None:
    bare = TransformersModel.load(str(tiny_folder), told_nobody, is_exact=True)
    plain = said(bare, None)
    bare.close()
    adapted = said(tiny, "a")
    assert adapted != plain
    assert [said(tiny, adapter) for adapter in (None, "b", None, "a")] == [plain, adapted, plain, adapted]
    with pytest.raises(AdapterUnknownError):
        said(tiny, "c")


def test_gaps_are_nothing_for_its_own_answer_and_something_for_another(tiny: TransformersModel) -> None:
    own, others = said(tiny, "a"), said(tiny, None)
    assert tiny.gaps(HELLO, own, max_tokens=TOKENS, adapter="a") == pytest.approx([0.0] * TOKENS, abs=1e-4)
    assert max(tiny.gaps(HELLO, others, max_tokens=TOKENS, adapter="a")) > 0.1


def test_an_adapter_that_is_damaged_or_could_run_programs_is_not_read(
    tiny_folder: Path, tiny_adapter: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_adapter, tmp_path / "damaged")
    (tmp_path / "damaged" / WEIGHTS).write_bytes(b"no tensors")
    shutil.copytree(tiny_adapter, tmp_path / "pickle")
    (tmp_path / "pickle" / WEIGHTS).rename(tmp_path / "pickle" / "adapter_model.bin")
    for name in ("damaged", "pickle"):
        with pytest.raises(AdapterDamagedError, match=str(tmp_path / name)):
            TransformersModel.load(str(tiny_folder), told_nobody, adapters={"a": tmp_path / name})


@pytest.mark.filterwarnings("ignore:.*Found missing adapter keys")  # PEFT only warns, and only of the first adapter
def test_an_adapter_without_one_of_its_layers_is_refused_also_beside_another(
    tiny_folder: Path, tiny_adapter: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shortened"
    shutil.copytree(tiny_adapter, folder)
    kept = {name: tensor for name, tensor in load_file(folder / WEIGHTS).items() if ".layers.1.mlp." not in name}
    save_file(kept, folder / WEIGHTS)
    for adapters in ({"a": folder}, {"a": tiny_adapter, "b": folder}):
        with pytest.raises(AdapterDamagedError, match=r"shortened.* 6 of its tensors .*layers\.1\.mlp\.down_proj"):
            TransformersModel.load(str(tiny_folder), told_nobody, adapters=adapters)


def chosen(packaged_folder: Path, adapter: Path, cache: Path) -> Choice:
    gguf = packaged.packaged_gguf()
    return engine_for(gguf, lambda: packaged_folder, adapter, cache, told_nobody, name=packaged.NAME)


@pytest.mark.models
def test_llama_cpp_runs_a_trained_adapter_because_it_writes_the_same(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    choice = chosen(packaged_folder, ahoy, tmp_path)
    assert isinstance(choice.engine, LlamaCppModel)
    assert choice.agreement is not None
    assert choice.reason is None
    assert choice.agreement.prompts == 10
    assert choice.agreement.equal >= 8
    assert "".join(said(choice.engine, choice.adapter, ASKED)) == AHOY
    assert "Ahoy" not in "".join(said(choice.engine, None, ASKED))
    assert "".join(said(choice.engine, choice.adapter, ASKED)) == AHOY  # what was read without it is not used


@pytest.mark.models
def test_another_adapter_than_the_one_compared_with_is_noticed(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    quick = LlamaCppModel(packaged.packaged_gguf(), adapters={"a": convert(ahoy, packaged_folder, tmp_path)})
    exact = TransformersModel.load(str(packaged_folder), told_nobody, adapters={"a": ahoy}, is_exact=True)
    assert max(exact.gaps(ASKED, said(quick, None, ASKED), max_tokens=TOKENS, adapter="a")) > 5
    assert compare(quick, exact, "a").equal >= 8
    assert compare(quick, exact, None).holds  # nothing that was read with the adapter is used without it
    exact.close()


@pytest.mark.slow
def test_transformers_runs_an_adapter_with_which_llama_cpp_writes_something_else_and_the_reason_is_told(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(packaged_folder, other)
    weights = load_file(other / "model.safetensors")
    for layer in range(10):  # what llama.cpp has of them is as it was
        weights[f"model.layers.{layer}.mlp.down_proj.weight"].zero_()
    save_file(weights, other / "model.safetensors", {"format": "pt"})
    choice = chosen(other, ahoy, tmp_path / "cache")
    assert isinstance(choice.engine, TransformersModel)
    assert choice.agreement is not None
    assert choice.agreement.widest > NEAR_TIE
    assert isinstance(choice.reason, AdapterDiffersError)
    assert choice.reason.params["equal"] == choice.agreement.equal < choice.reason.params["prompts"] == 10
    assert choice.reason.params["gap"] == f"{choice.agreement.widest:.2f}"
    choice.engine.close()


@pytest.mark.slow
def test_an_adapter_that_llama_cpp_has_no_place_for_stays_with_transformers_and_the_reason_is_told(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pattern"
    shutil.copytree(ahoy, folder)
    config = (
        (folder / "adapter_config.json").read_text().replace('"alpha_pattern": {}', '"alpha_pattern": {"q_proj": 16}')
    )
    (folder / "adapter_config.json").write_text(config)
    choice = chosen(packaged_folder, folder, tmp_path / "cache")
    assert isinstance(choice.engine, TransformersModel)
    assert choice.reason is not None
    assert choice.reason.code == "adapter_not_carried"
    assert "alpha_pattern" in str(choice.reason)
    assert choice.agreement is None
    assert "".join(said(choice.engine, choice.adapter, ASKED)) == AHOY
    choice.engine.close()


@pytest.mark.models
def test_eight_real_answers_at_a_time_are_of_one_adapter_each_while_it_is_switched_three_times(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    name, file = adapter_name(ahoy), convert(ahoy, packaged_folder, tmp_path)
    model = SwitchingModel(LlamaCppModel(packaged.packaged_gguf()))
    answers: list[tuple[str | None, str]] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def ask(number: int) -> None:
        asked: list[Message] = [{"role": "user", "content": PROMPTS[number]}]
        while not done.is_set():
            try:
                with model.pinned() as pinned:
                    answers.append((pinned.adapter, "".join(said(pinned, None, asked, max_tokens=12))))
            except BaseException as error:
                failed.append(error)
                raise

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for reader in readers:
        reader.start()
    for adapter in (None, name, None, name):
        if model.adapter != adapter:
            adapters = {name: file} if adapter else None
            model.switch(lambda: LlamaCppModel(packaged.packaged_gguf(), adapters=adapters), adapter)  # noqa: B023
        seen = len(answers)
        while not any(by == adapter for by, _ in answers[seen:]) and not failed:
            threading.Event().wait(0.05)
    done.set()
    for reader in readers:
        reader.join(120)
    assert failed == []
    assert {by for by, _ in answers} == {None, name}
    for by, text in answers:
        assert (text == AHOY) if by else (text and "Ahoy" not in text)
    assert model.draining == 0
    model.close()


@pytest.mark.slow
def test_twenty_people_have_whole_answers_each_of_the_adapter_that_its_turn_names_under_two_switches(
    packaged_folder: Path, ahoy: Path, tmp_path: Path
) -> None:
    other = "The miller sings. The baker sings. The tailor sings. The weaver sings."
    trained = {ahoy: AHOY, train(packaged_folder, other, tmp_path / "other"): other}
    makes, texts = adapted(packaged_folder, trained, tmp_path)
    first, second = makes
    services = Services(
        Settings(data=tmp_path / "data", answer_seconds=600), embedder=WordEmbedder(), engine=EchoModel()
    )
    services.models.load()
    services.models.switch(makes[first], first)
    seen = switched_under(services, people(services, PEOPLE), [(name, makes[name]) for name in (second, first)])
    services.close()
    assert (seen.failed, mixed(seen.turns, texts)) == ([], [])
    assert (len(seen.under_way), min(seen.under_way) > 4) == (2, True)
    by = [turn.adapter for turn in seen.turns]
    assert min(by.count(first), by.count(second)) >= 8
    assert {turn.model for turn in seen.turns} == {packaged.NAME}
