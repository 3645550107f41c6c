"""What waits for review, in the words of whoever brings it there."""

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.people.access import Actor
from collab.ui.screen import Screen


def submit(screen: Screen, author: Actor, question: str = "Who opens the gate?", answer: str = "The porter.") -> str:
    """A correction, by its id."""
    return screen.services.corrections.submit(author, question=question, answer=answer).id


def rate(screen: Screen, member: Actor, reason: str = "wrong_fact") -> str:
    """A turn that was rated down."""
    new = NewTurn("Who opens it?", "Who opens it?", False, "en", "Nobody. [1]", Decision.MODEL, 0.5)
    turn = screen.services.conversations.record(member, None, new).id
    screen.services.ratings.rate(member, turn, "down", reason, "The <porter> does.")
    return turn
