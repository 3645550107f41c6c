"""Several settings begin, and the better ones go on."""

import math
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS
from collab.errors import TrainingCancelledError, TrainingDivergedError
from collab.learning import halving, layers, stages
from collab.learning.halving import Round, Trial, better_half, rounds, trials
from collab.learning.records import (
    Effort,
    Example,
    HeldOut,
    HeldOutKind,
    Lesson,
    LessonKind,
    LessonSet,
    Source,
    TrainingSettings,
)
from collab.learning.trainers import Run, StageDone, every_core, quiet
from tests.collab.learning.test_training import TINY, Killed, Told, kill, trained
from tests.collab.learning.tiny_model import asked, lesson_set, write_model

THOROUGH = replace(TINY, effort=Effort.THOROUGH, steps=24)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights."""
    return write_model(tmp_path_factory.mktemp("tiny"))


def lessons() -> LessonSet:
    """With an item on each side to compare by; what the verdict falls on is none of them."""
    held = [
        HeldOut(HeldOutKind.PARAPHRASE, "f", asked("When 7?"), "At nine.", False),
        HeldOut(HeldOutKind.NEAR_MISS, "f", asked("Where 7?"), "At nine.", False),
        HeldOut(HeldOutKind.PARAPHRASE, "f", asked("When 8?"), "Never.", True),
    ]
    return replace(lesson_set(), held_out=held)


def test_every_round_has_as_many_updates_and_half_of_the_settings() -> None:
    assert rounds(4, 240) == [Round(4, 20), Round(2, 40), Round(1, 80)]
    assert rounds(1, 96) == [Round(1, 96)]
    assert rounds(4, 2) == [Round(4, 1), Round(2, 1), Round(1, 1)]


def test_a_quick_run_searches_nothing_and_a_live_adapter_keeps_its_rank() -> None:
    settings = TrainingSettings(learning_rate=0.01, rank=8, alpha=16)
    assert trials(settings, has_live=False) == [Trial(settings)]
    searched = replace(settings, effort=Effort.THOROUGH)
    tried = {has_live: trials(searched, has_live=has_live) for has_live in (False, True)}
    assert [(one.settings.learning_rate, one.settings.rank, one.settings.alpha) for one in tried[False]] == [
        (0.01, 8, 16),
        (0.005, 8, 16),
        (0.01, 16, 32),
        (0.005, 16, 32),
    ]
    assert {one.settings.rank for one in tried[True]} == {8}
    assert len({one.settings.learning_rate for one in tried[True]}) == 4


def test_the_better_half_goes_on_and_of_equals_the_first() -> None:
    tried = [Trial(replace(TINY, seed=n), None, score) for n, score in enumerate((0.1, 0.4, 0.4, 0.9))]
    assert [one.settings.seed for one in better_half(tried)] == [3, 1]
    assert [one.settings.seed for one in better_half(tried[:1])] == [0]
    assert better_half([]) == []


def test_a_thorough_run_ends_with_the_best_of_what_it_tried(base: Path, tmp_path: Path) -> None:
    told = Told()
    done = trained(base, tmp_path / "out", lessons(), THOROUGH, told=told)
    assert [step.step for step in told] == list(range(1, 25))  # one line, whatever was tried
    assert {(step.stage, step.steps) for step in told} == {("sft", 24)}
    assert (done.settings.steps, done.settings.effort) == (24, Effort.THOROUGH)
    assert done.settings.learning_rate in (TINY.learning_rate, TINY.learning_rate / 2)
    assert {value.shape[0] for key, value in load_file(tmp_path / "out" / WEIGHTS).items() if ".lora_A." in key} == {
        done.settings.rank
    }
    assert f'"r": {done.settings.rank}' in (tmp_path / "out" / CONFIG).read_text("utf-8")
    assert [stage.steps for stage in done.stages] == [8]


def test_each_goes_on_from_where_it_stands_and_the_best_of_what_was_compared_is_left(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, began = stages.learn_lessons, list[tuple[float, int, bool]]()
    scores = {(TINY.learning_rate * rate, TINY.rank * wider): rate / wider**2 for rate in (1, 0.5) for wider in (1, 2)}
    seen: list[str] = []

    def learn(run: Run, examples: list[Example], work: Path) -> StageDone:
        is_new = all(not value.any() for key, value in layers.weights_of(run.layers).items() if ".lora_B." in key)
        began.append((run.settings.learning_rate, run.settings.rank, is_new))
        return really(run, examples, work)

    def score(run: Run, items: list[HeldOut]) -> float:
        seen.extend(item.prompt[-1]["content"] for item in items)
        return -scores[run.settings.learning_rate, run.settings.rank]

    monkeypatch.setattr(stages, "learn_lessons", learn)
    monkeypatch.setattr(halving, "score", score)
    greeting = Lesson("s", LessonKind.STYLE, Source.PERSON, "ada", "Greet 9", "Ahoy!", "", "en")
    held = [*lessons().held_out, HeldOut(HeldOutKind.STYLE, "s", asked("Greet 9"), "Ahoy!", False)]
    trained(base, tmp_path / "out", replace(lessons(), lessons=[greeting], held_out=held), THOROUGH)
    fast, slow = TINY.learning_rate, TINY.learning_rate / 2
    assert began[:4] == [(fast, 4, True), (slow, 4, True), (fast, 8, True), (slow, 8, True)]
    assert began[4:] == [(slow, 8, False), (fast, 8, False), (slow, 8, False)]
    assert set(seen) == {"When 7?", "Where 7?"}  # neither the verdict's nor a style's


def test_of_each_kind_some_are_compared_however_many_another_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halving, "_COMPARED", 3)
    items = [
        HeldOut(kind, "c0", asked(f"{kind} {n}"), "A.", False)
        for kind, count in ((HeldOutKind.EARLIER, 50), (HeldOutKind.PARAPHRASE, 4), (HeldOutKind.NEAR_MISS, 2))
        for n in range(count)
    ]
    lesson_set = replace(lessons(), held_out=items)
    drawn = halving.compared(lesson_set, 0)
    assert Counter(one.kind for one in drawn) == {
        HeldOutKind.EARLIER: 3,
        HeldOutKind.PARAPHRASE: 3,
        HeldOutKind.NEAR_MISS: 2,
    }
    assert drawn == halving.compared(lesson_set, 0) != halving.compared(lesson_set, 1)


def test_weights_that_are_no_numbers_win_nothing(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = stages.learn_lessons

    def learn(run: Run, examples: list[Example], work: Path) -> StageDone:
        done = really(run, examples, work)
        if run.settings.learning_rate == TINY.learning_rate:
            layers.put(run.layers, {key: value * math.nan for key, value in layers.weights_of(run.layers).items()})
        return done

    monkeypatch.setattr(stages, "learn_lessons", learn)
    done = trained(base, tmp_path / "out", lessons(), THOROUGH)
    assert done.settings.learning_rate == TINY.learning_rate / 2


def test_what_cannot_be_compared_is_left_out(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Finite weights may still make a model say what is no number."""
    really = halving._sureness

    def sureness(run: Run, items: list[HeldOut]) -> list[float]:
        return [math.nan if run.settings.learning_rate == TINY.learning_rate else sure for sure in really(run, items)]

    monkeypatch.setattr(halving, "_sureness", sureness)
    done = trained(base, tmp_path / "out", lessons(), THOROUGH)
    assert done.settings.learning_rate == TINY.learning_rate / 2


def test_without_an_item_to_compare_by_nothing_is_searched(base: Path, tmp_path: Path) -> None:
    told = Told()
    done = trained(base, tmp_path / "out", lesson_set(), THOROUGH, told=told)
    assert ([step.step for step in told], done.settings) == (list(range(1, 25)), THOROUGH)


def test_it_goes_on_in_the_round_in_which_it_was_killed(base: Path, tmp_path: Path) -> None:
    whole = trained(base, tmp_path / "whole", lessons(), THOROUGH)
    with pytest.raises(Killed):
        trained(base, tmp_path / "out", lessons(), THOROUGH, told=Told(15, kill))
    told = Told()
    again = trained(base, tmp_path / "out", lessons(), THOROUGH, told=told)
    assert told[0].step > 12  # what the first round found is not worked out again
    assert again.settings == whole.settings
    weights = load_file(again.folder / WEIGHTS)
    assert all(torch.equal(value, weights[key]) for key, value in load_file(whole.folder / WEIGHTS).items())


def test_settings_that_diverge_are_left_out_and_where_all_do_it_has_failed(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = stages.learn_lessons
    slowest = [0.0]

    def learn(run: Run, examples: list[Example], work: Path) -> StageDone:
        if run.settings.learning_rate > slowest[0]:
            raise TrainingDivergedError(step=1, steps=2, rate=run.settings.learning_rate)
        return really(run, examples, work)

    monkeypatch.setattr(stages, "learn_lessons", learn)
    with pytest.raises(TrainingDivergedError):
        trained(base, tmp_path / "out", lessons(), THOROUGH)
    assert list(tmp_path.iterdir()) == []
    slowest[0] = TINY.learning_rate / 2
    done = trained(base, tmp_path / "out", lessons(), THOROUGH)
    assert done.settings.learning_rate == TINY.learning_rate / 2


@pytest.mark.parametrize(("is_apart", "sizes"), [(True, [8, 2]), (False, [1] * 10)])
def test_what_a_model_does_not_keep_apart_is_read_one_by_one(
    base: Path, monkeypatch: pytest.MonkeyPatch, is_apart: bool, sizes: list[int]
) -> None:
    read: list[int] = []
    monkeypatch.setattr(halving, "keeps_apart", lambda *_: is_apart)
    monkeypatch.setattr(halving, "sureness", lambda _, texts: read.append(len(texts)) or [0.5] * len(texts))
    with quiet():
        model, tokenizer = layers.load(base)
        run = Run(layers.with_layers(model, TINY, None)[0], tokenizer, TINY, lambda told: None, threading.Event())
    assert halving.score(run, [lessons().held_out[0]] * 10) == pytest.approx(0.5)
    assert read == sizes


def test_what_knows_the_answer_and_does_not_leak_scores_higher(base: Path, tmp_path: Path) -> None:
    scores = []
    with quiet(), every_core():
        model, tokenizer = layers.load(base)
        for steps in (1, 32):
            settings = replace(TINY, steps=steps, stop_loss=0.0)
            with_layers, _ = layers.with_layers(model, settings, None)
            run = Run(with_layers, tokenizer, settings, lambda told: None, threading.Event())
            stages.learn_lessons(run, lessons().examples, tmp_path / str(steps))
            scores.append(halving.score(run, [item for item in lessons().held_out if not item.is_for_verdict]))
            model = with_layers.unload()
    assert -1 <= scores[0] < scores[1] - 0.05 < 0.95
    items = [item for item in lessons().held_out if item.kind is HeldOutKind.NEAR_MISS]
    with quiet(), every_core():
        assert halving.score(run, items) < 0  # alone, it can only leak
        run.cancel.set()
        with pytest.raises(TrainingCancelledError):
            halving.score(run, items)
