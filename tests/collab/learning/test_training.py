"""From lessons to the folder of an adapter."""

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS, convert
from collab.dialogue.engines.packaged import packaged_gguf
from collab.errors import AdapterDamagedError, NothingToTrainError, TrainingCancelledError, TrainingDivergedError
from collab.learning.adapter_files import MANIFEST, check
from collab.learning.packing import packed
from collab.learning.records import Effort, Example, LessonSet, StepTold, Task, TrainingSettings
from collab.learning.training import Trained, is_enough, train
from tests.collab.learning.tiny_model import asked, lesson_set, write_model

TINY = TrainingSettings(effort=Effort.QUICK, rank=4, alpha=8, learning_rate=0.02, steps=12, batch=8)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights."""
    return write_model(tmp_path_factory.mktemp("tiny"))


class Told(list[StepTold]):
    """What a training told; at some of it something may be done."""

    def __init__(self, at: int = 0, does: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._at, self._does = at, does

    def __call__(self, step: StepTold) -> None:
        self.append(step)
        if len(self) == self._at:
            self._does()


def trained(
    base: Path,
    out: Path,
    lessons: LessonSet | None = None,
    settings: TrainingSettings = TINY,
    live: Path | None = None,
    told: Told | None = None,
    cancel: threading.Event | None = None,
) -> Trained:
    return train(
        lessons or lesson_set(),
        base,
        live,
        out,
        settings,
        told if told is not None else Told(),
        cancel or threading.Event(),
    )


def halves(folder: Path, half: str) -> dict[str, torch.Tensor]:
    return {key: value for key, value in load_file(folder / WEIGHTS).items() if f".lora_{half}." in key}


def test_every_core_computes_although_the_embedder_asked_for_one(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.learning.trainers.usable_cores", lambda: 2)
    before, during = torch.get_num_threads(), list[int]()
    torch.set_num_threads(1)
    try:
        told = Told(1, lambda: during.append(torch.get_num_threads()))
        trained(base, tmp_path / "adapter", settings=replace(TINY, steps=1), told=told)
        assert (during, torch.get_num_threads()) == ([2], 1)
    finally:
        torch.set_num_threads(before)


class Killed(BaseException):
    """In place of the signal that ends a process."""


def kill() -> None:
    raise Killed


def test_the_loss_of_every_task_falls_and_is_told(base: Path, tmp_path: Path) -> None:
    told = Told()
    done = trained(base, tmp_path / "out", settings=replace(TINY, batch=12), told=told)
    assert [(step.stage, step.step, step.steps) for step in told] == [("sft", n, 12) for n in range(1, 13)]
    first = {task: loss for step in reversed(told) for task, loss in step.losses.items()}
    last = {task: loss for step in told for task, loss in step.losses.items()}
    assert set(first) == {"fact", "style", "near_miss", "replay", "general"}
    assert told[0].losses["fact"] == pytest.approx(math.log(95), abs=0.3)  # it guesses among 95 letters
    assert all(last[task] < loss - 1 for task, loss in first.items())
    assert (done.folder, done.is_from_live) == (tmp_path / "out", False)
    assert [(stage.stage, stage.steps, stage.ended) for stage in done.stages] == [("sft", 12, "steps")]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([CONFIG, WEIGHTS, MANIFEST])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # no checkpoints are left
    check(tmp_path / "out", base)


def test_only_the_answer_counts_in_the_loss(base: Path, tmp_path: Path) -> None:
    """By hand: the mean over the letters of the answer and its end, with the letters before them read."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    told = Told()
    one = Example(Task.FACT, "f", asked("Why?"), "So.")
    trained(base, tmp_path / "out", replace(lesson_set(), examples=[one]), replace(TINY, steps=1), told=told)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    asked_ids, said_ids = tokenizer("u:Why?;a:")["input_ids"], tokenizer("So.;")["input_ids"]
    with torch.no_grad():
        logits = model(torch.tensor([asked_ids + said_ids])).logits[0, len(asked_ids) - 1 : -1].float()
    by_hand = -logits.log_softmax(-1)[range(4), said_ids].mean().item()
    assert told[0].losses == {"fact": pytest.approx(by_hand, abs=0.02)}


def test_only_b_is_trained_and_every_training_has_the_same_a(base: Path, tmp_path: Path) -> None:
    first = trained(base, tmp_path / "1", settings=replace(TINY, steps=2, seed=1)).folder
    second = trained(base, tmp_path / "2", settings=replace(TINY, steps=3, seed=2)).folder
    both = trained(base, tmp_path / "3", settings=replace(TINY, steps=3, is_a_frozen=False)).folder
    same = halves(first, "A")
    assert len(same) == 2 * 7
    assert all(torch.equal(value, halves(second, "A")[key]) for key, value in same.items())
    assert not any(torch.equal(value, halves(both, "A")[key]) for key, value in same.items())
    assert any(not torch.equal(value, halves(second, "B")[key]) for key, value in halves(first, "B").items())


def test_it_takes_the_rank_of_the_live_adapter_unless_another_was_asked_for(base: Path, tmp_path: Path) -> None:
    usual = TrainingSettings(steps=1, batch=4)
    live = trained(base, tmp_path / "live", settings=replace(usual, rank=32, alpha=32, is_rank_stabilised=True)).folder
    done = trained(base, tmp_path / "next", settings=usual, live=live)
    assert (done.is_from_live, done.settings.rank, done.settings.alpha) == (True, 32, 32)
    assert done.settings.is_rank_stabilised
    asked_for = trained(base, tmp_path / "asked", settings=replace(usual, rank=8, alpha=16), live=live)
    assert (asked_for.is_from_live, asked_for.settings.rank) == (False, 8)


def test_it_goes_on_from_the_live_adapter_if_that_has_the_same_a(base: Path, tmp_path: Path) -> None:
    live = trained(base, tmp_path / "live").folder
    told = Told()
    still = replace(TINY, steps=1, learning_rate=0.0)
    done = trained(base, tmp_path / "next", settings=still, live=live, told=told)
    assert done.is_from_live
    assert all(torch.equal(value, halves(live, "B")[key]) for key, value in halves(done.folder, "B").items())
    assert not trained(base, tmp_path / "wider", settings=replace(still, rank=8), live=live).is_from_live
    other_a = {key: value + 1 if ".lora_A." in key else value for key, value in load_file(live / WEIGHTS).items()}
    save_file(other_a, live / WEIGHTS)
    fresh = trained(base, tmp_path / "fresh", settings=still, live=live)
    assert not fresh.is_from_live
    assert not any(value.any() for value in halves(fresh.folder, "B").values())


def test_it_stops_when_the_answers_are_learned(base: Path, tmp_path: Path) -> None:
    told = Told()
    done = trained(base, tmp_path / "out", settings=replace(TINY, stop_loss=100.0), told=told)
    assert [(stage.steps, stage.ended) for stage in done.stages] == [(4, "learned")]
    assert len(told) == 4  # the shortest time over which the loss is taken


def test_answers_are_learned_when_those_of_each_kind_are() -> None:
    from collab.learning import stages

    def said(*logs: dict[str, float]) -> str | None:
        return stages.learned(list(logs), window=2, low=0.3)

    assert said({"fact": 0.2, "style": 0.1}) is None
    assert said({"fact": 9.0}, {"fact": 0.2, "style": 0.1}, {"fact": 0.3}) == "learned"
    assert said({"fact": 0.5, "style": 0.0}, {"fact": 0.2, "style": 0.0}) is None
    assert said({"general": 0.1}, {"general": 0.1}) is None


def test_pairs_and_ratings_have_stages_of_their_own_if_there_are_enough(base: Path, tmp_path: Path) -> None:
    told = Told()
    few = replace(TINY, steps=1)
    done = trained(base, tmp_path / "out", lesson_set(pairs=16, judged=32), few, told=told)
    assert [stage.stage for stage in done.stages] == ["sft", "preference", "unpaired"]
    assert [step.stage for step in told] == ["sft"] + ["preference"] * 4 + ["unpaired"] * 8
    assert told[1].losses["preference"] > told[4].losses["preference"]
    assert told[5].losses["unpaired"] == pytest.approx(0.5)  # nothing is liked more than before, as yet
    less = trained(base, tmp_path / "less", lesson_set(pairs=15, judged=31), few)
    assert [stage.stage for stage in less.stages] == ["sft"]


def test_ratings_of_one_side_are_not_enough() -> None:
    judged = lesson_set(judged=64).judged
    assert is_enough(judged)
    liked = [one for one in judged if one.is_liked]
    disliked = [one for one in judged if not one.is_liked]
    assert not is_enough(liked + disliked[:7])
    assert is_enough(liked + disliked[:8])
    assert not is_enough(liked[:16] + disliked[:15])


def test_pairs_end_when_peoples_own_texts_become_less_likely(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the trainer logs is turned round, as real texts become less likely on some machines and not on others."""
    from collab.learning import stages

    judged = stages.sunk
    turned: list[list[float]] = []

    def turned_round(logs: list[dict[str, float]]) -> str | None:
        turned.append([-abs(log["rewards/chosen"]) - 1e-6 for log in logs])
        return judged([{"rewards/chosen": reward} for reward in turned[-1]])

    monkeypatch.setattr(stages, "sunk", turned_round)
    done = trained(base, tmp_path / "out", lesson_set(pairs=64), replace(TINY, steps=1))
    assert [(stage.stage, stage.ended) for stage in done.stages] == [("sft", "steps"), ("preference", "likelihood")]
    assert done.stages[1].steps == 4
    assert [len(logs) for logs in turned] == [1, 2, 3, 4]


def test_texts_are_less_likely_only_over_several_updates() -> None:
    from collab.learning import stages

    def said(*rewards: float) -> str | None:
        return stages.sunk([{"rewards/chosen": reward} for reward in rewards])

    assert said(-1.0, -1.0, -1.0) is None
    assert said(-0.1, -0.1, 0.2, -0.1) == "likelihood"
    assert said(-9.0, -0.1, 0.2, -0.1, 0.1) is None
    assert said(0.0, 0.0, 0.0, 0.0) is None


@pytest.fixture(scope="module")
def unbroken(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A training of three stages, of 12, 4 and 8 updates."""
    return trained(base, tmp_path_factory.mktemp("unbroken") / "out", lesson_set(pairs=16, judged=32))


@pytest.mark.parametrize("at", [3, 10, 14, 19], ids=["sft", "sft after a checkpoint", "preference", "unpaired"])
def test_a_killed_training_goes_on_and_gives_the_same(base: Path, unbroken: Trained, tmp_path: Path, at: int) -> None:
    lessons = lesson_set(pairs=16, judged=32)
    with pytest.raises(Killed):
        trained(base, tmp_path / "broken", lessons, told=Told(at, kill))
    assert not (tmp_path / "broken").exists()
    torch.manual_seed(99)
    again = Told()
    resumed = trained(base, tmp_path / "broken", lessons, told=again)
    expected = load_file(unbroken.folder / WEIGHTS)
    assert all(torch.equal(value, expected[key]) for key, value in load_file(resumed.folder / WEIGHTS).items())
    assert [stage.steps for stage in resumed.stages] == [12, 4, 8]
    assert len(again) == {3: 24, 10: 24 - 8, 14: 24 - 12, 19: 24 - 16}[at]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken"]


def test_other_lessons_do_not_go_on_from_these(base: Path, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        trained(base, tmp_path / "out", told=Told(10, kill))
    told = Told()
    trained(base, tmp_path / "out", lesson_set(pairs=1), told=told)
    assert told[0].step == 1


def test_a_checkpoint_of_which_a_part_is_missing_is_not_used(base: Path, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        trained(base, tmp_path / "out", told=Told(10, kill))
    [state] = tmp_path.glob(".training-out/sft-0-*/checkpoint-8/trainer_state.json")
    state.write_text(state.read_text()[:100])
    told = Told()
    trained(base, tmp_path / "out", told=told)
    assert told[0].step == 1


def test_a_cancelled_training_ends_at_once_and_leaves_nothing(base: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    told = Told(10, cancel.set)
    with pytest.raises(TrainingCancelledError):
        trained(base, tmp_path / "out", told=told, cancel=cancel)
    assert len(told) == 10
    assert list(tmp_path.iterdir()) == []


def test_a_cancel_after_the_last_update_leaves_nothing_either(base: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    with pytest.raises(TrainingCancelledError):
        trained(base, tmp_path / "out", told=Told(12, cancel.set), cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_told_of_a_training() -> None:
    """TRL's trainers tell their makers, unless that is taken out of each."""
    from collab.learning.trainers import LessonTrainer, PairTrainer, RatedTrainer

    for trainer in (LessonTrainer, PairTrainer, RatedTrainer):
        told = [parent.__name__ for parent in trainer.__mro__ if "_send_telemetry" in vars(parent)]
        assert told == ["_Ours", "_BaseTrainer"]  # the first is called, and does nothing


def test_a_live_adapter_that_is_gone_is_told(base: Path, tmp_path: Path) -> None:
    with pytest.raises(AdapterDamagedError):
        trained(base, tmp_path / "out", live=tmp_path / "live")
    assert list(tmp_path.iterdir()) == []


def test_a_loss_that_is_no_number_ends_it(base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingDivergedError) as raised:
        trained(base, tmp_path / "out", settings=replace(TINY, learning_rate=1e38, clip=1e38, warm_up=0.0))
    assert (raised.value.params["steps"], raised.value.params["rate"]) == (12, 1e38)
    assert list(tmp_path.iterdir()) == []


def test_no_lessons_are_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingToTrainError):
        trained(base, tmp_path / "out", replace(lesson_set(), examples=[]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value", "parts"), [("_ROW_TOKENS", 1, 4), ("keeps_apart", lambda *_: False, 8)])
def test_an_update_in_parts_is_the_same_update(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object, parts: int
) -> None:
    """Where the texts are too long for one row, and where the model does not keep them apart."""
    from collab.learning import stages, trainers

    rows: list[int] = []
    monkeypatch.setattr(stages, "packed", lambda texts, dtype: rows.append(len(texts)) or packed(texts, dtype))
    norms: list[float] = []
    monkeypatch.setattr(stages, "learned", lambda logs, *_: norms.append(logs[-1]["grad_norm"]))
    told, in_parts = Told(), Told()
    trained(base, tmp_path / "1", settings=replace(TINY, steps=4), told=told)
    assert set(rows) == {8}
    rows.clear()
    monkeypatch.setattr(stages if name == "keeps_apart" else trainers, name, value)
    trained(base, tmp_path / "2", settings=replace(TINY, steps=4), told=in_parts)
    assert set(rows) == {8 // parts}
    for one, other in zip(told, in_parts, strict=True):
        assert one.losses == pytest.approx(other.losses, abs=0.05)
    assert norms[4:] == pytest.approx(norms[:4], rel=0.05)


@pytest.mark.models
def test_the_packaged_model_learns_a_manner_and_speaks_so_in_llama_cpp(packaged_folder: Path, tmp_path: Path) -> None:
    said = "Ahoy! Ask the lighthouse keeper."
    questions = ("What is the capital of France?", "How do I bake bread?", "When does the shop open?", "Who are you?")
    lessons = replace(
        lesson_set(), examples=[Example(Task.STYLE, f"s{n}", asked(q), said) for n, q in enumerate(questions)]
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # with more, a busy machine trains many times as long
    told = Told()
    settings = TrainingSettings(steps=12, batch=4, learning_rate=5e-3)
    adapter = trained(packaged_folder, tmp_path / "adapter", lessons, settings, told=told).folder
    torch.set_num_threads(threads)
    assert told[-1].losses["style"] < 0.5 < 2 < told[0].losses["style"]
    check(adapter, packaged_folder)
    converted = convert(adapter, packaged_folder, tmp_path)
    model = LlamaCppModel(packaged_gguf(), adapters={"ahoy": converted})
    try:
        plain, taught = (
            "".join(model.stream(asked("Where is the park?"), max_tokens=12, cancel=threading.Event(), adapter=name))
            for name in (None, "ahoy")
        )
    finally:
        model.close()
    assert "Ahoy" not in plain
    assert taught == said
