"""Hubs: questions that lie near a great many others, so that one answer to them would reach too far.

Near by words: all that the question is about stands in many others that were asked. Near by meaning: it is like many of
those that were asked last, which are unlike each other. The vectors of these are a view of rows, kept up in the
background.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Kind, State
from collab.people.access import EVERYONE
from knowledge.database import Database
from knowledge.embedding import Embedder, Vectors
from knowledge.keys import KeyDraft
from knowledge.text import content_words

HUB = 50  # different questions that people asked, by words
CROWD = 40  # by meaning, of the last; 3 in 1,000 wordings of customers are like as many, "question about my card" is
LAST = 500  # questions that are compared by meaning, of as many turns as it takes
TURNS = 4 * LAST
NEAR, SAME = 0.5, 0.7  # cosine
AT_ONCE = 16  # texts embedded before others have their turn
Crowd = Callable[[str], int]
"""How many different common questions are like a question."""


class CommonQuestions:
    """What people asked last, by meaning. `run` does a job in the background. Safe to share between threads."""

    def __init__(self, database: Database, embedder: Embedder, run: Callable[[Callable[[], None]], object]) -> None:
        self._database = database
        self._embedder = embedder
        self._run = run
        self._known: dict[str, Vectors] = {}
        self._different: Vectors = np.empty((0, embedder.dims), dtype=np.float32)
        self._stopped = threading.Event()

    def near(self, question: str) -> int:
        """How many different ones, as far as they are known by now, are like the question; it costs one embedding."""
        if not len(self._different) or not self._embedder.can_read(question):
            return 0
        return int((self._different @ self._embedder.encode([question])[0] >= NEAR).sum())

    def crowd(self, question: str) -> int:
        """The same; what was asked since the last time is taken in behind the page, for the next one."""
        self.look_again()
        return self.near(question)

    def look_again(self) -> None:
        """Takes in behind the page what was asked since."""
        self._run(self.refresh)

    def refresh(self) -> None:
        """Does so now: embeds what is new, and leaves one of those that ask the same."""
        with self._database.read() as session:
            asked = session.scalars(sa.select(Turn.normal).order_by(sa.text("turns.rowid DESC")).limit(TURNS)).all()
        last = [text for text in dict.fromkeys(asked) if text and self._embedder.can_read(text)][:LAST]
        known = {text: self._known[text] for text in last if text in self._known}
        new = [text for text in last if text not in known]
        for start in range(0, len(new), AT_ONCE):
            if self._stopped.is_set():
                return
            part = new[start : start + AT_ONCE]
            known.update(zip(part, self._embedder.encode(part), strict=True))
        self._known, self._different = known, _different([known[text] for text in last], self._embedder.dims)

    def near_each(self, drafts: Mapping[str, KeyDraft]) -> dict[str, int]:
        """The same as `near` for questions whose vectors are there already; one that cannot be compared is missing."""
        own = {text: draft.vector for text, draft in drafts.items() if draft.embedder == self._embedder.name}
        compared = {text: vector for text, vector in own.items() if vector is not None}
        if not compared or not self.is_crowd:
            return {}
        vectors = np.frombuffer(b"".join(compared.values()), dtype=np.float32).reshape(-1, self._embedder.dims)
        counts = (vectors @ self._different.T >= NEAR).sum(axis=1)  # (questions,)
        return dict(zip(compared, counts.tolist(), strict=True))

    @property
    def is_crowd(self) -> bool:
        """Whether a question can be like too many at all."""
        return len(self._different) >= CROWD

    def stop(self) -> None:
        """Ends what is under way."""
        self._stopped.set()


def alone(question: str) -> int:
    """Nothing is like it: where nobody compares by meaning."""
    return 0


def _different(vectors: list[Vectors], dims: int) -> Vectors:
    """Those of the unit vectors that are not like an earlier one  # (different, dims)."""
    kept = np.empty((len(vectors), dims), dtype=np.float32)
    count = 0
    for vector in vectors:
        if not count or (kept[:count] @ vector).max() < SAME:
            kept[count] = vector
            count += 1
    return kept[:count]


def is_hub(session: Session, question: str, near: int = 0) -> bool:
    """Whether the question is `near` a crowd by meaning, as was found, or near fifty by words: all that it is about
    stands in them, so it narrows too little for one answer. One of no content words at all is near every other.
    """
    return near >= CROWD or _has_crowd(session, set(content_words(question)))


def _has_crowd(session: Session, words: Collection[str]) -> bool:
    """Whether all the words stand in fifty different questions."""
    asked = sa.select(Turn.normal).where(*(sa.func.instr(Turn.normal, word) > 0 for word in words))
    found = asked.distinct().limit(HUB).subquery()
    return (session.scalar(sa.select(sa.func.count()).select_from(found)) or 0) >= HUB


class Hubs:
    """Finds hubs among many questions: a word that few of those have that were asked is looked up once."""

    def __init__(self, database: Database, common: CommonQuestions | None) -> None:
        self._database = database
        self._common = common
        self._is_known = common is None
        self._is_frequent: dict[str, bool] = {}

    def compare(self) -> bool:
        """Whether meaning counts, so that drafts are needed. The first time it takes in what was asked, now."""
        if self._common is not None and not self._is_known:
            self._common.refresh()
            self._is_known = True
        return self._common is not None and self._common.is_crowd

    def among(self, questions: Sequence[str], drafts: Mapping[str, KeyDraft]) -> frozenset[str]:
        """Those that are hubs; without a draft by their words alone."""
        if not questions:
            return frozenset()
        known = {text: drafts[text] for text in questions if text in drafts}
        near = self._common.near_each(known) if self._common is not None and self.compare() else {}
        with self._database.read() as session:
            return frozenset(text for text in questions if near.get(text, 0) >= CROWD or self._by_words(session, text))

    def _by_words(self, session: Session, question: str) -> bool:
        """Long words are rare: with them it ends soonest."""
        words = sorted(set(content_words(question)), key=len, reverse=True)
        return all(self._frequent(session, word) for word in words) and _has_crowd(session, words)

    def _frequent(self, session: Session, word: str) -> bool:
        if word not in self._is_frequent:
            self._is_frequent[word] = _has_crowd(session, [word])
        return self._is_frequent[word]


def hold(session: Session, row: Correction, near: int = 0) -> None:
    """Makes a new fact wait for review, whoever wrote it, that would answer everyone and is a hub; `near` is how many
    common questions it is like.
    """
    answers_everyone = row.state == State.LIVE and row.reach == EVERYONE and row.kind == Kind.FACT
    if answers_everyone and is_hub(session, row.question, near):
        row.state, row.decided_at, row.held = State.PENDING, None, "hub"
