"""Is there an answer in what was quoted at all? What speaks for the best quote, held against what it stands among.

It judges the evidence and the best quote, whatever is done with them. It cannot read: a sentence on the very subject
that leaves out what was asked for may pass.
"""

import math
import re
from collections.abc import Sequence

from knowledge.evidence import Evidence
from knowledge.quoting import Quote, asks_for, asks_why, covered, holds_expected, likest, said
from knowledge.records import PassageRecord
from knowledge.scope.reading import read
from knowledge.text import content_words

# A logistic regression, rounded; fitted on the even articles of XQuAD with the gold paragraph there and taken away (in
# libraries of one paragraph, one article and all articles), on questions in people's own words to small documents, and
# on the handbook's. A quote that answers stands out: where other passages come as near, all of them are only about the
# subject. The more passages, the nearer the nearest comes by chance.
COSINE = 9.0
OTHERS = -6.2  # the mean likeness of the best sentences of the other passages that were found
COVERED = 4.2
SEARCHED = -0.25  # the logarithm of the number of passages, and of a few that every library lacks
OFFSET = -3.3
NEXT = 3  # other passages
ELSEWHERE = 0.25  # the likeness of a passage that is not there
UNTOLD = 10
EXPECTED = 0.5  # the number or name that is asked for is there
UNEXPECTED = -1.4  # it is asked for and not there
UNNAMED = -1.7  # a name in the question is not in the passage
UNCOUNTED = -1.0  # that of which there are many, or which there is, is not in the passage
UNEXPLAINED = -4.0  # a reason is asked for, and the quote has none
COVERED_ALONE = 8.0  # without vectors the words decide alone; fitted on the even articles in Chinese
OFFSET_ALONE = -4.0
THRESHOLD = 0.5  # from here on there is an answer

_THING = re.compile(r"\b(?:which|how many)\s+([a-z]+)", re.IGNORECASE)


def confidence(evidence: Evidence, quotes: Sequence[Quote]) -> float:
    """How sure it is, 0 to 1, that the quotes, best first, answer the question."""
    if not quotes:
        return 0.0
    best = quotes[0]
    passage = next(found.passage for found in evidence.found if found.passage.id == best.passage_id)
    told = said(passage.heading) | said(passage.text)
    share = covered(evidence.idf, told)
    if best.cosine is None:
        likeness = COVERED_ALONE * share + OFFSET_ALONE
    else:
        likeness = COSINE * best.cosine + OTHERS * _others(evidence, passage) + COVERED * share + OFFSET
        likeness += SEARCHED * math.log(evidence.searched + UNTOLD)
    return 1 / (1 + math.exp(-likeness - _asked(evidence.question, best.text, told)))


def _asked(question: str, quote: str, told: set[str]) -> float:
    """What speaks for the quote, and against its passage, in what is asked for and named."""
    found = 0.0
    if asks_for(question) is not None:
        unexpected = UNEXPLAINED if asks_why(question) else UNEXPECTED
        found += EXPECTED if holds_expected(question, quote) else unexpected
    if not _names(question) <= told:
        found += UNNAMED
    if not {stem for thing in _THING.findall(question) for stem in content_words(thing)} <= told:
        found += UNCOUNTED
    return found


def _others(evidence: Evidence, quoted: PassageRecord) -> float:
    """How like the question other passages come: the mean of the next, as many as NEXT."""
    found = (likest(evidence, found.passage) for found in evidence.found if found.passage.id != quoted.id)
    nearest = sorted(found, reverse=True)[:NEXT]
    return (sum(nearest) + ELSEWHERE * (NEXT - len(nearest))) / NEXT


def _names(question: str) -> set[str]:
    """The stems of the names in the question."""
    return {stem for name in read(question).names for stem in content_words(name)}
