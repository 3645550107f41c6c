"""What became of a person's own corrections, as markup."""

from collections.abc import Sequence

from collab.feedback.records import CorrectionRecord
from collab.texts import Texts
from collab.ui.present.chat import without_citations
from collab.ui.present.html import button, icon, tag, text


def own_corrections(t: Texts, records: Sequence[CorrectionRecord], *, heading: bool) -> str:
    """The list; empty, it says how to begin, unless it stands under something else."""
    if not records:
        return "" if heading else empty(t, "mine.empty", "mine.empty.how")
    title = tag("h2", text(t("mine.title")), class_="section-title") if heading else ""
    return title + tag("div", "".join(_own(t, record) for record in records), class_="mine", data_testid="mine")


def change(before: str | None, **values: str) -> str:
    """Where the page draws what a correction changes; without `data_new`, as it stands in the field."""
    old = without_citations(before or "")
    return tag("p", "", class_="diff", data_diff=True, data_old=old, dir="auto", **values)


def state_pill(t: Texts, record: CorrectionRecord) -> str:
    """Where a correction stands. Style answers nobody while it is live: it waits for the next training."""
    name = "taught" if record.kind == "style" and record.state == "live" else record.state
    return tag("span", text(t(f"state.{name}")), class_=f"pill {name}", data_testid="state")


def empty(t: Texts, title: str, how: str) -> str:
    """Nothing there, and what would be."""
    inner = tag("span", icon("tick"), class_="medallion") + tag("h2", text(t(title))) + tag("p", text(t(how)))
    return tag("div", inner, class_="nothing", data_testid="empty")


def _own(t: Texts, record: CorrectionRecord) -> str:
    moment = tag("span", text(t.date(record.created_at)), class_="quiet")
    parts = [
        tag("p", text(record.question), class_="asked", dir="auto"),
        change(record.before, data_new=record.answer),
        tag("div", state_pill(t, record) + moment, class_="verdict"),
    ]
    if record.review_reason:
        said = t("mine.reason", name=record.reviewer or t("mine.somebody"), reason=record.review_reason)
        parts.append(tag("p", text(said), class_="said", dir="auto", data_testid="review-reason"))
    if record.state in ("pending", "live"):
        parts.append(
            button(t("mine.withdraw"), class_="link", data_do="review-withdraw", data_correction=record.id,
                   data_testid="withdraw")
        )  # fmt: skip
    return tag("article", "".join(parts), class_="own", data_testid="own-correction", data_correction=record.id)
