"""A language model in this process, run by transformers on the CPU or on CUDA.

Answers that are asked for at the same time are written together, and what begins like an earlier question is not read
again. Knows tokens and devices; knows nothing of prompts, people or queues. torch and transformers are imported when a
model is loaded, not before.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collab.dialogue.engines import Message, Progress
from collab.dialogue.engines.context import fit, without_instructions
from collab.dialogue.engines.cores import usable_cores
from collab.dialogue.engines.peft_adapters import PeftAdapters
from collab.errors import (
    AdapterUnknownError,
    EngineBrokenError,
    ModelFolderMissingError,
    ModelLoadError,
    PromptTooLongError,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class TransformersModel:
    """A causal language model of transformers with a chat template; greedy."""

    def __init__(
        self,
        model: "PreTrainedModel",
        tokenizer: "PreTrainedTokenizerBase",
        name: str,
        languages: frozenset[str] | None = None,
        adapters: Mapping[str, Path] | None = None,
    ) -> None:
        """`adapters`: folders of PEFT by their names. Raises AdapterDamagedError."""
        from collab.dialogue.engines.rounds import Rounds

        self.name = name
        self.languages = languages
        self._model = model
        self._adapters = PeftAdapters(model, adapters or {})
        self._tokenizer = tokenizer
        self._rounds = Rounds(
            model, self._adapters.acting, max(1, usable_cores() - 1)
        )  # one is left to questions and pages
        self._closed = threading.Event()

    @property
    def slots(self) -> int:
        """See LanguageModel. One where the model's kind allows no more."""
        return self._rounds.slots

    @classmethod
    def load(
        cls,
        source: str,
        progress: Progress,
        *,
        name: str = "",
        languages: frozenset[str] | None = None,
        adapters: Mapping[str, Path] | None = None,
        is_exact: bool = False,
    ) -> "TransformersModel":
        """Loads a folder, without touching the network, or a Hugging Face id, which may be downloaded.

        `is_exact` computes in float32 also where that is slow. Raises ModelFolderMissingError, ModelLoadError and
        AdapterDamagedError.
        """
        import torch
        from safetensors import SafetensorError

        is_folder = _is_folder(source)
        progress("model_loading", 0.0)
        try:
            with quiet_transformers():
                model, tokenizer = _read(source, is_folder, is_exact)
        except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError) as error:
            raise ModelLoadError(model=source, reason=_first_line(error)) from error
        if not tokenizer.chat_template:
            raise ModelLoadError(model=source, reason="it has no chat template; an instruct model has one")
        model.to("cuda" if torch.cuda.is_available() else "cpu")  # type: ignore[arg-type]
        progress("model_loading", 1.0)
        return cls(model, tokenizer, name or Path(source).name, languages, adapters)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. More than there are slots wait for one; returns when the computation has ended."""
        from collab.dialogue.engines.decoding import Request

        self._check(adapter)
        left = threading.Event()  # the reader of this stream has gone
        stops = (cancel, left, self._closed)
        request = Request(self._prompt(messages, max_tokens), max_tokens, adapter, stops)
        self._rounds.add(request)
        try:
            yield from pieces(iter(request.tokens.get, None), self._decode)
        finally:
            left.set()
            error = request.outcome.exception()
        if error is not None and not self._closed.is_set():
            raise EngineBrokenError(reason=_first_line(error)) from error

    def gaps(
        self, messages: Sequence[Message], answer: Sequence[str], *, max_tokens: int, adapter: str | None = None
    ) -> list[float]:
        """How far each token of an answer stands behind the one that is written here, in logits; 0: it is that one.

        The answer is in pieces as they were streamed: the same text can be made of other tokens. One of fewer than
        `max_tokens` tokens has its end among them. Raises as `stream` does.
        """
        self._check(adapter)
        prompt = self._prompt(messages, max_tokens)
        said = [token for piece in answer for token in self._tokenizer.encode(piece, add_special_tokens=False)]
        end = self._tokenizer.eos_token_id
        if len(said) < max_tokens and end is not None:
            said = [*said, end]
        return self._rounds.run(lambda: self._compare(prompt, said, adapter))

    def close(self) -> None:
        """Stops what is running. The memory is given back with the object."""
        self._closed.set()
        self._rounds.close()

    def _check(self, adapter: str | None) -> None:
        if adapter is not None and adapter not in self._adapters.names:
            raise AdapterUnknownError(model=self.name, adapter=adapter)
        if self._closed.is_set():
            raise EngineBrokenError(reason="it has been closed")

    def _prompt(self, messages: Sequence[Message], max_tokens: int) -> list[int]:
        context = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if context is None:
            return self._tokens(messages)
        room = context - max_tokens
        if room <= 0:
            raise PromptTooLongError(tokens=max_tokens, limit=context)
        return self._tokens(fit(messages, room, lambda some: len(self._tokens(some))))

    def _tokens(self, messages: Sequence[Message]) -> list[int]:
        from jinja2 import TemplateError

        with contextlib.suppress(TemplateError):  # the templates of some models, such as Gemma's, know no instructions
            return self._templated(messages)
        try:
            return self._templated(without_instructions(messages))
        except TemplateError as error:
            raise EngineBrokenError(reason=_first_line(error)) from error

    def _templated(self, messages: Sequence[Message]) -> list[int]:
        chat: list[dict[str, Any]] = [{**message} for message in messages]
        encoded: Any = self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=True)
        ids: list[int] = encoded["input_ids"]
        return ids

    def _decode(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _compare(self, prompt: list[int], said: list[int], adapter: str | None) -> list[float]:
        """Runs in the owner's thread."""
        import torch

        ids = torch.tensor([prompt + said], device=self._model.device)
        with self._adapters.acting(adapter), torch.inference_mode():
            logits = self._model(ids).logits[0, len(prompt) - 1 : -1].float()  # (tokens said, vocabulary)
        own = logits.gather(1, ids[0, len(prompt) :, None])[:, 0]
        gaps: list[float] = (logits.max(dim=1).values - own).tolist()
        return gaps


def has_gpu() -> bool:
    """Whether there is one that torch can use."""
    import torch

    return torch.cuda.is_available()


def pieces(tokens: Iterator[int], decode: Callable[[Sequence[int]], str]) -> Iterator[str]:
    """Text for tokens as they come. A character whose bytes are spread over several tokens waits until it is whole."""
    context: list[int] = []  # the last tokens already told: some tokenizers decode by what stands before
    fresh: list[int] = []
    for token in tokens:
        fresh.append(token)
        text = _added(context, fresh, decode)
        if text and not text.endswith("\N{REPLACEMENT CHARACTER}"):
            yield text
            context, fresh = fresh, []
    if text := _added(context, fresh, decode).rstrip("\N{REPLACEMENT CHARACTER}"):
        yield text


def _added(context: list[int], fresh: list[int], decode: Callable[[Sequence[int]], str]) -> str:
    return decode(context + fresh)[len(decode(context)) :]


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """No progress bars and no advice on the terminal while a model is read: we tell the progress ourselves."""
    from transformers.utils import logging as transformers_logging

    logging: Any = transformers_logging  # untyped
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def _is_folder(source: str) -> bool:
    path = Path(source).expanduser()
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ModelFolderMissingError(path=source, reason="the folder has no config.json")
        return True
    if source.startswith(("/", ".", "~")) or source.count("/") > 1 or "\\" in source:
        raise ModelFolderMissingError(path=source, reason="the folder does not exist")
    return False


def _read(source: str, is_folder: bool, is_exact: bool) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = str(Path(source).expanduser()) if is_folder else source
    is_short = not is_exact and (torch.cuda.is_available() or _cpu_has_bfloat16())
    dtype = torch.bfloat16 if is_short else torch.float32
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=is_folder)
    model = AutoModelForCausalLM.from_pretrained(place, local_files_only=is_folder, dtype=dtype, use_safetensors=True)
    return model, tokenizer


def _cpu_has_bfloat16() -> bool:
    """Without these instructions bfloat16 is emulated, several times slower than float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
