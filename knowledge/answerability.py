"""Is there an answer in what was quoted at all? The sum of two likenesses, held against how much was searched.

It judges the evidence and the best quote, whatever is done with them. It cannot read: a sentence on the very subject
that leaves out what was asked for may pass.
"""

import math
from collections.abc import Sequence

from knowledge.evidence import Evidence
from knowledge.quoting import Quote, covered
from knowledge.text import content_words

# A logistic regression, rounded; fitted on the even articles of XQuAD with the gold paragraph there and taken away (in
# libraries of one, twelve and all articles), on questions from elsewhere, and on the development half of the handbook's
# and of our own cases. The more passages, the nearer the nearest comes by chance: the odds go with one over their
# number.
COSINE = 10.0
COVERED = 6.5
OFFSET = -3.2
COVERED_ALONE = 8.0  # without vectors the words decide alone; fitted on the even articles in Chinese
OFFSET_ALONE = -4.0
THRESHOLD = 0.5  # from here on there is an answer


def confidence(evidence: Evidence, quotes: Sequence[Quote]) -> float:
    """How sure it is, 0 to 1, that the quotes, best first, answer the question."""
    if not quotes:
        return 0.0
    best = quotes[0]
    passage = next(found.passage for found in evidence.found if found.passage.id == best.passage_id)
    share = covered(evidence.idf, {*content_words(passage.heading), *content_words(passage.text)})
    if best.cosine is None:
        likeness = COVERED_ALONE * share + OFFSET_ALONE
    else:
        likeness = COSINE * best.cosine + COVERED * share + OFFSET - math.log(evidence.searched)
    return 1 / (1 + math.exp(-likeness))
