"""What became of a person's own corrections, as markup."""

from collections.abc import Mapping, Sequence

from collab.dialogue.composition import without_citations
from collab.feedback.records import CorrectionRecord
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.proof import mark


def own_corrections(
    t: Texts, records: Sequence[CorrectionRecord], verified: Mapping[str, bool], *, heading: bool
) -> str:
    """The list; empty, it says how to begin, unless it stands under something else. `verified` has the last test of
    those that were tested.
    """
    if not records:
        return "" if heading else empty(t, "mine.empty", "mine.empty.how")
    title = tag("h2", text(t("mine.title")), class_="section-title") if heading else ""
    items = "".join(_own(t, record, verified) for record in records)
    return title + tag("div", items, class_="mine", data_testid="mine")


def change(before: str | None, **values: str) -> str:
    """Where the page draws what a correction changes; without `data_new`, as it stands in the field."""
    old = without_citations(before or "")
    return tag("p", "", class_="diff", data_diff=True, data_old=old, dir="auto", **values)


def state_pill(t: Texts, record: CorrectionRecord) -> str:
    """Where a correction stands. Style answers nobody while it is live: it waits for the next training."""
    name = "taught" if record.kind == "style" and record.state == "live" else record.state
    return tag("span", text(t(f"state.{name}")), class_=f"pill {name}", data_testid="state")


def proof_mark(t: Texts, record: CorrectionRecord, verified: Mapping[str, bool]) -> str:
    """Whether what answers somebody was tested and did what it should."""
    if record.kind == "style" or record.state not in ("pending", "live"):
        return ""
    return mark(t, is_verified=verified.get(record.id, False))


def opener(t: Texts, correction_id: str) -> str:
    """The way to the card of a correction."""
    return button(t("card.open"), class_="link", data_act="card.open", data_correction=correction_id,
                  data_testid="open-card")  # fmt: skip


def empty(t: Texts, title: str, how: str) -> str:
    """Nothing there, and what would be."""
    inner = tag("span", icon("tick"), class_="medallion") + tag("h2", text(t(title))) + tag("p", text(t(how)))
    return tag("div", inner, class_="nothing", data_testid="empty")


def _reworded(t: Texts, record: CorrectionRecord) -> list[str]:
    """What a reviewer changed of the author's words."""
    name = record.reviewer or t("mine.somebody")
    changed = (
        ("edited.question", record.original_question, record.question),
        ("edited.answer", record.original_answer, record.answer),
    )
    return [
        tag("p", text(t(key, name=name)), class_="quiet", data_testid="reworded") + change(old, data_new=new)
        for key, old, new in changed
        if old is not None
    ]


def _own(t: Texts, record: CorrectionRecord, verified: Mapping[str, bool]) -> str:
    proof = proof_mark(t, record, verified)
    moment = tag("span", text(f"{t(f'kind.{record.kind}')} · {t.date(record.created_at)}"), class_="quiet")
    parts = [
        tag("p", text(record.question), class_="asked", dir="auto"),
        change(record.before, data_new=record.answer),
        tag("div", state_pill(t, record) + proof + moment, class_="verdict"),
    ]
    parts += _reworded(t, record)
    if record.review_reason:
        said = t("mine.reason", name=record.reviewer or t("mine.somebody"), reason=record.review_reason)
        parts.append(tag("p", text(said), class_="said", dir="auto", data_testid="review-reason"))
    ways = opener(t, record.id)
    if record.state in ("pending", "live"):
        ways += button(t("mine.withdraw"), class_="link", data_do="review-withdraw", data_correction=record.id,
                       data_testid="withdraw")  # fmt: skip
    parts.append(tag("div", ways, class_="row"))
    return tag("article", "".join(parts), class_="own", data_testid="own-correction", data_correction=record.id)
