"""What stands above every room: language, light or dark, the person; and short messages."""

from collab.people.access import Actor
from collab.texts import Texts
from collab.ui.present.html import button, icon, icon_button, tag, text


def topbar(t: Texts, actor: Actor, unread: int = 0) -> str:
    """Language, light or dark, what the person has not been told yet, and the person."""
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
    account = button(
        t("room.account"), drawing="person", class_="menu-item", data_go="account", data_testid="my-account"
    )
    me = tag(
        "details",
        tag("summary", tag("span", text(actor.name[:1].upper()), class_="initial"), aria_label=t("top.me"),
            data_testid="me")
        + tag("div", who + account + sign_out, class_="menu"),
        class_="me",
    )  # fmt: skip
    told = ""
    if unread:
        told = button(
            str(unread), drawing="bell", class_="told-count", data_go="chat", data_conversation="",
            aria_label=t("told.count", count=unread), title=t("told.count", count=unread), data_testid="told-count",
        )  # fmt: skip
    drawer = icon_button(t("side.open"), "menu", class_="drawer", data_do="sidebar", data_testid="menu")
    return tag("header", drawer + tag("div", told + language + theme + me, class_="top-right"), class_="top")


def brand(t: Texts) -> str:
    """The logo and the name."""
    logo = '<img src="/static/logo.svg" alt="" width="28" height="28">'
    return tag("span", logo + tag("strong", text(t("app.name"))), class_="brand")


def toast(
    t: Texts,
    message: str,
    *,
    nonce: str,
    is_error: bool = False,
    drawing: str = "tick",
    about: str = "",
    action: str = "",
) -> str:
    """A short message at the edge. `about` names the form it belongs to; `action` is markup, such as an Undo button."""
    sign = icon("warning" if is_error else drawing)
    close = icon_button(t("act.close"), "cross", data_do="close-toast", data_testid="close-toast")
    return tag(
        "div",
        sign + tag("p", text(message)) + action + close,
        class_="toast error" if is_error else "toast",
        role="alert" if is_error else "status",
        data_nonce=nonce,
        data_about=about,
        data_testid="error" if is_error else "toast",
    )
