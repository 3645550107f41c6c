"""Teaching in the chat: yes, no and their undo; and what of it stands in a turn. The services decide what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from collab.dialogue.offering import Offer, offer_of
from collab.dialogue.records import CorrectedBy, Decision, TurnRecord
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.tables import Side
from collab.feedback.teaching import Taught
from collab.people.access import Actor
from collab.ui.acts.chat import Another, Different, Same, TeachAct
from collab.ui.present import taught
from collab.ui.screen import Screen


def teach(screen: Screen, actor: Actor, act: TeachAct) -> tuple[str, str]:
    """Does it. Returns the turn that shows what was learned, and a note where nothing was."""
    teaching = screen.services.teaching
    if isinstance(act, Different):
        teaching.different(actor, act.turn)
        return act.turn, ""
    if isinstance(act, Same):
        version = teaching.same(actor, act.turn, act.correction or None)
        is_learned = version.id in teaching.of(actor, [version])
        return version.id, "" if is_learned else taught.nothing(screen.texts, "yes")
    teaching.undo(actor, act.example)
    return act.turn, ""


def not_asked(screen: Screen, actor: Actor, act: Another) -> ExampleRecord | None:
    """Teaches the correction that answered a turn its limit; None where that teaches nothing."""
    return screen.services.teaching.not_asked(actor, act.turn)


def unlearned(screen: Screen, actor: Actor, turn: TurnRecord) -> dict[str, str]:
    """A note under a turn that was answered without a correction, where nothing was learned from that."""
    is_learned = turn.id in screen.services.teaching.of(actor, [turn])
    return {} if is_learned else {turn.id: taught.nothing(screen.texts, "not_asked")}


def as_taught(turn: TurnRecord, known: Mapping[str, Taught]) -> TurnRecord:
    """The turn without the suggestions that the person said no to, or with the one that they said yes to."""
    one = known.get(turn.id)
    if one is None or turn.decision is not Decision.SUGGESTED:
        return turn
    if one.example.side is Side.WILL:
        chosen = one.example.correction_id
        return replace(turn, correction_id=chosen) if chosen in turn.offered else turn
    if turn.sources:
        return replace(turn, decision=Decision.GROUNDED)
    is_task = "why.no_sources_needed" in turn.reasons
    return replace(turn, decision=Decision.MODEL if is_task else Decision.NOT_FOUND)


def uses(screen: Screen, actor: Actor, known: Mapping[str, CorrectedBy]) -> dict[str, int]:
    """How many questions these corrections have answered, but for those that the person may not read, by id."""
    readable = [id for id, by in known.items() if by.answer is not None]
    return {id: used.questions for id, used in screen.services.cards.uses(actor, readable).items()}


def offers(screen: Screen, actor: Actor, turns: Sequence[TurnRecord]) -> dict[str, Offer]:
    """What turns offer to save, by turn, but for what the person has corrected since."""
    made = {turn.id: offer_of(screen.services.conversations, actor, turn) for turn in turns}
    found = {id: one for id, one in made.items() if one is not None}
    done = screen.services.corrections.of_turns(actor, [one.turn_id for one in found.values()])
    return {id: one for id, one in found.items() if one.turn_id not in done}
