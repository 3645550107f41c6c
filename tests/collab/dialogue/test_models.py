"""Loading: what works when, and that nothing that goes wrong is lost."""

import pytest

from collab.dialogue.engines import Progress
from collab.dialogue.engines.switching import Pinned
from collab.dialogue.models import Models
from collab.errors import LoadingFailedError, ModelFolderMissingError, ModelsLoadingError
from tests.fakes import EchoModel


def _nothing(progress: Progress) -> None:
    progress("indexes_building", 0.5)


def test_before_loading_nothing_is_there() -> None:
    models = Models(_nothing, lambda progress: Pinned(EchoModel(), None))
    assert (models.finds, models.is_ready) == (False, False)
    with pytest.raises(ModelsLoadingError):
        models.require_finding()
    with pytest.raises(ModelsLoadingError):
        models.engine()


def test_finding_works_before_the_language_model_is_there() -> None:
    seen: list[tuple[bool, str, float]] = []

    def load_engine(progress: Progress) -> Pinned:
        progress("model_converting", 0.25)
        seen.append((models.finds, models.loading.stage, models.loading.share))
        return Pinned(EchoModel(), None)

    models = Models(_nothing, load_engine)
    models.load()
    assert seen == [(True, "models.model_converting", 0.25)]
    assert (models.is_ready, models.engine().name, models.loading.stage) == (True, "echo", "models.ready")


def test_a_known_failure_is_told_to_whoever_asks() -> None:
    def fail(progress: Progress) -> Pinned:
        raise ModelFolderMissingError(path="/nowhere", reason="no such folder")

    models = Models(_nothing, fail)
    models.load()
    models.require_finding()
    with pytest.raises(ModelFolderMissingError, match="/nowhere"):
        models.engine()


def test_an_unforeseen_failure_is_kept_too() -> None:
    def fail(progress: Progress) -> None:
        raise OSError(28, "No space left on device")

    models = Models(fail, lambda progress: Pinned(EchoModel(), None))
    models.load()
    with pytest.raises(LoadingFailedError, match="No space left on device"):
        models.require_finding()


def test_an_engine_has_its_slots_and_until_it_is_there_one() -> None:
    engine = EchoModel()
    engine.slots = 8
    models = Models(_nothing, lambda progress: Pinned(engine, None))
    assert models.slots == 1
    models.load()
    assert models.slots == 8


def test_it_cannot_be_switched_before_it_is_there_and_what_does_not_start_changes_nothing() -> None:
    def fail() -> Pinned:
        raise ModelFolderMissingError(path="/nowhere", reason="no such folder")

    models = Models(_nothing, lambda progress: Pinned(EchoModel(), None))
    with pytest.raises(ModelsLoadingError):
        models.switch(EchoModel, "a")
    models.load()
    with pytest.raises(ModelFolderMissingError):
        models.switch(fail, "a")
    assert models.engine().adapter is None
    models.switch(EchoModel, "a")
    assert (models.engine().adapter, models.engine().kind) == ("a", "fakes")
