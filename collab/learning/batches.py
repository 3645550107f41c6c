"""Which examples stand in which update. Knows tasks, seeds and lengths; knows no tokens and no torch.

An update that holds lessons alone teaches the answer to every question that looks like the taught one. So half of
each is made of what shall stay as it is: with a third, taught answers leak into two or three near misses of
nineteen, and the gate refuses them. A kind, of either, comes as often as the square root of its number: two near
misses are not said over and over, and general prompts do not drown them; nor do wordings of facts a style.
"""

import random
from collections.abc import Iterator, Sequence

from collab.learning.records import Example, Task

TAUGHT = (Task.FACT, Task.STYLE)
_KEPT = tuple(task for task in Task if task not in TAUGHT)


def batches(examples: Sequence[Example], updates: int, size: int, seed: int) -> list[list[int]]:
    """The examples of each update, as places in `examples`: (updates, size), each update from short to long.

    Every pool is gone through as a whole, in an order of the seed, before any of it comes again.
    """
    taught, kept = (_turns(_pools(examples, tasks, seed)) for tasks in (TAUGHT, _KEPT))
    lessons = taught_per_update(examples, size)
    made = []
    for _ in range(updates):
        places = [next(next(taught)) for _ in range(lessons)] + [next(next(kept)) for _ in range(size - lessons)]
        made.append(sorted(places, key=lambda place: _length(examples[place])))
    return made


def taught_per_update(examples: Sequence[Example], size: int) -> int:
    """How many examples of lessons an update of `size` has."""
    kinds = {example.task for example in examples}
    return _taught_places(size, any(task in kinds for task in TAUGHT), sum(task in kinds for task in _KEPT))


def _taught_places(size: int, is_taught: bool, kinds_kept: int) -> int:
    if not is_taught:
        return 0
    return size - size // 2 if kinds_kept else size


def _pools(examples: Sequence[Example], tasks: Sequence[Task], seed: int) -> "list[_Pool]":
    of_task = {task: [n for n, example in enumerate(examples) if example.task is task] for task in tasks}
    return [_Pool(places, f"{seed} {task}") for task, places in of_task.items() if places]


def _length(example: Example) -> int:
    """In characters: near enough to put short ones together."""
    return len(example.completion) + sum(len(message["content"]) for message in example.prompt)


class _Pool(Iterator[int]):
    """Endless; every place comes once before any comes again."""

    def __init__(self, places: Sequence[int], seed: str) -> None:
        self.places = places
        self._random = random.Random(seed)
        self._left: list[int] = []

    def __next__(self) -> int:
        if not self._left:
            self._left = self._random.sample(self.places, len(self.places))
        return self._left.pop()


def _turns(pools: Sequence[_Pool]) -> Iterator[_Pool]:
    """Endless: always the pool that is furthest behind its share."""
    drawn = [0] * len(pools)
    while pools:
        behind = min(range(len(pools)), key=lambda n: (drawn[n] + 0.5) / len(pools[n].places) ** 0.5)
        drawn[behind] += 1
        yield pools[behind]
