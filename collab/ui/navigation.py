"""The left side and the top: earlier conversations, the rooms, how much waits there, and what one was not told yet."""

from collab.people.access import Actor, Role
from collab.ui.acts.frame import MOST_PAGES
from collab.ui.present import frame, side
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now

PAGE = 100  # conversations
ROOMS = {
    "chat": Role.MEMBER,
    "review": Role.MEMBER,
    "knowledge": Role.MEMBER,
    "learning": Role.ADMIN,
    "people": Role.ADMIN,
    "system": Role.ADMIN,
}
"""Who is shown the way to each room; what one may do there is for the services to say."""


def sidebar(screen: Screen, actor: Actor, room: str, conversation: str = "", query: str = "", pages: int = 1) -> Update:
    """The left side as it stands, with where the person is marked; with a `query`, the conversations that it finds.

    Of either the first `pages`; a page that shows more asks for them again.
    """
    conversations, most = screen.services.conversations, PAGE * pages
    found = conversations.search(actor, query, most + 1) if query.strip() else conversations.list(actor, most + 1)
    shown = side.Side(
        room=room,
        current=conversation if room == "chat" else "",
        conversations=found[:most],
        running={run.conversation for run in screen.runs.of(actor)},
        rooms=[name for name, role in ROOMS.items() if actor.role.includes(role)],
        waiting=waiting(screen, actor),
        query=query.strip(),
        pages=pages,
        is_more=len(found) > most and pages < MOST_PAGES,
        deleted=conversations.deleted(actor),
    )
    return {"side": side.sidebar(screen.texts, shown, utc_now())}


def topbar(screen: Screen, actor: Actor) -> Update:
    """The top as it stands."""
    return {"top": frame.topbar(screen.texts, actor, len(screen.services.notices.unread(actor)))}


def waiting(screen: Screen, actor: Actor) -> int:
    """Cases that wait for this person's review: none for a member."""
    return 0 if actor.role is Role.MEMBER else screen.services.cases.count(actor)
