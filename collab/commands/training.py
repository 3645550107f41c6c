"""The commands around training: `train` teaches the model, `worker` does a run's work, `adapters` manages versions."""

import argparse
import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from collab.commands.progress import Progress
from collab.errors import LeaseLostError, TrainingEndedError
from collab.learning.records import Effort
from collab.learning.run_records import Adapter, Run
from collab.learning.runs import settings_of
from collab.people.access import OPERATOR
from collab.services import Services
from collab.texts import load_texts

if TYPE_CHECKING:
    from collab.commands import Commands

_NICE = 10
_LOOK_S = 1.0
_ASKED_FOR = 3  # times what may be used


def add_to(commands: "Commands") -> None:
    """Adds what this module offers to the command line."""
    training = commands.add_parser("train", help="teach the model what people corrected; nothing is promoted")
    training.add_argument("--effort", choices=[one.value for one in Effort], default=Effort.QUICK.value)
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--no-wait", action="store_true", help="only start it; the screen shows how it goes")
    training.set_defaults(run=train)

    worker = commands.add_parser("worker", help="do the work of a training run; the application starts this by itself")
    worker.add_argument("run_id", metavar="RUN")
    worker.set_defaults(run=work)

    adapters = commands.add_parser("adapters", help="what the model was taught: versions, promotion, files")
    acts = adapters.add_subparsers(required=True, metavar="ACT")
    acts.add_parser("list", help="all versions, the newest first").set_defaults(run=list_adapters)
    comparing = acts.add_parser("compare", help="how two versions differ")
    comparing.add_argument("one_id", metavar="ID")
    comparing.add_argument("other_id", metavar="OTHER")
    comparing.set_defaults(run=compare)
    promoting = acts.add_parser("promote", help="let answers be written with a version from now on")
    promoting.add_argument("adapter_id", metavar="ID")
    promoting.add_argument("--reason", help="needed where the gate has not passed it; the audit keeps it")
    promoting.set_defaults(run=promote)
    acts.add_parser("rollback", help="go back to the version before").set_defaults(run=roll_back)
    exporting = acts.add_parser("export", help="write a version as a .zip of a PEFT folder with its manifest")
    exporting.add_argument("adapter_id", metavar="ID")
    exporting.add_argument("path", type=Path, metavar="FILE")
    exporting.set_defaults(run=export)
    importing = acts.add_parser("import", help="take in what export wrote, or such a folder")
    importing.add_argument("path", type=Path, metavar="FILE")
    importing.set_defaults(run=take_in)


def train(services: Services, given: argparse.Namespace) -> int:
    """Starts a run, and shows how it goes until it has ended. Ctrl+C cancels it."""
    settings = settings_of(Effort(given.effort), seed=given.seed)
    run = services.training.start(OPERATOR, settings)
    print(f"Training {run.id} has begun.")
    if given.no_wait:
        return 0
    try:
        run = _watched(services, run)
    except KeyboardInterrupt:
        with suppress(TrainingEndedError):
            services.training.cancel(OPERATOR, run.id)
        raise
    return _told(run)


def work(services: Services, given: argparse.Namespace) -> int:
    """Does a run's work, out of the way of whoever waits for an answer, in the memory that it may take."""
    logging.getLogger().setLevel(logging.WARNING)
    os.nice(_NICE)
    if sys.platform == "linux":
        _limit(services.settings.training_memory_mb)
    try:
        services.worker().work(given.run_id)
    except LeaseLostError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _limit(memory_mb: int) -> None:
    """Where memory runs out, the training ends and not the application; and it cannot ask for any amount at once.

    What it uses is watched by the worker. What it asks for is more, as much of it is never touched: 5.2 GB for 2.9 GB
    with the packaged model. Drivers of GPUs ask for more than that.
    """
    import resource

    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    most = _ASKED_FOR * memory_mb * 1_000_000
    if not Path("/dev/nvidiactl").exists():
        with suppress(ValueError):  # the machine's own limit is lower
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def list_adapters(services: Services, given: argparse.Namespace) -> int:
    """A line for each version."""
    found = services.adapters.all(OPERATOR)
    if not found:
        print("No version yet: the model is as it came. `python -m collab train` makes one.")
    for one in found:
        print(_line(one))
    return 0


def compare(services: Services, given: argparse.Namespace) -> int:
    """What is not the same, a line for each, first of the one and then of the other."""
    found = services.comparisons.compare(OPERATOR, given.one_id, given.other_id)
    for setting in found.settings:
        print(f"{setting.name}: {setting.one} / {setting.other}")
    for figure in found.figures:
        shares = ("unknown" if share is None else f"{share:.3f}" for share in (figure.one, figure.other))
        print(f"{figure.name}: {' / '.join(shares)}")
    print(f"lessons: {found.both} in both, {found.only_one.count} / {found.only_other.count} in one alone")
    return 0


def promote(services: Services, given: argparse.Namespace) -> int:
    """Makes a version the live one; an application that is running follows within seconds."""
    print(_line(services.adapters.promote(OPERATOR, given.adapter_id, given.reason)))
    return 0


def roll_back(services: Services, given: argparse.Namespace) -> int:
    """Makes the version before the live one."""
    live = services.adapters.roll_back(OPERATOR)
    print(f"{live} is live again." if live else "The model answers as it came.")
    return 0


def export(services: Services, given: argparse.Namespace) -> int:
    """Writes a version to a file."""
    print(services.adapters.export(OPERATOR, given.adapter_id, given.path))
    return 0


def take_in(services: Services, given: argparse.Namespace) -> int:
    """Takes in a version from a file or folder."""
    print(_line(services.adapters.take_in(OPERATOR, given.path)))
    return 0


def _watched(services: Services, run: Run) -> Run:
    """Until it has ended."""
    pause, shown, progress = threading.Event(), "", Progress("")
    while run.is_under_way:
        if run.stage != shown:
            shown, progress = run.stage, Progress(f"of {run.stage}")
        if run.count:
            progress(run.done, run.count)
        pause.wait(_LOOK_S)
        services.training.look_after()
        run = services.training.get(OPERATOR, run.id)
    return run


def _told(run: Run) -> int:
    texts = load_texts("en")
    if run.error is not None:
        print(texts.error(run.error, run.error_params), file=sys.stderr)
        return 1
    assert run.report is not None  # it has ended without an error
    print(run.report.verdict.sentence(texts))
    if run.adapter_id and run.report.verdict.is_passed:
        print(f"To let answers be written with it: python -m collab adapters promote {run.adapter_id}")
    return 0


def _line(one: Adapter) -> str:
    gate = "passed" if one.is_passed else "not passed"
    live = ", live" if one.is_live else ""
    return f"{one.id}  {one.created_at:%Y-%m-%d %H:%M}  {one.lessons} lessons, {gate}{live}"
