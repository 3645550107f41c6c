"""All benchmarks on small data of our own, one after the other, each in a process of its own.

    python -m tests.benchmarks [--json FILE]

One that fails keeps no other from running; the whole then ends with 1.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks import report

RUNS = (
    ("corrections",),
    ("scale", "--sizes", "1000,10000", "--limit", "100"),
    ("reading",),
    ("live",),
    ("embedding",),
    ("engine",),
    ("speed",),
    ("load",),
    ("switch",),
    ("together",),
    ("exchange",),
    ("lists",),
    ("page",),
)
"""Learning takes hours, and is run by itself."""


def main() -> int:
    """Prints the figures of each, and writes them by its name."""
    given = report.options(__doc__).parse_args()
    found: dict[str, Any] = {}
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, *arguments in RUNS:
            print(f"\n=== {name}", flush=True)
            path = Path(folder) / f"{name}.json"
            module = f"tests.benchmarks.{name}"
            if subprocess.run([sys.executable, "-m", module, *arguments, "--json", str(path)], check=False).returncode:
                failed.append(name)
            else:
                found[name] = json.loads(path.read_text(encoding="utf-8"))
            if given.json:
                given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
