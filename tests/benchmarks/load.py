"""Many people at once on one application, at its pages through Gradio's queue and with programs over REST.

    python -m tests.benchmarks.load [--people 50 200] [--seconds N] [--soak] [--json FILE]

Each person asks every ten seconds, beginning at a moment of their own: what a correction answers, and every fifth time
what the handbook answers. Between two questions each rates, edits, opens a conversation or searches. Three in ten of
all these acts come from a program. Whoever is told that it is full comes again when they were told to. The load is
made by another process on the same machine. `--soak` lets the last number of people go on for ten minutes, and watches
the memory.
"""

import argparse
import asyncio
import itertools
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from knowledge.database import new_id
from tests.benchmarks import report
from tests.benchmarks.speed import memory_mib
from tests.benchmarks.team import CORRECTED, PATIENCE_S, Member, Page, found, questions
from tests.running import Application

EVERY_S = 10.0
SOAK_S = 600.0
SETTLED_S = 120.0  # of a soak, after which the memory should not grow any more
PROGRAMS = 0.3
_FULL = "too many people were waiting"


@dataclass
class Seen:
    """What came of all the acts: milliseconds by act, by person, and what went wrong."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_person: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    full: int = 0
    otherwise: int = 0  # answers without the words that were looked for, whose time is therefore not known
    errors: list[str] = field(default_factory=list)


class Person:
    """Somebody who acts, with a page and a program of their own."""

    def __init__(self, address: str, member: Member, seen: Seen) -> None:
        self._member = member
        self._seen = seen
        self._page = Page(address, member)
        self._turn = self._quoted_turn = self._conversation = ""
        self._random = random.Random(member.name)
        self._rest = httpx.AsyncClient(
            base_url=address,
            headers={"Authorization": f"Bearer {member.key}"},
            timeout=PATIENCE_S,
            limits=httpx.Limits(keepalive_expiry=2),  # before the server closes what is idle
            trust_env=False,
        )

    async def open_page(self) -> None:
        """Comes."""
        await self._page.open()

    async def act(self, until: float) -> None:
        """Acts every ten seconds until then."""
        await asyncio.sleep(self._random.random() * EVERY_S)
        asks, others = [self.ask_corrected] * 4 + [self.ask_handbook], [self.rate, self.open, self.edit, self.search]
        calls, other_calls = [self.call_corrected] * 4 + [self.call_handbook], [self.call_rate, self.call_search]
        for n in itertools.count(self._random.randrange(20)):
            if time.monotonic() >= until:
                break
            for at_page, by_program in ((asks, calls), (others, other_calls)):
                begun = time.monotonic()
                acts = by_program if self._random.random() < PROGRAMS else at_page
                await self._timed(acts[n % len(acts)])
                await asyncio.sleep(max(0.0, EVERY_S / 2 - (time.monotonic() - begun)))
        await self._page.close()
        await self._rest.aclose()

    async def _timed(self, act: Callable[[], Awaitable[float | None]]) -> None:
        try:
            seconds = await act()
        except (httpx.HTTPError, AssertionError, KeyError) as error:
            self._seen.errors.append(f"{act.__name__}: {type(error).__name__} {str(error)[:160]}")
            return
        if seconds is not None:
            self._seen.ms[act.__name__].append(seconds * 1000)
            self._seen.by_person[self._member.name].append(seconds * 1000)

    async def ask_corrected(self) -> float | None:
        """What a correction answers; until it stands there whole."""
        question, answer = self._random.choice(list(CORRECTED.items()))
        return await self._ask(question, answer)

    async def ask_handbook(self) -> float | None:
        """What the handbook answers; until the words stand there, quoted or composed."""
        first_s = await self._ask(*self._random.choice(questions()))
        self._quoted_turn = self._turn
        return first_s

    async def _ask(self, question: str, words: str) -> float | None:
        first_s, was_full, is_done = None, False, False
        run = f"{self._random.getrandbits(48):x}"
        async for seconds, told in self._page.say("ask", act="ask", run=run, slot=0, text=question):
            if words in told:
                first_s = first_s or seconds
            for name, found_id in re.findall(r'data-(turn|view)=\\"([\w-]{16})\\"', told):
                setattr(self, "_turn" if name == "turn" else "_conversation", found_id)
            was_full = was_full or _FULL in told
            is_done = is_done or "data-done" in told
        assert is_done, f"no answer came to {question!r}"
        self._seen.full += was_full
        self._seen.otherwise += not (first_s or was_full)
        return first_s

    async def rate(self) -> float | None:
        """A thumb, until it is pressed."""
        return await self._say("chat", 'aria-pressed=\\"true\\"', act="rate", turn=self._turn, rating="up")

    async def edit(self) -> float | None:
        """Other words for an answer of the handbook, until they are there; what is corrected stays as it is."""
        if not self._quoted_turn:
            return None
        words = f"Ask {self._member.name}, number {new_id()}."  # never the same again, also where people come again
        return await self._say("chat", words, act="correct", turn=self._quoted_turn, answer=words)

    async def open(self) -> float | None:
        """A conversation of before."""
        return await self._say("frame", self._conversation, act="go", room="chat", conversation=self._conversation)

    async def search(self) -> float | None:
        """A word in one's conversations."""
        return await self._say("frame", 'data-testid=\\"find\\"', act="find", text="cupboard", conversation="")

    async def _say(self, room: str, words: str, /, **message: Any) -> float | None:
        if not self._turn:
            return None
        came = [one async for one in self._page.say(room, **message)]
        shown_s = next((seconds for seconds, told in came if words in told), None)
        assert shown_s is not None, f"{message['act']} came back without {words}: {came[-1][1] if came else 'nothing'}"
        return shown_s

    async def call_corrected(self) -> float | None:
        """What a correction answers, whole."""
        question, answer = self._random.choice(list(CORRECTED.items()))
        return await self._complete(question, answer)

    async def call_handbook(self) -> float | None:
        """What the handbook answers, whole, with the model's wording."""
        question, _ = self._random.choice(questions())
        return await self._complete(question, "")

    async def call_search(self) -> float | None:
        """Passages."""
        return (await self._call("GET", "/v1/search", params={"q": "return of shoes"}))[0]

    async def call_rate(self) -> float | None:
        """A thumb."""
        if not self._turn:
            return None
        return (await self._call("POST", "/v1/feedback", json={"turn_id": self._turn, "rating": "up"}))[0]

    async def _complete(self, question: str, words: str) -> float | None:
        body = {"messages": [{"role": "user", "content": question}]}
        seconds, reply = await self._call("POST", "/v1/chat/completions", json=body)
        assert words in reply.json()["choices"][0]["message"]["content"]
        return seconds

    async def _call(self, method: str, path: str, **given: Any) -> tuple[float, httpx.Response]:
        """Again, when it was told that it is full, after as long as it was told."""
        while True:
            begun = time.perf_counter()
            reply = await self._rest.request(method, path, **given)
            if reply.status_code != 503:
                reply.raise_for_status()
                return time.perf_counter() - begun, reply
            self._seen.full += 1
            await asyncio.sleep(float(reply.headers["Retry-After"]))


async def work(application: Application, members: Sequence[Member], seconds: float) -> tuple[Seen, list[float]]:
    """What they saw, and the memory in MiB, every ten seconds. Their pages are open before."""
    seen = Seen()
    people = [Person(application.address, member, seen) for member in members]
    for person in people:
        await person.open_page()
    until = time.monotonic() + seconds
    memory: list[float] = []

    async def watch() -> None:
        while time.monotonic() < until:
            memory.append(memory_mib(application))
            await asyncio.sleep(EVERY_S)

    await asyncio.gather(watch(), *(person.act(until) for person in people))
    return seen, memory


def rows_of(seen: Seen, memory: Sequence[float]) -> dict[str, dict[str, float]]:
    """A line for each act, and one for everything that the figures are held against."""
    rows = {
        act: {"n": len(ms), "p50": float(np.percentile(ms, 50)), "p95": float(np.percentile(ms, 95)), "most": max(ms)}
        for act, ms in sorted(seen.ms.items())
    }
    means = sorted(float(np.mean(ms)) for ms in seen.by_person.values())
    middle = means[len(means) // 2]
    rows["a person's mean"] = {"n": len(means), "p50": middle, "p95": means[int(0.95 * len(means))], "most": means[-1]}
    rows["slowest person / median"] = {"n": len(means), "p50": means[-1] / middle}
    rows["told that it is full"] = {"n": seen.full}
    rows["answered in other words"] = {"n": seen.otherwise}
    rows["errors"] = {"n": len(seen.errors)}
    rows["MiB in memory"] = {"n": len(memory), "p50": float(np.median(memory)), "most": max(memory)}
    return rows


def growth(memory: Sequence[float]) -> float:
    """By what share the memory grew after it had settled: the median of the last minute against that of the first."""
    settled = memory[int(SETTLED_S / EVERY_S) :]
    return float(np.median(settled[-6:]) / np.median(settled[:6]) - 1)


def _options() -> argparse.Namespace:
    parser = report.options(__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each number of people")
    parser.add_argument("--soak", action="store_true", help="ten minutes with the last number of people")
    return parser.parse_args()


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    options = _options()
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        members = found(Path(folder), max(options.people))
        application = Application(Path(folder)).start()
        try:
            for people in options.people:
                is_soak = options.soak and people == options.people[-1]
                seconds = SOAK_S if is_soak else options.seconds
                seen, memory = asyncio.run(work(application, members[:people], seconds))
                rows |= {f"{people} people: {name}": row for name, row in rows_of(seen, memory).items()}
                if is_soak:
                    rows[f"{people} people: memory grew by"] = {"p50": growth(memory)}
                print(*sorted(set(seen.errors))[:10], sep="\n")
        finally:
            application.stop()
    names = ("n", "p50", "p95", "most")
    report.table({name: {key: row.get(key, "") for key in names} for name, row in rows.items()}, options.json)


if __name__ == "__main__":
    main()
