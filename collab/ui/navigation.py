"""The left side: earlier conversations, the rooms, and how much waits in them."""

from collab.people.access import Actor, Role
from collab.ui.present import frame
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now


def sidebar(screen: Screen, actor: Actor, room: str, conversation: str = "") -> Update:
    """The left side as it stands, with where the person is marked."""
    conversations = screen.services.conversations.list(actor)
    current = conversation if room == "chat" else ""
    waiting_now = waiting(screen, actor)
    return {"side": frame.sidebar(screen.texts, conversations, current, room, waiting_now, utc_now())}


def waiting(screen: Screen, actor: Actor) -> int:
    """Cases that wait for this person's review: none for a member."""
    return 0 if actor.role is Role.MEMBER else screen.services.corrections.count_pending(actor)
