"""The audit: one entry an act, each sealed over the one before it. It knows no meaning of acts and offers no change.

The hash is SHA-256 over the canonical JSON of the entry and the previous hash. It shows a changed, removed or inserted
entry, and a cut end. Who can rewrite the whole file can also rewrite the chain: that shows only against a copy.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import AuditBrokenError
from collab.people.tables import AuditEntry

START = "0" * 64


def record(
    session: Session,
    *,
    actor_id: str | None,
    act: str,
    object_type: str,
    object_id: str,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    """Appends an entry in the caller's write transaction, so that the act and its entry stand or fall together.

    `actor_id` is None for the operator at the command line and for nobody known; `details` must be plain JSON
    values and no secrets.
    """
    newest = sa.select(AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        act=act,
        object_type=object_type,
        object_id=object_id,
        details=dict(details),
        previous_hash=session.scalar(newest) or START,
    )
    entry.hash = _seal(entry)
    session.add(entry)
    session.flush()  # the next entry of this transaction reads its hash


def verify(session: Session) -> int:
    """Recomputes the whole chain and returns its length. Raises AuditBrokenError with the first bad entry."""
    previous, count = START, 0
    for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        count += 1
        if (entry.seq, entry.previous_hash, entry.hash) != (count, previous, _seal(entry)):
            raise AuditBrokenError(seq=count)
        previous = entry.hash
    issued = session.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entries'")) or 0
    if issued != count:
        raise AuditBrokenError(seq=count + 1)
    return count


def _seal(entry: AuditEntry) -> str:
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": entry.actor_id,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
