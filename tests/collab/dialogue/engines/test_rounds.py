"""Answers that are written together: what they say is what they say alone, and nothing is computed twice."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from collab.dialogue.engines import Message
from collab.dialogue.engines.agreement import PROMPTS
from collab.dialogue.engines.transformers import TransformersModel
from collab.errors import EngineBrokenError

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # PEFT asks for it

WORDS = ("hello", "a much longer question than the first", "x" * 40, "no")
LONG = "z" * 60

Shape = tuple[int, int]  # texts and tokens of one step


def told_nobody(stage: str, share: float) -> None:
    """A progress that goes nowhere."""


def asked(text: str) -> list[Message]:
    return [{"role": "user", "content": text}]


def said(
    engine: TransformersModel, messages: list[Message], max_tokens: int = 20, adapter: str | None = None
) -> list[str]:
    return list(engine.stream(messages, max_tokens=max_tokens, cancel=threading.Event(), adapter=adapter))


def watched(engine: TransformersModel, act: Callable[[Shape], object] = lambda _: None) -> list[Shape]:
    """The shapes of all steps from now on; `act` is called within each of them."""
    shapes: list[Shape] = []
    network: Any = engine._model

    def note(_module: object, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        shapes.append(tuple((args[0] if args else named["input_ids"]).shape))
        act(shapes[-1])

    network.register_forward_pre_hook(note, with_kwargs=True)
    return shapes


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(20_000):
        if is_so():
            return
        threading.Event().wait(0.001)
    raise TimeoutError


def together(
    engine: TransformersModel, texts: tuple[str, ...], max_tokens: int, act: Callable[[Shape], object] = lambda _: None
) -> tuple[list[str | EngineBrokenError], list[Shape]]:
    """Asks the others, in their order, within the first step of the first; `act` is called within each step."""
    everyone = threading.Event()

    def hold(shape: Shape) -> None:
        everyone.wait(30)
        act(shape)

    shapes = watched(engine, hold)

    def answer(text: str) -> str | EngineBrokenError:
        try:
            return "".join(said(engine, asked(text), max_tokens))
        except EngineBrokenError as error:
            return error

    with ThreadPoolExecutor(len(texts)) as readers:
        answers = [readers.submit(answer, texts[0])]
        until(lambda: bool(shapes))
        for number, text in enumerate(texts[1:], start=1):
            answers.append(readers.submit(answer, text))
            until(lambda: engine._rounds._owner._work_queue.qsize() == number)  # noqa: B023
        everyone.set()
        return [answer.result(60) for answer in answers], shapes


def generated(engine: TransformersModel, text: str, max_tokens: int = 20) -> str:
    """What the library itself makes of it."""
    import torch

    model: Any = engine._model
    ids = torch.tensor([engine._prompt(asked(text), max_tokens)])
    with engine._adapters.acting(None):
        new = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=max_tokens, do_sample=False)
    return engine._decode(new[0, ids.shape[1] :].tolist())


@pytest.fixture
def tiny(tiny_folder: Path, tiny_adapter: Path) -> Iterator[TransformersModel]:
    engine = TransformersModel.load(str(tiny_folder), told_nobody, adapters={"a": tiny_adapter}, is_exact=True)
    yield engine
    engine.close()


def test_answers_that_are_written_together_say_what_the_library_says_to_each(tiny: TransformersModel) -> None:
    alone = [generated(tiny, text) for text in WORDS]
    answers, shapes = together(tiny, WORDS, 20)
    assert answers == alone
    assert len(set(alone)) == 4
    # Each round reads one prompt. The first text has one more token then, and the last one 19 rounds to go.
    assert [texts for texts, tokens in shapes if tokens == 1] == [1, 2, 3, *[4] * 16, 3, 2, 1]
    assert len(shapes) == 4 + 22


def test_no_more_than_there_are_slots_are_written_together(tiny: TransformersModel) -> None:
    texts = tuple(f"question {number}" for number in range(7))
    alone = [generated(tiny, text) for text in texts]
    answers, shapes = together(tiny, texts, 20)
    assert answers == alone
    assert tiny.slots == max(texts for texts, _ in shapes) == 4


def test_a_talk_goes_on_where_it_stopped(tiny: TransformersModel) -> None:
    first = "".join(said(tiny, asked(LONG), max_tokens=5))
    shapes = watched(tiny)
    talk: list[Message] = [*asked(LONG), {"role": "assistant", "content": first}, *asked("hello")]
    second = "".join(said(tiny, talk))
    # Known are "u:", 60 letters, ";a:" and 4 of 5 tokens. New are the fifth, ";" and "u:hello;a:".
    assert shapes[:2] == [(1, 12), (1, 1)]
    tiny._rounds._prefixes.clear()
    assert "".join(said(tiny, talk)) == second


def test_an_adapter_reads_what_was_read_without_it(tiny: TransformersModel) -> None:
    plain = said(tiny, asked(LONG))
    shapes = watched(tiny)
    adapted = said(tiny, asked(LONG), adapter="a")
    assert shapes[0] == (1, 65)
    assert adapted != plain
    del shapes[:]
    assert said(tiny, asked(LONG)) == plain
    assert said(tiny, asked(LONG), adapter="a") == adapted
    assert (1, 65) not in shapes


def test_a_long_prompt_is_read_in_parts_between_which_others_write(tiny: TransformersModel) -> None:
    alone = [generated(tiny, text) for text in ("hello", "y" * 300)]
    answers, shapes = together(tiny, ("hello", "y" * 300), 20)
    assert answers == alone
    assert shapes[:6] == [(1, 10), (1, 1), (1, 256), (1, 1), (1, 49), (2, 1)]


def test_whoever_leaves_changes_nothing_for_the_rest(tiny: TransformersModel) -> None:
    alone = generated(tiny, "hello", 60)
    other = tiny.stream(asked("x" * 40), max_tokens=200, cancel=threading.Event())
    next(other)
    rest = tiny.stream(asked("hello"), max_tokens=60, cancel=threading.Event())
    begun = next(rest)
    other.close()  # type: ignore[attr-defined]
    assert begun + "".join(rest) == alone


def test_a_step_that_fails_ends_those_in_it_and_a_prompt_that_fails_only_its_own(tiny: TransformersModel) -> None:
    alone = generated(tiny, "hello")

    def fail(shape: Shape) -> None:
        if shape[1] == 45:  # the prompt of the 40 letters
            raise MemoryError("no room")

    answers, _ = together(tiny, ("hello", "x" * 40), 20, fail)
    broken = [answer for answer in answers if isinstance(answer, EngineBrokenError)]
    assert alone in answers
    assert [error.params for error in broken] == [{"reason": "no room"}]


def test_a_step_that_fails_ends_all_that_are_in_it_and_the_engine_lives_on(tiny: TransformersModel) -> None:
    alone = generated(tiny, "hello")

    def fail(shape: Shape) -> None:
        if shape == (2, 1):
            raise RuntimeError("out of memory")

    answers, _ = together(tiny, ("hello", "x" * 40), 20, fail)
    assert [str(answer)[:20] for answer in answers] == ["The language model s"] * 2
    assert tiny._rounds._prefixes.size_bytes == 0
    assert "".join(said(tiny, asked("hello"))) == alone


def test_what_the_model_says_of_repeating_itself_holds_for_each_text(tiny: TransformersModel) -> None:
    model: Any = tiny._model
    bare = generated(tiny, "hello")
    model.generation_config.repetition_penalty = 1.5
    engine = TransformersModel(model, tiny._tokenizer, "strict")
    alone = [generated(engine, text) for text in WORDS]
    assert together(engine, WORDS, 20)[0] == alone
    assert alone[0] != bare
    engine.close()


def test_a_model_whose_state_cannot_be_cut_writes_one_text_after_the_other(tiny_folder: Path, tmp_path: Path) -> None:
    import torch
    from transformers import MambaConfig, MambaForCausalLM

    folder = tmp_path / "mamba"
    shutil.copytree(tiny_folder, folder)
    torch.manual_seed(3)
    small: dict[str, Any] = {"vocab_size": 95, "hidden_size": 16, "state_size": 4, "num_hidden_layers": 2}
    small["eos_token_id"] = None
    MambaForCausalLM(MambaConfig(**small)).save_pretrained(folder)
    engine = TransformersModel.load(str(folder), told_nobody, is_exact=True)
    alone = [generated(engine, text) for text in WORDS]
    answers, shapes = together(engine, WORDS, 20)
    assert (engine.slots, answers) == (1, alone)
    assert {texts for texts, _ in shapes} == {1}
    engine.close()


@pytest.mark.models
def test_the_packaged_model_says_in_full_precision_what_it_says_alone(packaged_folder: Path) -> None:
    engine = TransformersModel.load(str(packaged_folder), told_nobody, is_exact=True)
    alone = [generated(engine, text, 24) for text in PROMPTS[:4]]
    answers, shapes = together(engine, PROMPTS[:4], 24)
    assert answers == alone
    assert max(texts for texts, _ in shapes) == 4
    engine.close()
