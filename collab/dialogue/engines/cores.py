"""The processors that this process may use: a container may have fewer than the machine. Knows no engine."""

import os
import sys

import psutil


def usable_cores() -> int:
    """Each with all its threads counted, as far as the process may run on them."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def usable_physical_cores() -> int:
    """Each counted once, whatever its threads: a second one of the same core computes no faster."""
    return min(psutil.cpu_count(logical=False) or 1, usable_cores())
