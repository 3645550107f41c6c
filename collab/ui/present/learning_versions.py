"""Every version of the model as markup: from which training, on which other it stands, who promoted it and when."""

from collections.abc import Sequence

from collab.learning.run_records import Adapter, Run
from collab.texts import Texts
from collab.ui.present.html import button, tag, text
from collab.ui.present.learning_report import override, promote
from collab.ui.present.learning_run import opener
from collab.ui.present.learning_words import outcome, version
from collab.ui.present.tables import Cell, block, listing, moment


def versions(t: Texts, adapters: Sequence[Adapter]) -> str:
    """The newest first; empty, it says where they come from."""
    if not adapters:
        inner = tag("p", text(t("learn.versions.empty")), class_="quiet", data_testid="no-versions")
    else:
        inner = listing(t, [(adapter.id, _version(t, adapter)) for adapter in adapters], "adapters")
    return block(t("learn.versions"), inner, testid="versions")


def roll_back(t: Texts, adapter_id: str, kind: str, testid: str = "roll-back") -> str:
    """One click, for the version that is live."""
    return button(t("learn.roll_back"), class_=kind, data_act="learning.roll_back", data_adapter=adapter_id,
                  data_testid=testid)  # fmt: skip


def earlier(t: Texts, runs: Sequence[Run]) -> str:
    """The trainings that are not shown above; each opens."""
    if not runs:
        return ""
    return block(t("learn.runs"), listing(t, [(run.id, _run(t, run)) for run in runs], "runs"), testid="runs")


def _version(t: Texts, adapter: Adapter) -> list[Cell]:
    name = tag("strong", text(version(t, adapter.id)), title=adapter.id)
    live = tag("span", text(t("learn.live")), class_="pill live", data_testid="live") if adapter.is_live else ""
    failed = "" if adapter.is_passed else tag("span", text(t("learn.outcome.refused")), class_="pill pending")
    return [
        ("version", name + live + failed),
        ("origin", _origin(t, adapter)),
        ("parent", text(version(t, adapter.parent_id))),
        ("lessons", str(adapter.lessons)),
        ("made", text(moment(t, adapter.created_at))),
        ("promoted", _promoted(t, adapter)),
        ("acts", _acts(t, adapter)),
    ]


def _origin(t: Texts, adapter: Adapter) -> str:
    if adapter.run_id is None:
        return text(t("learn.imported"))
    return button(t("learn.report.open"), class_="link", data_act="learning.watch", data_training=adapter.run_id,
                  data_testid="open-report")  # fmt: skip


def _promoted(t: Texts, adapter: Adapter) -> str:
    """The last time it became the live one, and why where somebody had to say so."""
    if not adapter.promotions:
        return tag("span", text(t("learn.never")), class_="quiet")
    last = adapter.promotions[0]
    key = "learn.promoted.back" if last.is_rollback else "learn.promoted"
    said = text(t(key, name=last.by or t("learn.by.nobody"), at=moment(t, last.at)))
    return said + (tag("q", text(last.reason), class_="quiet", dir="auto") if last.reason else "")


def _acts(t: Texts, adapter: Adapter) -> str:
    if adapter.is_live:
        return roll_back(t, adapter.id, "link")
    if adapter.is_passed:
        return promote(t, adapter, "", "link")
    return override(t, adapter, "") if adapter.run_id is None else ""


def _run(t: Texts, run: Run) -> list[Cell]:
    lessons = "–" if run.lessons is None else str(run.lessons)
    return [
        ("made", text(moment(t, run.created_at))),
        ("by", text(run.by or t("learn.by.nobody"))),
        ("effort", text(t(f"learn.effort.{run.effort}"))),
        ("lessons", lessons),
        ("outcome", outcome(t, run)),
        ("acts", opener(run, t("learn.run.open"))),
    ]
