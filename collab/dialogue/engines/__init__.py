"""What a language model is to the rest of the product, and which one the settings choose.

An engine turns messages into text, piece by piece. It knows nothing of people, documents, corrections or prompts.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, TypedDict

from collab.config import Settings

Progress = Callable[[str, float], None]
"""Told what is being done (a key of the locales: `model_converting`, `model_loading`) and how much of it, 0 to 1."""


Role = Literal["system", "user", "assistant"]


class Message(TypedDict):
    """One message of a chat, as every chat model takes it."""

    role: Role
    content: str


class LanguageModel(Protocol):
    """Text for messages. Implemented by LlamaCppModel, TransformersModel, RemoteModel and, in tests, EchoModel."""

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str] | None:
        """Languages it writes well ("en", "zh"); None means any."""
        ...

    @property
    def slots(self) -> int:
        """Answers that it writes at the same time; more than these wait."""
        ...

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """Yields the answer in pieces, none of them empty.

        Setting `cancel` or closing the iterator stops the computation itself, within about one token. The last message
        is never left out; the oldest turns are, when the context is too small. Raises EngineError subclasses, also in
        the middle.
        """
        ...

    def close(self) -> None:
        """Stops what is running. May be called twice."""
        ...


def require_named(settings: Settings) -> None:
    """What can be seen at once of a model file that is not there or is none: see `require_gguf`."""
    if settings.model.endswith(".gguf") and not settings.model_url:
        from collab.dialogue.engines.gguf_header import require_gguf

        require_gguf(Path(settings.model).expanduser())


def load_engine(settings: Settings, progress: Progress) -> LanguageModel:
    """The engine that the settings name: a model server, a GGUF file, a folder or Hugging Face id, or the packaged.

    GGUF files are run by llama.cpp; so is the packaged model, unless there is a GPU, for which it is converted at the
    first start. Blocks while weights are read. A server is not contacted before the first question. Raises
    ModelFolderMissingError, ModelPackageMissingError, ModelLoadError.
    """
    if settings.model_url:
        from collab.dialogue.engines.openai_server import RemoteModel

        return RemoteModel(
            settings.model_url,
            key=settings.model_key,
            name=settings.model_name,
            silence_s=settings.model_timeout_s,
        )
    if settings.model.endswith(".gguf"):
        from collab.dialogue.engines.llama_cpp import LlamaCppModel

        return LlamaCppModel.load(Path(settings.model).expanduser(), progress)
    from collab.dialogue.engines.transformers import TransformersModel, has_gpu

    if settings.model:
        return TransformersModel.load(settings.model, progress)
    from collab.dialogue.engines import packaged

    if not has_gpu():
        from collab.dialogue.engines.llama_cpp import LlamaCppModel

        path = packaged.packaged_gguf()
        return LlamaCppModel.load(path, progress, name=packaged.NAME, languages=packaged.LANGUAGES)
    folder = packaged.ready_folder(settings.data / "cache" / "models", progress)
    return TransformersModel.load(str(folder), progress, name=packaged.NAME, languages=packaged.LANGUAGES)
