"""One document as text, each passage outlined, with how often it was cited and what may be done about it."""

from collections.abc import Mapping, Sequence

from collab.feedback.footing import Standing
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.knowledge import Shelved, delete, reach, replace
from collab.ui.present.paged import page_of
from knowledge.records import PassageRecord


def document(t: Texts, one: Shelved, passages: Sequence[PassageRecord], cited: Mapping[int, int]) -> str:
    """The page of a document; `cited` tells by passage how many answers cite it."""
    record = one.record
    back = button(t("knowledge.back"), drawing="arrow-left", class_="link", data_go="knowledge", data_testid="back")
    acts = ""
    if one.may_change:
        acts = replace(t, record, label=t("knowledge.replace")) + delete(t, one, label=t("knowledge.delete.yes"))
    title = tag("h1", text(record.name), class_="room-title")
    head = tag("header", title + tag("div", acts, class_="row"), class_="room-head")
    body = "".join(_passage(t, passage, cited.get(passage.id, 0), one.may_change) for passage in passages)
    return tag(
        "section",
        back + head + _about(t, one) + _standing(t, one.standing) + body,
        class_="room-page document",
        data_testid="document",
    )


def undo(t: Texts, act: str, passage: PassageRecord, **values: str) -> str:
    """The button that takes a change of a passage back."""
    return button(
        t("act.undo"), class_="link", data_act=f"knowledge.{act}", data_passage=passage.id, data_testid="undo-passage",
        **values,
    )  # fmt: skip


def _about(t: Texts, one: Shelved) -> str:
    record, date = one.record, t.date(one.record.created_at)
    parts = [
        t("knowledge.passages", count=record.passages),
        t("knowledge.disabled", count=record.disabled) if record.disabled else "",
        reach(t, record),
        t("knowledge.added.by", date=date, name=one.author) if one.author else t("knowledge.added", date=date),
        t("knowledge.cited", count=one.cited) if one.cited else t("knowledge.cited.none"),
    ]
    return tag("p", text(" · ".join(filter(None, parts))), class_="quiet", data_testid="about-document")


def _standing(t: Texts, standing: Sequence[Standing]) -> str:
    """The corrections of answers that cite it."""
    if not standing:
        return ""
    items = "".join(
        tag(
            "li",
            tag("span", text(one.question), dir="auto")
            + tag("span", text(t(f"state.{one.state}")), class_=f"pill {one.state}"),
        )
        for one in standing
    )
    summary = tag("summary", text(t("knowledge.standing.title", count=len(standing))), data_testid="standing")
    return tag("details", summary + tag("ul", items), class_="fold standing")


def _passage(t: Texts, passage: PassageRecord, cited: int, may_change: bool) -> str:
    place = " · ".join(part for part in (passage.heading, page_of(t, passage.document, passage.page)) if part)
    marks = tag("span", text(t("passage.cited", count=cited)), class_="quiet") if cited else ""
    if passage.original_text is not None:
        marks += tag("span", text(t("passage.corrected")), class_="pill taught", data_testid="passage-corrected")
    if passage.is_disabled:
        marks += tag("span", text(t("passage.disabled")), class_="pill failed", data_testid="passage-disabled")
    head = tag("header", tag("p", text(place), class_="heading") + tag("div", marks, class_="row"))
    return tag(
        "article",
        head
        + tag("p", text(passage.text), class_="passage-text", dir="auto")
        + _original(t, passage)
        + (_acts(t, passage) if may_change else ""),
        class_="passage" + (" disabled" if passage.is_disabled else ""),
        id=f"passage-{passage.id}",
        data_passage=passage.id,
        data_text=passage.text,
        data_testid="document-passage",
    )


def _original(t: Texts, passage: PassageRecord) -> str:
    if passage.original_text is None:
        return ""
    summary = tag("summary", text(t("passage.original")), data_testid=f"original-{passage.id}")
    words = tag("p", text(passage.original_text), class_="passage-text", dir="auto")
    back = button(t("passage.restore"), class_="link", data_act="knowledge.restore", data_passage=passage.id,
                  data_testid="restore-passage")  # fmt: skip
    return tag("details", summary + words, class_="fold") + back


def _acts(t: Texts, passage: PassageRecord) -> str:
    switch = "enable" if passage.is_disabled else "disable"
    turned = button(
        t(f"passage.{switch}"), drawing="tick" if passage.is_disabled else "hidden", class_="secondary",
        data_act=f"knowledge.{switch}", data_passage=passage.id, data_testid=f"{switch}-passage",
    )  # fmt: skip
    label = t("passage.text")
    field = tag("textarea", text(passage.text), rows=4, dir="auto", aria_label=label, data_testid="passage-text")
    save = button(t("act.save"), class_="primary", data_do="rewrite", data_testid="save-passage")
    cancel = button(t("act.cancel"), class_="secondary", data_do="cancel-rewrite", data_testid="cancel-passage")
    error = tag("p", "", class_="form-error", role="alert", data_error=True)
    form = tag("div", field + error + tag("div", save + cancel, class_="row"), class_="rewrite-form")
    summary = tag("summary", icon("pencil") + tag("span", text(t("passage.correct"))),
                  data_testid=f"correct-{passage.id}")  # fmt: skip
    return tag("div", turned + tag("details", summary + form, class_="rewrite"), class_="passage-acts")
