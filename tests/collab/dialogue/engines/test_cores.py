"""How many processors are used: no more than the process may use."""

import os
import sys

import pytest

from collab.dialogue.engines.cores import usable_cores, usable_physical_cores


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not kept from any")
def test_a_process_that_is_kept_on_one_core_has_one() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert (usable_cores(), usable_physical_cores()) == (1, 1)
    finally:
        os.sched_setaffinity(0, before)
    assert usable_physical_cores() <= usable_cores() == len(before)
