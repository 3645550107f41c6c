"""Workers as processes of this machine: of lower priority, with a log of their own, and not ended with the server."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

LOG = "worker.log"

_log = logging.getLogger(__name__)


class LocalRunner:
    """Starts `python -m collab worker`. A TrainingRunner; safe for threads."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        """`environment` carries the settings; `folder` has a folder for each run, where the worker's log goes."""
        self._environment = dict(environment)
        self._folder = folder
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._starting = threading.Lock()

    def start(self, run_id: str) -> None:
        """See TrainingRunner. While the last worker of the run still works, nothing is started."""
        with self._starting:
            known = self._started.get(run_id)
            if known is not None and known.poll() is None:
                return
            place = self._folder / run_id
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (place / LOG).open("ab") as log:
                self._started[run_id] = subprocess.Popen(
                    [sys.executable, "-m", "collab", "worker", run_id],
                    env=self._environment,
                    cwd=Path(__file__).parents[2],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # it outlives the server, which finds it again by its heartbeat
                )

    def outcome(self, run_id: str) -> str | None:
        """See TrainingRunner."""
        process = self._started.get(run_id)
        code = process.poll() if process is not None else None
        if code is None:
            return None
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
