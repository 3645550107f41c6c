"""Which stored keys have a say in a question, and in which order: the asker's own go before everyone's.

It reads rows and calls what judges candidates; it knows no index and no vectors.
"""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Items
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.scope import Candidate, Decision, Reason, Verdict
from knowledge.scope.decision import JUDGED, NOTHING
from knowledge.tables import MemoryKey
from knowledge.text import normalise

EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A row of a key without its vector."""

    id: int
    correction_id: str
    text: str
    sign: int
    reach: str


def stored_keys(session: Session, *which: sa.ColumnElement[bool]) -> list[StoredKey]:
    """The rows that fit."""
    columns = sa.select(MemoryKey.id, MemoryKey.correction_id, MemoryKey.text, MemoryKey.sign, MemoryKey.reach)
    return [StoredKey(*row) for row in session.execute(columns.where(*which))]


def silenced(session: Session, question: str, reaches: Items[str]) -> list[str]:
    """The corrections that must not answer a question in these very words, unless they must for whoever asks."""
    keys = stored_keys(session, MemoryKey.normal == normalise(question), MemoryKey.reach.in_(reaches))
    return [key.correction_id for key in _own_words_first(keys) if key.sign < 0]


def verdict_over(
    judged: Callable[[Sequence[Candidate]], Verdict],
    keys: Items[StoredKey],
    likeness: dict[int, float],
    telling: Items[int],
) -> Verdict:
    """The verdict over all keys, unless the asker's own alone already apply. `telling` are ids of keys that share names
    or codes with the question: those are judged however many others are liker.
    """
    keys = _uncrowded(_own_words_first(keys), likeness, telling)
    is_own = {key.reach != EVERYONE for key in keys if key.sign > 0}

    def among(which: Callable[[StoredKey], bool]) -> Verdict:
        return judged(_candidates([key for key in keys if key.sign < 0 or which(key)], likeness))

    if True not in is_own:
        return among(lambda key: True) if is_own else NOTHING
    own = among(lambda key: key.reach != EVERYONE)
    if False not in is_own:
        return own
    if own.decision != Decision.APPLY:
        return among(lambda key: True)
    if among(lambda key: key.reach == EVERYONE).decision != Decision.APPLY:
        return own
    return replace(own, reasons=(*own.reasons, Reason.OWN_FIRST))


def _own_words_first(keys: Items[StoredKey]) -> list[StoredKey]:
    """Without what everyone was taught a correction does not answer, where the asker has taught it that it does."""
    own = {(key.correction_id, normalise(key.text)) for key in keys if key.sign > 0 and key.reach != EVERYONE}
    return [
        key
        for key in keys
        if key.sign > 0 or key.reach != EVERYONE or (key.correction_id, normalise(key.text)) not in own
    ]


def _uncrowded(keys: Items[StoredKey], likeness: dict[int, float], telling: Items[int]) -> list[StoredKey]:
    """The keys without so many of the less like ones that all telling ones are judged."""
    rivals = [key for key in keys if key.sign > 0 and key.id in likeness]
    kept = sum(key.id in telling for key in rivals)
    others = sorted((key for key in rivals if key.id not in telling), key=lambda key: -likeness[key.id])
    gone = {key.id for key in others[JUDGED - kept :]} if kept else set()
    return [key for key in keys if key.id not in gone]


def _candidates(keys: Items[StoredKey], likeness: dict[int, float]) -> list[Candidate]:
    """The keys as candidates: the asker's own first, then the newest."""
    ranked = sorted(keys, key=lambda key: (key.reach == EVERYONE, -key.id))
    return [Candidate(key.id, key.correction_id, key.text, likeness.get(key.id), key.sign) for key in ranked]
