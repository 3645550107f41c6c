"""The model that is trained, in the forms that are needed: safetensors to train on, and what answers the gate.

It knows which models can be trained here, and no runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from collab.config import Settings
from collab.dialogue.engines import LanguageModel, Progress, packaged
from collab.dialogue.engines.lora_gguf import convert
from collab.errors import AdapterNotCarriedError, ModelLoadError, TrainingImpossibleError


@dataclass(frozen=True, slots=True)
class TrainableModel:
    """A model on this machine: a `.gguf` file, a folder of safetensors, or both. `cache` keeps what is converted."""

    name: str
    languages: frozenset[str] | None
    gguf: Path | None
    weights: Path | None
    cache: Path

    def folder(self, progress: Progress) -> Path:
        """Its safetensors; a `.gguf` file is converted when that is needed first. Raises TrainingImpossibleError."""
        if self.weights is not None:
            return self.weights
        assert self.gguf is not None
        try:
            return packaged.converted(self.gguf, self.name, self.cache, progress)
        except (OSError, ValueError) as error:
            raise TrainingImpossibleError(model=self.name, reason=str(error)[:200]) from error

    def engine(self, adapters: Mapping[str, Path]) -> LanguageModel:
        """What answers for the gate, the same words every time, with each of these folders of PEFT by its name.

        llama.cpp where it can carry them all, else transformers. Raises ModelLoadError and AdapterDamagedError.
        """
        from collab.dialogue.engines.llama_cpp import LlamaCppModel
        from collab.dialogue.engines.transformers import TransformersModel

        place = self.folder(lambda stage, share: None)
        if self.gguf is not None:
            try:
                carried = {key: convert(folder, place, self.cache / "adapters") for key, folder in adapters.items()}
                return LlamaCppModel(self.gguf, name=self.name, adapters=carried, is_repeatable=True)
            except (AdapterNotCarriedError, ModelLoadError):
                if not adapters:
                    raise
        return TransformersModel.load(str(place), lambda stage, share: None, name=self.name, adapters=dict(adapters))


def trainable_model(settings: Settings) -> TrainableModel:
    """The model that the settings name. Raises TrainingImpossibleError where it is not on this machine."""
    cache = settings.data / "cache" / "models"
    if settings.model_url:
        raise TrainingImpossibleError(
            model=settings.model_name or settings.model_url, reason="it runs on another server"
        )
    if not settings.model:
        return TrainableModel(packaged.NAME, packaged.LANGUAGES, packaged.packaged_gguf(), None, cache)
    path = Path(settings.model).expanduser()
    if path.suffix == ".gguf":
        return TrainableModel(path.stem, None, path, None, cache)
    if not any(path.glob("*.safetensors")):
        raise TrainingImpossibleError(model=settings.model, reason="it is no folder with safetensors in it")
    return TrainableModel(path.name, None, None, path, cache)
