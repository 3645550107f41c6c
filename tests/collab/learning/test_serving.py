"""Which adapter the application answers with: real adapters on a small model, which transformers runs."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.dialogue.engines import LanguageModel, Progress
from collab.dialogue.engines.lora_gguf import WEIGHTS
from collab.dialogue.models import Models
from collab.errors import AdapterDamagedError, LoadingFailedError, ModelLoadError
from collab.learning.adapters import Adapters
from collab.learning.serving import AdapterServing
from collab.learning.trainable import TrainableModel
from knowledge.database import Database
from tests.collab.learning.tiny_adapters import ADA, Made
from tests.fakes import EchoModel

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # PEFT asks for it


class Serving(AdapterServing):
    """Remembers what it loaded; `fails` is raised in place of an adapter's engine, `during` is done while one loads."""

    loaded: list[str | None]
    fails: Exception | None = None

    def _carrying(self, model: TrainableModel, place: Path, adapter_id: str, progress: Progress) -> LanguageModel:
        self.loaded.append(adapter_id)
        if self.fails is not None:
            raise self.fails
        return super()._carrying(model, place, adapter_id, progress)


@pytest.fixture
def serving(database: Database, tiny: Path, tmp_path: Path) -> Serving:
    model = TrainableModel("tiny", None, None, tiny, tmp_path / "cache")
    made = Serving(database, tmp_path / "adapters", lambda: model, lambda progress: EchoModel("as it came"))
    made.loaded = []
    return made


@pytest.fixture
def models(serving: Serving) -> Iterator[Models]:
    made = Models(lambda progress: None, serving.load)
    yield made
    made.close()


def says(models: Models) -> str:
    prompt = [{"role": "user", "content": "Hello"}]
    return "".join(models.engine().stream(prompt, max_tokens=4, cancel=threading.Event()))  # type: ignore[arg-type]


def test_it_begins_with_the_model_as_it_came_and_follows(
    serving: Serving,
    models: Models,
    adapters: Adapters,
    add: Made,
) -> None:
    models.load()
    assert (models.engine().adapter, says(models)) == (None, "as it came")
    first = add()
    adapters.promote(ADA, first)  # elsewhere
    serving.follow(models)
    assert (models.engine().adapter, models.engine().kind) == (first, "transformers")
    assert says(models) != "as it came"
    serving.follow(models)
    assert serving.loaded == [first]
    adapters.roll_back(ADA)
    serving.follow(models)
    assert (models.engine().adapter, says(models), serving.problem) == (None, "as it came", None)


def test_it_begins_with_the_adapter_that_is_live(
    serving: Serving, models: Models, adapters: Adapters, add: Made
) -> None:
    first = add()
    adapters.promote(ADA, first)
    models.load()
    assert models.engine().adapter == first


@pytest.mark.parametrize(
    "error", [ModelLoadError(model="m", reason="r"), MemoryError("none left")], ids=["load", "memory"]
)
def test_what_cannot_be_used_at_the_start_leaves_the_model_as_it_came(
    serving: Serving,
    models: Models,
    adapters: Adapters,
    add: Made,
    error: Exception,
) -> None:
    first, second = add(0.1), add(0.2)
    adapters.promote(ADA, first)
    serving.fails = error
    models.load()
    assert models.is_ready
    assert says(models) == "as it came"
    assert isinstance(serving.problem, ModelLoadError | LoadingFailedError)
    for _ in range(3):
        serving.follow(models)
    assert serving.loaded == [first]  # it is not tried again and again
    serving.fails = None
    adapters.promote(ADA, second)
    serving.follow(models)
    assert (models.engine().adapter, serving.problem, serving.loaded) == (second, None, [first, second])
    adapters.roll_back(ADA)
    serving.follow(models)
    assert (models.engine().adapter, serving.loaded) == (first, [first, second, first])


def test_one_that_fails_later_is_told_once_and_the_one_before_answers(
    serving: Serving,
    models: Models,
    adapters: Adapters,
    add: Made,
    tmp_path: Path,
) -> None:
    first, second = add(0.1), add(0.2)
    adapters.promote(ADA, first)
    models.load()
    adapters.promote(ADA, second)
    shutil.rmtree(tmp_path / "adapters" / second)
    for _ in range(3):
        serving.follow(models)
    assert (models.engine().adapter, serving.loaded) == (first, [first])
    assert isinstance(serving.problem, AdapterDamagedError)
    adapters.roll_back(ADA)
    serving.follow(models)
    assert (models.engine().adapter, serving.problem) == (first, None)


def test_the_files_must_be_those_of_its_name(
    serving: Serving,
    models: Models,
    adapters: Adapters,
    add: Made,
    tmp_path: Path,
) -> None:
    first, second = add(0.1), add(0.2)
    shutil.rmtree(tmp_path / "adapters" / first)
    shutil.copytree(tmp_path / "adapters" / second, tmp_path / "adapters" / first)
    assert (tmp_path / "adapters" / first / WEIGHTS).is_file()
    with pytest.raises(AdapterDamagedError):
        serving.engine(first, lambda stage, share: None)


def test_while_the_engine_loads_the_way_back_is_open(
    database: Database,
    tiny: Path,
    tmp_path: Path,
    adapters: Adapters,
    add: Made,
) -> None:
    """What was live as it began to load is left as soon as it has loaded."""
    first = add()
    adapters.promote(ADA, first)
    loading, go_on = threading.Event(), threading.Event()

    class Slow(Serving):
        def _carrying(self, model: TrainableModel, place: Path, adapter_id: str, progress: Progress) -> LanguageModel:
            loading.set()
            assert go_on.wait(30)
            return super()._carrying(model, place, adapter_id, progress)

    model = TrainableModel("tiny", None, None, tiny, tmp_path / "cache")
    serving = Slow(database, tmp_path / "adapters", lambda: model, lambda progress: EchoModel("as it came"))
    serving.loaded = []
    models = Models(lambda progress: None, serving.load)
    thread = threading.Thread(target=models.load)
    thread.start()
    assert loading.wait(30)
    here = Adapters(
        database, tmp_path / "adapters", lambda: model, adapters._clock, lambda one: serving.serve(models, one)
    )
    assert here.roll_back(ADA) is None
    go_on.set()
    thread.join()
    assert models.engine().adapter == first
    serving.follow(models)
    assert says(models) == "as it came"
    models.close()


def test_who_promotes_and_who_follows_load_it_once(
    serving: Serving,
    models: Models,
    adapters: Adapters,
    add: Made,
) -> None:
    models.load()
    first = add()
    adapters.promote(ADA, first)
    together = threading.Barrier(2)

    def follow() -> None:
        together.wait()
        serving.follow(models)

    def serve() -> None:
        together.wait()
        serving.serve(models, first)

    threads = [threading.Thread(target=one) for one in (follow, serve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (serving.loaded, models.engine().adapter) == ([first], first)
