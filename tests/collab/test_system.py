"""What administrators are told of how it is; the same troubles as the alerts'."""

import re
from dataclasses import replace

import pytest

from collab import VERSION, system
from collab.metrics import Lately
from collab.people.access import OPERATOR, Actor
from collab.services import Services
from collab.system import Concern, Report
from tests.collab.test_alerts import RULES

QUIET = Lately(0, None, None, None, None, None, 0, 0)
WELL = Report(
    version="1",
    schema=("0001",),
    model="m",
    engine="fakes",
    slots=1,
    stage="models.ready",
    running=0,
    waiting=0,
    queue_limit=16,
    lately=QUIET,
    lag=0,
    unread=0,
    to_review=0,
    memory_bytes=1,
    free_bytes=50 * 10**9,
    disk_bytes=100 * 10**9,
    database_bytes=1,
    is_schema_current=True,
    has_failed=False,
)


@pytest.mark.parametrize(
    ("changed", "concerns"),
    [
        ({}, ()),
        ({"is_schema_current": False}, (Concern.SCHEMA,)),
        ({"free_bytes": 499_999_999}, (Concern.NO_SPACE,)),
        ({"free_bytes": 500_000_000}, (Concern.DISK,)),
        ({"free_bytes": 2_000_000_000}, ()),
        ({"has_failed": True}, (Concern.MODEL,)),
        ({"waiting": 14}, ()),
        ({"waiting": 15}, (Concern.QUEUE,)),
        ({"lag": 101}, ()),  # nobody asks, so nobody has caught up
        ({"lag": 101, "lately": replace(QUIET, answers=1)}, (Concern.LAG,)),
        ({"lately": replace(QUIET, answers=95, errors=5)}, ()),
        ({"lately": replace(QUIET, answers=94, errors=6)}, (Concern.ERRORS,)),
        ({"lately": replace(QUIET, answers=1, first_text_slow_s=5.1), "waiting": 16}, (Concern.QUEUE, Concern.SLOW)),
    ],
)
def test_what_is_not_well(changed: dict[str, object], concerns: tuple[Concern, ...]) -> None:
    assert replace(WELL, **changed).concerns == concerns  # type: ignore[arg-type]


def test_the_alerts_draw_the_same_lines() -> None:
    lines = {
        "CollabAnswersSlow": system.SLOW_S,
        "CollabAnswersFail": system.ERROR_SHARE,
        "CollabIndexBehind": system.LAG,
        "CollabDiskNearlyFull": system.FREE_BYTES,
        "CollabQueueFull": system.FULL,
    }
    for name, line in lines.items():
        compared = re.findall(r"[<>] ([\d.e]+)", RULES[name]["expr"])
        assert float(compared[0]) == line, name


def test_an_application_that_runs(services: Services, member: Actor) -> None:
    list(services.assistant.reply(member, None, "Write a short poem."))
    report = services.system.report(OPERATOR)
    assert (report.version, report.model, report.engine, report.slots) == (VERSION, "echo", "fakes", 1)
    assert (report.lately.answers, report.running, report.waiting, report.queue_limit) == (1, 0, 0, 16)
    assert report.schema == services.database.schema()
    assert report.memory_bytes > 10_000_000
    assert set(report.concerns) <= {Concern.DISK, Concern.NO_SPACE}, "of this machine's disk we know nothing"
