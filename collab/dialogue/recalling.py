"""What memory has to say to a question as it was understood. It decides nothing about sources or the model."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Considered, CorrectedBy, Decision, TurnRecord
from collab.dialogue.understanding import Understood
from collab.people.access import EVERYONE, Actor, personal
from knowledge import scope
from knowledge.memory import CorrectionMemory, Recall

MOST_CONSIDERED = 5  # corrections that a turn remembers
FAR = 0.25  # below this probability, and with more than one thing against it, a correction is hardly alike


def recalled(
    memory: CorrectionMemory,
    understood: Understood,
    reaches: Collection[str],
    now: datetime,
    without: Collection[str] = (),
) -> Recall:
    """The correction that answers, if any; those of `without` are left aside.

    What leans on a conversation gets a correction that is only alike as a suggestion. Where that conversation is not
    there, and the question says nothing by itself ("And how much is it?"), so does one in the very same words.
    """
    recall = memory.recall(understood.standalone, reaches, now, may_apply=not understood.leans, without=without)
    if recall.decision is not scope.Decision.APPLY or not understood.is_open:
        return recall
    reasons = (*recall.reasons, scope.Reason.LEANS_ON_CONVERSATION)
    return replace(recall, decision=scope.Decision.SUGGEST, reasons=reasons)


def considered(recall: Recall) -> tuple[Considered, ...]:
    """What a turn remembers of it: ids, numbers and codes."""
    return tuple(
        Considered(one.correction_id, round(one.probability, 4), round(one.margin, 4), tuple(map(str, one.reasons)),
                   is_offered=one.decision is not scope.Decision.IGNORE)
        for one in recall.considered[:MOST_CONSIDERED]
    )  # fmt: skip


def are_far(turn: NewTurn) -> bool:
    """Whether all that is offered is hardly alike, so that an answer from the sources stands better alone."""
    return all(one.probability < FAR and len(one.reasons) > 1 for one in turn.considered if one.is_offered)


def confirmed(actor: Actor, turn: TurnRecord, known: CorrectedBy) -> NewTurn:
    """Another version of a turn, in the words of the correction that was suggested: its reader said that they fit."""
    return NewTurn(
        question=turn.question,
        standalone=turn.standalone,
        is_follow_up=turn.is_follow_up,
        language=turn.language,
        answer=known.answer or "",
        decision=Decision.CORRECTED,
        confidence=1.0,
        reach=reach_of(actor, known),
        reasons=("why.you_said_so",),
        correction_id=known.correction_id,
        memory_seq=turn.memory_seq,
        retry_of=turn.id,
        previous_id=turn.previous_id,
        considered=turn.considered,
    )


def reach_of(actor: Actor, known: CorrectedBy) -> str:
    """Whom a turn may reach that is answered in these words."""
    return EVERYONE if known.reach == EVERYONE else personal(actor)
