"""The application answers with the adapter that is live: at its start, after a promotion, and after one elsewhere.

It knows the pointer, the files of adapters and the engines; it promotes nothing.
"""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from collab.dialogue.engines import LanguageModel, Progress
from collab.dialogue.engines.lora_gguf import adapter_name
from collab.dialogue.engines.switching import Pinned
from collab.dialogue.models import Models
from collab.errors import AdapterDamagedError, LoadingFailedError, ModelLoadError
from collab.learning import adapter_files
from collab.learning.pointer import live_id
from collab.learning.trainable import TrainableModel
from knowledge.database import Database
from knowledge.errors import CollabError

_log = logging.getLogger(__name__)


class AdapterServing:
    """Loads the engine with an adapter and without; `plain` loads it without. `problem` is why the live one is not
    served, if it is not.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        model: Callable[[], TrainableModel],
        plain: Callable[[Progress], LanguageModel],
    ) -> None:
        self.problem: CollabError | None = None
        self._failed: str | None = None
        self._database = database
        self._folder = folder
        self._model = model
        self._plain = plain
        self._changing = threading.Lock()  # a promotion and who follows it need not load the same twice

    def load(self, progress: Progress) -> Pinned:
        """The engine at the start. Where the live adapter cannot be used, the model as it came answers meanwhile."""
        with self._database.read() as session:
            adapter_id = live_id(session)
        if adapter_id is None:
            return self.engine(None, progress)
        try:
            return self.engine(adapter_id, progress)
        except Exception as error:  # noqa: BLE001 - whatever it is: an assistant without it is better than none
            self._note(error, adapter_id)
            return self.engine(None, progress)

    def engine(self, adapter_id: str | None, progress: Progress) -> Pinned:
        """The engine with this adapter. Raises AdapterDamagedError and its kinds, and what loading a model raises."""
        if adapter_id is None:
            return Pinned(self._plain(progress), None)
        model, place = self._model(), self._folder / adapter_id
        adapter_files.check(place, model.folder(progress))
        if adapter_name(place) != adapter_id:
            raise AdapterDamagedError(path=str(place), reason="its files are not those it is named by")
        return Pinned(self._carrying(model, place, adapter_id, progress), adapter_id)

    def serve(self, models: Models, adapter_id: str | None) -> None:
        """Lets answers that begin from now on be written with this adapter, where this process writes any.

        Raises as `engine`, with nothing changed.
        """
        with self._changing:
            self._serve(models, adapter_id)

    def follow(self, models: Models) -> None:
        """The same with the adapter that is live now; a failure is kept in `problem` and not tried again until another
        one is live.
        """
        with self._changing:
            with self._database.read() as session:
                adapter_id = live_id(session)
            if self.problem is not None and adapter_id == self._failed:
                return
            try:
                self._serve(models, adapter_id)
            except Exception as error:  # noqa: BLE001 - nobody waits for it: it is told, and what was served still is
                self._note(error, adapter_id)

    def _serve(self, models: Models, adapter_id: str | None) -> None:
        if models.is_ready and models.engine().adapter != adapter_id:
            models.switch(lambda: self.engine(adapter_id, lambda stage, share: None).engine, adapter_id)
        self.problem = None

    def _note(self, error: Exception, adapter_id: str | None) -> None:
        _log.error("The live adapter cannot be used: %s", error, exc_info=not isinstance(error, CollabError))
        self.problem = error if isinstance(error, CollabError) else LoadingFailedError(reason=str(error))
        self._failed = adapter_id

    def _carrying(self, model: TrainableModel, place: Path, adapter_id: str, progress: Progress) -> LanguageModel:
        """llama.cpp where it was seen to write with this adapter what transformers writes, else transformers."""
        from collab.dialogue.engines.agreement import engine_for
        from collab.dialogue.engines.llama_cpp import LlamaCppModel
        from collab.dialogue.engines.lora_gguf import convert
        from collab.dialogue.engines.transformers import TransformersModel, has_gpu

        base, cache = model.folder(progress), model.cache / "adapters"
        name, languages = model.name, model.languages
        if model.gguf is None or has_gpu():
            return TransformersModel.load(
                str(base), progress, adapters={adapter_id: place}, name=name, languages=languages
            )
        seen = cache / f"{adapter_id}.json"
        if _engine_in(seen) == "llama_cpp":
            try:
                carried = {adapter_id: convert(place, base, cache)}
                return LlamaCppModel.load(model.gguf, progress, adapters=carried, name=name, languages=languages)
            except ModelLoadError:
                _log.warning("llama.cpp no longer reads the adapter %s; it is compared again", adapter_id)
        choice = engine_for(model.gguf, lambda: base, place, cache, progress, name=name, languages=languages)
        engine = "transformers" if choice.reason else "llama_cpp"
        with suppress(OSError):  # then it is compared again the next time
            cache.mkdir(parents=True, exist_ok=True)
            found = {"engine": engine, "why": choice.reason and choice.reason.code}
            seen.write_text(json.dumps(found), encoding="utf-8")
        return choice.engine


def _engine_in(path: Path) -> str:
    """Which engine was found to be right; empty where that is not known."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["engine"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
