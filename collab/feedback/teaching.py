"""What a person says in a turn about the corrections beside it or behind it: yes, that's it; no; not what I asked.

It turns that into examples of the corrections, and a yes into another version of the turn, in the human's words. It
knows no screen; what an example does is for `examples`, and an answer without a correction is the assistant's.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa

from collab.dialogue.conversations import Conversations
from collab.dialogue.recalling import confirmed
from collab.dialogue.records import CorrectedBy, Decision, TurnRecord
from collab.dialogue.understanding import read
from collab.errors import ConversationTemporaryError, CorrectionStateError, ExampleQuestionError, NothingToTeachError
from collab.feedback import example_rows
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.examples import Examples
from collab.feedback.records import is_readable
from collab.feedback.tables import Correction, Example, ExampleState, Origin, Side, State
from collab.people.access import EVERYONE, Actor
from knowledge.database import Database
from knowledge.errors import NotFoundError
from knowledge.text import normalise

Whom = Literal["author", "private", "everyone"]
_STANDS = (State.PENDING, State.LIVE)
_LATER_FIRST = sa.text("examples.rowid DESC")  # of what was said together, the first of it tells the whole
Attributions = Callable[[Actor, Sequence[str]], Mapping[str, CorrectedBy]]


@dataclass(frozen=True, slots=True)
class Taught:
    """An example that a person made, and whom it holds for: everyone whom the correction is for, its `author` until it
    is reviewed, or them alone for good, as what is `private` needs no review. A no is to `count` corrections, of which
    the example is the first one's.
    """

    example: ExampleRecord
    whom: Whom
    count: int = 1


class Teaching:
    """Teaching in the chat. Another person's turn is not found."""

    def __init__(
        self, database: Database, conversations: Conversations, examples: Examples, attributions: Attributions
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._examples = examples
        self._attributions = attributions

    def alternatives(self, actor: Actor, turns: Sequence[TurnRecord]) -> dict[str, tuple[CorrectedBy, ...]]:
        """By turn, what is offered after the first suggestion, as far as it stands and the person may read it."""
        known = self._standing(actor, {id for turn in turns for id in turn.offered[1:]})
        return {turn.id: tuple(known[id] for id in turn.offered[1:] if id in known) for turn in turns}

    def same(self, actor: Actor, turn_id: str, correction_id: str | None = None) -> TurnRecord:
        """Yes, that's it: the question is answered in the words that were suggested, in another version of the turn,
        which is there only once. Of several it is the first, unless `correction_id` names another one. A question that
        says nothing by itself teaches nothing.

        Raises NotFoundError, NothingToTeachError, ConversationTemporaryError and what `Examples.add` does.
        """
        turn = self._conversations.kept_turn(actor, turn_id)
        known = self._offered(actor, turn, correction_id)
        if known.answer is None:
            raise NotFoundError(what="correction")
        if not read(turn.standalone).is_open:
            self._examples.add(
                actor, known.correction_id, turn.standalone, Side.WILL, origin=Origin.YES, turn_id=turn.id
            )
        version = self._version(actor, turn, known.correction_id)
        if version is not None:
            self._conversations.choose(actor, version.id)
            return version
        return self._conversations.record(actor, turn.conversation_id, confirmed(actor, turn, known))

    def different(self, actor: Actor, turn_id: str) -> list[ExampleRecord]:
        """No, a different question: nothing of what is suggested is suggested for it again. One example for each that
        is there to be read, or none. Raises as `same`.
        """
        turn = self._conversations.kept_turn(actor, turn_id)
        first, standing = self._offered(actor, turn).correction_id, self._standing(actor, turn.offered)
        refused = [id for id in turn.offered if id in standing] or [first]  # which is refused with its reason
        return self._examples.add_all(actor, refused, turn.standalone, Side.WILL_NOT, origin=Origin.NO, turn_id=turn.id)

    def not_asked(self, actor: Actor, turn_id: str) -> ExampleRecord | None:
        """Not what I asked: the correction does not answer this question again. None where that teaches nothing: it was
        written for this very question, it is no longer there, or the chat is not kept. Raises NotFoundError and
        NothingToTeachError.
        """
        turn = self._conversations.turn(actor, turn_id)
        if turn.decision is not Decision.CORRECTED or turn.correction_id is None:
            raise NothingToTeachError
        known = self._known(actor, turn.correction_id).correction_id
        try:
            self._conversations.kept_turn(actor, turn_id)
            return self._examples.add(
                actor, known, turn.standalone, Side.WILL_NOT, origin=Origin.NOT_ASKED, turn_id=turn.id
            )
        except (ConversationTemporaryError, CorrectionStateError, ExampleQuestionError, NotFoundError):
            return None

    def undo(self, actor: Actor, example_id: str) -> None:
        """Forgets an example, and of a no all that was said with it; the turn in which it was said shows again. Raises
        NotFoundError, ExampleStateError and CorrectionStateError.
        """
        example = self._examples.get(actor, example_id)
        self._examples.remove_all(actor, [example_id, *self._said_with(actor, example)])
        if example.turn_id is not None:
            self._conversations.choose(actor, example.turn_id)

    def of(self, actor: Actor, turns: Sequence[TurnRecord]) -> dict[str, Taught]:
        """By turn, what the person has taught in it, and what they said elsewhere of what is suggested in it; a turn
        without it is missing.
        """
        said_in = {id for turn in turns for id in (turn.id, turn.retry_of) if id}
        about = {id for turn in turns for id in (turn.correction_id, *turn.offered) if id}
        query = (
            sa.select(Example, Correction)
            .join(Correction, Correction.id == Example.correction_id)
            .where(
                Example.author_id == actor.id,
                Example.state.in_(example_rows.LEFT),
                Correction.state.in_(_STANDS),
                Example.turn_id.in_(said_in) | Example.correction_id.in_(about),
            )
        )
        with self._database.read() as session:
            found = [
                (example.normal, Taught(example_rows.records(session, actor, row, [example])[0], _whom(example, row)))
                for example, row in session.execute(query.order_by(Example.created_at, _LATER_FIRST))
            ]
        refused = Counter(one.example.turn_id for _, one in found if one.example.origin is Origin.NO)
        return {
            turn.id: replace(one, count=refused[one.example.turn_id]) if one.example.origin is Origin.NO else one
            for turn in turns
            for normal, one in found
            if _is_about(turn, normal, one.example)
        }

    def _offered(self, actor: Actor, turn: TurnRecord, correction_id: str | None = None) -> CorrectedBy:
        """One of those that are suggested beside the answer, else the first. Raises NothingToTeachError."""
        if not turn.offered or correction_id not in (None, *turn.offered):
            raise NothingToTeachError
        return self._known(actor, correction_id or turn.offered[0])

    def _standing(self, actor: Actor, ids: Collection[str]) -> dict[str, CorrectedBy]:
        """Those that stand and whose words the person may read, by their ids."""
        if not ids:
            return {}
        with self._database.read() as session:
            query = sa.select(Correction.id).where(Correction.id.in_(ids), Correction.state.in_(_STANDS))
            standing = session.scalars(query).all()
        return {id: one for id, one in self._attributions(actor, standing).items() if one.answer is not None}

    def _known(self, actor: Actor, correction_id: str) -> CorrectedBy:
        known = self._attributions(actor, [correction_id]).get(correction_id)
        if known is None:
            raise NothingToTeachError
        return known

    def _said_with(self, actor: Actor, example: ExampleRecord) -> list[str]:
        """What else the person has said no to in the same turn, and may still take back."""
        if example.origin is not Origin.NO or example.turn_id is None:
            return []
        query = (
            sa.select(Example, Correction)
            .join(Correction, Correction.id == Example.correction_id)
            .where(
                Example.author_id == actor.id,
                Example.turn_id == example.turn_id,
                Example.origin == Origin.NO,
                Example.id != example.id,
                Correction.state.in_(_STANDS),
                is_readable(actor),
            )
        )
        with self._database.read() as session:
            return [one.id for one, row in session.execute(query) if example_rows.may_remove(actor, row, one)]

    def _version(self, actor: Actor, turn: TurnRecord, correction_id: str) -> TurnRecord | None:
        """The version that an earlier yes has made."""
        made = (turn.id, correction_id, Decision.CORRECTED)
        turns = self._conversations.turns(actor, turn.conversation_id)
        return next((one for one in turns if (one.retry_of, one.correction_id, one.decision) == made), None)


def _whom(example: Example, row: Correction) -> Whom:
    if example.state == ExampleState.PENDING:
        return "author"
    return "everyone" if row.state == State.LIVE and row.reach == EVERYONE else "private"


def _is_about(turn: TurnRecord, normal: str, example: ExampleRecord) -> bool:
    if example.turn_id is not None and example.turn_id in (turn.id, turn.retry_of):
        return True
    open_to = turn.offered if example.side is Side.WILL else turn.offered[:1]  # a no to another one leaves the first
    is_said = example.origin is not Origin.ALIAS  # what came with a file, nobody has said
    return is_said and example.correction_id in open_to and normalise(turn.standalone) == normal
