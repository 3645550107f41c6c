"""What a person is told when they come back: what became of their words and thumbs, and what waits for them."""

from collections.abc import Sequence

from collab.feedback.notices import NoticeKind, NoticeRecord
from collab.texts import Texts
from collab.ui.present.html import button, icon, icon_button, tag, text
from collab.ui.present.mine import opener

_ICONS = {
    NoticeKind.APPROVED: "tick",
    NoticeKind.REWORDED: "tick",
    NoticeKind.FIXED: "tick",
    NoticeKind.RESOLVED: "tick",
    NoticeKind.REJECTED: "cross",
    NoticeKind.WITHDRAWN: "cross",
    NoticeKind.REPLACED: "pencil",
    NoticeKind.UNSAFE: "warning",
    NoticeKind.ASSIGNED: "person",
    NoticeKind.LATE: "hourglass",
    NoticeKind.TAUGHT: "tick",
    NoticeKind.NOT_TAUGHT: "cross",
    NoticeKind.EXPIRED: "hourglass",
    NoticeKind.HELD: "hourglass",
    NoticeKind.UNTAKEN: "hourglass",
}

_ON_CARDS = (NoticeKind.TAUGHT, NoticeKind.NOT_TAUGHT, NoticeKind.EXPIRED, NoticeKind.HELD)  # what one does about it


def notices(t: Texts, records: Sequence[NoticeRecord]) -> str:
    """The list; nothing where there is none. Each leads to what it tells of, and goes when it is put away."""
    if not records:
        return ""
    items = "".join(_notice(t, record) for record in records)
    every = button(t("told.read_all"), class_="link", data_act="frame.seen", data_testid="read-all")
    head = tag("header", tag("h2", text(t("told.title"))) + (every if len(records) > 1 else ""))
    return tag("section", head + tag("ul", items), class_="told", aria_label=t("told.title"), data_testid="told")


def _notice(t: Texts, record: NoticeRecord) -> str:
    params = {"name": "", "question": "", "said": "", "days": 0, **record.params}
    words = tag("span", text(t(f"told.{record.kind}", **params)), class_="words")
    close = icon_button(
        t("told.read"), "cross", data_act="frame.seen", data_notice=record.id, data_testid="read-notice"
    )
    inner = icon(_ICONS[record.kind]) + words + _way(t, record) + close
    return tag("li", inner, class_=f"notice {record.kind}", data_testid="notice")


def _way(t: Texts, record: NoticeRecord) -> str:
    """To the card where that says more; else to the case for who reviews, to one's own chat for everybody else."""
    if record.kind in _ON_CARDS and record.correction_id is not None:
        return opener(t, record.correction_id)
    if record.case is not None:
        return button(
            t("told.review"), class_="link", data_do="open-case", data_ref=record.case, data_testid="open-notice"
        )
    if record.kind is NoticeKind.UNTAKEN:
        return button(t("told.review"), class_="link", data_go="review", data_testid="open-notice")
    if record.conversation_id is not None:
        return button(
            t("told.chat"), class_="link", data_go="chat", data_conversation=record.conversation_id,
            data_notice=record.id, data_testid="open-notice",
        )  # fmt: skip
    return ""
