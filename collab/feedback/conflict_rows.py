"""What contradicts a correction, read from rows: other corrections and passages, as one person may read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import TurnSource
from collab.feedback.example_rows import stands_at_once
from collab.feedback.records import is_readable, names_of
from collab.feedback.tables import Choice, Correction, Kind, Settlement, State
from collab.people.access import Actor, reaches_of
from knowledge.contradiction import Contradiction, contradictions
from knowledge.library import Replaced
from knowledge.records import PRESENT, DocumentRecord
from knowledge.tables import Document, Passage

EXCERPT_CHARS = 300  # of a passage that was settled


class About(StrEnum):
    """What contradicts a correction."""

    CORRECTION = "correction"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that contradicts a correction.

    `other_id` is the id of the other correction or of the passage; `title` is the other's question, or the document and
    heading; `text` is the other's answer, or the sentence; `differs` is what each says in the other's place. `choice`
    is what was decided, None while that is open; `choices` are those that the reader has.
    """

    about: About
    other_id: str
    title: str
    text: str
    author: str | None
    differs: tuple[Contradiction, ...]
    choice: Choice | None
    choices: tuple[Choice, ...]

    @property
    def key(self) -> tuple[str, str]:
        """By which a decision about it is found."""
        return (self.about.value, self.other_id)


def settlements(session: Session, correction_id: str) -> dict[tuple[str, str], Settlement]:
    """What was decided about a correction's conflicts, by their keys, in that order."""
    query = sa.select(Settlement).where(Settlement.correction_id == correction_id).order_by(Settlement.created_at)
    return {(one.about, one.other_id): one for one in session.scalars(query)}


def corrections(session: Session, actor: Actor, row: Correction, ids: Collection[str]) -> list[Conflict]:
    """Those of the live corrections that contradict `row`. One that steps back for it anyway is none of them."""
    query = sa.select(Correction).where(
        Correction.id.in_(ids), Correction.state == State.LIVE, Correction.kind == Kind.FACT, is_readable(actor)
    )
    others = session.scalars(query.order_by(Correction.created_at.desc(), Correction.id)).all()
    names = names_of(session, {one.author_id for one in others})
    found = []
    for other in others:
        gives_way = (other.normal_question, other.reach) == (row.normal_question, row.reach)
        differs = contradictions(row.answer, other.answer, f"{row.question} {other.question}")
        if differs and not gives_way:
            may_replace = other.reach == row.reach and stands_at_once(actor, row)
            choices = _choices(actor, row, Choice.REPLACE if may_replace else None)
            title, author = other.question, names[other.author_id]
            found.append(Conflict(About.CORRECTION, other.id, title, other.answer, author, differs, None, choices))
    return found


def passages(session: Session, actor: Actor, row: Correction, cited: Mapping[int, str]) -> list[Conflict]:
    """Those of the passages, by id with their sentence, that contradict `row` and that the person may read; also those
    that the corrected answer cited.
    """
    sources = sa.select(TurnSource.passage_id, TurnSource.quote).where(TurnSource.turn_id == row.turn_id)
    sentences = {**dict(session.execute(sources).all()), **cited}
    found = []
    for id, title in _titles(session, actor, sentences).items():
        differs = contradictions(row.answer, sentences[id], row.question)
        if differs:
            choices = _choices(actor, row, Choice.RETIRE)
            found.append(Conflict(About.PASSAGE, str(id), title, sentences[id], None, differs, None, choices))
    return found


def settled(session: Session, actor: Actor, one: Settlement) -> Conflict | None:
    """A decided one that contradicts nothing any more, such as a correction that was replaced; None where the person
    may not read it, or it is gone.
    """
    about, choice = About(one.about), Choice(one.choice)
    if about is About.PASSAGE:
        id = int(one.other_id)
        titles = _titles(session, actor, [id])
        if id not in titles:
            return None
        text = session.scalars(sa.select(Passage.text).where(Passage.id == id)).one()
        return Conflict(about, one.other_id, titles[id], text[:EXCERPT_CHARS], None, (), choice, ())
    other = session.get(Correction, one.other_id)
    if other is None or other.reach not in reaches_of(actor):
        return None
    author = names_of(session, {other.author_id})[other.author_id]
    return Conflict(about, other.id, other.question, other.answer, author, (), choice, ())


def _titles(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """Document and heading of those of the passages that can be found and that the person may read."""
    query = (
        sa.select(Passage.id, Document.name, Passage.heading)
        .join(Document, Document.id == Passage.document_id)
        .where(Passage.id.in_(ids), Document.reach.in_(reaches_of(actor)), PRESENT, ~Passage.is_disabled)
        .order_by(Passage.id)
    )
    return {id: f"{name} › {heading}" if heading else name for id, name, heading in session.execute(query)}


def _choices(actor: Actor, row: Correction, other: Choice | None) -> tuple[Choice, ...]:
    if not stands_at_once(actor, row):
        return ()
    return (Choice.KEEP, other) if other else (Choice.KEEP,)


def still_settled(noted: Replaced) -> Replaced:
    """For the library: besides `noted`, what was decided about a passage holds for the same text under the same heading
    in the next version. Of one that says something else it is asked again.
    """

    def replaced(session: Session, record: DocumentRecord, document_id: str) -> None:
        noted(session, record, document_id)
        settled = sa.select(Settlement.other_id).where(Settlement.about == About.PASSAGE)
        before = _texts(session, record.id, sa.cast(Passage.id, sa.String).in_(settled))
        after = {text: id for id, text in _texts(session, document_id).items()} if before else {}
        for old, text in before.items():
            if text in after:
                was = sa.and_(Settlement.about == About.PASSAGE, Settlement.other_id == str(old))
                moved = sa.update(Settlement).prefix_with("OR IGNORE")  # decided for its double already
                session.execute(moved.where(was).values(other_id=str(after[text])))

    return replaced


def _texts(session: Session, document_id: str, *which: sa.ColumnElement[bool]) -> dict[int, tuple[str, str]]:
    """Passage id -> heading and text."""
    query = sa.select(Passage.id, Passage.heading, Passage.text).where(Passage.document_id == document_id, *which)
    return {id: (heading, text) for id, heading, text in session.execute(query)}
