"""What a model has read lately, as keys and values, so that what begins the same is not read again.

A question of a talk begins with everything that was said before it; so does every question with the same instructions.
Knows tokens and tensors; knows no texts. One thread uses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

KeyValues = Sequence[tuple["Tensor", "Tensor"]]
"""Keys and values of each layer  # (texts, heads, tokens, dims)."""

FEWEST = 16  # tokens: fewer are read as quickly as they are copied


@dataclass(frozen=True, slots=True, eq=False)
class _Prefix:
    adapter: str | None
    tokens: Sequence[int]
    layers: KeyValues

    @property
    def size_bytes(self) -> int:
        return sum(keys.nbytes + values.nbytes for keys, values in self.layers)


class Prefixes:
    """The latest texts up to `limit_bytes`. Those of one adapter say nothing to another."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._kept: list[_Prefix] = []  # the latest is the last

    @property
    def size_bytes(self) -> int:
        """What it holds now."""
        return sum(prefix.size_bytes for prefix in self._kept)

    def longest(self, adapter: str | None, tokens: Sequence[int]) -> KeyValues:
        """What is known of the beginning of a text, never of its last token: the model has to tell what follows that.

        They are views, to be copied before they grow; none where too little is known.
        """
        best, most = None, FEWEST - 1
        for prefix in self._kept:
            if prefix.adapter == adapter and (same := _common(prefix.tokens, tokens[:-1])) > most:
                best, most = prefix, same
        if best is None:
            return ()
        self._kept.remove(best)
        self._kept.append(best)
        return [(keys[:, :, :most], values[:, :, :most]) for keys, values in best.layers]

    def keep(self, adapter: str | None, tokens: Sequence[int], layers: KeyValues) -> None:
        """Keeps one text in place of those that it goes on with; the oldest ones go when there is no more room."""
        others = [one for one in self._kept if one.adapter != adapter or _common(one.tokens, tokens) < len(one.tokens)]
        self._kept = [*others, _Prefix(adapter, tokens, layers)]
        while self.size_bytes > self._limit_bytes:
            del self._kept[0]

    def clear(self) -> None:
        """Gives the memory back."""
        self._kept = []


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
