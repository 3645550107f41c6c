"""Questions that the page offers: to begin with, and to go on from an answer."""

from collections.abc import Iterator

from collab.dialogue.records import Decision, TurnRecord
from collab.feedback.tables import Kind, State
from collab.people.access import EVERYONE, Actor
from collab.ui.screen import Screen

STARTERS = 4
NEXT = 3


def starters(screen: Screen, actor: Actor) -> list[str]:
    """What people corrected last, what this person asks often, and subjects of the library; a few of each."""
    suggestions = screen.services.suggestions
    often = suggestions.asked_often(actor, 1)
    subjects = [_about(screen, heading) for heading in suggestions.headings(actor, STARTERS)]
    return list(dict.fromkeys([*_corrected(screen, actor), *often, *subjects]))[:STARTERS]


def next_questions(screen: Screen, actor: Actor, turn: TurnRecord) -> tuple[str, ...]:
    """The subjects beside those that an answer cites."""
    if turn.decision not in (Decision.GROUNDED, Decision.SUGGESTED) or not turn.sources or turn.is_hidden:
        return ()
    cited = {source.passage_id for source in turn.sources}
    return tuple(_about(screen, heading) for heading in screen.services.suggestions.beside(actor, cited, NEXT))


def _corrected(screen: Screen, actor: Actor) -> Iterator[str]:
    """The questions of the newest corrections that answer everyone."""
    newest = screen.services.corrections.list(actor, state=State.LIVE, limit=20)
    open_ones = [one for one in newest if one.reach == EVERYONE and one.kind is Kind.FACT]
    return (one.question for one in open_ones[:1])


def _about(screen: Screen, heading: str) -> str:
    """A question about a heading, which is one itself where it asks something."""
    return heading if heading.endswith(("?", "？")) else screen.texts("chat.about", heading=heading)
