"""Whether two questions ask the same, whatever they are about: our own cross-encoder over masked questions.

It reads a pair as `aboutness.align` leaves it. It knows no corrections, and no threshold.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import EmbedderMissingError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from knowledge.scope.network import PairReader

WEIGHTS = Path(__file__).parents[2] / "assets" / "models" / "scope" / "scope.safetensors"
REMEMBERED = 4096  # pairs


@dataclass(frozen=True, slots=True)
class Asked:
    """Two logits: strictly the same question; the same request in the wide sense, as customers word it."""

    same: float
    wide: float


Pair = tuple[str, str]


class Askedness(Protocol):
    """What compares masked questions, in pairs."""

    def compare(self, pairs: Sequence[Pair]) -> list[Asked]:
        """What is thought of each pair, in their order."""


class SameWords:
    """Only counts common words, in any order: where no model reads the language."""

    def compare(self, pairs: Sequence[Pair]) -> list[Asked]:
        """From 6 for the same words to -6 for others."""
        return [_by_words(set(first.split()), set(second.split())) for first, second in pairs]


def _by_words(first: set[str], second: set[str]) -> Asked:
    logit = 12 * len(first & second) / max(len(first | second), 1) - 6
    return Asked(logit, logit)


class CrossEncoder:
    """The packaged encoder with what we trained added to its weights. Safe to share between threads.

    It is loaded by the first `compare`; pairs are remembered for a while. Raises EmbedderMissingError
    when its weights are not there.
    """

    def __init__(self, base: Path, weights: Path = WEIGHTS) -> None:
        if not weights.is_file():
            raise EmbedderMissingError(path=str(weights))
        self._base, self._weights = base, weights
        self._loaded: tuple[PairReader, Tokenizer] | None = None
        self._known: OrderedDict[Pair, Asked] = OrderedDict()
        self._turn = threading.Lock()

    def compare(self, pairs: Sequence[Pair]) -> list[Asked]:
        """What is thought of each pair, in their order; new ones are read in one batch."""
        with self._turn:
            new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
            found = dict(zip(new, self._read(new), strict=True)) if new else {}
            answers = [found[pair] if pair in found else self._known[pair] for pair in pairs]
            self._known.update(found)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return answers

    def _read(self, pairs: Sequence[Pair]) -> list[Asked]:
        from knowledge.scope.network import PairReader, batch_of, pair_tokenizer

        if self._loaded is None:
            self._loaded = PairReader(self._base, self._weights), pair_tokenizer(self._base)
        reader, tokenizer = self._loaded
        return [Asked(same, wide) for same, wide in reader.logits(batch_of(tokenizer, pairs)).tolist()]
