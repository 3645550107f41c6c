"""Does this correction apply to that question? Everything behind `decide` may be replaced; nothing else is public."""

from knowledge.scope.decision import Candidate, Decision, Verdict, decide
from knowledge.scope.reasons import Reason

__all__ = ["Candidate", "Decision", "Reason", "Verdict", "decide"]
