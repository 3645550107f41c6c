"""How long the lists and searches of a large installation take, each as the screen asks for it.

    python -m tests.benchmarks.lists [--conversations N] [--corrections N] [--runs N] [--json FILE]

The rows are made up (`tests.benchmarks.crowd`). What is timed is the call of a service, from the file to the records,
with another word or person each time; drawing them is not in it. The goal is a 95th percentile under 100 ms, and `over`
says where it is missed.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from collab.config import Settings
from collab.feedback.queue import Assigned, Filter, Order, Status
from collab.feedback.tables import State
from collab.services import Services
from tests.benchmarks import report
from tests.benchmarks.crowd import DOCUMENTS, NOW, OTHERS, READER, Crowd
from tests.fakes import EchoModel, WordEmbedder

GOAL_MS = 100
RARE = ("1203", "1502", "form 2407", "37区", "case 3911", "第4200号", "nothing", "没有")
COMMON = ("locker", "harbour", "renew", "desk", "服务台", "days", "d", "手续")

Query = Callable[[int], object]


def queries(services: Services) -> dict[str, Query]:
    """What is asked, by name; each is given the number of the run."""
    conversations, corrections, cases = services.conversations, services.corrections, services.cases
    asked: dict[str, Query] = {
        "conversations: first page": lambda n: conversations.list(READER),
        "conversations: rare word": lambda n: conversations.search(READER, _one(RARE, n)),
        "conversations: common word": lambda n: conversations.search(READER, _one(COMMON, n)),
        "conversations: two common words": lambda n: conversations.search(
            READER, f"{_one(COMMON, n)} {_one(COMMON, n + 1)}"
        ),
        "corrections: all": lambda n: corrections.list(READER),
        "corrections: my own": lambda n: corrections.list(READER, mine=True),
        "notices: unread": lambda n: services.notices.unread(READER),
        "cases: counted": lambda n: cases.count(READER),
        "cases: their authors": lambda n: cases.authors(READER),
        "cases: authors of another status": lambda n: cases.authors(READER, tuple(Status)[n % len(Status)]),
        "cases: one opened": _opening(services),
        "cases: fifth page": _fifth_page(services),
    }
    asked |= {f"corrections: {state}": _listing(services, state) for state in State}
    asked |= {f"cases: {name}": _paging(services, wanted) for name, wanted in _filters().items()}
    return asked


def _filters() -> dict[str, Callable[[int], Filter]]:
    plain: dict[str, Callable[[int], Filter]] = {
        "author": lambda n: Filter(author=OTHERS[n % len(OTHERS)].id),
        "document": lambda n: Filter(document=f"document-{n * 7 % DOCUMENTS}"),
        "waiting 30 days": lambda n: Filter(days=30),
        "reason": lambda n: Filter(reason="outdated"),
        "mine": lambda n: Filter(assigned=Assigned.ME),
        "nobody's": lambda n: Filter(assigned=Assigned.NOBODY),
        "rare word": lambda n: Filter(text=_one(RARE, n)),
        "common word": lambda n: Filter(text=_one(COMMON, n)),
        "common word, live": lambda n: Filter(status=Status.LIVE, text=_one(COMMON, n)),
        "author, document, word": lambda n: Filter(
            author=OTHERS[n % len(OTHERS)].id, document=f"document-{n * 7 % DOCUMENTS}", text=_one(COMMON, n)
        ),
    }
    orders = {f"open, {order}": Filter(order=order) for order in Order}
    statuses = {f"{status}": Filter(status=status) for status in Status if status is not Status.OPEN}
    return {name: _same(wanted) for name, wanted in (orders | statuses).items()} | plain


def _one(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]


def _same(wanted: Filter) -> Callable[[int], Filter]:
    return lambda n: wanted


def _listing(services: Services, state: State) -> Query:
    return lambda n: services.corrections.list(READER, state=state)


def _paging(services: Services, wanted: Callable[[int], Filter]) -> Query:
    return lambda n: services.cases.page(READER, wanted(n))


def _opening(services: Services) -> Query:
    refs = [case.ref for case in services.cases.page(READER).cases]
    return lambda n: services.cases.open(READER, refs[n % len(refs)])


def _fifth_page(services: Services) -> Query:
    after = None
    for _ in range(4):
        after = services.cases.page(READER, after=after).after
    return lambda n: services.cases.page(READER, after=after)


def measure(services: Services, runs: int) -> dict[str, dict[str, float | bool]]:
    """Each query `runs` times after a first one, which finds no page of the file in memory and is left out."""
    rows: dict[str, dict[str, float | bool]] = {}
    for name, query in queries(services).items():
        query(0)
        taken_ms = [_milliseconds(query, number) for number in range(runs)]
        p50, p95 = (float(np.percentile(taken_ms, p)) for p in (50, 95))
        rows[name] = {"p50_ms": p50, "p95_ms": p95, "over": p95 > GOAL_MS}
    return rows


def _milliseconds(query: Query, number: int) -> float:
    start = time.perf_counter()
    query(number)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--conversations", type=int, default=10_000, help="of the person who reads")
    parser.add_argument("--corrections", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=40, help="of each query")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        services = Services(Settings(data=Path(folder)), clock=lambda: NOW, embedder=WordEmbedder(), engine=EchoModel())
        Crowd(services.database).fill(options.conversations, options.corrections)
        rows = measure(services, options.runs)
        services.close()
    report.table(rows, options.json)


if __name__ == "__main__":
    main()
