"""Documents as markup: the table, and one document with its passages."""

from collections.abc import Sequence

from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from knowledge.records import DocumentRecord, PassageRecord


def room(t: Texts, documents: Sequence[DocumentRecord], drop_area: str, *, is_expert: bool) -> str:
    """The drop area and the table; while a document is being read, the page looks again by itself.

    Only experts are offered to delete what is for everyone.
    """
    head = tag("h1", text(t("room.knowledge")), class_="room-title")
    body = _table(t, documents, is_expert) if documents else _empty(t)
    is_reading = any(document.state == "reading" for document in documents)
    return tag(
        "section",
        head + drop_area + body,
        class_="room-page knowledge" + ("" if documents else " no-documents"),
        data_poll=is_reading,
    )


def document(t: Texts, record: DocumentRecord, passages: Sequence[PassageRecord]) -> str:
    """One document as text, each passage outlined."""
    back = button(t("knowledge.back"), drawing="arrow-left", class_="link", data_go="knowledge", data_testid="back")
    return tag(
        "section",
        back
        + tag("h1", text(record.name), class_="room-title")
        + tag("p", text(t("knowledge.passages", count=len(passages))), class_="quiet")
        + "".join(_passage(t, passage) for passage in passages),
        class_="room-page",
        data_testid="document",
    )


def _table(t: Texts, documents: Sequence[DocumentRecord], is_expert: bool) -> str:
    heads = "".join(
        tag("th", text(t(f"column.{name}")), scope="col") for name in ("name", "state", "passages", "reach", "date")
    )
    head = tag("thead", tag("tr", heads + tag("th", tag("span", text(t("column.acts")), class_="sr"), scope="col")))
    rows = "".join(_row(t, record, may_delete=is_expert or record.reach != "everyone") for record in documents)
    return tag("table", head + tag("tbody", rows), class_="documents", data_testid="documents")


def _row(t: Texts, record: DocumentRecord, *, may_delete: bool) -> str:
    name = (
        button(record.name, drawing="page", class_="link", data_act="knowledge.open", data_document=record.id,
               data_testid="open-document")
        if record.state == "ready"
        else tag("span", icon("page") + text(record.name), class_="name")
    )  # fmt: skip
    why = ""
    if record.error_code is not None:
        why = tag("p", text(t.error(record.error_code, record.error_params or {})), class_="why-failed")
    state = tag("span", text(_state(t, record)), class_=f"pill {record.state}", data_testid="document-state")
    cells = (
        ("name", name + why),
        ("state", state),
        ("passages", str(record.passages) if record.state == "ready" else "–"),
        ("reach", text(t("reach.everyone" if record.reach == "everyone" else "reach.person"))),
        ("date", text(t.date(record.created_at))),
        ("acts", _delete(t, record) if may_delete else ""),
    )
    inner = "".join(tag("td", content, data_label=t(f"column.{key}"), class_=key) for key, content in cells)
    return tag("tr", inner, data_testid="document-row", data_document=record.id)


def _delete(t: Texts, record: DocumentRecord) -> str:
    """Deleting, which asks first."""
    return tag(
        "details",
        tag("summary", icon("bin"), aria_label=t("knowledge.delete", name=record.name), data_testid="delete")
        + tag(
            "div",
            tag("p", text(t("knowledge.confirm")))
            + button(t("knowledge.delete.yes"), class_="danger", data_act="knowledge.remove", data_document=record.id,
                     data_testid="confirm-delete")
            + button(t("act.cancel"), class_="secondary", data_do="close-details"),
            class_="menu confirm",
        ),
        class_="me",
    )  # fmt: skip


def _state(t: Texts, record: DocumentRecord) -> str:
    if record.share_read is not None:
        return t("document.reading.share", percent=int(100 * record.share_read))
    return t(f"document.{record.state}")


def _passage(t: Texts, passage: PassageRecord) -> str:
    place = " · ".join(part for part in (passage.heading, _page(t, passage.page)) if part)
    head = tag("p", text(place), class_="heading") if place else ""
    return tag("article", head + tag("p", text(passage.text), class_="passage-text", dir="auto"), class_="passage",
               data_testid="document-passage")  # fmt: skip


def _page(t: Texts, page: int | None) -> str:
    return t("source.page", page=page) if page else ""


def _empty(t: Texts) -> str:
    sample = button(t("welcome.sample"), class_="secondary", data_act="knowledge.sample", data_testid="load-sample")
    return tag("div", tag("p", text(t("knowledge.empty"))) + sample, class_="invite", data_testid="empty")
