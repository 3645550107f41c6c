"""People, for administrators: who is there, in which role, who may come, and which programs act for whom."""

from collections.abc import Iterator

from collab.errors import NotAllowedError
from collab.people.access import Actor
from collab.people.links import Made
from collab.ui.acts.people import Disable, Enable, Invite, PeopleAct, Reset, Revoke, SetRole, TakeBack
from collab.ui.navigation import sidebar
from collab.ui.present import people
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now
from knowledge.errors import CollabError


def shown(screen: Screen, actor: Actor, fresh: str = "") -> Update:
    """The room as it stands. Raises NotAllowedError for who is no administrator."""
    services = screen.services
    everybody, links = services.accounts.list(actor), services.links.list(actor)
    keys = services.keys.list(actor)
    return {"people": people.room(screen.texts, actor, everybody, links, keys, utc_now(), fresh)}


def entered(screen: Screen, actor: Actor) -> Update:
    """The room for who comes in; empty, and why, for who is no administrator."""
    try:
        return shown(screen, actor)
    except NotAllowedError as error:
        return {"people": ""} | screen.problem(error)


def handle(screen: Screen, actor: Actor, act: PeopleAct) -> Iterator[Update]:
    """The acts of the room. Who is no administrator any more sees it empty."""
    try:
        fresh, said = _done(screen, actor, act)
    except NotAllowedError as error:
        yield {"people": ""} | sidebar(screen, actor, "people") | screen.problem(error)
    except CollabError as error:
        about = "form:people.invite" if isinstance(act, Invite) else ""
        yield (shown(screen, actor) if not about else {}) | screen.problem(error, about=about)
    else:
        yield shown(screen, actor, fresh) | said


def _done(screen: Screen, actor: Actor, act: PeopleAct) -> tuple[str, Update]:
    """The markup of a link that was made, and what is said."""
    t, services = screen.texts, screen.services
    match act:
        case Invite():
            return _told(screen, services.links.invite(actor, act.role, act.name)), {"toast": ""}
        case Reset():
            return _told(screen, services.links.reset(actor, act.person)), {"toast": ""}
        case TakeBack():
            services.links.revoke(actor, act.link)
            return "", screen.toast(t("people.links.revoked"))
        case SetRole():
            changed = services.accounts.set_role(actor, act.person, act.role)
            return "", screen.toast(t("people.role.changed", name=changed.name, role=t(f"role.{changed.role}")))
        case Disable():
            return "", screen.toast(t("people.disabled", name=services.accounts.disable(actor, act.person).name))
        case Enable():
            return "", screen.toast(t("people.enabled", name=services.accounts.enable(actor, act.person).name))
        case Revoke():
            services.keys.revoke(actor, act.key)
            return "", screen.toast(t("key.revoked"))


def _told(screen: Screen, made: Made) -> str:
    link, token = made
    return people.new_link(screen.texts, link, f"{screen.visit.origin}/{link.kind}?token={token}")
