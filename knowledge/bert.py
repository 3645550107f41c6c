"""A small BERT from its files, written out: tokens become unit vectors, the mean over what the last layer says of them.

In bfloat16 where the processor computes in it, which is several times as fast and keeps a cosine of .9998 to full
precision, and on one thread. It knows no texts, and nothing of who asks.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Linear = tuple[Tensor, Tensor]  # weight and bias
KIND = ("bert", "gelu", "absolute")
ATTENTION = ("query", "key", "value")


class Bert:
    """The encoder of a BERT: its weights by name and its `config`, as they are in its folder.

    Raises KeyError where the weights are of another kind, ValueError where the config is.
    """

    def __init__(self, weights: Mapping[str, Tensor], config: dict[str, Any]) -> None:
        kind = tuple(config[name] for name in ("model_type", "hidden_act", "position_embedding_type"))
        if kind != KIND:
            raise ValueError(f"it is of another kind: {' '.join(kind)}")
        # A second thread gains little here and waits by spinning: where others want the cores, it is ten times as slow.
        # This holds for the thread that loads, and for new ones until somebody else says so.
        torch.set_num_threads(1)
        self._dtype = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._words = weights["embeddings.word_embeddings.weight"]  # stays in the file until a word is met
        self._places = weights["embeddings.position_embeddings.weight"]
        self._sides = weights["embeddings.token_type_embeddings.weight"]
        self._start = _linear(weights, "embeddings.LayerNorm", torch.float32)
        self._layers = [
            _Layer(weights, f"encoder.layer.{number}", self._dtype) for number in range(config["num_hidden_layers"])
        ]

    def vectors(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """One unit row for each text of tokens, in full precision  # (texts, dims)."""
        lengths = torch.tensor([len(tokens) for tokens in texts])
        longest = int(lengths.max())
        mask = torch.arange(longest) < lengths[:, None]  # (texts, tokens)
        ids = torch.zeros(mask.shape, dtype=torch.long)
        ids[mask] = torch.tensor(list(chain.from_iterable(texts)))
        with torch.inference_mode():
            summed: Tensor = (self.states(ids, mask) * mask[:, :, None]).sum(1)
            return functional.normalize(summed, dim=-1)

    def states(self, ids: Tensor, mask: Tensor, second: Tensor | None = None) -> Tensor:
        """What the last layer says of each token, in full precision  # (texts, tokens, dims).

        `mask` holds where there is a token, `second` where it is one of the second text of a pair.
        """
        seen = None if mask.all() else mask[:, None, None]
        states = self._words[ids] + self._places[: ids.shape[1]] + self._sides[0 if second is None else second.long()]
        states = self._normalised(states, self._start).to(self._dtype)
        for layer in self._layers:
            states = self._normalised(states + self._attended(layer, states, seen), layer.after_attention)
            inner = functional.gelu(functional.linear(states, *layer.inner))
            states = self._normalised(states + functional.linear(inner, *layer.outer), layer.after)
        return states.float()

    def _attended(self, layer: "_Layer", states: Tensor, mask: Tensor | None) -> Tensor:
        texts, tokens, dims = states.shape
        apart = functional.linear(states, *layer.attention).view(texts, tokens, len(ATTENTION), self._heads, -1)
        query, key, value = apart.permute(2, 0, 3, 1, 4)  # each (texts, heads, tokens, dims of a head)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return functional.linear(seen.transpose(1, 2).reshape(texts, tokens, dims), *layer.attended)

    def _normalised(self, states: Tensor, by: Linear) -> Tensor:
        return functional.layer_norm(states, by[0].shape, *by, self._epsilon)


class _Layer:
    """The weights of one layer, those of query, key and value as one."""

    def __init__(self, weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> None:
        three = [_linear(weights, f"{name}.attention.self.{part}", dtype) for part in ATTENTION]
        self.attention: Linear = (torch.cat([one[0] for one in three]), torch.cat([one[1] for one in three]))
        self.attended = _linear(weights, f"{name}.attention.output.dense", dtype)
        self.after_attention = _linear(weights, f"{name}.attention.output.LayerNorm", dtype)
        self.inner = _linear(weights, f"{name}.intermediate.dense", dtype)
        self.outer = _linear(weights, f"{name}.output.dense", dtype)
        self.after = _linear(weights, f"{name}.output.LayerNorm", dtype)


def _linear(weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> Linear:
    return weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype)
