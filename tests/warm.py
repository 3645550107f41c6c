"""Programs that begin at once: forked from a Python that has imported what the product imports, which takes seconds.

Each is a process of its own with its own environment and runs the same file as `python` would; nothing is loaded or
computed before the fork, so that no thread is lost in it. Journeys start this way, and what is killed again and again.
What is about starting or ending starts a new Python.
"""

import faulthandler
import io
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as ended
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parent.parent
_EVERY_CORE = os.sched_getaffinity(0) if sys.platform == "linux" else frozenset[int]()
WHERE = signal.SIGUSR1
"""Asks a program where each of its threads stands; it says so where errors go."""
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.imported.commands"])


def import_models() -> None:
    """From now on, what runs models is imported as well, unless a program was run before."""
    _forks.set_forkserver_preload(["tests.imported.models"])


def run(
    arguments: Sequence[str], env: Mapping[str, str], stdin: str = "", timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of a Python with these arguments, its output captured. Raises subprocess.TimeoutExpired."""
    program = Program(arguments, env, stdin, has_errors_apart=True)
    with program.stdout, program.stderr, ThreadPoolExecutor(max_workers=1) as beside:
        errors = beside.submit(program.stderr.read)
        printed = program.stdout.read()
        return subprocess.CompletedProcess(arguments, program.wait(timeout), printed, errors.result())


class Program:
    """`python ARGUMENTS…` in the repository's folder; what it prints, errors too unless apart, comes from `stdout`."""

    def __init__(
        self, arguments: Sequence[str], env: Mapping[str, str], stdin: str = "", *, has_errors_apart: bool = False
    ) -> None:
        self.stdout, printed = _pipe()
        self.stderr, complained = _pipe() if has_errors_apart else (self.stdout, printed)
        given = (arguments, dict(env), stdin, printed, complained)
        self._process = _forks.Process(target=_run, args=given, daemon=True)
        self._asking = threading.Lock()  # its exit code can be read from its pipe once only
        self._process.start()
        printed.close()
        complained.close()

    @property
    def pid(self) -> int:
        """Its number on this machine."""
        assert self._process.pid is not None  # it has been started
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        with self._asking:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises subprocess.TimeoutExpired."""
        ended([self._process.sentinel], timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Does nothing to a program that has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # ended since, or in this moment by another thread
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


def _pipe() -> tuple[TextIO, Connection]:
    reading, writing = os.pipe()
    return os.fdopen(reading, encoding="utf-8"), Connection(writing, readable=False)


def _run(
    arguments: Sequence[str], env: Mapping[str, str], stdin: str, printed: Connection, complained: Connection
) -> None:
    for stream, place in ((sys.stdout, printed), (sys.stderr, complained)):
        assert isinstance(stream, io.TextIOWrapper)
        os.dup2(place.fileno(), stream.fileno())
        stream.reconfigure(line_buffering=True)
    printed.close()
    complained.close()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    faulthandler.register(WHERE)
    share_cores(env.get("PYTEST_XDIST_WORKER", ""))
    sys.stdin = io.StringIO(stdin)
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


def share_cores(worker: str) -> None:
    """Tests that run side by side have a core each: threads that wait for one another by spinning cannot share it."""
    if worker and sys.platform == "linux":
        cores = sorted(_EVERY_CORE)
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


@contextmanager
def every_core() -> Iterator[None]:
    """For what needs several, and for programs that begin with them, as a browser does."""
    if sys.platform != "linux":
        yield
        return
    now = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _EVERY_CORE)
    try:
        yield
    finally:
        os.sched_setaffinity(0, now)
