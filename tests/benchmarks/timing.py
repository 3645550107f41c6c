"""Milliseconds of learning and recalling in a memory that holds many corrections, single calls."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.candidates import EVERYONE
from knowledge.database import Database, utc_now
from knowledge.memory import CorrectionMemory

TIMED = 400  # single calls, every other one a recall


def timings(database: Database, memory: CorrectionMemory, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of single calls that embed and compare for themselves, of the texts by turns."""
    memory.refresh()
    memory.load()
    texts = texts[:TIMED]

    def teach(text: str) -> None:
        draft = memory.prepare(text)
        with database.write() as session:
            memory.learn(session, "timed", [draft], "person:nobody")

    recalls = _milliseconds(lambda text: memory.recall(text, (EVERYONE,), utc_now()), texts[::2])
    learns = _milliseconds(teach, texts[1::2])
    return {
        f"{act}_ms_p{p}": float(np.percentile(taken, p))
        for act, taken in (("learn", learns), ("recall", recalls))
        for p in (50, 95)
        if taken
    }


def _milliseconds(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    taken = []
    for text in texts:
        start = time.perf_counter()
        act(text)
        taken.append((time.perf_counter() - start) * 1000)
    return taken
