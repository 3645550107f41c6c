"""The peer: llama.cpp's own server, with its own settings, in a process of its own; nothing of ours is in it.

python -m tests.benchmarks.bare_server FILE.gguf SLOTS
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONTEXT = 8192  # for all slots together, as the application has it; the rest is the library's own


@contextmanager
def bare_server(model: Path, slots: int) -> Iterator[str]:
    """The address of a server that runs until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare_server", str(model), str(slots)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield next(line.split()[1] for line in process.stdout if line.startswith("Open "))
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    """Serves until it is ended."""
    from xllamacpp import CommonParams, Server

    parameters = CommonParams()
    parameters.model.path = sys.argv[1]
    parameters.n_parallel = int(sys.argv[2])
    parameters.n_ctx = _CONTEXT
    parameters.kv_unified = True
    parameters.verbosity = -1
    server = Server(parameters)
    print("Open", server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
