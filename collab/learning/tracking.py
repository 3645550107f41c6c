"""The figures of a training as other programs show them: event files of TensorBoard, Weights & Biases, or Trackio.

Numbers and settings alone pass through here, no lesson and no answer. Nothing leaves the machine unless an operator
chose a service for it. It works beside the training, which neither waits for it nor fails with it.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from collab.errors import TrackingPackageMissingError
from collab.learning.records import StepTold

PACKAGES = {"wandb": "wandb", "trackio": "trackio"}
"""By the choice in the settings, what must be installed for it beyond what the application brings."""
PROJECT = "collab"
CLOSES_S = 10.0
"""So long is waited at the end for what is still to be written; a service may be out of reach."""
_KEPT = 10_000  # updates that may wait for a slow service

_log = logging.getLogger(__name__)

Settings = Mapping[str, str | int | float | bool]


class Tracker(Protocol):
    """Where the figures go. Implemented for each choice, and called by one thread."""

    def log(self, stage: str, step: int, values: Mapping[str, float]) -> None:
        """Takes the figures of an update."""
        ...

    def close(self) -> None:
        """Ends the run there."""
        ...


def require(choice: str) -> None:
    """Raises TrackingPackageMissingError where what was chosen is not installed; imports nothing."""
    if choice in PACKAGES and find_spec(PACKAGES[choice]) is None:
        raise TrackingPackageMissingError(choice=choice, package=PACKAGES[choice])


def open_tracker(choice: str, run_id: str, place: Path, settings: Settings) -> Tracker | None:
    """What was chosen, for a run with this folder. Raises TrackingPackageMissingError, and what the package raises."""
    require(choice)
    if choice == "none":
        return None
    if choice == "wandb":
        return _WeightsAndBiases(run_id, place, settings)
    if choice == "trackio":
        return _Trackio(run_id, settings)
    return _EventFile(place)


class Tracking:
    """The figures of one run on their way, until `close`. What goes wrong is logged once, and ends no training."""

    def __init__(self, opened: Callable[[], Tracker | None]) -> None:
        self._steps: queue.Queue[StepTold | None] = queue.Queue()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._track, args=(opened,), name="tracking", daemon=True)
        self._thread.start()

    def step(self, told: StepTold) -> None:
        """An update of the training. Returns at once."""
        if not self._is_over.is_set() and self._steps.qsize() < _KEPT:
            self._steps.put(told)

    def close(self) -> None:
        """Waits a while for what is left."""
        self._steps.put(None)
        self._thread.join(CLOSES_S)

    def _track(self, opened: Callable[[], Tracker | None]) -> None:
        try:
            tracker = opened()
            if tracker is None:
                return
            try:
                while (told := self._steps.get()) is not None:
                    tracker.log(told.stage, told.step, {**told.losses, "seconds": told.seconds})
            finally:
                tracker.close()
        except Exception as error:  # noqa: BLE001 - the end of a thread, and a training is worth more than its curves
            _log.warning("The training is no longer tracked: %s", error)
        finally:
            self._is_over.set()


class _EventFile:
    """TensorBoard's own form: one file in the folder of the run, and one more each time that it is taken up."""

    def __init__(self, place: Path) -> None:
        from tensorboardX.event_file_writer import EventsWriter

        self._file = EventsWriter(str(place / "events"))

    def log(self, stage: str, step: int, values: Mapping[str, float]) -> None:
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.summary_pb2 import Summary

        said = [Summary.Value(tag=f"{stage}/{name}", simple_value=value) for name, value in values.items()]
        self._file.write_event(Event(wall_time=time.time(), step=step, summary=Summary(value=said)))
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class _WeightsAndBiases:
    """Without what the client sends by itself: what the process prints, its program, and its repository."""

    def __init__(self, run_id: str, place: Path, settings: Settings) -> None:
        import wandb

        quiet = wandb.Settings(
            console="off",
            save_code=False,
            disable_code=True,
            disable_git=True,
            silent=True,
            x_disable_meta=True,
            x_disable_stats=True,
            x_disable_machine_info=True,
        )
        self._run: Any = wandb.init(
            project=PROJECT, id=run_id, resume="allow", config=dict(settings), dir=str(place), settings=quiet
        )

    def log(self, stage: str, step: int, values: Mapping[str, float]) -> None:
        self._run.log(_named(stage, step, values))

    def close(self) -> None:
        self._run.finish()


class _Trackio:
    """It keeps a run on this machine, unless its own variables name a place elsewhere."""

    def __init__(self, run_id: str, settings: Settings) -> None:
        import trackio

        self._run: Any = trackio.init(
            project=PROJECT,
            name=run_id,
            resume="allow",
            config=dict(settings),
            auto_log_gpu=False,
            auto_log_cpu=False,
            embed=False,
        )

    def log(self, stage: str, step: int, values: Mapping[str, float]) -> None:
        self._run.log(_named(stage, step, values))

    def close(self) -> None:
        self._run.finish()


def _named(stage: str, step: int, values: Mapping[str, float]) -> dict[str, float]:
    """Each stage counts from one: its step is a figure like the others."""
    return {f"{stage}/{name}": value for name, value in {**values, "step": step}.items()}
