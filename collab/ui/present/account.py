"""One's own account as markup: language, password, browsers, keys, and the way to one's corrections."""

from collections.abc import Sequence
from datetime import datetime

from collab.people.access import Actor
from collab.people.records import KeyRecord, SessionRecord
from collab.texts import Texts
from collab.ui.present.html import button, tag, text
from collab.ui.present.people import key_cells
from collab.ui.present.tables import Cell, block, field, form, listing, moment, shown_once

_LANGUAGES = {"en": "English", "zh": "中文"}


def room(
    t: Texts,
    actor: Actor,
    sessions: Sequence[SessionRecord],
    keys: Sequence[KeyRecord],
    now: datetime,
    fresh: str = "",
) -> str:
    """The room; `fresh` is the markup of a key that was just made."""
    who = tag("span", text(f"{actor.name} · {t(f'role.{actor.role}')}"), class_="quiet", data_testid="who")
    return tag(
        "section",
        tag("h1", tag("span", text(t("room.account")), data_testid="account-title") + who, class_="room-title")
        + _corrections(t)
        + _language(t)
        + _password(t)
        + _sessions(t, sessions, now)
        + _keys(t, keys, now, fresh),
        class_="room-page account",
    )


def new_key(t: Texts, key: str) -> str:
    """A key that can be copied now, and never again."""
    return shown_once(t, t("account.key.ready"), key, t("account.key.once"))


def _corrections(t: Texts) -> str:
    go = button(t("account.mine.open"), class_="secondary", data_go="review", data_testid="my-corrections")
    return block(t("account.mine"), tag("p", text(t("account.mine.how")), class_="quiet"), go, testid="mine-block")


def _language(t: Texts) -> str:
    links = "".join(
        tag("a", text(name), class_="choice-link", href=f"/{code}/", lang=code, data_do="language",
            aria_current="true" if code == t.language else None, data_testid=f"language-{code}")
        for code, name in _LANGUAGES.items()
    )  # fmt: skip
    how = tag("p", text(t("account.language.how")), class_="quiet")
    return block(t("account.language"), how, tag("div", links, class_="row"), testid="language-block")


def _password(t: Texts) -> str:
    return block(
        t("account.password"),
        form(
            "account.password",
            field(t("account.password.old"), "old", completion="current-password"),
            field(t("account.password.new"), "password", completion="new-password"),
            field(t("account.password.again"), "again", completion="new-password"),
            submit=t("account.password.submit"),
            testid="change-password",
        ),
        testid="password-block",
    )


def _sessions(t: Texts, sessions: Sequence[SessionRecord], now: datetime) -> str:
    rows = [(one.id, _session(t, one, now)) for one in sessions]
    others = ""
    if len(sessions) > 1:
        others = button(t("account.sessions.end_others"), class_="secondary", data_act="account.end_others",
                        data_testid="end-others")  # fmt: skip
    table = listing(t, rows, "sessions") if rows else ""
    return block(t("account.sessions"), table, others, testid="sessions-block")


def _session(t: Texts, session: SessionRecord, now: datetime) -> list[Cell]:
    end = button(t("account.session.end"), class_="link", data_act="account.end", data_session=session.id,
                 data_testid="end-session")  # fmt: skip
    this = tag("span", text(t("account.session.this")), class_="pill live", data_testid="this-browser")
    return [
        ("browser", tag("span", text(_browser(t, session.agent))) + (this if session.is_this else "")),
        ("since", text(moment(t, session.created_at))),
        ("used", text(t.age(session.seen_at or session.created_at, now))),
        ("acts", "" if session.is_this else end),
    ]


def _browser(t: Texts, agent: str) -> str:
    name, _, system = agent.partition("/")
    if name and system:
        return t("account.session.on", browser=name, system=system)
    return name or system or t("account.session.unknown")


def _keys(t: Texts, keys: Sequence[KeyRecord], now: datetime, fresh: str) -> str:
    how = tag("p", text(t("account.keys.how")), class_="quiet")
    table = listing(t, [(key.id, key_cells(t, key, now, "account")) for key in keys], "keys") if keys else ""
    make = form(
        "account.make_key", field(t("account.key.name"), "name"), submit=t("account.key.make"), testid="make-key"
    )
    return block(t("key.title"), how, fresh, table, make, testid="keys-block")
