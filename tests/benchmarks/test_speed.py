"""The figures of waiting."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from tests.benchmarks import speed
from tests.benchmarks.speed import PATIENCE_S, waits


class Shows:
    """A page on which the same comes for every question, after so many seconds each."""

    def __init__(self, *told: tuple[float, str]) -> None:
        self._told = told

    async def say(self, *_: object, **__: object) -> AsyncIterator[tuple[float, str]]:
        for one in self._told:
            yield one


def test_what_never_came_is_no_quick_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "questions", lambda: [("What?", "Nine.")])
    said: dict[str, Any] = {
        "quoted": Shows((0.1, "Wait"), (0.2, f"{speed._QUOTED[0]}Nine.")),
        "refused": Shows((0.1, "No.")),
        "nothing": Shows(),
    }
    found = {name: asyncio.run(speed.first_text(page)) for name, page in said.items()}
    assert found == {"quoted": ([200.0], 0), "refused": ([], 1), "nothing": ([PATIENCE_S * 1000], 1)}
    monkeypatch.setattr(speed, "CORRECTED", {"What?": "Nine."})
    right, wrong = (cast(Any, Shows((0.1, "Ten."), *more)) for more in ([(0.3, "Nine.")], []))
    assert asyncio.run(speed.corrected(right, 1)) == [300.0]
    assert asyncio.run(speed.corrected(wrong, 1)) == [PATIENCE_S * 1000]


def test_the_slowest_twentieth_is_not_smoothed_away() -> None:
    assert waits("ms", [30.0, 10.0, 20.0]) == {"ms, p50 of 3": {"ours": 20.0}, "ms, p95 of 3": {"ours": 30.0}}
    assert waits("ms", []) == {}
