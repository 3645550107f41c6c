"""Is there an answer in what was quoted at all?"""

from collections.abc import Sequence

from knowledge.evidence import Evidence
from knowledge.quoting import Quote

THRESHOLD = 0.5


def confidence(evidence: Evidence, quotes: Sequence[Quote]) -> float:
    """How sure it is, 0 to 1, that the quotes answer the question."""
    return 1.0 if quotes else 0.0
