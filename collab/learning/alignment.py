"""How far answers are from what people finally accept: by week, by kind of answer and by version of the model.

The distance of a corrected answer from the accepted one is 1 - F1 of their words (as the report of a training counts
them); an answer with a thumb up is accepted as it is, at distance 0. Answers that nobody judged are not counted, and
what people choose to judge changes with time: it is for looking at, and decides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Rating
from collab.learning.matching import f1
from collab.people.access import Actor
from collab.people.acting import require_admin
from knowledge.database import Clock, Database

WEEKS = 12
MOST = 5_000  # corrections, and thumbs, that are looked at: the newest
LONGEST = 4_000  # characters of an answer that are compared

Judged = tuple[datetime, str, str | None, float]
"""When, the turn's decision, its adapter, the distance."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Answers that people judged, and their mean distance from what was accepted, 0 (the same) to 1."""

    answers: int
    mean: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Of the last weeks. `weeks` are named by their Mondays, the oldest first, and have those without answers too;
    `groups` by the decision and the adapter (None: the model as it came, or none) of the turn, the largest first.
    """

    weeks: Sequence[tuple[date, Distance]]
    groups: Sequence[tuple[tuple[str, str | None], Distance]]

    @property
    def answers(self) -> int:
        return sum(distance.answers for _, distance in self.weeks)


class Alignments:
    """Reads them, for administrators."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def latest(self, actor: Actor) -> Alignment:
        """Of the last WEEKS weeks, this one included. Raises NotAllowedError."""
        today = self._clock().date()
        monday = today - timedelta(days=today.weekday())
        mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        with self._database.read() as session:
            require_admin(session, actor)
            judged = list(_judged(session, mondays[0]))
        weeks: dict[date, list[float]] = {one: [] for one in mondays}
        groups: dict[tuple[str, str | None], list[float]] = {}
        for at, decision, adapter, distance in judged:
            week = at.date() - timedelta(days=at.date().weekday())
            if week in weeks:  # a clock may have been wrong
                weeks[week].append(distance)
                groups.setdefault((decision, adapter), []).append(distance)
        by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0][0], group[0][1] or ""))
        return Alignment(
            weeks=tuple((week, _mean(found)) for week, found in weeks.items()),
            groups=tuple((group, _mean(found)) for group, found in by_size),
        )


def _judged(session: Session, since: date) -> Iterator[Judged]:
    """Each turn once: as corrected, or else with a thumb up."""
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
    corrected = (
        sa.select(Turn.id, Turn.created_at, Turn.decision, Turn.adapter, Correction.before, Correction.answer)
        .join(Correction, Correction.turn_id == Turn.id)
        .where(Correction.state == "live", Correction.before.is_not(None), Turn.created_at >= begin)
        .order_by(Turn.created_at.desc(), Correction.created_at.desc())
        .limit(MOST)
    )
    seen = set[str]()
    for id, at, decision, adapter, before, accepted in session.execute(corrected):
        if id not in seen:
            seen.add(id)
            yield at, decision, adapter, 1 - f1(accepted[:LONGEST], (before or "")[:LONGEST])
    liked = (
        sa.select(Turn.id, Turn.created_at, Turn.decision, Turn.adapter)
        .join(Rating, Rating.turn_id == Turn.id)
        .where(Rating.rating == "up", Turn.created_at >= begin)
        .distinct()
        .order_by(Turn.created_at.desc())
        .limit(MOST)
    )
    for id, at, decision, adapter in session.execute(liked):
        if id not in seen:
            yield at, decision, adapter, 0.0


def _mean(found: Sequence[float]) -> Distance:
    return Distance(len(found), sum(found) / len(found) if found else 0.0)
