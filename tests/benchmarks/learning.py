"""What training costs, what it teaches, and what the gate says, on 32 facts and 16 styles of our own.

    python -m tests.benchmarks.learning [--part NAME …] [--folder DIR] [--json FILE]

Parts: `quick` and `thorough` train and judge in the worker's own process, as *Train* does; `chat` measures a quoted and
a corrected answer while `quick` runs, and without. What is done stays in the folder, and answers of the base model in
its cache, so that parts can be run apart.
"""

import json
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from collab.config import Settings
from collab.errors import PersonUnknownError
from collab.learning.records import Effort
from collab.learning.run_records import Run
from collab.learning.runs import settings_of
from collab.people.access import OPERATOR, Actor, Role
from collab.services import Services
from tests.benchmarks import report
from tests.benchmarks.taught import FACTS, STYLES
from tests.fakes import add_people

PARTS = ("quick", "thorough", "chat")
_ASKED = ("How heavy is the Pelican Duo?", "Until when can an order be returned?", "Where do I find the boathouse key?")
_QUIET = 40  # answers without a training


def main() -> None:
    """Runs the parts and prints a row for each."""
    parser = report.options(__doc__)
    parser.add_argument("--part", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--folder", type=Path, help="where it works; else a folder that is removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        rows = {part: _part(part, folder) for part in given.part}
    for part, row in rows.items():
        print(f"\n{part}")
        report.show(row, None)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _part(part: str, folder: Path) -> dict[str, Any]:
    settings = Settings(data=folder / part)
    with closing(Services(settings)) as services:
        ada = _taught(services)
        if part == "chat":
            return _beside(services, ada)
        return figures(_trained(services, Effort(part)))


def _taught(services: Services) -> Actor:
    """The people and corrections; those that an earlier run of the part has left are taken."""
    try:
        return services.accounts.actor_named("Ada")
    except PersonUnknownError:
        ada = Actor("ada", "Ada", Role.ADMIN)
        add_people(services.database, ada)
        for fact in FACTS:
            made = services.corrections.submit(ada, question=fact.question, answer=fact.answer)
            for other in fact.others:
                services.examples.add(ada, made.id, other, "will")
        for asked, said in STYLES:
            services.corrections.submit(ada, question=asked, answer=said, kind="style")
        return ada


def _trained(services: Services, effort: Effort) -> Run:
    """A run from its beginning to its end, in a worker's process."""
    run = services.training.start(OPERATOR, settings_of(effort))
    pause = threading.Event()
    while run.is_under_way:
        pause.wait(1)
        services.training.look_after()
        run = services.training.get(OPERATOR, run.id)
    return run


def figures(run: Run) -> dict[str, Any]:
    """What came of a run, for the table."""
    assert run.ended_at is not None  # it has ended
    found: dict[str, Any] = {"minutes": (run.ended_at - run.created_at).total_seconds() / 60, "state": str(run.state)}
    if run.error:
        return found | {"error": run.error}
    assert run.report is not None  # it was judged
    found |= {"outcome": str(run.report.verdict.outcome), "why": run.report.verdict.reasons[0].key}
    if (told := run.report.figures) is None:
        return found
    for kind in told.kinds:
        found |= {
            f"{kind.kind} lessons right, base": kind.right.base,
            f"{kind.kind} lessons right": kind.right.candidate,
        }
    right = [item.change in ("fixed", "kept") for item in told.lessons]
    return found | {
        "strength": run.report.strength,
        "held-out wordings": len(right),
        "of them right": sum(right) / max(1, len(right)),
        "near misses": told.near_misses.items,
        "taught answer leaks": told.near_misses.leaked.candidate,
        "probes lost": told.probe_test.lost,
        "probes gained": told.probe_test.gained,
        "drift": told.drift.candidate,
    }


def _beside(services: Services, ada: Actor) -> dict[str, Any]:
    """Corrected answers without a training, and as long as one runs."""
    services.models.load()
    alone = [_answered(services, ada, n) for n in range(_QUIET)]
    run = services.training.start(OPERATOR, settings_of(Effort.QUICK))
    while services.training.get(OPERATOR, run.id).stage != "sft":
        time.sleep(1)
    beside = [_answered(services, ada, n) for n in range(_QUIET)]
    services.training.cancel(OPERATOR, run.id)
    while services.training.get(OPERATOR, run.id).is_under_way:
        time.sleep(1)
    quiet, busy = (statistics.quantiles(times, n=20)[-1] for times in (alone, beside))
    return {"p95 alone, ms": quiet * 1000, "p95 beside a training, ms": busy * 1000, "ratio": busy / quiet}


def _answered(services: Services, ada: Actor, n: int) -> float:
    began = time.perf_counter()
    for _ in services.assistant.reply(ada, None, _ASKED[n % len(_ASKED)]):
        pass
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
