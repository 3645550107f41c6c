"""Corrections as markup: the cases that wait for an expert, and what became of one's own."""

from collections.abc import Sequence
from datetime import datetime

from collab.dialogue.records import Source
from collab.feedback.records import CorrectionRecord
from collab.texts import Texts
from collab.ui.present.chat import without_citations
from collab.ui.present.html import button, icon, tag, text


def desk(t: Texts, cases: Sequence[CorrectionRecord], opened: str, case_html: str, now: datetime) -> str:
    """The list on the left and the open case on the right."""
    if not cases:
        return room(t, _empty(t, "review.empty", "review.empty.how"))
    listed = tag("div", "".join(_entry(t, case, case.id == opened, now) for case in cases), class_="cases")
    return room(t, tag("div", listed + case_html, class_="desk"), count=len(cases))


def room(t: Texts, content: str, *, count: int = 0) -> str:
    """The room with its title."""
    number = tag("span", str(count), class_="count") if count else ""
    return tag("section", tag("h1", text(t("room.review")) + number, class_="room-title") + content, class_="room-page")


def case(t: Texts, record: CorrectionRecord, *, is_own: bool) -> str:
    """One case: question, what was said and what it should be, sources, and the decision."""
    reason = t("review.reason.own" if is_own else "review.reason")
    error = tag("p", "", class_="form-error", role="alert", data_error=True, data_testid="case-error")
    return tag(
        "article",
        tag("p", text(t("review.by", name=record.author, kind=t(f"kind.{record.kind}"))), class_="quiet")
        + _invisible(t, record)
        + tag("h3", text(t("review.change")))
        + _change(record, data_testid="case-diff")
        + _field(record, "question", t("review.question"), record.question)
        + _field(record, "answer", t("review.answer"), record.answer)
        + _sources(t, record.sources)
        + _field(record, "reason", reason)
        + error
        + _decide(t),
        class_="case",
        tabindex="-1",
        aria_label=record.question,
        data_case=record.id,
        data_testid="case",
    )


def _change(record: CorrectionRecord, **values: str) -> str:
    """Where the page draws what the correction changes; without `data_new`, as it stands in the field."""
    before = without_citations(record.before or "")
    return tag("p", "", class_="diff", data_diff=True, data_old=before, dir="auto", **values)


def _field(record: CorrectionRecord, name: str, label: str, value: str = "") -> str:
    area = tag(
        "textarea", text(value), rows=1, dir="auto", data_name=name, data_testid=f"case-{name}",
        data_keep=f"{record.id}:{name}",
    )  # fmt: skip
    return tag("label", tag("span", text(label)) + area)


def _decide(t: Texts) -> str:
    return tag(
        "div",
        button(t("review.approve"), drawing="tick", class_="primary", data_do="approve", data_testid="approve")
        + button(t("review.reject"), drawing="cross", class_="secondary", data_do="reject", data_testid="reject"),
        class_="row",
    )


def own_corrections(t: Texts, records: Sequence[CorrectionRecord], *, heading: bool) -> str:
    """What became of a person's own corrections."""
    if not records:
        return "" if heading else _empty(t, "mine.empty", "mine.empty.how")
    title = tag("h2", text(t("mine.title")), class_="section-title") if heading else ""
    return title + tag("div", "".join(_own(t, record) for record in records), class_="mine", data_testid="mine")


def undo_button(t: Texts, correction_id: str) -> str:
    """Takes back the last decision."""
    return button(
        t("act.undo"), class_="link", data_act="review.undo", data_correction=correction_id, data_testid="undo-review"
    )


def _own(t: Texts, record: CorrectionRecord) -> str:
    # Style answers nobody while it is live: it waits for the next training.
    name = "taught" if record.kind == "style" and record.state == "live" else record.state
    state = tag("span", text(t(f"state.{name}")), class_=f"pill {name}", data_testid="state")
    parts = [
        tag("p", text(record.question), class_="asked", dir="auto"),
        _change(record, data_new=record.answer),
        tag("div", state + tag("span", text(t.date(record.created_at)), class_="quiet"), class_="verdict"),
    ]
    if record.review_reason:
        said = t("mine.reason", name=record.reviewer or t("mine.somebody"), reason=record.review_reason)
        parts.append(tag("p", text(said), class_="said", dir="auto", data_testid="review-reason"))
    if record.state in ("pending", "live"):
        parts.append(
            button(t("mine.withdraw"), class_="link", data_act="review.withdraw", data_correction=record.id,
                   data_testid="withdraw")
        )  # fmt: skip
    return tag("article", "".join(parts), class_="own", data_testid="own-correction", data_correction=record.id)


def _entry(t: Texts, record: CorrectionRecord, is_open: bool, now: datetime) -> str:
    about = f"{record.author} · {t.age(record.created_at, now)}"
    return tag(
        "button",
        tag("strong", text(record.question)) + tag("span", text(about), class_="quiet"),
        type="button",
        class_="entry",
        aria_current="true" if is_open else None,
        data_act="review.case",
        data_correction=record.id,
        data_testid="case-entry",
    )


def _sources(t: Texts, sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    items = "".join(
        tag("li", tag("q", text(source.quote), dir="auto") + tag("cite", text(source.document)), class_="quote")
        for source in sources
    )
    head = tag("summary", text(t("review.sources", count=len(sources))), data_testid="case-sources")
    return tag("details", head + tag("ol", items, class_="quotes"), class_="fold")


def _invisible(t: Texts, record: CorrectionRecord) -> str:
    """A reviewer sees that invisible characters were taken out, and where."""
    if not record.invisible_at:
        return ""
    words = t("review.invisible", count=len(record.invisible_at), places=", ".join(map(str, record.invisible_at[:10])))
    return tag("p", icon("warning") + text(words), class_="note warn")


def _empty(t: Texts, title: str, how: str) -> str:
    inner = tag("span", icon("tick"), class_="medallion") + tag("h2", text(t(title))) + tag("p", text(t(how)))
    return tag("div", inner, class_="welcome", data_testid="empty")
