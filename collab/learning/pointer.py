"""Which adapter is live: one row, changed by compare-and-set; and which lessons an adapter was taught."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import AdapterPointerError
from collab.learning.tables import LiveAdapter, TaughtLesson


def live_id(session: Session) -> str | None:
    """The id of the live adapter; None for the model as it came."""
    row = session.get(LiveAdapter, 1)
    return row.adapter_id if row else None


def point(session: Session, adapter_id: str | None, *, instead_of: str | None) -> None:
    """Makes another adapter the live one. Raises AdapterPointerError unless `instead_of` is live."""
    row = session.get(LiveAdapter, 1)
    if (row.adapter_id if row else None) != instead_of:
        raise AdapterPointerError
    if row is None:
        session.add(LiveAdapter(id=1, adapter_id=adapter_id, version=1))
    else:
        row.adapter_id, row.version = adapter_id, row.version + 1


def taught_ids(session: Session, adapter_id: str | None) -> frozenset[str]:
    """The lessons that an adapter was taught, those of its parents among them."""
    if adapter_id is None:
        return frozenset()
    return frozenset(session.scalars(sa.select(TaughtLesson.lesson_id).where(TaughtLesson.adapter_id == adapter_id)))
