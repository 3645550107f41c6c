"""A question tried out: what each stage finds for it, and what would be answered. Nothing is kept, nobody is asked."""

from dataclasses import dataclass

from collab.dialogue.assistant import Attributions
from collab.dialogue.history import QUESTION_CHARS
from collab.dialogue.recalling import considered, recalled
from collab.dialogue.records import Considered, CorrectedBy
from collab.dialogue.understanding import Intent, read
from collab.errors import QuestionEmptyError, QuestionTooLongError
from collab.people.access import Actor, reaches_of
from knowledge import scope
from knowledge.database import Clock
from knowledge.memory import CorrectionMemory
from knowledge.retrieval import Retriever, Stages
from knowledge.text import clean


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsed:
    """`standalone` is the question as it is searched; `correction` the one that applies or is suggested, if any.

    `reasons` are locale keys that say why a correction fits, or why none does; `considered` are the others that were
    thought of and that the person may read, each with how probable it was and why.
    """

    question: str
    standalone: str
    is_small_talk: bool
    correction: CorrectedBy | None
    applies: bool
    likelihood: float
    reasons: tuple[str, ...]
    stages: Stages
    considered: tuple[tuple[CorrectedBy, Considered], ...] = ()


class Rehearsals:
    """Tries questions out as a person would ask them, in a new conversation."""

    def __init__(
        self, memory: CorrectionMemory, retriever: Retriever, attributions: Attributions, clock: Clock
    ) -> None:
        self._memory = memory
        self._retriever = retriever
        self._attributions = attributions
        self._clock = clock

    def rehearse(self, actor: Actor, text: str) -> Rehearsed:
        """What would happen to this question. Raises QuestionEmptyError and QuestionTooLongError."""
        question = asked(text)
        understood, reaches = read(question, []), reaches_of(actor)
        recall = recalled(self._memory, understood, reaches, self._clock())
        is_near = recall.correction_id is not None and recall.decision is not scope.Decision.IGNORE
        others = [one for one in considered(recall) if not is_near or one.correction_id != recall.correction_id]
        ids = [one.correction_id for one in others]
        known = self._attributions(actor, [*ids, recall.correction_id or ""])
        correction = known.get(recall.correction_id or "") if is_near else None
        answers = correction is not None and correction.answer is not None  # it may have been withdrawn a moment ago
        return Rehearsed(
            question=question,
            standalone=understood.standalone,
            is_small_talk=understood.intent is Intent.SMALL_TALK,
            correction=correction if answers else None,
            applies=answers and recall.decision is scope.Decision.APPLY,
            likelihood=recall.probability,
            reasons=tuple(recall.reasons),
            stages=self._retriever.explain(understood.standalone, reaches),
            considered=tuple(
                (known[one.correction_id], one)
                for one in others
                if one.correction_id in known and known[one.correction_id].answer is not None
            ),
        )


def asked(text: str) -> str:
    """A question as it is searched. Raises QuestionEmptyError and QuestionTooLongError."""
    question = clean(text).text.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionEmptyError
    if len(question) > QUESTION_CHARS:
        raise QuestionTooLongError(length=len(question), limit=QUESTION_CHARS)
    return question
