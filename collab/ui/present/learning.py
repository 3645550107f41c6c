"""The room Learning as markup: what waits to be learned, what answers now, what the last training found, and below
each other the training, its report, the versions and the trainings before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.learning.lessons import Waiting
from collab.learning.run_records import Adapter, LoggedStep, Promoted, Run
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.learning_report import report
from collab.ui.present.learning_run import ended, opener, under_way
from collab.ui.present.learning_train import train_form
from collab.ui.present.learning_versions import earlier, roll_back, versions
from collab.ui.present.learning_words import outcome, sentence, version
from collab.ui.present.tables import moment
from knowledge.errors import CollabError


@dataclass(frozen=True, slots=True)
class Shown:
    """What the room shows. `waiting` is None while a training is under way; `asked` is the id of the run that somebody
    has opened, `opened` the one whose end is shown, `problem` why the live version does not answer, if it does not.
    """

    waiting: Waiting | None
    running: Run | None
    running_steps: Sequence[LoggedStep]
    asked: str
    opened: Run | None
    opened_steps: Sequence[LoggedStep]
    runs: Sequence[Run]
    adapters: Sequence[Adapter]
    last: Promoted | None
    problem: CollabError | None


def room(t: Texts, shown: Shown, now: datetime) -> str:
    """The room. A page that finds `data-running` in it looks again by itself."""
    title = tag("h1", text(t("room.learning")), class_="room-title")
    cards = tag("div", _waiting(t, shown) + _live(t, shown) + _last(t, shown), class_="tiles")
    course = ""
    if shown.running:
        course = under_way(t, shown.running, shown.running_steps, now)
    elif shown.waiting and shown.waiting.kinds:
        course = train_form(t, shown.runs)
    above = {run.id for run in (shown.running, shown.opened) if run}
    others = [run for run in shown.runs if run.id not in above]
    return tag(
        "section",
        title + cards + course + _opened(t, shown) + versions(t, shown.adapters) + earlier(t, others),
        class_="room-page learning",
        data_running=shown.running.id if shown.running else "",
        data_training=shown.asked,
    )


def _opened(t: Texts, shown: Shown) -> str:
    run = shown.opened
    if run is None:
        return ""
    if run.report is None:
        return ended(t, run, shown.opened_steps)
    adapter = next((one for one in shown.adapters if one.id == run.adapter_id), None)
    return report(t, run, run.report, adapter, shown.opened_steps)


# --- the three cards --------------------------------------------------------------------------------------------------


def _tile(name: str, title: str, *content: str) -> str:
    return tag("section", tag("h2", text(title)) + "".join(content), class_="tile", data_testid=f"tile-{name}")


def _waiting(t: Texts, shown: Shown) -> str:
    title = t("learn.waiting")
    if shown.waiting is None:
        count = shown.running.lessons if shown.running else None
        said = t("learn.waiting.busy") if count is None else t("learn.waiting.taught", count=count)
        return _tile("waiting", title, tag("p", text(said)))
    found = shown.waiting
    count = sum(found.kinds.values())
    before = tag("p", text(t("learn.waiting.earlier", count=found.earlier)), class_="quiet") if found.earlier else ""
    if not count:
        none = tag("p", text(t("learn.waiting.none")), data_testid="no-lessons")
        go = button(t("learn.waiting.go"), class_="link", data_go="chat", data_testid="go-correct")
        return _tile("waiting", title, none, go, before, _asides(t, found.asides))
    number = tag("strong", str(count), class_="figure", data_testid="lessons-waiting")
    rows = "".join(
        tag("dt", text(t(f"learn.by.{name}"))) + tag("dd", text(_counts(t, name, counts)))
        for name, counts in (("kind", found.kinds), ("source", found.sources), ("age", found.ages))
    )
    return _tile("waiting", title, number, tag("dl", rows), before, _asides(t, found.asides))


def _counts(t: Texts, name: str, counts: Mapping[str, int]) -> str:
    return " · ".join(t(f"learn.{name}.{one}", count=count) for one, count in counts.items())


def _asides(t: Texts, asides: Mapping[str, int]) -> str:
    """What is set aside, and why."""
    if not asides:
        return ""
    rows = "".join(
        tag("li", tag("strong", str(count)) + tag("span", text(t(reason)))) for reason, count in asides.items()
    )
    summary = tag("summary", text(t("learn.asides", count=sum(asides.values()))), data_testid="asides")
    return tag("details", summary + tag("ul", rows, class_="asides"), class_="fold")


def _live(t: Texts, shown: Shown) -> str:
    title = t("learn.live.title")
    live = next((adapter for adapter in shown.adapters if adapter.is_live), None)
    name = tag("strong", text(version(t, live.id if live else None)), class_="figure", data_testid="live-version")
    said = t("learn.live.none")
    if shown.last:
        key = "learn.promoted.back" if shown.last.is_rollback else "learn.promoted"
        said = t(key, name=shown.last.by or t("learn.by.nobody"), at=moment(t, shown.last.at))
    problem = ""
    if shown.problem:
        told = t.error(shown.problem.code, shown.problem.params)
        words = tag("strong", text(t("learn.live.problem"))) + tag("span", text(told))
        problem = tag("div", icon("warning") + tag("div", words), class_="condition", data_testid="problem")
    back = roll_back(t, live.id, "secondary", "roll-back-live") if live else ""
    return _tile("live", title, name, tag("p", text(said), class_="quiet"), problem, back)


def _last(t: Texts, shown: Shown) -> str:
    title = t("learn.last")
    run = next((run for run in shown.runs if run.report), None)
    if run is None:
        return _tile("last", title, tag("p", text(t("learn.last.none")), class_="quiet"))
    words = tag("p", text(sentence(t, run.report)), data_testid="last-verdict")
    is_open = shown.opened is not None and shown.opened.id == run.id
    go = "" if is_open else opener(run, t("learn.report.open"), "read-report")
    return _tile("last", title, outcome(t, run), words, go)
