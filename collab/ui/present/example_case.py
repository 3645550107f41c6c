"""An example that waits, as markup: the question, what somebody says of it, and the corrections that it is about."""

from collab.feedback.case_records import OpenCase
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.records import CorrectionRecord
from collab.feedback.tables import Side
from collab.texts import Texts
from collab.ui.present.html import tag, text


def body(t: Texts, found: OpenCase, reason: str) -> str:
    """What one needs to decide it; `reason` is the field in which to say why."""
    if found.example is None or found.correction is None:
        return ""
    return (
        tag("p", text(found.example.text), class_="asked", dir="auto", data_testid="case-example")
        + tag("p", text(_said(t, found.example)), class_="said", data_testid="case-side")
        + _together(t, found)
        + _correction(t, found.correction)
        + "".join(_correction(t, record) for _, record in found.together)
        + (reason if found.case.state == "pending" else _decided(t, found.example))
    )


def _said(t: Texts, example: ExampleRecord) -> str:
    key = "review.example.will" if example.side is Side.WILL else "review.example.will_not"
    return t(key, name=example.author)


def _together(t: Texts, found: OpenCase) -> str:
    """That it was said of several corrections, where it was."""
    if not found.together:
        return ""
    words = t("review.example.together", count=len(found.together) + 1)
    return tag("p", text(words), class_="quiet", data_testid="case-together")


def _correction(t: Texts, record: CorrectionRecord) -> str:
    """The correction as it answers now."""
    title = tag("p", text(t("review.example.of", name=record.author)), class_="quiet")
    asked = tag("p", text(record.question), class_="asked", dir="auto")
    return title + tag("blockquote", asked + tag("p", text(record.answer), class_="words", dir="auto"))


def _decided(t: Texts, example: ExampleRecord) -> str:
    said = example.review_reason or ""
    return tag("p", text(said), class_="said", dir="auto") if said else ""
