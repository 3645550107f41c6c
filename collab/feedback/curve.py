"""How careful the memory is: asks it what it does with known questions, in the background, and keeps the last result.

The questions are those of live corrections for everyone: what people taught them, and what is made up from them. Memory
itself decides, at three settings; `curve_records` tells what follows at the others. For experts and admins.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.feedback import curve_rows
from collab.feedback.curve_records import (
    CAREFUL,
    CARELESS,
    CASES,
    STRICT,
    Curve,
    KnownQuestion,
    NamedCase,
    Seen,
    first_down,
    points,
)
from collab.feedback.curve_rows import Sampled
from collab.feedback.records import names_of
from collab.feedback.tables import Side
from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, require
from knowledge.database import Clock, Database
from knowledge.memory import CorrectionMemory, Recall
from knowledge.scope import Decision, Reason
from knowledge.scope.examples import are_same_but_for_politeness
from knowledge.text import normalise

Job = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Work:
    """What goes on behind the page: how much is done, None where nothing is under way; whether the last try failed."""

    share: float | None
    has_failed: bool


class Curves:
    """Computes the curve and reads it. `memory_at` gives the memory with another setting, over the same rows; `run`
    does a job in the background, one after the other.
    """

    def __init__(
        self,
        database: Database,
        memory_at: Callable[[float], CorrectionMemory],
        clock: Clock,
        setting: float,
        run: Callable[[Job], object],
    ) -> None:
        self._database = database
        self._memory_at = memory_at
        self._clock = clock
        self._setting = setting
        self._run = run
        self._turn = threading.Lock()
        self._work = Work(None, False)
        self._stopped = threading.Event()

    def start(self, actor: Actor) -> None:
        """Computes it anew, unless that is under way. Raises NotAllowedError."""
        require(actor, Role.EXPERT)
        with self._turn:
            if self._work.share is not None:
                return
            self._work = Work(0.0, False)
        self._run(lambda: self._compute(actor))

    def work(self, actor: Actor) -> Work:
        """How far that is. Raises NotAllowedError."""
        require(actor, Role.EXPERT)
        return self._work

    def last(self, actor: Actor) -> Curve | None:
        """The last result under the setting that holds now; None before any. Raises NotAllowedError."""
        require(actor, Role.EXPERT)
        with self._database.read() as session:
            row = curve_rows.stored(session)
            if row is None:
                return None
            known = curve_rows.known_questions(row)
            free = [one for one in known if not one.in_same_words]
            wrong = first_down(free, Side.WILL_NOT)
            right = first_down(free, Side.WILL, below=self._setting)
            named = [*wrong[:CASES], *right[:CASES]]
            questions = curve_rows.questions_of(session, [one.correction_id for one, _ in named])

            def cases(pairs: Sequence[tuple[KnownQuestion, float]]) -> tuple[NamedCase, ...]:
                return tuple(
                    NamedCase(one.text, one.correction_id, questions[one.correction_id], highest)
                    for one, highest in pairs[:CASES]
                    if one.correction_id in questions
                )

            return Curve(
                setting=self._setting,
                points=points(free, self._setting),
                right=sum(one.side is Side.WILL for one in free),
                wrong=sum(one.side is Side.WILL_NOT for one in free),
                said=sum(one.is_said for one in free),
                same_words=len(known) - len(free),
                corrections=row.corrections,
                live=row.live,
                wrong_first=cases(wrong),
                right_next=cases(right),
                by=names_of(session, {row.person_id})[row.person_id],
                at=row.created_at,
            )

    def stop(self) -> None:
        """Ends what is under way, which then leaves nothing."""
        self._stopped.set()

    # --- in the background --------------------------------------------------------------------------------------------

    def _compute(self, actor: Actor) -> None:
        has_failed = True
        try:
            now = self._clock()
            with self._database.read() as session:
                found, live = curve_rows.sampled(session, now)
            memories = _Memories(self._memory_at, now)
            known: list[KnownQuestion] = []
            for done, one in enumerate(found):
                if self._stopped.is_set():
                    return
                self._work = Work(done / len(found), False)
                known += memories.known(one)
            with self._database.write() as session:
                curve_rows.store(session, known, len(found), live, actor.id, now)
                audit.record(
                    session,
                    actor_id=actor.id,
                    act="curve_computed",
                    object_type="curve",
                    object_id="memory",
                    details={"corrections": len(found), "questions": len(known)},
                    now=now,
                )
            has_failed = False
        finally:
            self._work = Work(None, has_failed)


class _Memories:
    """The same memory at the settings that tell of all others; slips of the keyboard apart, which a lower setting may
    take as they are.
    """

    def __init__(self, at: Callable[[float], CorrectionMemory], now: datetime) -> None:
        self._careful, self._careless, self._strict = at(CAREFUL), at(CARELESS), at(STRICT)
        self._now = now

    def known(self, one: Sampled) -> list[KnownQuestion]:
        """The known questions of a correction, each with what memory says to it."""
        made = self._careful.proof(one.question, one.id, (EVERYONE,), self._now)
        labelled = {normalise(said.text): (said.text, said.side, True) for said in one.said}
        own = (one.question, *(said.text for said in one.said))
        for side, texts in ((Side.WILL, made.will), (Side.WILL_NOT, made.will_not)):
            for text, _ in texts:
                if not any(are_same_but_for_politeness(text, known) for known in own):  # that would show nothing
                    labelled.setdefault(normalise(text), (text, side, False))
        labelled[normalise(one.question)] = (one.question, Side.WILL, True)
        silenced = {said.text for said in one.said if said.is_live and said.side is Side.WILL_NOT}
        return [
            self._asked(one.id, text, side, is_said=is_said, is_silenced=text in silenced)
            for text, side, is_said in labelled.values()
        ]

    def _asked(self, id: str, text: str, side: Side, *, is_said: bool, is_silenced: bool) -> KnownQuestion:
        careful, careless, strict = (
            memory.recall(text, (EVERYONE,), self._now) for memory in (self._careful, self._careless, self._strict)
        )
        in_same_words = is_silenced or Reason.SAME_WORDS in careful.reasons
        return KnownQuestion(text, id, side, is_said, in_same_words, _seen(careful, strict), _seen(careless, careless))


def _seen(applying: Recall, offering: Recall) -> Seen:
    applies = applying.correction_id if applying.decision is Decision.APPLY else None
    offered = [one.correction_id for one in offering.considered if one.decision is Decision.SUGGEST]
    return Seen(applies, applying.probability, tuple(offered))
