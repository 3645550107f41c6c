"""Is there an answer in what was quoted at all? The sum of two likenesses, held against how much was searched.

It judges the evidence and the best quote, whatever is done with them. It cannot read: a sentence on the very subject
that leaves out what was asked for may pass.
"""

import math
from collections.abc import Sequence

from knowledge.evidence import Evidence
from knowledge.quoting import Quote, asks_for, covered, holds_expected, said

# A logistic regression, rounded; fitted on the even articles of XQuAD with the gold paragraph there and taken away (in
# libraries of one, twelve and all articles), on questions from elsewhere, and on the development half of the handbook's
# and of our own cases. The more passages, the nearer the nearest comes by chance: the odds go with one over their
# number, and over a few more: near a single page much can be asked that it does not tell.
COSINE = 10.0
COVERED = 6.5
OFFSET = -3.4
UNTOLD = 10  # passages that every library lacks
EXPECTED = 0.6  # the number or name that is asked for is there
UNEXPECTED = -1.0  # it is asked for and not there
COVERED_ALONE = 8.0  # without vectors the words decide alone; fitted on the even articles in Chinese
OFFSET_ALONE = -4.0
THRESHOLD = 0.5  # from here on there is an answer


def confidence(evidence: Evidence, quotes: Sequence[Quote]) -> float:
    """How sure it is, 0 to 1, that the quotes, best first, answer the question."""
    if not quotes:
        return 0.0
    best = quotes[0]
    passage = next(found.passage for found in evidence.found if found.passage.id == best.passage_id)
    share = covered(evidence.idf, said(passage.heading) | said(passage.text))
    if best.cosine is None:
        likeness = COVERED_ALONE * share + OFFSET_ALONE
    else:
        likeness = COSINE * best.cosine + COVERED * share + OFFSET - math.log(evidence.searched + UNTOLD)
    if asks_for(evidence.question) is not None:
        likeness += EXPECTED if holds_expected(evidence.question, best.text) else UNEXPECTED
    return 1 / (1 + math.exp(-likeness))
