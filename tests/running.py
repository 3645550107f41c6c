"""The real application in a process of its own, for tests that need to see it from outside."""

import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests import warm

ROOT = Path(__file__).parent.parent
START_S = 180  # the first start converts the packaged model
ASK_AGAIN_S = 0.1
STOP_S = 90
TELL_S = 2  # in which a program that does not end writes down where its threads stand
COMMAND_S = 120
PASSWORD = "a long pass phrase 42"


@dataclass
class Application:
    """`python app.py` on a free port with a data folder of its own; `is_warm`: without the seconds of its imports."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    output: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | warm.Program | None = None
    link: str = ""
    is_warm: bool = False

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return self.link.split("/?")[0].rstrip("/")

    def start(self, until: str = "/readyz") -> "Application":
        """Starts it, and returns when `until` answers 200; where that fails, nothing is left running."""
        self.output.clear()
        self.link = ""
        self.process = warm.Program(["app.py"], self._environment()) if self.is_warm else self._fresh()
        try:
            self._wait(self.process, until)
        except BaseException:
            self.kill()
            raise
        return self

    def _fresh(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-u", "app.py"],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _wait(self, process: subprocess.Popen[str] | warm.Program, until: str) -> None:
        opened = threading.Event()
        threading.Thread(target=self._follow, args=(process, opened), daemon=True).start()
        assert opened.wait(START_S), self.log
        assert self.link, self.log
        pause = threading.Event()
        for _ in range(int(START_S / ASK_AGAIN_S)):
            assert process.poll() is None, self.log
            try:
                if httpx.get(self.address + until, timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            pause.wait(ASK_AGAIN_S)
        raise AssertionError(f"not ready: {self.log}")

    @property
    def log(self) -> str:
        """What it printed so far."""
        return "".join(self.output)

    def _follow(self, process: subprocess.Popen[str] | warm.Program, opened: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.output.append(line)
                if found := re.search(r"^Open (http://\S+)", line):
                    self.link = found[1]
                    opened.set()
        opened.set()

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COLLAB_")}
        return {**kept, "HF_HUB_OFFLINE": "1", "COLLAB_DATA": str(self.data), "COLLAB_PORT": "0", **self.settings}

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Runs `python -m collab …` beside it and returns what that printed."""
        if self.is_warm:
            return self.program("collab", *arguments, stdin=stdin)
        done = subprocess.run(
            [sys.executable, "-m", "collab", *arguments],
            cwd=ROOT,
            env=self._environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def program(self, module: str, *arguments: str, stdin: str = "") -> str:
        """Runs `python -m module …` with the imports done, and returns what that printed."""
        done = warm.run(["-m", module, *arguments], self._environment(), stdin, COMMAND_S)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def person(self, name: str, role: str) -> str:
        """Adds a person, whose password is PASSWORD, and returns a key for the API."""
        self.command("people", "add", name, "--role", role, stdin=PASSWORD + "\n")
        return self.command("people", "key", name).split()[-1]

    def kill(self) -> None:
        """Ends it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_S)

    def stop(self) -> None:
        """Asks it to end, and waits; one that does not end says where its threads stand."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired as late:
                self.process.send_signal(warm.WHERE)
                threading.Event().wait(TELL_S)
                self.kill()
                raise AssertionError(self.log) from late
