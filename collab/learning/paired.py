"""Exact tests on paired outcomes: has a candidate lost more items than it gained, and has it gained more than it lost?

Both answered the same items. Items that both pass or both fail say nothing about a difference, so they do not count
(McNemar 1947; with the exact binomial tail it is the sign test). Of the others, `gained` were failed before and are
passed after, `lost` the other way round.

- *Worse*: the null hypothesis is that the candidate is not worse, so that an item which changed is lost with a
  probability of at most 1/2. `p_worse` is P(X >= lost) for X ~ Binomial(gained + lost, 1/2).
- *Better*: the null hypothesis is that it is not better, and `p_better` is P(X >= gained) of the same X.

A null hypothesis is given up at `ALPHA` or below, one-sided, so at least five items must change: five of five is 1/32,
four of four 1/16. What that finds of a true loss of ten points, all else being the same: with 25 items .10 of such
candidates are caught, with 200 items more than .999; where five more points come and go, .13 and .93 (`power`).
Two equal candidates have no changed items and p = 1 both ways. It knows no items and no models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Paired:
    """What came of `items` answered by both."""

    items: int
    gained: int
    lost: int
    p_better: float
    p_worse: float

    @property
    def discordant(self) -> int:
        """Items that changed."""
        return self.gained + self.lost

    @property
    def is_worse(self) -> bool:
        return self.p_worse <= ALPHA

    @property
    def is_better(self) -> bool:
        return self.p_better <= ALPHA


def compare(before: Sequence[bool], after: Sequence[bool]) -> Paired:
    """The outcomes of the same items in the same order. Raises ValueError where an outcome is missing."""
    pairs = list(zip(before, after, strict=True))
    gained = sum(new and not old for old, new in pairs)
    lost = sum(old and not new for old, new in pairs)
    changed = gained + lost
    return Paired(len(pairs), gained, lost, at_least(gained, changed, 0.5), at_least(lost, changed, 0.5))


def at_least(count: int, trials: int, probability: float) -> float:
    """P(X >= count) for X ~ Binomial(trials, probability), exactly summed."""
    return min(1.0, sum(_binomial(k, trials, probability) for k in range(count, trials + 1)))


def power(items: int, loss: float, gain: float, alpha: float = ALPHA) -> float:
    """The probability that a candidate is found to be worse that loses an item with probability `loss` and gains one
    with `gain`, each by itself.
    """
    changing, found = loss + gain, 0.0
    for changed in range(1, items + 1):
        caught = [lost for lost in range(changed + 1) if at_least(lost, changed, 0.5) <= alpha]
        if caught:
            found += _binomial(changed, items, changing) * at_least(caught[0], changed, loss / changing)
    return found


def _binomial(count: int, trials: int, probability: float) -> float:
    return float(comb(trials, count) * probability**count * (1 - probability) ** (trials - count))
