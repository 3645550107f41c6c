"""My account: the password, the browsers and the keys of the person who looks, and nobody else's."""

from collections.abc import Iterator

from collab.errors import PasswordsDifferError
from collab.people.access import Actor
from collab.ui.acts.people import AccountAct, ChangePassword, End, EndOthers, MakeKey, Revoke
from collab.ui.present import account
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now
from knowledge.errors import CollabError


def shown(screen: Screen, actor: Actor, fresh: str = "") -> Update:
    """The room as it stands."""
    services = screen.services
    sessions = services.sessions.list(actor, screen.visit.token)
    keys = services.keys.list(actor, actor.id)
    return {"account": account.room(screen.texts, actor, sessions, keys, utc_now(), fresh)}


def handle(screen: Screen, actor: Actor, act: AccountAct) -> Iterator[Update]:
    """The acts of the room; an error stands in the form that it is about, which keeps what was typed."""
    try:
        fresh, said = _done(screen, actor, act)
    except CollabError as error:
        about = f"form:account.{act.act}" if isinstance(act, ChangePassword | MakeKey) else ""
        yield (shown(screen, actor) if not about else {}) | screen.problem(error, about=about)
    else:
        yield shown(screen, actor, fresh) | said


def _done(screen: Screen, actor: Actor, act: AccountAct) -> tuple[str, Update]:
    """The markup of a key that was made, and what is said."""
    t, services, visit = screen.texts, screen.services, screen.visit
    match act:
        case ChangePassword():
            if act.password != act.again:
                raise PasswordsDifferError
            services.sessions.change_password(actor, act.old, act.password, visit.token, visit.address)
            return "", screen.toast(t("account.password.changed"))
        case MakeKey():
            return account.new_key(t, services.keys.make(actor, act.name)[1]), {"toast": ""}
        case Revoke():
            services.keys.revoke(actor, act.key)
            return "", screen.toast(t("key.revoked"))
        case End():
            services.sessions.end(actor, act.session)
            return "", screen.toast(t("account.session.ended"))
        case EndOthers():
            ended = services.sessions.end_others(actor, visit.token)
            return "", screen.toast(t("account.sessions.ended", count=ended))
