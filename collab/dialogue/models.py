"""The models of this process: loaded once, behind the page, with progress. It does not know what they are used for."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from collab.dialogue.engines import LanguageModel, Progress
from collab.dialogue.engines.switching import Pinned, SwitchingModel
from collab.errors import LoadingFailedError, ModelsLoadingError
from knowledge.errors import CollabError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loading:
    """How far loading is: a locale key for the stage, a share from 0 to 1, and what went wrong, if anything did."""

    stage: str
    share: float
    error: CollabError | None = None


class Models:
    """Loads what answers need: first what finds passages (`prepare`), then the language model.

    `prepare` makes memory and passages searchable; quotes and corrections are answered as soon as it is done.
    `load_engine` gives the engine with the adapter that answers begin with.
    """

    def __init__(self, prepare: Callable[[Progress], None], load_engine: Callable[[Progress], Pinned]) -> None:
        self._prepare = prepare
        self._load_engine = load_engine
        self._engine: SwitchingModel | None = None
        self._finds = threading.Event()
        self.loading = Loading("models.waiting", 0.0)

    def load(self) -> None:
        """Blocks until everything is loaded or failed; a failure is kept in `loading`."""
        try:
            self._prepare(self._progress)
            self._finds.set()
            first = self._load_engine(self._progress)
            self._engine = SwitchingModel(first.engine, first.adapter)
            self.loading = Loading("models.ready", 1.0)
        except CollabError as error:
            self.loading = Loading("models.failed", 0.0, error)
        except Exception as error:  # noqa: BLE001 - the end of a thread: whatever it was is told, not lost
            _log.exception("The models could not be loaded")
            self.loading = Loading("models.failed", 0.0, LoadingFailedError(reason=str(error)))

    @property
    def finds(self) -> bool:
        """Whether passages and corrections can be found."""
        return self._finds.is_set()

    @property
    def is_ready(self) -> bool:
        """Whether everything is loaded."""
        return self._engine is not None

    @property
    def slots(self) -> int:
        """Answers that the language model writes at the same time; 1 until it is there."""
        return self._engine.slots if self._engine is not None else 1

    def engine(self) -> SwitchingModel:
        """The language model; an answer pins it. Raises ModelsLoadingError, or the reason why there will be none."""
        if self._engine is not None:
            return self._engine
        raise self.loading.error or ModelsLoadingError()

    def switch(self, make: Callable[[], LanguageModel], adapter: str | None) -> None:
        """Lets what `make` starts, the same model with this adapter, write every answer that begins from now on.

        Blocks until it has started; answers under way end as they began. Raises what `engine` and `make` raise, and
        then nothing has changed.
        """
        self.engine().switch(make, adapter)

    def require_finding(self) -> None:
        """Raises ModelsLoadingError, or the reason why nothing will be found, unless `finds`."""
        if not self.finds:
            raise self.loading.error or ModelsLoadingError()

    def close(self) -> None:
        """Gives the model's memory back."""
        if self._engine is not None:
            self._engine.close()

    def _progress(self, stage: str, share: float) -> None:
        self.loading = Loading(f"models.{stage}", share)
