"""What stands around every room: the list of conversations, the rooms, the person, and short messages."""

from collections.abc import Sequence
from datetime import datetime

from collab.dialogue.records import ConversationRecord
from collab.people.access import Actor
from collab.texts import Texts
from collab.ui.present.html import button, icon, icon_button, tag, text

_ROOM_ICONS = {"chat": "bubbles", "review": "review", "knowledge": "books"}


def sidebar(
    t: Texts, conversations: Sequence[ConversationRecord], current: str, room: str, waiting: int, now: datetime
) -> str:
    """Logo, a new conversation, the earlier ones by age, then the rooms. `waiting` cases are for review."""
    head = tag("div", brand(t) + _toggle(t), class_="side-head")
    new = button(
        t("side.new"),
        drawing="plus",
        class_="new",
        data_go="chat",
        data_conversation="",
        data_testid="new-conversation",
    )
    groups: dict[str, list[ConversationRecord]] = {"today": [], "week": [], "older": []}
    for record in conversations:
        groups[_age(t, record.updated_at, now)].append(record)
    listed = "".join(
        tag("h2", text(t(f"side.{name}"))) + "".join(_conversation(record, record.id == current) for record in group)
        for name, group in groups.items()
        if group
    )
    rooms = "".join(_room(t, name, waiting if name == "review" else 0, name == room) for name in _ROOM_ICONS)
    return tag(
        "nav",
        head
        + new
        + tag("div", listed, class_="conversations", data_testid="conversations")
        + tag("div", rooms, class_="rooms"),
        class_="side",
        aria_label=t("side.label"),
        data_room=room,
    )


def topbar(t: Texts, actor: Actor) -> str:
    """Language, light or dark, and the person."""
    other = "zh" if t.language == "en" else "en"
    language = tag(
        "a", text(t("top.other_language")), class_="quiet-button", href=f"/{other}/", lang=other, data_do="language",
        data_testid="language",
    )  # fmt: skip
    theme = icon_button(t("top.theme"), "moon", class_="theme", data_do="theme", data_testid="theme")
    sign_out = tag(
        "form",
        button(t("top.sign_out"), drawing="door", class_="menu-item", data_do="submit", data_testid="sign-out"),
        method="post",
        action="/logout",
    )
    who = tag("p", tag("strong", text(actor.name)) + tag("span", text(t(f"role.{actor.role}"))), class_="who")
    me = tag(
        "details",
        tag("summary", tag("span", text(actor.name[:1].upper()), class_="initial"), aria_label=t("top.me"),
            data_testid="me")
        + tag("div", who + sign_out, class_="menu"),
        class_="me",
    )  # fmt: skip
    drawer = icon_button(t("side.open"), "menu", class_="drawer", data_do="sidebar", data_testid="menu")
    return tag("header", drawer + tag("div", language + theme + me, class_="top-right"), class_="top")


def brand(t: Texts) -> str:
    """The logo and the name."""
    logo = '<img src="/static/logo.svg" alt="" width="28" height="28">'
    return tag("span", logo + tag("strong", text(t("app.name"))), class_="brand")


def toast(t: Texts, message: str, *, nonce: str, is_error: bool = False, about: str = "", action: str = "") -> str:
    """A short message at the edge. `about` names the form it belongs to; `action` is markup, such as an Undo button."""
    drawing = icon("warning" if is_error else "tick")
    close = icon_button(t("act.close"), "cross", data_do="close-toast", data_testid="close-toast")
    return tag(
        "div",
        drawing + tag("p", text(message)) + action + close,
        class_="toast error" if is_error else "toast",
        role="alert" if is_error else "status",
        data_nonce=nonce,
        data_about=about,
        data_testid="error" if is_error else "toast",
    )


def _toggle(t: Texts) -> str:
    return icon_button(t("side.close"), "sidebar", class_="collapse", data_do="sidebar", data_testid="collapse")


def _age(t: Texts, moment: datetime, now: datetime) -> str:
    days = (t.local(now).date() - t.local(moment).date()).days
    return "today" if days < 1 else "week" if days < 7 else "older"


def _conversation(record: ConversationRecord, is_current: bool) -> str:
    return button(
        record.title,
        class_="conversation",
        data_go="chat",
        data_conversation=record.id,
        aria_current="page" if is_current else None,
        data_testid="conversation",
    )


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
