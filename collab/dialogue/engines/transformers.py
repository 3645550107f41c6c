"""A language model in this process, run by transformers on the CPU or on CUDA.

One thread owns the model, so that generations never mix; it lives as long as the engine. Knows tokens and devices;
knows nothing of prompts, people or queues. torch and transformers are imported when a model is loaded, not before.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collab.dialogue.engines import Message, Progress
from collab.dialogue.engines.context import fit, without_instructions
from collab.errors import (
    AdapterUnknownError,
    EngineBrokenError,
    ModelFolderMissingError,
    ModelLoadError,
    PromptTooLongError,
)

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class TransformersModel:
    """A causal language model of transformers with a chat template; greedy."""

    def __init__(
        self,
        model: "PreTrainedModel",
        tokenizer: "PreTrainedTokenizerBase",
        name: str,
        languages: frozenset[str] | None = None,
    ) -> None:
        self.name = name
        self.languages = languages
        self._model = model
        self._tokenizer = tokenizer
        # One long-lived thread: torch keeps a pool of compute threads for each thread that calls it.
        self._owner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._closed = threading.Event()

    @classmethod
    def load(
        cls,
        source: str,
        progress: Progress,
        *,
        name: str = "",
        languages: frozenset[str] | None = None,
    ) -> "TransformersModel":
        """Loads a folder, without touching the network, or a Hugging Face id, which may be downloaded.

        Raises ModelFolderMissingError and ModelLoadError.
        """
        import torch
        from safetensors import SafetensorError

        is_folder = _is_folder(source)
        progress("model_loading", 0.0)
        torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # one core is left to questions, pages and rows
        try:
            with quiet_transformers():
                model, tokenizer = _read(source, is_folder)
        except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError) as error:
            raise ModelLoadError(model=source, reason=_first_line(error)) from error
        if not tokenizer.chat_template:
            raise ModelLoadError(model=source, reason="it has no chat template; an instruct model has one")
        model.to("cuda" if torch.cuda.is_available() else "cpu")  # type: ignore[arg-type]
        progress("model_loading", 1.0)
        return cls(model, tokenizer, name or Path(source).name, languages)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. Waits while another generation runs; returns when the computation has ended."""
        if adapter is not None:
            raise AdapterUnknownError(model=self.name, adapter=adapter)
        if self._closed.is_set():
            raise EngineBrokenError(reason="it has been closed")
        prompt = self._prompt(messages, max_tokens)
        tokens: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        left = threading.Event()  # the reader of this stream has gone
        stops = (cancel, left, self._closed)
        running = self._owner.submit(self._generate, prompt, max_tokens, stops, tokens)
        running.add_done_callback(lambda _: tokens.put(None))
        try:
            yield from pieces(iter(tokens.get, None), self._decode)
        finally:
            left.set()
            error = _outcome(running)
        if error is not None and not self._closed.is_set():
            raise EngineBrokenError(reason=_first_line(error)) from error

    def close(self) -> None:
        """Stops what is running. The memory is given back with the object."""
        self._closed.set()
        self._owner.shutdown(wait=True, cancel_futures=True)

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

    def _generate(
        self,
        prompt: list[int],
        max_tokens: int,
        stops: Sequence[threading.Event],
        tokens: "queue.SimpleQueue[int | None]",
    ) -> None:
        """Runs in the owner's thread; every new token goes into `tokens` at once."""
        import torch

        def watch(ids: "torch.Tensor", _scores: Any) -> "torch.Tensor":  # a stopping criterion: called after each token
            tokens.put(int(ids[0, -1]))
            stopped = any(event.is_set() for event in stops)
            return torch.full((ids.shape[0],), stopped, dtype=torch.bool, device=ids.device)

        if any(event.is_set() for event in stops):
            return
        ids = torch.tensor([prompt], device=self._model.device)
        with torch.inference_mode():
            generate: Any = self._model.generate
            generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=max_tokens,
                do_sample=False,
                stopping_criteria=[watch],
            )


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


def _read(source: str, is_folder: bool) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = str(Path(source).expanduser()) if is_folder else source
    dtype = torch.bfloat16 if torch.cuda.is_available() or _cpu_has_bfloat16() else torch.float32
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=is_folder)
    model = AutoModelForCausalLM.from_pretrained(place, local_files_only=is_folder, dtype=dtype, use_safetensors=True)
    return model, tokenizer


def _cpu_has_bfloat16() -> bool:
    """Without these instructions bfloat16 is emulated, several times slower than float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _outcome(running: "Future[None]") -> BaseException | None:
    running.cancel()  # in case it still waits for its turn
    return None if running.cancelled() else running.exception()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
