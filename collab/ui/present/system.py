"""How the application is, as markup: what is not well and what to do, then each question with its number."""

from collab.system import Concern, Report
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB"))


def room(t: Texts, report: Report) -> str:
    """The room."""
    title = tag("h1", text(t("room.system")), class_="room-title")
    facts = [*_people(t, report), *_model(t, report), *_kept(t, report), *_machine(t, report)]
    return tag(
        "section", title + _state(t, report) + tag("dl", "".join(facts), class_="facts"), class_="room-page system"
    )


def size(count: int) -> str:
    """Bytes as people read them: `38 GB`, `4.2 MB`."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.0f} {name}" if count >= 10 * unit else f"{count / unit:.1f} {name}"
    return f"{count} B"


def _state(t: Texts, report: Report) -> str:
    if not report.concerns:
        return tag("p", icon("tick") + tag("span", text(t("system.well"))), class_="condition well", data_testid="well")
    told = "".join(_concern(t, concern, report) for concern in report.concerns)
    return tag("ul", told, class_="concerns", aria_label=t("system.concerns"))


def _concern(t: Texts, concern: Concern, report: Report) -> str:
    what = tag("strong", text(t(f"system.concern.{concern}", free=size(report.free_bytes), lag=report.lag)))
    how = tag("span", text(t(f"system.concern.{concern}.how")))
    return tag("li", icon("warning") + tag("div", what + how), class_="condition", data_testid=f"concern-{concern}")


def _people(t: Texts, report: Report) -> list[str]:
    lately = report.lately
    wrong = t("system.answers.wrong", errors=lately.errors, refusals=lately.refusals)
    fine = t("system.answers.fine")
    return [
        _fact(t, "answers", str(lately.answers), wrong if lately.errors + lately.refusals else fine),
        _fact(t, "first", _seconds(t, lately.first_text_s), _slow(t, lately.first_text_slow_s)),
        _fact(t, "whole", _seconds(t, lately.answer_s), t("system.whole.how")),
    ]


def _model(t: Texts, report: Report) -> list[str]:
    places = t("system.queue.how", waiting=report.waiting, limit=report.queue_limit)
    key = f"system.engine.{report.engine}"
    engine = f"{t(key)}. " if report.engine and t.has(key) else ""
    how = engine + t("system.slots", count=report.slots) if report.model else t("system.model.none")
    return [
        _fact(t, "queue", t("system.queue.now", running=report.running), places),
        _fact(t, "wait", _seconds(t, report.lately.wait_s), _slow(t, report.lately.wait_slow_s)),
        _fact(t, "model", report.model or t(report.stage), how),
    ]


def _kept(t: Texts, report: Report) -> list[str]:
    unread = t("system.unread.now", count=report.unread) if report.unread else t("system.unread.none")
    lag = t("system.lag.now", count=report.lag) if report.lag else t("system.lag.none")
    lead = button(t("system.review.go"), class_="link", data_go="review", data_testid="system-review")
    return [
        _fact(t, "unread", unread, t("system.unread.how")),
        _fact(t, "lag", lag, t("system.lag.how")),
        _fact(t, "review", str(report.to_review), markup=lead if report.to_review else ""),
    ]


def _machine(t: Texts, report: Report) -> list[str]:
    disk = t("system.disk.how", size=size(report.disk_bytes), database=size(report.database_bytes))
    schema = t("system.schema", schema=", ".join(report.schema))
    return [
        _fact(t, "memory", size(report.memory_bytes), t("system.memory.how")),
        _fact(t, "disk", t("system.disk.now", free=size(report.free_bytes)), disk),
        _fact(t, "version", report.version, schema),
    ]


def _fact(t: Texts, name: str, number: str, how: str = "", markup: str = "") -> str:
    """A question, its number, and what there is to say of it."""
    return tag(
        "div",
        tag("dt", text(t(f"system.{name}")))
        + tag("dd", tag("strong", text(number), dir="auto") + tag("span", text(how), class_="quiet") + markup),
        class_="fact",
        data_testid=f"fact-{name}",
    )


def _seconds(t: Texts, seconds: float | None) -> str:
    if seconds is None:
        return t("system.nobody")
    return t("system.seconds", seconds="< 0.1" if seconds < 0.1 else f"{seconds:.{1 if seconds < 10 else 0}f}")


def _slow(t: Texts, seconds: float | None) -> str:
    return "" if seconds is None else t("system.slow", seconds=_seconds(t, seconds))
