"""System, for administrators: how the application is, in plain words, again and again while they look."""

from collections.abc import Iterator

from collab.errors import NotAllowedError
from collab.people.access import Actor
from collab.ui.acts.system import Watch
from collab.ui.present import system
from collab.ui.screen import Screen, Update


def entered(screen: Screen, actor: Actor) -> Update:
    """The room as it stands; empty, and why, for who is no administrator."""
    try:
        return {"system": system.room(screen.texts, screen.services.system.report(actor))}
    except NotAllowedError as error:
        return {"system": ""} | screen.problem(error)


def handle(screen: Screen, actor: Actor, act: Watch) -> Iterator[Update]:
    """The one act of the room."""
    yield entered(screen, actor)
