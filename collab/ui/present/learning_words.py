"""How times, versions and outcomes of trainings are called, wherever the room Learning names them."""

from datetime import timedelta

from collab.learning.report import Report
from collab.learning.run_records import Run
from collab.learning.tables import RunState
from collab.texts import Texts
from collab.ui.present.html import tag, text

_NAMED = 8  # characters of an id that people see
_PILLS = {"passed": "live", "refused": "pending", "unjudged": "failed", "failed": "failed"}


def version(t: Texts, adapter_id: str | None) -> str:
    """`Version 3f9a1c20`, or the model as it came."""
    return t("learn.version", id=adapter_id[:_NAMED]) if adapter_id else t("learn.version.none")


def lasting(t: Texts, span: timedelta) -> str:
    """A time as people say it: `40 s`, `7 min`, `1 h 5 min`."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return t("learn.time.seconds", count=seconds)
    if seconds < 3600:
        return t("learn.time.minutes", count=round(seconds / 60))
    return t("learn.time.hours", hours=seconds // 3600, minutes=seconds % 3600 // 60)


def outcome(t: Texts, run: Run) -> str:
    """What came of a run, in a word."""
    name = str(run.report.verdict.outcome) if run.state is RunState.DONE and run.report else str(run.state)
    return tag("span", text(t(f"learn.outcome.{name}")), class_=f"pill {_PILLS.get(name, '')}", data_testid="outcome")


def sentence(t: Texts, report: Report | None) -> str:
    """The verdict."""
    return report.verdict.sentence(t) if report else t("learn.report.missing")


def percent(share: float) -> str:
    """A share, with a decimal where it is small and not nothing."""
    part = 100 * share
    return f"{part:.1f} %" if 0 < part < 10 or 99 < part < 100 else f"{part:.0f} %"
