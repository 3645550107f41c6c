"""How fast answers come through the whole application, beside a bare llama.cpp server with the same file.

    python -m tests.benchmarks.speed [--runs N] [--json FILE]

*Checks off* are tasks, in which the model speaks alone; *checks on* are questions to the sample handbook, whose wording
is compared with its sources sentence by sentence. The peer is given the same prompts and writes as many tokens; both
run all the while and take turns. Rates are tokens over the time from sending the question to the end of the answer.
"""

import asyncio
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from collab.dialogue.engines import Message
from collab.dialogue.engines.llama_server import SLOTS
from collab.dialogue.engines.packaged import packaged_gguf
from collab.dialogue.prompt import build, build_without_sources
from knowledge.text import sentences
from tests.benchmarks import report
from tests.benchmarks.bare_server import bare_server
from tests.benchmarks.team import CORRECTED, PATIENCE_S, Member, Page, found, questions
from tests.running import Application

TOKENS = 160  # of a task's answer
_QUOTED = ("<q ", 'class=\\"cite\\"')  # in a page's answer: above one that is being written, and within one
THINGS = ("museum", "harbour", "forest", "castle", "river", "market", "school", "mountain")

Figures = dict[str, float]


@dataclass(frozen=True)
class Written:
    """One answer: its seconds, those to its first sentence, its tokens, and what the model was given for it."""

    seconds: float
    sentence_s: float
    tokens: int
    messages: Sequence[Message]


Ask = Callable[[int], Awaitable[Written]]


class Sides:
    """The application and the bare server, each with a connection that stays open."""

    def __init__(self, application: Application, members: Sequence[Member], bare: str) -> None:
        self._members = members
        self._ours = _connection(application.address)
        self._bare = _connection(bare)

    async def task(self, person: int) -> Written:
        """The model alone."""
        question = f"Write a long story about a {THINGS[person % len(THINGS)]} and its visitors."
        written, _ = await self._ask(person, question)
        return Written(*written, build_without_sources(question, [], "en"))

    async def question(self, person: int) -> Written:
        """Words for what the handbook says."""
        all_questions = questions()
        question, _ = all_questions[(self._asked + person) % len(all_questions)]
        written, told = await self._ask(person, question)
        return Written(*written, build(question, [source["quote"] for source in told["sources"]], "en"))

    _asked = 0

    def next_questions(self) -> None:
        """The next questions are others."""
        self._asked += SLOTS

    async def _ask(self, person: int, question: str) -> tuple[tuple[float, float, int], Any]:
        body = {"messages": [{"role": "user", "content": question}], "stream": True}
        key = {"Authorization": f"Bearer {self._members[person].key}"}
        begun, sentence_s, last = time.perf_counter(), 0.0, {}
        async for chunk in _chunks(self._ours, body, key):
            last = chunk
            if not sentence_s and _text(chunk):
                sentence_s = time.perf_counter() - begun
        seconds = time.perf_counter() - begun
        return (seconds, sentence_s, last["usage"]["completion_tokens"]), last["collab"]

    async def bare(self, ours: Written) -> Written:
        """The same prompt and as many tokens, of the peer."""
        body = {
            "messages": list(ours.messages),
            "max_tokens": max(1, ours.tokens),
            "temperature": 0,
            "stream": True,
            "ignore_eos": True,
        }
        begun, sentence_s, text, tokens = time.perf_counter(), 0.0, "", 0
        async for chunk in _chunks(self._bare, body, {}):
            text += _text(chunk)
            tokens += bool(_text(chunk))
            if not sentence_s and len(sentences(text)) > 1:
                sentence_s = time.perf_counter() - begun
        seconds = time.perf_counter() - begun
        return Written(seconds, sentence_s or seconds, ours.tokens, ours.messages)


async def together(ask: Callable[[int], Awaitable[Written]], count: int) -> tuple[float, list[Written]]:
    """So many people ask at once; the seconds until all have their answers."""
    begun = time.perf_counter()
    written = await asyncio.gather(*(ask(person) for person in range(count)))
    return time.perf_counter() - begun, list(written)


async def compare(sides: Sides, ask: Ask, count: int, runs: int) -> tuple[Figures, list[tuple[Written, Written]]]:
    """Tokens a second of `count` streams, ours and the peer's by turns."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    pairs: list[tuple[Written, Written]] = []
    for run in range(runs + 1):
        sides.next_questions()
        ours_s, ours = await together(ask, count)
        bare_s, bare = await together(lambda person, given=ours: sides.bare(given[person]), count)  # type: ignore[misc]
        if run:  # the first one is not counted: it fills what both sides keep
            tokens = sum(one.tokens for one in ours)
            rates["ours"].append(tokens / ours_s)
            rates["bare"].append(tokens / bare_s)
            pairs += zip(ours, bare, strict=True)
    ours_rate, bare_rate = (statistics.median(rates[side]) for side in ("ours", "bare"))
    return {"ours": ours_rate, "bare": bare_rate, "ratio": ours_rate / bare_rate}, pairs


async def first_text(page: Page) -> tuple[list[float], int]:
    """Milliseconds until sentences of the handbook stand on the page, and for how many questions none came; what never
    was heard counts as long as one waits. Whether they are the right ones, `reading` measures.
    """
    taken: list[float] = []
    unquoted = 0
    for number, (question, _) in enumerate(questions()):
        told = [one async for one in page.say("ask", act="ask", run=f"first{number}", slot=0, text=question)]
        quoted_s = next((seconds for seconds, page_text in told if any(mark in page_text for mark in _QUOTED)), None)
        unquoted += quoted_s is None
        if quoted_s is not None or not told:
            taken.append((PATIENCE_S if quoted_s is None else quoted_s) * 1000)
    return taken, unquoted


async def corrected(page: Page, runs: int) -> list[float]:
    """Milliseconds until a person's answer stands on the page, whole."""
    taken = []
    for number in range(runs):
        for question, answer in CORRECTED.items():
            run = f"again{number}-{len(taken)}"
            shown_s = [
                s async for s, told in page.say("ask", act="ask", run=run, slot=0, text=question) if answer in told
            ]
            taken.append((shown_s[0] if shown_s else PATIENCE_S) * 1000)
    return taken


async def measure(application: Application, members: Sequence[Member], bare: str, runs: int) -> dict[str, Figures]:
    """Everything that needs both sides."""
    sides = Sides(application, members, bare)
    rows: dict[str, Figures] = {}
    rows["tokens/s, 1 stream, checks off"], _ = await compare(sides, sides.task, 1, runs)
    rows["tokens/s, 1 stream, checks on"], pairs = await compare(sides, sides.question, 1, 4 * runs)
    ours, peers = (statistics.median(one.sentence_s * 1000 for one in side) for side in zip(*pairs, strict=True))
    rows["ms to the model's first sentence"] = {"ours": ours, "bare": peers, "ratio": ours / peers}
    rows[f"tokens/s, {SLOTS} streams, checks off"], _ = await compare(sides, sides.task, SLOTS, runs)
    rows[f"tokens/s, {SLOTS} streams, checks on"], _ = await compare(sides, sides.question, SLOTS, runs)
    page = Page(application.address, members[0])
    await page.open()
    taken, unquoted = await first_text(page)
    rows |= waits("ms to the quotes", taken) | {"questions without quotes": {"ours": float(unquoted)}}
    rows |= waits("ms to a corrected answer", await corrected(page, 5))
    await page.close()
    return rows


def waits(name: str, taken_ms: Sequence[float]) -> dict[str, Figures]:
    """How long it took half of the times, and nearly always; of nothing, nothing."""
    if not taken_ms:
        return {}
    shares = {share: np.percentile(taken_ms, share, method="higher") for share in (50, 95)}
    return {f"{name}, p{share} of {len(taken_ms)}": {"ours": float(value)} for share, value in shares.items()}


def measure_start(application: Application, member: Member) -> dict[str, Figures]:
    """Seconds from the command, with a filled data folder, to the page and to an answer."""
    page_s, answer_s = [], []
    for _ in range(3):
        application.stop()
        begun = time.perf_counter()
        application.start(until="/livez")
        with httpx.Client(base_url=application.address, trust_env=False, timeout=PATIENCE_S) as client:
            client.get("/login").raise_for_status()
            page_s.append(time.perf_counter() - begun)
            body = {"messages": [{"role": "user", "content": questions()[0][0]}]}
            while client.post("/v1/chat/completions", json=body, headers=_key(member)).status_code != 200:
                time.sleep(0.05)
            answer_s.append(time.perf_counter() - begun)
            while client.get("/readyz").status_code != 200:
                time.sleep(0.05)
    return {
        "s to the page, warm start": {"ours": statistics.median(page_s)},
        "s to the first answer, warm start": {"ours": statistics.median(answer_s)},
    }


@contextmanager
def most_memory(application: Application) -> Iterator[list[float]]:
    """The most MiB that the application took during the block, in a list of one."""
    most, is_over = [memory_mib(application)], threading.Event()

    def look() -> None:
        while not is_over.wait(0.2):
            most[0] = max(most[0], memory_mib(application))

    looking = threading.Thread(target=look)
    looking.start()
    yield most
    is_over.set()
    looking.join()


def memory_mib(application: Application) -> float:
    """What the process has in memory now."""
    assert application.process is not None
    status = Path(f"/proc/{application.process.pid}/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _key(member: Member) -> dict[str, str]:
    return {"Authorization": f"Bearer {member.key}"}


def _connection(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, timeout=PATIENCE_S, trust_env=False)


async def _chunks(client: httpx.AsyncClient, body: dict[str, Any], headers: dict[str, str]) -> Any:
    async with client.stream("POST", "/v1/chat/completions", json=body, headers=headers) as stream:
        stream.raise_for_status()
        async for line in stream.aiter_lines():
            if line.startswith("data: {"):
                yield json.loads(line.removeprefix("data: "))


def _text(chunk: dict[str, Any]) -> str:
    return "".join(choice["delta"].get("content") or "" for choice in chunk.get("choices", ()))


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, bare_server(packaged_gguf(), SLOTS) as bare:
        members = found(Path(folder), SLOTS)
        application = Application(Path(folder), {"COLLAB_ANSWER_TOKENS": str(TOKENS)}).start()
        try:
            rows = measure_start(application, members[0])
            rows["MiB in memory, idle"] = {"ours": memory_mib(application)}
            with most_memory(application) as most:
                rows |= asyncio.run(measure(application, members, bare, options.runs))
            rows["MiB in memory, at most"] = {"ours": most[0]}
        finally:
            application.stop()
    names = ("ours", "bare", "ratio")
    report.table({name: {key: row.get(key, "") for key in names} for name, row in rows.items()}, options.json)


if __name__ == "__main__":
    main()
