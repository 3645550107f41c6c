"""The left side and the top: earlier conversations, the rooms, how much waits there, and what one was not told yet."""

from collab.people.access import Actor, Role
from collab.ui.present import frame, side
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now

ROOMS = {"chat": Role.MEMBER, "review": Role.MEMBER, "knowledge": Role.MEMBER, "people": Role.ADMIN}
"""Who is shown the way to each room; what one may do there is for the services to say."""


def sidebar(screen: Screen, actor: Actor, room: str, conversation: str = "", query: str = "") -> Update:
    """The left side as it stands, with where the person is marked; with a `query`, the conversations that it finds."""
    conversations = screen.services.conversations
    found = conversations.search(actor, query) if query.strip() else conversations.list(actor)
    shown = side.Side(
        room=room,
        current=conversation if room == "chat" else "",
        conversations=found,
        running={run.conversation for run in screen.runs.of(actor)},
        rooms=[name for name, role in ROOMS.items() if actor.role.includes(role)],
        waiting=waiting(screen, actor),
        query=query.strip(),
    )
    return {"side": side.sidebar(screen.texts, shown, utc_now())}


def topbar(screen: Screen, actor: Actor) -> Update:
    """The top as it stands."""
    return {"top": frame.topbar(screen.texts, actor, len(screen.services.notices.unread(actor)))}


def waiting(screen: Screen, actor: Actor) -> int:
    """Cases that wait for this person's review: none for a member."""
    return 0 if actor.role is Role.MEMBER else screen.services.cases.count(actor)
