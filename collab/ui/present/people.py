"""Everybody as markup, for administrators: people, the links that let them in, and the keys of their programs."""

from collections.abc import Sequence
from datetime import datetime

from collab.people.access import Actor, Role
from collab.people.records import KeyRecord, LinkKind, LinkRecord, PersonRecord
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.tables import Cell, ask_first, block, field, fold, form, listing, moment, shown_once

MANY = 12  # people, from which on one looks for a name


def room(
    t: Texts,
    actor: Actor,
    people: Sequence[PersonRecord],
    links: Sequence[LinkRecord],
    keys: Sequence[KeyRecord],
    now: datetime,
    fresh: str = "",
) -> str:
    """The room; `fresh` is the markup of a link that was just made."""
    head = tag(
        "h1",
        tag("span", text(t("room.people"))) + tag("span", str(len(people)), class_="quiet", data_testid="people-count"),
        class_="room-title",
    )
    alone = tag("p", text(t("people.empty")), class_="quiet", data_testid="alone") if len(people) == 1 else ""
    rows = [(person.id, _person(t, actor, person, now)) for person in people]
    find = _find(t) if len(people) > MANY else ""
    return tag(
        "section",
        head
        + _invitation(t)
        + fresh
        + alone
        + find
        + listing(t, rows, "people")
        + _links(t, links, now)
        + _keys(t, keys, now),
        class_="room-page people",
    )


def new_link(t: Texts, link: LinkRecord, address: str) -> str:
    """A link that can be copied now, and never again."""
    if link.kind is LinkKind.RESET:
        title = t("people.link.reset", name=link.name)
    else:
        key = "people.link.invite.named" if link.name else "people.link.invite"
        title = t(key, name=link.name, role=t(f"role.{link.role}"))
    return shown_once(t, title, address, t("people.link.how", until=moment(t, link.expires_at)))


def _find(t: Texts) -> str:
    """Where one types a part of a name; the page hides the others."""
    words = text(t("people.find"))
    field = f'placeholder="{words}" aria-label="{words}" data-keep="people:find" data-testid="find-person"'
    return f'<input type="text" class="find-person" autocomplete="off" {field}>'


def _invitation(t: Texts) -> str:
    roles = tag(
        "fieldset",
        tag("legend", text(t("people.invite.role")))
        + "".join(_choice(t, role, is_checked=role is Role.MEMBER) for role in Role),
        class_="roles",
    )
    inner = form(
        "people.invite",
        roles,
        field(t("people.invite.name"), "name"),
        submit=t("people.invite.make"),
        testid="make-link",
    )
    summary = tag("summary", icon("plus") + text(t("people.invite")), class_="primary", data_testid="invite")
    return tag("details", summary + inner, class_="invitation")


def _choice(t: Texts, role: Role, *, is_checked: bool) -> str:
    radio = f'<input type="radio" name="role" value="{role}" data-testid="role-{role}"{" checked" * is_checked}>'
    return tag("label", radio + _role(t, role))


def _role(t: Texts, role: Role) -> str:
    return tag(
        "span", tag("strong", text(t(f"role.{role}"))) + tag("span", text(t(f"role.{role}.how")), class_="quiet")
    )


def _person(t: Texts, actor: Actor, person: PersonRecord, now: datetime) -> list[Cell]:
    is_self = person.id == actor.id
    you = tag("span", text(t("people.you")), class_="pill") if is_self else ""
    out = tag("span", text(t("people.out")), class_="pill rejected", data_testid="out")
    return [
        ("person", tag("strong", text(person.name), dir="auto") + you + ("" if person.is_active else out)),
        ("role", _role_of(t, person, may_change=not is_self and person.is_active)),
        ("seen", text(t.age(person.seen_at, now) if person.seen_at else "–")),
        ("joined", text(t.date(person.created_at))),
        ("acts", "" if is_self else _acts(t, person)),
    ]


def _role_of(t: Texts, person: PersonRecord, *, may_change: bool) -> str:
    name = t(f"role.{person.role}")
    if not may_change:
        return tag("span", text(name))
    choices = "".join(_offered(t, person, role) for role in Role)
    return fold(name, choices, "change-role", described=t("people.role.change", name=person.name, role=name))


def _offered(t: Texts, person: PersonRecord, role: Role) -> str:
    """A role that can be given; who is to administer everything is made so on a second word."""
    act = {"data_act": "people.role", "data_person": person.id, "data_role": str(role)}
    if role is Role.ADMIN and person.role is not Role.ADMIN:
        ask = tag("p", text(t("people.admin.ask", name=person.name)))
        yes = button(t("people.admin.yes", name=person.name), class_="primary", data_testid="set-admin-yes", **act)
        summary = tag("summary", _role(t, role), class_="choice", data_testid="set-admin")
        return tag("details", summary + tag("div", ask + yes, class_="sure"), class_="asking")
    is_set = "true" if role is person.role else None
    return tag("button", _role(t, role), type="button", class_="choice", aria_pressed=is_set,
               data_testid=f"set-{role}", **act)  # fmt: skip


def _acts(t: Texts, person: PersonRecord) -> str:
    if not person.is_active:
        return button(t("people.enable"), class_="link", data_act="people.enable", data_person=person.id,
                      data_testid="enable")  # fmt: skip
    return button(
        t("people.reset"), class_="link", data_act="people.reset", data_person=person.id, data_testid="reset"
    ) + ask_first(
        t, t("people.disable"), t("people.disable.ask", name=person.name), t("people.disable.yes", name=person.name),
        "disable", data_act="people.disable", data_person=person.id,
    )  # fmt: skip


def _links(t: Texts, links: Sequence[LinkRecord], now: datetime) -> str:
    if not links:
        return ""
    return block(
        t("people.links"), listing(t, [(one.id, _link(t, one, now)) for one in links], "links"), testid="open-links"
    )


def _link(t: Texts, link: LinkRecord, now: datetime) -> list[Cell]:
    whom = text(link.name) if link.name else tag("span", text(t("people.links.anybody")), class_="quiet")
    what = t("people.links.reset") if link.role is None else t("people.links.invite", role=t(f"role.{link.role}"))
    is_over = link.expires_at <= now
    until = tag("span", text(t("people.links.over")), class_="pill") if is_over else text(moment(t, link.expires_at))
    take_back = button(
        t("people.links.revoke"), class_="link", data_act="people.take_back", data_link=link.id, data_testid="take-back"
    )
    return [
        ("person", whom),
        ("link", text(what)),
        ("by", text(link.made_by or t("people.operator"))),
        ("until", until),
        ("acts", take_back),
    ]


def _keys(t: Texts, keys: Sequence[KeyRecord], now: datetime) -> str:
    if not keys:
        return block(t("key.title"), tag("p", text(t("people.keys.empty")), class_="quiet"), testid="all-keys")
    rows = [(key.id, [("person", text(key.person)), *key_cells(t, key, now, "people")]) for key in keys]
    return block(t("key.title"), listing(t, rows, "keys"), testid="all-keys")


def key_cells(t: Texts, key: KeyRecord, now: datetime, room: str) -> list[Cell]:
    """What there is to say of a key, and its end, which is asked of `room`."""
    name = key.name or t("key.unnamed")
    return [
        ("key", tag("span", text(name), dir="auto")),
        ("made", text(t.date(key.created_at))),
        ("used", text(t.age(key.last_used_at, now) if key.last_used_at else t("key.never"))),
        ("acts", ask_first(t, t("key.revoke"), t("key.revoke.ask"), t("key.revoke.yes", name=name), "revoke",
                           data_act=f"{room}.revoke", data_key=key.id)),
    ]  # fmt: skip
