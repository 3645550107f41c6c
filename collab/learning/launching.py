"""Workers as processes of this machine: of lower priority, with a log of their own, and not ended with the server."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

LOG = "worker.log"
PATIENCE_S = 300.0
"""A worker of which nothing is heard for so long, although it is asked for again and again, is ended."""

_COMPUTING = {"GOMP_SPINCOUNT": "20000"}
"""Threads of torch wait for each other by spinning, three milliseconds unless told otherwise: where an answer takes one
of two cores meanwhile, a training stands still. With this it is 1.2 times as fast on two as on one, and 1.7 times where
both are free.
"""

_SIGNALS = {one.value: one.name for one in signal.Signals}

_log = logging.getLogger(__name__)


class LocalRunner:
    """Starts `python -m collab worker`. A TrainingRunner; safe for threads."""

    def __init__(
        self, environment: Mapping[str, str], folder: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`environment` carries the settings; `folder` has a folder for each run, where the worker's log goes."""
        self._environment = dict(environment)
        self._folder = folder
        self._clock = clock
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._failed: dict[str, str] = {}
        self._asked: dict[str, tuple[float, float]] = {}  # when a worker was asked for in vain: first, and last
        self._starting = threading.Lock()

    def start(self, run_id: str) -> None:
        """See TrainingRunner. One that works stays; after a while of silence it is taken to hang, and ended."""
        with self._starting:
            known = self._started.get(run_id)
            if known is not None and known.poll() is None:
                if not self._is_silent(run_id):
                    return
                _log.error("The worker of the training run %s hangs and is ended", run_id)
                known.kill()
                known.wait()
            try:
                self._started[run_id] = self._launched(self._folder / run_id)
                for of_earlier in (self._failed, self._asked):
                    of_earlier.pop(run_id, None)
            except OSError as error:  # no room, or too many processes: whoever looks after the run tries it again
                self._failed[run_id] = error.strerror or str(error)
                _log.error("The worker of the training run %s could not be started: %s", run_id, error)

    def outcome(self, run_id: str) -> str | None:
        """See TrainingRunner."""
        if run_id in self._failed:
            return self._failed[run_id]
        process = self._started.get(run_id)
        code = process.poll() if process is not None else None
        if code is None:
            return None
        return _SIGNALS.get(-code, f"signal {-code}") if code < 0 else f"exit code {code}"

    def _launched(self, place: Path) -> "subprocess.Popen[bytes]":
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (place / LOG).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "collab", "worker", place.name],
                env={**self._environment, **_COMPUTING},
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # it outlives the server, which finds it again by its heartbeat
            )

    def _is_silent(self, run_id: str) -> bool:
        now = self._clock()
        first, last = self._asked.get(run_id, (now, now))
        if now - last > PATIENCE_S / 2:  # it was heard of in between
            first = now
        self._asked[run_id] = first, now
        return now - first > PATIENCE_S
