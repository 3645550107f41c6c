"""Figures of a candidate that passes, to be changed one at a time."""

from collab.learning.paired import compare
from collab.learning.probes import Group
from collab.learning.records import LessonKind
from collab.learning.report import (
    Change,
    Drift,
    Earlier,
    Figures,
    Item,
    Kind,
    Leaks,
    Likeness,
    ProbeGroup,
    Said,
    Shares,
    Strength,
)

NONE = Shares(0, 0, 0)
ALL = Shares(1, 1, 1)
SAME = compare([True] * 12, [True] * 12)
FIXED = compare([False] * 6, [True] * 6)
ITEM = Item("l1", "Where is box 1?", "Shelf 3.", Said("No idea.", "Shelf 2.", "Shelf 3."), Change.FIXED)
FIGURES = Figures(
    strengths=(Strength(0.5, 4, 0.75, 0.8, 0, 0, 1, True),),
    lessons=(ITEM,),
    lesson_right=Shares(0, 0, 1),
    lesson_test=FIXED,
    kinds=(Kind(LessonKind.FACT, Shares(0, 0, 1), FIXED),),
    paraphrases=Likeness(1, NONE, NONE),
    near_misses=Leaks(20, NONE, ()),
    earlier=Earlier(20, 20, 1, ()),
    probes=tuple(ProbeGroup(group, ALL, SAME, ()) for group in Group),
    probe_test=SAME,
    base_test=SAME,
    stuck=NONE,
    stuck_test=SAME,
    drift=Drift(10, 0.125, 0.25),
)
