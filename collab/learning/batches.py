"""Which examples stand in which update. Knows tasks, seeds and lengths; knows no tokens and no torch.

An update that holds lessons alone teaches the answer to every question that looks like the taught one. So half of
each is made of what shall stay as it is: with a third, taught answers leak into two or three near misses of
nineteen, and the gate refuses them. A kind, of either, comes as often as the square root of its number: two near
misses are not said over and over, and general prompts do not drown them; nor do wordings of facts a style. Within a
kind each lesson comes as often as any other, however many wordings it has. What nobody can know comes a quarter as
often as that: a small model that hears more of it says to everybody that it does not know.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from collab.learning.records import Example, Task

TAUGHT = (Task.FACT, Task.STYLE)

_SHARES = {Task.UNKNOWN: 0.25}  # of a kind that comes less often than by its number
_KEPT = tuple(task for task in Task if task not in TAUGHT)

T = TypeVar("T")


def batches(examples: Sequence[Example], updates: int, size: int, seed: int) -> list[list[int]]:
    """The examples of each update, as places in `examples`: (updates, size), each update from short to long.

    Every lesson comes once, in an order of the seed, before any comes again, and so do its examples.
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
    found = []
    for task in tasks:
        by_lesson: dict[str, list[int]] = {}
        for place, example in enumerate(examples):
            if example.task is task:
                by_lesson.setdefault(example.lesson_id, []).append(place)
        if by_lesson:
            found.append(_Pool(by_lesson, f"{seed} {task}", _SHARES.get(task, 1.0)))
    return found


def _length(example: Example) -> int:
    """In characters: near enough to put short ones together."""
    return len(example.completion) + sum(len(message["content"]) for message in example.prompt)


class _Pool(Iterator[int]):
    """The places of a kind, by lesson; endless."""

    def __init__(self, by_lesson: Mapping[str, Sequence[int]], seed: str, share: float) -> None:
        self.weight = share * sum(map(len, by_lesson.values())) ** 0.5
        self._lessons = _again([_again(places, f"{seed} {id}") for id, places in by_lesson.items()], seed)

    def __next__(self) -> int:
        return next(next(self._lessons))


def _again(all_of: Sequence[T], seed: str) -> Iterator[T]:
    """Endless; each comes once, in an order of the seed, before any comes again."""
    shuffle = random.Random(seed)
    while True:
        yield from shuffle.sample(all_of, len(all_of))


def _turns(pools: Sequence[_Pool]) -> Iterator[_Pool]:
    """Endless: always the pool that is furthest behind its share."""
    drawn = [0] * len(pools)
    while pools:
        behind = min(range(len(pools)), key=lambda n: (drawn[n] + 0.5) / pools[n].weight)
        drawn[behind] += 1
        yield pools[behind]
