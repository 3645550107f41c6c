"""The room of review as markup: filters, the list of cases, what is done with several, and the keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collab.feedback.case_records import Case, Page
from collab.feedback.queue import Assigned, Filter, Order, Status
from collab.feedback.ratings import Reason
from collab.texts import Texts
from collab.ui.acts.review import MOST_PAGES, View
from collab.ui.present.html import button, icon, icon_button, tag, text
from collab.ui.present.mine import empty

_AGES = (1, 3, 7, 30)
KEYS = (
    ("j", "next"),
    ("k", "previous"),
    ("a", "approve"),
    ("e", "edit"),
    ("r", "reject"),
    ("u", "undo"),
    ("x", "choose"),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the filters, names by ids."""

    authors: Mapping[str, str]
    documents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the list under a view, how many cases wait in all, and the case that is open: its ref and its markup,
    both empty where there is none.
    """

    view: View
    page: Page
    choices: Choices
    waiting: int
    opened: str = ""
    case: str = ""


def desk(t: Texts, shown: Desk, now: datetime) -> str:
    """The list on the left and the open case on the right."""
    inner = _filters(t, shown.view, shown.choices) + _bulk(t)
    if shown.page.cases or shown.case:
        inner += tag("div", _list(t, shown, now) + shown.case, class_="desk")
    elif shown.view.wanted() == Filter():
        inner += empty(t, "review.empty", "review.empty.how")
    else:
        inner += empty(t, "review.none", "review.none.how")
    view = shown.view.model_dump_json(exclude_defaults=True)
    reviewing = tag("div", inner + _keys(t), class_="reviewing", data_view=view, data_testid="review")
    return room(t, reviewing, count=shown.waiting)


def room(t: Texts, content: str, *, count: int = 0, title: str = "room.review") -> str:
    """The room with its title."""
    number = tag("span", str(count), class_="count") if count else ""
    return tag("section", tag("h1", text(t(title)) + number, class_="room-title") + content, class_="room-page")


def undo_button(t: Texts, **what: str) -> str:
    """Takes back the last decision: on a `correction`, a rated `turn`, or several `cases`, their refs in a row."""
    values = {f"data_{name}": id for name, id in what.items()}
    return button(t("act.undo"), class_="link", data_do="review-undo", data_testid="undo-review", **values)


def _list(t: Texts, shown: Desk, now: datetime) -> str:
    cases = shown.page.cases
    most = max((case.impact for case in cases), default=1)
    inner = "".join(_entry(t, case, most, case.ref == shown.opened, now) for case in cases)
    if shown.page.after and shown.view.pages < MOST_PAGES:
        inner += button(t("review.more"), class_="secondary", data_do="more-cases", data_testid="more")
    return tag("div", inner, class_="cases", role="group", aria_label=t("review.list"), data_testid="cases")


def _entry(t: Texts, case: Case, most: int, is_open: bool, now: datetime) -> str:
    """A line of the list: the question, who and since when, and its impact as a bar."""
    about = [case.author, t.age(case.created_at, now)]
    if case.assignee:
        about.append(t("review.with", name=case.assignee))
    marks = tag("span", icon("hourglass") + text(t("review.late")), class_="late") if case.is_late else ""
    if case.alike:
        marks += tag("span", text(t("review.more_alike", count=case.alike)), class_="pill", data_testid="alike-count")
    if case.side:
        marks += tag("span", text(t(f"review.side.{case.side}")), class_="pill", data_testid="side")
    if case.reason:
        marks += tag("span", text(t(f"reason.{case.reason}")), class_=f"pill {case.reason}")
    share = round(100 * case.impact / max(most, 1))
    words = t("review.impact", asked=case.asked, wrong=case.wrong)
    bar = tag(
        "span", tag("span", style=f"inline-size:{share}%"), class_="impact", role="img", aria_label=words, title=words
    )
    line = tag(
        "button",
        tag("strong", text(case.question), dir="auto")
        + tag("span", text(" · ".join(about)), class_="quiet")
        + (tag("span", marks, class_="marks") if marks else "")
        + bar,
        type="button",
        class_="line",
        aria_current="true" if is_open else None,
        data_do="open-case",
        data_ref=case.ref,
        data_testid="case-entry",
    )
    box = tag("input", type="checkbox", data_choose=case.ref, data_revision=case.revision, data_testid="choose",
              aria_label=t("review.choose", question=case.question))  # fmt: skip
    return tag("div", tag("label", box, class_="choose") + line, class_="entry", data_entry=case.ref)


def _filters(t: Texts, view: View, choices: Choices) -> str:
    fields = (
        _select(t, "status", view.status, {one: t(f"review.status.{one}") for one in Status})
        + _select(t, "order", view.order, {one: t(f"review.order.{one}") for one in Order})
        + _select(t, "assigned", view.assigned, {one: t(f"review.assigned.{one or 'anybody'}") for one in Assigned})
        + _select(t, "author", view.author, {"": t("review.any"), **choices.authors})
        + _select(t, "reason", view.reason, {"": t("review.any"), **{one: t(f"reason.{one}") for one in Reason}})
        + _select(t, "days", str(view.days), {"0": t("review.any"), **{str(n): _age(t, n) for n in _AGES}})
        + _select(t, "document", view.document, {"": t("review.any"), **choices.documents})
    )
    used = len(view.model_dump(exclude_defaults=True, exclude={"text", "pages"}))
    clear = button(t("review.clear"), class_="link", data_do="clear-filters", data_testid="clear") if used else ""
    words = t("review.filters.used", count=used) if used else t("review.filters")
    head = tag("summary", text(words), data_testid="filters")
    folded = tag("details", head + tag("div", fields, class_="filter-fields"), class_="fold")
    careful = button(t("curve.title"), class_="link careful", data_do="careful", data_testid="careful")
    line = tag("div", folded + clear + careful, class_="filter-line")
    return tag("div", _search(t, view.text) + line, class_="filters")


def _search(t: Texts, value: str) -> str:
    words = t("review.filter.text")
    return tag(
        "input", type="text", value=value, placeholder=words, aria_label=words, class_="search", data_filter="text",
        maxlength=1_000,
        data_testid="search-cases",
    )  # fmt: skip


def _select(t: Texts, name: str, value: str, options: Mapping[str, str]) -> str:
    if value not in options:  # who or what was chosen has no case any more
        options = {**options, value: t("review.filter.gone")}
    inner = "".join(tag("option", text(label), value=key, selected=key == value) for key, label in options.items())
    field = tag("select", inner, data_filter=name, data_testid=f"filter-{name}")
    return tag("label", tag("span", text(t(f"review.filter.{name}"))) + field)


def _age(t: Texts, days: int) -> str:
    return t("review.days", count=days) if days > 1 else t("review.days.one")


def _bulk(t: Texts) -> str:
    """Stands while cases are chosen; the page fills in how many."""
    reason = tag("input", type="text", placeholder=t("review.bulk.reason"), aria_label=t("review.bulk.reason"),
                 data_bulk_reason=True, data_keep="bulk:reason", data_testid="bulk-reason")  # fmt: skip
    count = t("review.bulk.count", count="{count}")
    inner = (
        tag("span", "", data_bulk_count=count, class_="chosen", data_testid="bulk-count")
        + reason
        + button(t("review.approve"), class_="primary", data_do="bulk-approve", data_testid="bulk-approve")
        + button(t("review.reject"), class_="secondary", data_do="bulk-reject", data_testid="bulk-reject")
        + icon_button(t("review.bulk.clear"), "cross", data_do="bulk-clear", data_testid="bulk-clear")
        + tag("span", text(t("review.bulk.keys")), class_="keys quiet")
        + tag("p", "", class_="form-error", role="alert", data_bulk_error=t("review.bulk.needed"),
              data_testid="bulk-error")
    )  # fmt: skip
    return tag("div", inner, class_="bulk", role="group", aria_label=t("review.bulk"), hidden=True, data_testid="bulk")


def _keys(t: Texts) -> str:
    rows = "".join(tag("span", tag("kbd", text(key)) + text(t(f"review.key.{name}"))) for key, name in KEYS)
    return tag("footer", rows, class_="review-keys", aria_label=t("keys.title"), data_testid="review-keys")
