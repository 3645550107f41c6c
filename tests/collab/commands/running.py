"""The command line: on services, or in a process of its own, with and without a terminal."""

import argparse
import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from collab.services import MIGRATIONS, Services
from knowledge.database import Database
from tests import warm
from tests.running import ROOT, Application


def on(services: Services, subject: ModuleType, *arguments: str | Path) -> int:
    """The exit code of one of a module's commands, on services that are there."""
    parser = argparse.ArgumentParser()
    subject.add_to(parser.add_subparsers())
    given = parser.parse_args([str(argument) for argument in arguments])
    code: int = given.run(services, given)
    return code


def run(data: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m collab …` on a data folder, without a terminal."""
    return warm.run(["-m", "collab", *arguments], Application(data, settings)._environment(), stdin, timeout=300)


def opened(data: Path) -> Database:
    """The database of a data folder."""
    database = Database(data / "collab.db")
    database.migrate(MIGRATIONS)
    return database


def on_a_terminal(data: Path, *arguments: str, typed: Sequence[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """The exit code of a command and all that was shown; each text is typed when its question has been shown."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "collab", *arguments],
        cwd=ROOT,
        env=Application(data)._environment(),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    ) as process:
        os.close(follower)
        shown = b""
        for question, text in typed:
            while question not in shown:
                shown += os.read(leader, 1000)
            os.write(leader, text)
        with contextlib.suppress(OSError):  # what a terminal answers whose other side is closed
            while more := os.read(leader, 1000):
                shown += more
    os.close(leader)
    return process.returncode, shown
