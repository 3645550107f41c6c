"""The left side: conversations with what one can do about each, then the rooms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.dialogue.records import ConversationRecord
from collab.texts import Texts
from collab.ui.present.frame import brand
from collab.ui.present.html import button, icon, icon_button, tag, text

_ROOM_ICONS = {
    "chat": "bubbles",
    "review": "review",
    "knowledge": "books",
    "learning": "learning",
    "people": "person",
    "system": "pulse",
}


@dataclass(frozen=True, slots=True)
class Side:
    """What stands there: the room and the conversation where the person is, the conversations that `query` found (all
    of them, when it is empty) in so many `pages`, whether there are more, those of which an answer is being written,
    the rooms, how many cases wait, and the conversations that can be brought back.
    """

    room: str
    current: str
    conversations: Sequence[ConversationRecord]
    running: Collection[str]
    rooms: Sequence[str]
    waiting: int
    query: str = ""
    pages: int = 1
    is_more: bool = False
    deleted: Sequence[ConversationRecord] = ()


def sidebar(t: Texts, side: Side, now: datetime) -> str:
    """Logo, a new conversation, search, the earlier ones by age, then the rooms."""
    head = tag("div", brand(t) + _toggle(t), class_="side-head")
    new = button(
        t("side.new"),
        drawing="plus",
        class_="new",
        data_go="chat",
        data_conversation="",
        data_testid="new-conversation",
    )
    more = ""
    if side.is_more:
        more = button(t("side.list_more"), class_="secondary", data_do="more-conversations", data_testid="more-listed")
    listed = tag("div", _listed(t, side, now) + more, class_="conversations", data_testid="conversations")
    rooms = "".join(_room(t, name, side.waiting if name == "review" else 0, name == side.room) for name in side.rooms)
    return tag(
        "nav",
        head + new + _search(t) + listed + _deleted(t, side.deleted) + tag("div", rooms, class_="rooms"),
        class_="side",
        aria_label=t("side.label"),
        data_room=side.room,
        data_query=side.query,
        data_pages=side.pages,
    )


def _search(t: Texts) -> str:
    field = (
        f'<input type="text" maxlength="200" data-find="" data-keep="side:find" data-testid="find" autocomplete="off"'
        f' placeholder="{text(t("side.find"))}" aria-label="{text(t("side.find"))}">'
    )
    return tag("div", icon("search") + field, class_="find")


def _listed(t: Texts, side: Side, now: datetime) -> str:
    if side.query:
        found = "".join(_conversation(t, record, side) for record in side.conversations)
        return (
            tag("h2", text(t("side.found"))) + found if found else tag("p", text(t("side.found.none")), class_="quiet")
        )
    groups: dict[str, list[ConversationRecord]] = {"pinned": [], "today": [], "week": [], "older": []}
    for record in side.conversations:
        groups["pinned" if record.is_pinned else _age(t, record.updated_at, now)].append(record)
    return "".join(
        tag("h2", text(t(f"side.{name}"))) + "".join(_conversation(t, record, side) for record in group)
        for name, group in groups.items()
        if group
    )


def _deleted(t: Texts, records: Sequence[ConversationRecord]) -> str:
    """What can be brought back, folded away under the list."""
    if not records:
        return ""
    items = "".join(
        tag(
            "li",
            tag("span", text(record.title), class_="title", title=record.title, dir="auto")
            + tag("span", text(t.date(record.deleted_at or record.updated_at)), class_="quiet")
            + button(t("side.restore"), class_="link", data_act="frame.restore", data_conversation=record.id,
                     aria_label=t("side.restore.named", title=record.title), data_testid="restore"),
        )
        for record in records
    )  # fmt: skip
    summary = tag("summary", icon("bin") + text(t("side.deleted.title")), data_testid="deleted-conversations")
    how = tag("p", text(t("side.deleted.how")), class_="quiet")
    return tag("details", summary + how + tag("ul", items), class_="deleted")


def _age(t: Texts, moment: datetime, now: datetime) -> str:
    days = (t.local(now).date() - t.local(moment).date()).days
    return "today" if days < 1 else "week" if days < 7 else "older"


def _conversation(t: Texts, record: ConversationRecord, side: Side) -> str:
    sign = ""
    if record.id in side.running:
        sign = tag("span", "", class_="pulse", role="img", aria_label=t("side.running"), data_testid="side-running")
    label = tag(
        "button",
        tag("span", text(record.title)) + sign + _excerpt(record),
        type="button",
        class_="conversation",
        title=record.title,
        data_go="chat",
        data_conversation=record.id,
        aria_current="page" if record.id == side.current else None,
        data_testid="conversation",
    )
    summary = tag(
        "summary", icon("more"), aria_label=t("side.more", title=record.title), data_testid="conversation-menu"
    )
    more = tag("details", summary + tag("div", "", class_="menu"), class_="me row-menu")
    return tag(
        "div",
        label + more,
        class_="entry-row",
        data_entry=record.id,
        data_title=record.title,
        data_pinned=record.is_pinned,
    )


def _excerpt(record: ConversationRecord) -> str:
    """Where the words stand that were looked for."""
    words = "".join(tag("mark", text(part)) if is_match else text(part) for part, is_match in record.excerpt)
    return tag("span", words, class_="excerpt", dir="auto", data_testid="excerpt") if words else ""


def menu(t: Texts) -> str:
    """What one can do about a conversation: a pattern that the page copies into the one that is asked about, as it
    would be most of the weight of a long list. It keeps one of the two pins.
    """
    pins = "".join(
        button(t(f"side.{name}"), drawing="pin", class_="menu-item", data_act="frame.pin", data_conversation="",
               data_on=on, data_testid="pin")
        for name, on in (("pin", "true"), ("unpin", "false"))
    )  # fmt: skip
    exports = "".join(
        tag(
            "a", icon("download") + tag("span", text(t(f"side.export.{kind}"))), class_="menu-item", href="#",
            data_export=kind, download=True, data_testid=f"export-{kind}",
        )
        for kind in ("md", "json")
    )  # fmt: skip
    items = (
        button(t("side.rename"), drawing="pencil", class_="menu-item", data_do="rename", data_testid="rename")
        + pins
        + exports
        + button(t("side.delete"), drawing="bin", class_="menu-item", data_act="frame.delete", data_conversation="",
                 data_testid="delete-conversation")
    )  # fmt: skip
    return tag("template", items, id="menu-pattern")


def _toggle(t: Texts) -> str:
    return icon_button(t("side.close"), "sidebar", class_="collapse", data_do="sidebar", data_testid="collapse")


def _room(t: Texts, name: str, waiting: int, is_current: bool) -> str:
    count = tag("span", str(waiting), class_="count", data_testid="waiting") if waiting else ""
    return tag(
        "button",
        icon(_ROOM_ICONS[name]) + tag("span", text(t(f"room.{name}"))) + count,
        type="button",
        class_="room",
        data_go=name,
        aria_current="page" if is_current else None,
        data_testid=f"room-{name}",
    )
