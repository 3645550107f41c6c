"""A large installation, made up: people, conversations, corrections in all states and rated turns, the same each time.

Rows are inserted as they are, in batches, which takes seconds where the services would take hours. So that lists look
as in life, a third of the questions is Chinese, some are asked often, and most rows are weeks old. Nothing here is
findable by meaning: corrections have no vectors.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from collab.dialogue.rows import add_words
from collab.dialogue.tables import Conversation, Turn, TurnSource
from collab.feedback import finding
from collab.feedback.impact import UNSAID, WRONG
from collab.feedback.tables import Correction, Kind, Rating, State
from collab.people.access import EVERYONE, Actor, Role
from knowledge.database import Base, Database
from knowledge.text import normalise
from tests.fakes import add_people

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
READER = Actor("reader", "Reader", Role.EXPERT)
OTHERS = tuple(Actor(f"other-{n}", f"Other {n}", Role.EXPERT if n < 3 else Role.MEMBER) for n in range(20))
STATES = {State.LIVE: 0.6, State.PENDING: 0.2, State.SUPERSEDED: 0.1, State.REJECTED: 0.05, State.WITHDRAWN: 0.05}
DOCUMENTS = 200

_BATCH = 1_000
_ACTS = ("renew", "cancel", "return", "repair", "insure", "replace", "register", "transfer", "lend", "store")
_THINGS = ("bicycle", "locker", "microscope", "parking permit", "season ticket", "projector", "greenhouse key", "canoe")
_WHERE = ("at the harbour office", "for a visiting group", "during the summer break", "without the original receipt")
_ANSWER = (
    "It takes {days} days; ask for form {form} at the desk on the ground floor. Bring a card with your name. "
    "Whoever comes without an appointment waits longer, and on Fridays the desk closes at noon."
)
_ANSWER_ZH = (
    "需要{days}天，请在一楼服务台领取{form}号表格。请携带写有姓名的证件；未预约者需要等候，周五中午十二点关闭。"
)


def question(number: int) -> str:
    """A question of its own for each number."""
    act, thing, where = _ACTS[number % 10], _THINGS[number // 10 % 8], _WHERE[number // 80 % 4]
    if number % 3 == 0:
        return f"{number // 320}区的{thing}怎么办理{act}手续？第{number}号"
    return f"How do I {act} a {thing} {where} in district {number // 320}, case {number}?"


def answer(number: int) -> str:
    """What was said to it."""
    return (_ANSWER_ZH if number % 3 == 0 else _ANSWER).format(days=number % 50, form=number)


class Crowd:
    """Fills an empty, migrated database. `seed` decides everything that is drawn."""

    def __init__(self, database: Database, seed: int = 1) -> None:
        self._database = database
        self._random = random.Random(seed)
        self._turns: list[tuple[str, int]] = []  # id and number of the question

    def fill(self, conversations: int, corrections: int) -> None:
        """The reader has `conversations`, the others a fifth of that in all; of `corrections` a tenth is the reader's,
        and a tenth as many turns were rated down.
        """
        add_people(self._database, READER, *OTHERS)
        owners = [READER] * conversations + [OTHERS[n % len(OTHERS)] for n in range(conversations // 5)]
        self._write(len(owners), lambda n: self._conversation(n, owners[n]))
        self._write(corrections, self._correction)
        rated = self._random.sample(self._turns, min(corrections // 10, len(self._turns)))
        self._write(len(rated), lambda n: iter([self._rating(*rated[n])]))

    def _write(self, count: int, rows_of: Callable[[int], Iterator[Base]]) -> None:
        for start in range(0, count, _BATCH):
            rows = [row for number in range(start, min(start + _BATCH, count)) for row in rows_of(number)]
            with self._database.write() as session:
                _add(session, rows)

    def _past(self) -> datetime:
        return NOW - timedelta(days=min(self._random.expovariate(1 / 60), 900), seconds=self._random.random())

    def _conversation(self, number: int, owner: Actor) -> Iterator[Base]:
        """One to five turns, some of them with a question that many ask."""
        at, id = self._past(), f"conversation-{number:06}"
        asked = [self._asked(number * 5 + n) for n in range(self._random.randint(1, 5))]
        yield Conversation(
            id=id,
            person_id=owner.id,
            title=question(asked[0])[:80],
            created_at=at,
            updated_at=at + timedelta(minutes=len(asked)),
            pinned_at=at if number % 2_000 == 7 else None,
            deleted_at=NOW if number % 50 == 13 else None,
            current_turn_id=f"turn-{number:06}-{len(asked) - 1}",
        )
        for position, what in enumerate(asked):
            turn = f"turn-{number:06}-{position}"
            self._turns.append((turn, what))
            yield _turn(turn, id, position, what, at + timedelta(minutes=position))
            yield _source(turn, what)

    def _asked(self, number: int) -> int:
        return self._random.randrange(500) if self._random.random() < 0.1 else number

    def _correction(self, number: int) -> Iterator[Base]:
        """Every fifth is for a question that others correct too; a live one has its question for itself."""
        state = State(self._random.choices(list(STATES), list(STATES.values()))[0])
        author = READER if self._random.random() < 0.1 else self._random.choice(OTHERS)
        turn, what = (None, number) if number % 4 else self._random.choice(self._turns)
        words = question(what)
        if state is State.LIVE:
            words = f"{words} ({number})"
        elif state is State.PENDING:
            author = OTHERS[number % len(OTHERS)]
            words = (
                f"{question(number // 1_000)} ({number % 1_000 // 20})" if number % 5 == 0 else f"{words} ({number})"
            )
        yield Correction(
            id=f"correction-{number:06}",
            turn_id=turn,
            author_id=author.id,
            kind=Kind.FACT if number % 10 else Kind.STYLE,
            state=state,
            reach=EVERYONE if number % 20 else f"person:{author.id}",
            question=words,
            normal_question=normalise(words),
            answer=answer(number + 1),
            before=answer(number),
            invisible_at=[],
            created_at=self._past(),
            decided_at=None if state is State.PENDING else NOW,
            asked=int(self._random.paretovariate(1)),
            wrong=self._random.choice(list(WRONG.values())),
            assignee_id=READER.id if number % 30 == 0 else None,
            number=number + 1,
        )

    def _rating(self, turn: str, what: int) -> Rating:
        reason = self._random.choice([*WRONG, None])
        is_resolved = self._random.random() < 0.6
        return Rating(
            turn_id=turn,
            person_id=self._random.choice(OTHERS).id,
            rating="down",
            reason=reason,
            comment="Last year it was free." if what % 4 == 0 else None,
            created_at=self._past(),
            normal_question=normalise(question(what)),
            asked=int(self._random.paretovariate(1)),
            wrong=WRONG.get(reason or "", UNSAID),
            resolved_at=NOW if is_resolved else None,
            resolved_by=READER.id if is_resolved else None,
            resolution="Corrected." if is_resolved else None,
        )


def _add(session: Session, rows: list[Base]) -> None:
    """With what the texts are found by, as the services do it."""
    for kind in (Conversation, Turn, TurnSource, Correction, Rating):  # what is referred to comes first
        session.add_all(row for row in rows if isinstance(row, kind))
        session.flush()
    add_words(session, [row for row in rows if isinstance(row, Turn)])
    finding.keep(session, [row for row in rows if isinstance(row, Correction)])


def _turn(id: str, conversation: str, position: int, what: int, at: datetime) -> Turn:
    return Turn(
        id=id,
        conversation_id=conversation,
        position=position,
        question=question(what),
        standalone=question(what),
        normal=normalise(question(what)),
        is_follow_up=position > 0,
        reach=EVERYONE,
        language="zh" if what % 3 == 0 else "en",
        answer=answer(what),
        decision="grounded",
        confidence=0.8,
        reasons=[],
        completion_tokens=0,
        memory_seq=0,
        is_stopped=False,
        created_at=at,
    )


def _source(turn: str, what: int) -> TurnSource:
    quote = answer(what)
    return TurnSource(
        turn_id=turn,
        n=1,
        document_id=f"document-{what % DOCUMENTS}",
        document=f"guide-{what % DOCUMENTS}.md",
        reach=EVERYONE,
        passage_id=what,
        heading="Desk",
        page=None,
        quote=quote,
        start=0,
        end=len(quote),
    )
