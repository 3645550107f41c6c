"""Texts that are written side by side: one step of the network gives each of them its next token, always the likeliest.

Knows tokens, keys and values; knows no words, no threads, and not who waits.
"""

import inspect
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers import DynamicCache

from collab.dialogue.engines.prefixes import KeyValues

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_PLAIN = {"full_attention", "sliding_attention"}


@dataclass(eq=False, slots=True)
class Request:
    """A text that is wanted, and what of it there is."""

    prompt: list[int]
    max_tokens: int
    adapter: str | None
    stops: Sequence[threading.Event]
    rules: Any = None
    """What changes the scores of its tokens, such as a penalty for what was said before."""
    said: list[int] = field(default_factory=list)
    tokens: "queue.SimpleQueue[int | None]" = field(default_factory=queue.SimpleQueue)
    """Every token as soon as there is one; None is the end."""
    outcome: "Future[None]" = field(default_factory=Future)

    @property
    def is_stopped(self) -> bool:
        return any(stop.is_set() for stop in self.stops)

    def take(self, token: int) -> None:
        """One more token."""
        self.said.append(token)
        self.tokens.put(token)

    def end(self, error: Exception | None = None) -> None:
        """Nothing more comes. A second end changes nothing."""
        if self.outcome.done():
            return
        if error is None:
            self.outcome.set_result(None)
        else:
            self.outcome.set_exception(error)
        self.tokens.put(None)


class Choosing:
    """Which token follows, and after which there is none, as the model's own settings say. Greedy."""

    def __init__(self, model: "PreTrainedModel") -> None:
        generating: Any = model
        self._model = generating
        self._config, _ = generating._prepare_generation_config(None, do_sample=False)
        generating._prepare_special_tokens(self._config, device=model.device)
        ends = self._config.eos_token_id
        self._ends = frozenset([ends] if isinstance(ends, int) else ends or ())

    def begin(self, request: Request) -> None:
        """Its prompt is going to be read."""
        length, device = len(request.prompt), self._model.device
        request.rules = self._model._get_logits_processor(self._config, length, device=device, model_kwargs={})

    def next(self, requests: Sequence[Request], logits: Tensor) -> None:
        """Gives each request its token  # (requests, vocabulary)."""
        scores = logits.float()
        for row, request in enumerate(requests):
            if request.rules:
                said = torch.tensor([request.prompt + request.said], device=scores.device)
                scores[row] = request.rules(said, scores[row : row + 1])[0]
        for request, token in zip(requests, scores.argmax(-1).tolist(), strict=True):
            request.take(token)

    def is_whole(self, request: Request) -> bool:
        """Whether nothing is to follow."""
        return len(request.said) >= request.max_tokens or bool(request.said and request.said[-1] in self._ends)


class Reading:
    """A prompt that is read in parts, so that nobody who writes waits long."""

    def __init__(self, request: Request, known: KeyValues) -> None:
        """`known` are keys and values of its beginning."""
        self.request = request
        self.cache = DynamicCache()
        for number, (keys, values) in enumerate(known):
            self.cache.update(keys, values, number)  # copies them

    def step(self, model: "PreTrainedModel", tokens: int) -> Tensor | None:
        """Reads some more. Returns what follows when it has read all  # (1, vocabulary)."""
        begin = self.cache.get_seq_length()
        part = torch.tensor([self.request.prompt[begin : begin + tokens]], device=model.device)
        end = begin + part.shape[1]
        logits: Tensor = model(
            part,
            attention_mask=torch.ones((1, end), dtype=torch.long, device=model.device),
            position_ids=torch.arange(begin, end, device=model.device)[None],
            past_key_values=self.cache,
            use_cache=True,
            **_last_only(model),
        ).logits
        return logits[:, -1] if end == len(self.request.prompt) else None


class Batch:
    """Texts whose prompts are read. All end at the same column; the shorter ones begin with columns without a token."""

    def __init__(self, model: "PreTrainedModel") -> None:
        self.requests: list[Request] = []
        self._model = model
        self._cache = DynamicCache()
        self._mask = torch.zeros((0, 0), dtype=torch.long, device=model.device)  # (texts, columns), 1: holds a token

    def join(self, request: Request, cache: DynamicCache) -> None:
        """One more, with the keys and values of its prompt."""
        if self.requests:
            width = max(self._mask.shape[1], cache.get_seq_length())
            joined = DynamicCache()
            for number, (held, new) in enumerate(zip(layers_of(self._cache), layers_of(cache), strict=True)):
                keys, values = (torch.cat([_wide(a, width), _wide(b, width)]) for a, b in zip(held, new, strict=True))
                joined.update(keys, values, number)
            held_mask = pad(self._mask, (width - self._mask.shape[1], 0))
            new_mask = pad(_full(cache), (width - cache.get_seq_length(), 0))
            self._cache, self._mask = joined, torch.cat([held_mask, new_mask.to(held_mask.device)])
        else:
            self._cache, self._mask = cache, _full(cache)
        self.requests.append(request)

    def step(self) -> Tensor:
        """Reads the last token of each text. Returns what follows  # (texts, vocabulary)."""
        device = self._model.device
        places = self._mask.sum(1, keepdim=True)
        self._mask = pad(self._mask, (0, 1), value=1)
        last = torch.tensor([[request.said[-1]] for request in self.requests], device=device)
        logits: Tensor = self._model(
            last, attention_mask=self._mask, position_ids=places, past_key_values=self._cache, use_cache=True
        ).logits
        return logits[:, -1]

    def known(self, request: Request) -> tuple[list[int], KeyValues]:
        """The tokens of one text whose keys and values are there, and a copy of these."""
        row = self.requests.index(request)
        length = int(self._mask[row].sum())
        own = (slice(row, row + 1), slice(None), slice(-length, None))
        layers = [(keys[own].clone(), values[own].clone()) for keys, values in layers_of(self._cache)]
        return (request.prompt + request.said)[:length], layers

    def leave(self, gone: Sequence[Request]) -> None:
        """Lets some of them go, and the columns that hold nothing without them."""
        rows = [row for row, request in enumerate(self.requests) if request not in gone]
        self.requests = [self.requests[row] for row in rows]
        if not rows:
            self._cache, self._mask = DynamicCache(), self._mask[:0, :0]
            return
        mask = self._mask[rows]
        empty = int((mask.sum(0) == 0).sum())
        left = DynamicCache()
        for number, (keys, values) in enumerate(layers_of(self._cache)):
            left.update(keys[rows, :, empty:], values[rows, :, empty:], number)
        self._cache, self._mask = left, mask[:, empty:]


def can_share(model: "PreTrainedModel") -> bool:
    """Whether all that the model knows of a text are keys and values by token: they can be cut, and stand side by side.

    Others have a state that cannot be taken back, or count places in a way of their own.
    """
    config: Any = model.config
    some: Any = model
    return bool(
        config.get_text_config() is config
        and not some._is_stateful
        and some._supports_default_dynamic_cache()
        and set(getattr(config, "layer_types", None) or ()) <= _PLAIN
        and not getattr(config, "num_kv_shared_layers", 0)
        and not getattr(config, "attention_chunk_size", None)
        and "position_ids" in inspect.signature(model.forward).parameters
    )


def layers_of(cache: DynamicCache) -> list[tuple[Tensor, Tensor]]:
    """Its keys and values themselves."""
    some: Any = cache.layers
    return [(layer.keys, layer.values) for layer in some]


def _wide(some: Tensor, width: int) -> Tensor:
    return pad(some, (0, 0, width - some.shape[2], 0))


def _full(cache: DynamicCache) -> Tensor:
    return torch.ones((1, cache.get_seq_length()), dtype=torch.long, device=layers_of(cache)[0][0].device)


def _last_only(model: "PreTrainedModel") -> dict[str, int]:
    some: Any = model
    return {"logits_to_keep": 1} if some._supports_logits_to_keep() else {}
