"""What rows of a file add to corrections that are there already: other questions, what they must not answer, an end.

It checks nobody and makes no embeddings: the import does. Like whatever else is taught, questions hold at once where an
expert says so, and for their author alone until they are approved where a proposal does. An end is for those to set who
may do so on the card, and not for proposals about what others wrote; the row with the correction's own question gives
it, and a row without one changes none.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback import example_rows, example_told, impact, notices, taught
from collab.feedback.exchange.plans import Step
from collab.feedback.notices import NoticeKind
from collab.feedback.standing import Standing, place
from collab.feedback.tables import Correction, Example, ExampleState, Notice, Origin, State
from collab.feedback.taught import Drafts
from collab.feedback.validity import may_date
from collab.people.access import Actor, personal
from knowledge.database import Clock
from knowledge.text import normalise


def narrowed(session: Session, actor: Actor, steps: Sequence[Step | None]) -> list[Step | None]:
    """The steps; of those that teach a correction, what it does not know, and the end that it does not have yet. What
    was rejected is known to proposals, and to whoever had said it.
    """
    ids = {found.to.correction_id for found in steps if found and found.to}
    if not ids:
        return list(steps)
    rows = {row.id: row for row in session.scalars(sa.select(Correction).where(Correction.id.in_(ids)))}
    examples = taught.of(session, ids, ExampleState.LIVE, ExampleState.PENDING, ExampleState.REJECTED)

    def left(found: Step, texts: Sequence[str], id: str) -> tuple[str, ...]:
        known = {one.normal for one in examples.get(id, []) if _counts(actor, found, one)} | {rows[id].normal_question}
        return tuple(text for text in texts if normalise(text) not in known)

    def of(found: Step, id: str) -> Step:
        aliases, will_not = left(found, found.entry.aliases, id), left(found, found.entry.will_not, id)
        entry = replace(found.entry, aliases=aliases, will_not=will_not)
        return replace(found, entry=entry, until=_other_end(actor, found, rows[id]))

    return [of(found, found.to.correction_id) if found and found.to else found for found in steps]


def _counts(actor: Actor, found: Step, example: Example) -> bool:
    """Whether an example says already what the step would."""
    if example.state == ExampleState.LIVE:
        return True
    is_proposal = example.state == ExampleState.REJECTED and found.entry.is_pending
    return is_proposal or example.author_id == actor.id


def _other_end(actor: Actor, found: Step, row: Correction) -> datetime | None:
    """The end that the row of the file gives the correction, where the person may; None where it keeps its own. Of
    several rows that ask it, the one in its own words does.
    """
    is_its_row = normalise(found.entry.question) == row.normal_question
    may = is_its_row and may_date(actor, row) and (row.author_id == actor.id or not found.entry.is_pending)
    end = found.entry.valid_until
    return end if may and end != row.valid_until else None


def teach(
    session: Session, standing: Standing, actor: Actor, steps: Sequence[Step], drafts: Drafts, clock: Clock
) -> list[Correction]:
    """Adds what the steps bring to their corrections, which are returned. Raises CorrectionChangedError."""
    rows = []
    for found in steps:
        if found.to is None:
            continue
        row = session.get_one(Correction, found.to.correction_id)
        if row.state not in (State.PENDING, State.LIVE):  # another row of the file has taken its place
            continue
        at_once = not found.entry.is_pending or place(row, State(row.state)) == personal(actor)
        for text, side in found.entry.examples:
            made = taught.new_example(row, text, side, Origin.ALIAS, actor.id, clock(), is_live=at_once)
            made.asked = impact.times_asked(session, made.normal)
            replaced = example_rows.replaced(session, row, made, is_live=at_once)
            if at_once:
                together = example_rows.said_by_others(replaced, made)
                example_told.taught(session, actor, row, together, made.created_at)
            taught.give_way(session, replaced, row.id)
            session.add(made)
            row.revision += at_once
        if found.until is not None:
            row.valid_until = found.until
            row.revision += 1
            notices.untell(session, [NoticeKind.EXPIRED], Notice.correction_id == row.id)
        session.flush()
        standing.relearn(session, row, drafts)
        rows.append(row)
    return rows
