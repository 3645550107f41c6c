"""Why a correction answers a question, or does not: codes under which the screen keeps its words.

They are plain strings, so that a turn can store them. It knows no language.
"""

from enum import StrEnum


class Reason(StrEnum):
    """One reason of a verdict. The first four speak for a correction, the others against it."""

    SAME_WORDS = "why.same_words"
    SAME_MEANING = "why.same_meaning"
    OWN_FIRST = "why.own_first"
    RESPELLED = "why.respelled"
    NOT_SURE = "why.not_sure"
    LEANS_ON_CONVERSATION = "why.leans_on_conversation"
    NEAR_WHAT_IT_MUST_NOT_ANSWER = "why.near_what_it_must_not_answer"
    OTHER_KIND = "why.other_kind"
    MUST_OR_MAY = "why.must_or_may"
    OTHER_NUMBER = "why.other_number"
    OTHER_TIME = "why.other_time"
    OTHER_UNIT = "why.other_unit"
    NEGATION = "why.negation"
    OPPOSITE = "why.opposite"
    OTHER_NAME = "why.other_name"
    OTHER_WORDS = "why.other_words"
