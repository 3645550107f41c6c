"""Does this correction apply to that question, where both are Chinese? Plain rules, and the cosine of an embedder."""

from knowledge.scope.chinese.decision import decide

__all__ = ["decide"]
