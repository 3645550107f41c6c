"""Questions that the page offers: to begin with, and to go on from an answer."""

import re
from collections.abc import Iterator

from collab.dialogue.records import Decision, TurnRecord
from collab.feedback.tables import Kind, State
from collab.people.access import EVERYONE, Actor
from collab.texts import load_texts
from collab.ui.screen import Screen
from knowledge.text import is_chinese

STARTERS = 4
NEXT = 3
SUBJECTS = 12  # of which those in the language of the page come first

_CLAUSE = re.compile(r"(?:how|what|when|where|which|who|why)\b", re.IGNORECASE)


def starters(screen: Screen, actor: Actor) -> list[str]:
    """What people corrected last, what this person asks often, and subjects of the library; a few of each."""
    suggestions = screen.services.suggestions
    often = suggestions.asked_often(actor, 1)
    found = suggestions.headings(actor, SUBJECTS)
    own = [heading for heading in found if is_chinese(heading) == (screen.texts.language == "zh")]
    subjects = [_about(heading) for heading in [*own, *(heading for heading in found if heading not in own)]]
    return list(dict.fromkeys([*_corrected(screen, actor), *often, *subjects]))[:STARTERS]


def next_questions(screen: Screen, actor: Actor, turn: TurnRecord) -> tuple[str, ...]:
    """The subjects beside those that an answer cites."""
    if turn.decision not in (Decision.GROUNDED, Decision.SUGGESTED) or not turn.sources or turn.is_hidden:
        return ()
    cited = {source.passage_id for source in turn.sources}
    return tuple(_about(heading) for heading in screen.services.suggestions.beside(actor, cited, NEXT))


def _corrected(screen: Screen, actor: Actor) -> Iterator[str]:
    """The questions of the newest corrections that answer everyone."""
    newest = screen.services.corrections.list(actor, state=State.LIVE, limit=20)
    open_ones = [one for one in newest if one.reach == EVERYONE and one.kind is Kind.FACT]
    return (one.question for one in open_ones[:1])


def _about(heading: str) -> str:
    """A question about a heading, in its own language; the heading itself where it asks something."""
    if heading.endswith(("?", "？")):
        return heading
    texts = load_texts("zh" if is_chinese(heading) else "en")
    if texts.language == "en" and _CLAUSE.match(heading):
        return texts("chat.about_clause", clause=f"{heading[0].lower()}{heading[1:]}")
    return texts("chat.about", heading=heading)
