"""What somebody holds against an answer, offered as a correction of it: of which turn, and in which words.

Nothing is saved here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.dialogue import tree
from collab.dialogue.composition import without_citations
from collab.dialogue.conversations import Conversations
from collab.dialogue.history import NO_QUESTION
from collab.dialogue.objections import amended, claim
from collab.dialogue.records import Decision, TurnRecord
from collab.people.access import Actor


@dataclass(frozen=True, slots=True)
class Offer:
    """The words that could be saved in place of a turn's answer."""

    turn_id: str
    answer: str


def offered(path: Sequence[TurnRecord], text: str) -> Offer | None:
    """What a text offers that follows these turns; None where it holds nothing against the answer before it."""
    said = claim(text)
    target = _answered(path)
    if said is None or target is None:
        return None
    answer = "" if target.decision is Decision.NOT_FOUND else without_citations(target.answer)
    return Offer(target.id, amended(answer, target.standalone, said))


def offer_of(conversations: Conversations, actor: Actor, turn: TurnRecord) -> Offer | None:
    """What a turn offers; None where it is a question. Raises NotFoundError for somebody else's."""
    if turn.decision is not Decision.CLARIFY:
        return None
    return offered(tree.path(conversations.turns(actor, turn.conversation_id), turn.previous_id), turn.question)


def _answered(path: Sequence[TurnRecord]) -> TurnRecord | None:
    """The turn that the last word is about: small talk, and what was said against its answer before, stand between."""
    turn = next((turn for turn in reversed(path) if NO_QUESTION.isdisjoint(turn.reasons)), None)
    return None if turn is None or turn.is_hidden else turn
