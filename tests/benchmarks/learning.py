"""What training costs, what it teaches, and what the gate says, on 32 facts and 16 styles of our own.

    python -m tests.benchmarks.learning [--part NAME …] [--folder DIR] [--json FILE]

Parts: `quick` and `thorough` train and judge in the worker's own process, as *Train* does; `rate` compares the training
of `quick` with a bare loop of torch and PEFT; `chat` measures corrected, quoted and written answers while `quick`
trains, and without; `seeds`, `successive` and `bad` train again and again (see `learning_often`). What is done stays in
the folder, and answers of the base model in its cache, so that parts can be run apart.
"""

import json
import statistics
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from collab.config import Settings
from collab.dialogue.records import Done, Quoted
from collab.learning import manifest
from collab.learning.batches import batches
from collab.learning.records import Effort, StepTold, TrainingSettings
from collab.learning.report import Change
from collab.learning.run_records import Run, Stage
from collab.learning.runs import settings_of
from collab.learning.trainable import trainable_model
from collab.learning.training import train
from collab.people.access import EVERYONE, OPERATOR, Actor
from collab.services import Services
from tests.benchmarks import bare_training, learning_often, report
from tests.benchmarks.taught import FACTS, STYLES

ROOT = Path(__file__).parents[2]
PARTS = ("quick", "thorough", "rate", "chat", "seeds", "successive", "bad")
OFTEN = {"seeds": learning_often.seeds, "successive": learning_often.successive, "bad": learning_often.bad}
_ASKED = ("How heavy is the Pelican Duo?", "Until when can an order be returned?", "Where do I find the boathouse key?")
_QUOTED = ("How long do customers have to return shoes?", "What does a return label from Germany cost?")
_WARM, _EACH = 3, 40  # answers of each kind before anything is measured, and of which the times are taken
_UPDATES = 14  # of which the rate is measured


def main() -> None:
    """Runs the parts and prints a row for each."""
    parser = report.options(__doc__)
    parser.add_argument("--part", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--folder", type=Path, help="where it works; else a folder that is removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        rows = json.loads(given.json.read_text("utf-8")) if given.json and given.json.exists() else {}
        for part in given.part:
            rows[part] = _part(part, folder)
            print(f"\n{part}")
            report.show(rows[part], None)
            if given.json:
                given.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _part(part: str, folder: Path) -> dict[str, Any]:
    if part in OFTEN:
        return OFTEN[part](folder, trained)
    if part == "rate":
        return _rate(folder)
    with closing(Services(Settings(data=folder / part))) as services:
        ada, _ = learning_often.people(services)
        learning_often.once(folder / part / "taught", partial(learning_often.teach, services, ada, FACTS, STYLES))
        if part == "chat":
            return _beside(services, ada)
        done = learning_often.ended(services)
        return figures(done[0] if done else trained(services, settings_of(Effort(part))))


def trained(services: Services, settings: TrainingSettings) -> Run:
    """A run from its beginning to its end, in a worker's process."""
    return learning_often.waited(services, services.training.start(OPERATOR, settings))


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
    right = [item.change in (Change.FIXED, Change.KEPT) for item in told.lessons]
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


def _rate(folder: Path) -> dict[str, Any]:
    """Examples a second of the updates alone, here and in the bare loop, on the lessons that `quick` has frozen."""
    path = next((folder / "quick").glob("training/*/manifest.json"), None)
    if path is None:
        raise SystemExit("`rate` trains on what `quick` has frozen: run that part with the same --folder before")
    frozen = manifest.read(path)
    base = trainable_model(Settings(data=folder / "quick")).folder(lambda stage, share: None)
    settings = replace(frozen.settings, steps=_UPDATES, stop_loss=0.0)
    seconds: list[float] = []

    def timed(told: StepTold) -> None:
        if told.stage == Stage.SFT:
            seconds.append(told.seconds)

    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "adapter"
        train(frozen.lesson_set, base, None, out, settings, timed, threading.Event())
    measured = (_UPDATES - bare_training.WARM) * settings.batch
    ours = measured / (seconds[-1] - seconds[bare_training.WARM - 1])
    examples = frozen.lesson_set.examples
    order = batches(examples, _UPDATES, settings.batch, settings.seed)
    bare = bare_training.examples_per_second(base, examples, order)
    return {"examples a second": ours, "bare loop": bare, "ratio": ours / bare}


def _beside(services: Services, ada: Actor) -> dict[str, Any]:
    """Corrected and quoted answers without a training, and as long as one runs."""
    for path in sorted((ROOT / "assets" / "handbook").glob("*.md")):
        services.library.add(path.name, path.read_bytes(), EVERYONE)
    services.models.load()
    _answered(services, ada, _WARM)
    alone = _answered(services, ada)
    run = services.training.start(OPERATOR, settings_of(Effort.QUICK))
    while (now := services.training.get(OPERATOR, run.id)).is_under_way and now.stage is not Stage.SFT:
        time.sleep(1)
        services.training.look_after()
    if not now.is_under_way:
        raise SystemExit(f"The training ended before it could be measured beside: {now.error}")
    beside = _answered(services, ada)
    if services.training.get(OPERATOR, run.id).stage is not Stage.SFT:
        raise SystemExit("The training ended while answers were measured beside it")
    services.training.cancel(OPERATOR, run.id)
    learning_often.waited(services, now)
    found: dict[str, Any] = {}
    for kind in alone:
        quiet, busy = (statistics.quantiles(times[kind], n=20)[-1] * 1000 for times in (alone, beside))
        found |= {f"{kind}, p95 alone, ms": quiet, f"{kind}, p95 beside a training, ms": busy}
        found[f"{kind}, ratio"] = busy / quiet
    return found


def _answered(services: Services, ada: Actor, count: int = _EACH) -> dict[str, list[float]]:
    """Seconds to a corrected answer, to the quotes of another, and to the end of what the model writes from quotes."""
    times: dict[str, list[float]] = {"corrected": [], "quoted": [], "written": []}
    for n in range(count):
        for kind, questions, is_there in (
            ("corrected", _ASKED, Done),
            ("quoted", _QUOTED, Quoted),
            ("written", _QUOTED, Done),
        ):
            began, cancel = time.perf_counter(), threading.Event()
            events = services.assistant.reply(ada, None, questions[n % len(questions)], cancel=cancel)
            if not any(isinstance(event, is_there) for event in events):
                raise SystemExit(f"No {kind} answer came to a question that has one")
            times[kind].append(time.perf_counter() - began)
            cancel.set()
            list(events)  # the rest of what the model writes is not waited for
    return times


if __name__ == "__main__":
    main()
