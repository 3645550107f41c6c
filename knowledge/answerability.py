"""Is there an answer in what was quoted at all? What speaks for the best quote, held against what it stands among.

It judges the evidence and the best quote, whatever is done with them. It cannot read: a sentence on the very subject
that leaves out what was asked for may pass.
"""

import math
import re
from collections.abc import Sequence, Set

from knowledge.cells import cells
from knowledge.evidence import Evidence
from knowledge.measures import wants
from knowledge.negation import asks_not
from knowledge.quoting import Quote, asking, asks_for, asks_why, covered, holds_expected, likest, said
from knowledge.records import PassageRecord
from knowledge.scope.reading import read
from knowledge.subjects import Subjects
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
OF_ANOTHER = -1.5  # a word of the question stands there, but is only said of another thing
UNEXPLAINED = -4.0  # a reason is asked for, and the quote has none
NEVER = -8.0  # what is not so is asked for, and the quote tells what is; or of a row what it has no column for
STATED = 1.5  # the row of a table has the number by which it is asked for
STRANGE = -4.0  # ... or the number by which it is asked for is in nothing of one row of many
UNTOUCHED = -1.5  # ... or it is there, as numbers are in many sentences, but little of so much else that is asked
LITTLE, MUCH = 0.25, 5  # as a share, in words
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
    subjects = Subjects(evidence)
    about = [one.text for one in subjects.told(passage) if not one.is_other]
    told = said(passage.heading).union(*map(said, about))
    others = [one.text for found in evidence.found for one in subjects.told(found.passage) if one.is_other]
    share = covered(subjects.idf, told)
    if best.cosine is None:
        likeness = COVERED_ALONE * share + OFFSET_ALONE
    else:
        likeness = COSINE * best.cosine + OTHERS * _others(evidence, passage) + COVERED * share + OFFSET
        likeness += SEARCHED * math.log(evidence.searched + UNTOLD)
    if not told >= subjects.idf.keys() & said("\n".join(others)):
        likeness += OF_ANOTHER
    if subjects.holds_stated(best.text):
        likeness += STATED
    if subjects.lacks_stated(best.text):
        likeness += STRANGE
    return 1 / (1 + math.exp(-likeness - _asked(evidence, best.text, said(passage.heading), told, subjects.said_of_it)))


def _asked(evidence: Evidence, quote: str, heading: Set[str], told: Set[str], of_it: str) -> float:
    """What speaks for the quote, and against what its passage has `told`, in what is asked for and named (`of_it`)."""
    found, question = 0.0, asking(evidence)
    if asks_for(question) is not None or asks_not(question):
        found += EXPECTED if holds_expected(question, quote) else _unexpected(question, quote)
        if len(evidence.idf) >= MUCH and covered(evidence.idf, said(quote) | heading) < LITTLE:
            found += UNTOUCHED
    if not _names(of_it) <= told:
        found += UNNAMED
    if not {stem for thing in _THING.findall(question) for stem in content_words(thing)} <= told:
        found += UNCOUNTED
    return found


def _unexpected(question: str, quote: str) -> float:
    """What speaks against a quote that lacks what is asked for."""
    if asks_not(question) or (wants(question) is not None and cells(quote)):
        return NEVER
    return UNEXPLAINED if asks_why(question) else UNEXPECTED


def _others(evidence: Evidence, quoted: PassageRecord) -> float:
    """How like the question other passages come: the mean of the next, as many as NEXT."""
    found = (likest(evidence, found.passage) for found in evidence.found if found.passage.id != quoted.id)
    nearest = sorted(found, reverse=True)[:NEXT]
    return (sum(nearest) + ELSEWHERE * (NEXT - len(nearest))) / NEXT


def _names(text: str) -> set[str]:
    """The stems of the names in a text."""
    return {stem for name in read(text).names for stem in content_words(name)}
