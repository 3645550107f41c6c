"""Tables of things with acts, forms beside them, acts that ask first, and secrets that are shown once."""

from collections.abc import Sequence
from datetime import datetime

from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text

Cell = tuple[str, str]
"""The name of a column, whose heading is `column.<name>`, and the markup under it."""


def listing(t: Texts, rows: Sequence[tuple[str, Sequence[Cell]]], testid: str) -> str:
    """A table; each row is its id and its cells, which have the same columns. On a phone each row is a card."""
    heads = "".join(
        tag("th", tag("span", text(t(f"column.{name}")), class_="sr" if name == "acts" else None), scope="col")
        for name, _ in rows[0][1]
    )
    body = "".join(
        tag(
            "tr",
            "".join(tag("td", cell, data_label=t(f"column.{name}"), class_=name) for name, cell in cells),
            data_row=row,
            data_testid=f"{testid}-row",
        )
        for row, cells in rows
    )
    return tag("table", tag("thead", tag("tr", heads)) + tag("tbody", body), class_="listing", data_testid=testid)


def block(title: str, *content: str, testid: str) -> str:
    """A titled part of a room."""
    return tag("section", tag("h2", text(title), class_="section-title") + "".join(content), class_="block",
               data_testid=testid)  # fmt: skip


def ask_first(t: Texts, label: str, question: str, yes: str, testid: str, **act: str) -> str:
    """An act that asks in its place before it is done."""
    return fold(
        label,
        tag("p", text(question))
        + tag(
            "div",
            button(yes, class_="danger", data_testid=f"{testid}-yes", **act)
            + button(t("act.cancel"), class_="secondary", data_do="close-details"),
            class_="row",
        ),
        testid,
    )


def fold(label: str, content: str, testid: str, *, described: str | None = None) -> str:
    """A button that opens `content` beside it."""
    summary = tag("summary", text(label), aria_label=described, data_testid=testid)
    return tag("details", summary + tag("div", content, class_="menu confirm"), class_="me act")


def form(act: str, *fields: str, submit: str, testid: str) -> str:
    """A form that is sent as the message `act`, such as "account.password"; an error about it stands in it."""
    error = tag("p", "", class_="form-error", role="alert", data_error=True, data_testid=f"{testid}-error")
    send = tag("button", tag("span", text(submit)), type="submit", class_="primary", data_testid=testid)
    return tag("form", "".join(fields) + error + tag("div", send, class_="row"), class_="fields", data_form=act)


def field(label: str, name: str, *, completion: str = "off") -> str:
    """A line to write in; `completion` is what a browser may fill in, and for a password nobody sees it."""
    kind, most = ("password", 200) if completion.endswith("password") else ("text", 60)
    line = f'<input type="{kind}" name="{name}" autocomplete="{completion}" maxlength="{most}" data-testid="{name}">'
    return tag("label", tag("span", text(label)) + line)


def moment(t: Texts, at: datetime) -> str:
    """A day and a time: `3 Nov 2026 14:05`."""
    return f"{t.date(at)} {t.time(at)}"


def shown_once(t: Texts, title: str, secret: str, how: str) -> str:
    """A link or key that is not kept, with a button that copies it."""
    return tag(
        "section",
        tag("h2", text(title))
        + tag(
            "div",
            tag("code", text(secret), data_testid="secret", tabindex="0")
            + tag("button", icon("copy") + tag("span", text(t("secret.copy"))), type="button", class_="primary",
                  data_copy=secret, data_testid="copy-secret"),
            class_="row",
        )
        + tag("p", text(how), class_="quiet", data_testid="secret-how"),
        class_="secret",
        role="status",
    )  # fmt: skip
