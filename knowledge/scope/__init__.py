"""Does this correction apply to that question? Everything behind `decide` may be replaced; nothing else is public."""

from knowledge.scope.askedness import Askedness, CrossEncoder, SameWords
from knowledge.scope.decision import WRONG_COST, Candidate, Considered, Decision, Verdict, decide
from knowledge.scope.reasons import Reason

__all__ = [
    "WRONG_COST",
    "Askedness",
    "Candidate",
    "Considered",
    "CrossEncoder",
    "Decision",
    "Reason",
    "SameWords",
    "Verdict",
    "decide",
]
