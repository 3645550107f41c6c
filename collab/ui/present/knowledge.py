"""Documents as markup: the drop area, the table, and what was deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collab.feedback.footing import Standing
from collab.texts import Texts
from collab.ui.present.frame import toast
from collab.ui.present.html import button, icon, icon_button, tag, text
from knowledge.records import DocumentRecord

MOST_FILES = 1_000
_FIND_FROM = 10  # documents
_COLUMNS = ("name", "state", "passages", "cited", "date", "reach")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document with what the table tells of it; `standing` are the corrections that stand on it."""

    record: DocumentRecord
    author: str
    cited: int
    standing: Sequence[Standing]
    may_change: bool


def room(t: Texts, shelf: Sequence[Shelved], gone: Sequence[DocumentRecord], limit_mb: int) -> str:
    """The drop area and the table; while a document is being read, the page looks again by itself."""
    body = _status(t, shelf) + _table(t, shelf) if shelf else _empty(t)
    reading = any(one.record.state == "reading" for one in shelf)
    return tag(
        "section",
        _head(t) + _drop_area(t, limit_mb) + body + _gone(t, gone),
        class_="room-page knowledge" + ("" if shelf else " no-documents"),
        data_poll=reading,
    )


def undo_delete(t: Texts, record: DocumentRecord) -> str:
    """The button that brings a document back."""
    return button(
        t("act.undo"), class_="link", data_act="knowledge.bring_back", data_document=record.id,
        data_testid="undo-delete",
    )  # fmt: skip


def delete(t: Texts, one: Shelved, *, label: str = "") -> str:
    """Deleting, which first says what depends on the document."""
    cited = t("knowledge.cited", count=one.cited) if one.cited else t("knowledge.cited.none")
    standing = t("knowledge.standing", count=len(one.standing)) if one.standing else ""
    questions = "".join(tag("li", text(other.question), dir="auto") for other in one.standing[:3])
    described = t("knowledge.delete", name=one.record.name)
    inner = (
        tag("p", text(" ".join(filter(None, (cited, standing)))), data_testid="depends")
        + (tag("ul", questions, class_="questions") if questions else "")
        + tag("p", text(t("knowledge.confirm")))
        + button(t("knowledge.delete.yes"), class_="danger", data_act="knowledge.remove",
                 data_document=one.record.id, data_testid="confirm-delete")
        + button(t("act.cancel"), class_="secondary", data_do="close-details")
    )  # fmt: skip
    drawing = icon("bin") + tag("span", text(label)) if label else icon("bin")
    summary = tag("summary", drawing, aria_label=described, title=described, data_testid="delete")
    return tag("details", summary + tag("div", inner, class_="menu confirm"), class_="me")


def replace(t: Texts, record: DocumentRecord, *, label: str = "") -> str:
    """Choosing a file to be the next version."""
    named = t("knowledge.replace.named", name=record.name)
    if label:
        return button(label, drawing="upload", class_="secondary", aria_label=named, data_do="replace-file",
                      data_document=record.id, data_testid="replace")  # fmt: skip
    return icon_button(
        named, "upload", class_="replace", data_do="replace-file", data_document=record.id, data_testid="replace"
    )


def state(t: Texts, record: DocumentRecord) -> str:
    """Where reading it stands."""
    words = t(f"document.{record.state}")
    if record.share_read is not None:
        words = t("document.reading.share", percent=int(100 * record.share_read))
    return tag("span", text(words), class_=f"pill {record.state}", data_testid="document-state")


def reach(t: Texts, record: DocumentRecord) -> str:
    """Whom it is for."""
    return t("reach.everyone" if record.reach == "everyone" else "reach.person")


def _head(t: Texts) -> str:
    trial = button(t("knowledge.try"), drawing="search", class_="secondary", data_act="knowledge.try",
                   data_testid="try")  # fmt: skip
    export = tag("a", icon("download") + tag("span", text(t("knowledge.export"))), href="/export/documents.zip",
                 download=True, class_="as-button", data_testid="export-documents")  # fmt: skip
    title = tag("h1", text(t("room.knowledge")), class_="room-title")
    return tag("header", title + tag("div", trial + export, class_="row"), class_="room-head")


def _drop_area(t: Texts, limit_mb: int) -> str:
    """Where files are dropped or chosen; the page hands them to Gradio's upload."""
    words = tag("span", tag("strong", text(t("upload.drop"))) + tag("span", text(t("upload.types", limit=limit_mb))))
    drop = tag("button", icon("upload") + words, type="button", class_="drop", data_do="choose-files",
               data_testid="drop")  # fmt: skip
    folder = button(t("knowledge.folder"), class_="link", data_do="choose-folder", data_testid="choose-folder")
    field = '<input type="file" webkitdirectory hidden data-testid="folder" aria-hidden="true" tabindex="-1">'
    notices = "".join(
        tag("template", toast(t, words, nonce="", is_error=True), id=f"{name}-pattern")
        for name, words in (
            ("too-many", t("upload.too_many", limit=MOST_FILES)),
            ("empty-folder", t("upload.empty_folder")),
        )
    )
    return tag("div", drop + folder + field + notices, class_="drop-area", data_most=MOST_FILES)


def _status(t: Texts, shelf: Sequence[Shelved]) -> str:
    reading = sum(one.record.state == "reading" for one in shelf)
    failed = sum(one.record.state == "failed" for one in shelf)
    parts = [tag("span", text(t("knowledge.reading", count=reading)))] if reading else []
    if failed:
        parts.append(tag("span", icon("warning") + text(t("knowledge.failed", count=failed)), class_="failures"))
    find = ""
    if len(shelf) >= _FIND_FROM:
        label = text(t("knowledge.find"))
        find = f'<input type="text" placeholder="{label}" aria-label="{label}" data-find data-testid="find-document">'
    status = tag("p", " ".join(parts), class_="status quiet", role="status", data_testid="reading-status")
    return tag("div", status + find, class_="shelf-head")


def _table(t: Texts, shelf: Sequence[Shelved]) -> str:
    heads = "".join(tag("th", text(t(f"column.{name}")), scope="col") for name in _COLUMNS)
    head = tag("thead", tag("tr", heads + tag("th", tag("span", text(t("column.acts")), class_="sr"), scope="col")))
    rows = "".join(_row(t, one) for one in shelf)
    return tag("table", head + tag("tbody", rows), class_="documents", data_testid="documents")


def _row(t: Texts, one: Shelved) -> str:
    record = one.record
    added = t.date(record.created_at) + (f" · {one.author}" if one.author else "")
    acts = replace(t, record) + delete(t, one) if one.may_change else ""
    cells: Mapping[str, str] = {
        "name": _name(t, record),
        "state": state(t, record),
        "passages": str(record.passages) if record.state == "ready" else "–",
        "cited": str(one.cited) if record.state == "ready" else "–",
        "date": text(added),
        "reach": text(reach(t, record)),
        "acts": tag("div", acts, class_="row-acts") if acts else "",
    }
    inner = "".join(tag("td", cell, data_label=t(f"column.{key}"), class_=key) for key, cell in cells.items())
    return tag("tr", inner, data_testid="document-row", data_document=record.id, data_name=record.name.casefold())


def _name(t: Texts, record: DocumentRecord) -> str:
    why = ""
    if record.error_code is not None:
        why = tag("p", text(t.error(record.error_code, record.error_params or {})), class_="why-failed")
    if record.state != "ready":
        return tag("span", icon("page") + text(record.name), class_="name") + why
    name = button(record.name, drawing="page", class_="link", data_act="knowledge.open", data_document=record.id,
                  data_testid="open-document")  # fmt: skip
    disabled = t("knowledge.disabled", count=record.disabled) if record.disabled else ""
    return name + (tag("span", text(disabled), class_="quiet") if disabled else "")


def _gone(t: Texts, gone: Sequence[DocumentRecord]) -> str:
    """What was deleted and can still come back."""
    if not gone:
        return ""
    items = "".join(
        tag(
            "li",
            tag("span", text(record.name), class_="name")
            + tag("span", text(t("knowledge.gone.when", date=t.date(record.deleted_at or record.created_at))),
                  class_="quiet")
            + button(t("knowledge.bring_back"), class_="secondary",
                     aria_label=t("knowledge.bring_back.named", name=record.name), data_act="knowledge.bring_back",
                     data_document=record.id, data_testid=f"bring-back-{record.id}"),
        )
        for record in gone
    )  # fmt: skip
    summary = tag("summary", text(t("knowledge.gone", count=len(gone))), data_testid="gone")
    return tag("details", summary + tag("ul", items), class_="fold gone")


def _empty(t: Texts) -> str:
    sample = button(t("welcome.sample"), class_="secondary", data_act="knowledge.sample", data_testid="load-sample")
    return tag("div", tag("p", text(t("knowledge.empty"))) + sample, class_="invite", data_testid="empty")
